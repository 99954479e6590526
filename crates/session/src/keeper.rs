//! Which partitions this process owns.
//!
//! A row per partition names owner, expiry and epoch. This task renews its leases, takes its fair
//! share of free partitions, releases the excess, and runs one `Driver` per owned partition. The
//! lease only decides which keeper tries. The epoch check of the commit keeps a former owner from
//! changing anything.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crow_bus::Bus;
use crow_db::Db;
use crow_db::leases::{self, Lease};
use crow_keyring::Keyring;
use crow_runtime::Shutdown;
use crow_runtime::Troubles;
use crow_storage::Store;
use crow_types::Partition;

use crate::config::SessionConfig;
use crate::driver::{Ended, Limits, drive};
use crate::flush::{Flusher, chain};
use crate::given_up::GivenUp;
use crate::issue_rules::IssueRules;
use crate::outside::Real;

/// How long giving back leases may take.
const LEAVE: Duration = Duration::from_secs(5);

/// The partitions that are owned right now, for the outbox and the readiness check.
#[derive(Debug, Clone, Default)]
pub(crate) struct Owned(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    leases: Vec<Lease>,
    /// The fair share; `None` until it is known.
    share: Option<usize>,
}

impl Owned {
    /// A copy of the list.
    pub(crate) fn list(&self) -> Vec<Partition> {
        let leases = self.leases();
        leases.iter().map(|lease| lease.partition).collect()
    }

    /// The leases under which they are owned.
    pub(crate) fn leases(&self) -> Vec<Lease> {
        self.lock().leases.clone()
    }

    /// Whether it owns something, or there are more keepers than partitions.
    pub(crate) fn is_settled(&self) -> bool {
        let state = self.lock();
        !state.leases.is_empty() || state.share == Some(0)
    }

    #[cfg(test)]
    pub(crate) fn own(&self, lease: Lease) {
        self.set(vec![lease], Some(1));
    }

    fn set(&self, leases: Vec<Lease>, share: Option<usize>) {
        *self.lock() = State { leases, share };
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nobody panics while holding the list")
    }
}

/// What the keeper works with.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) db: Db,
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    pub(crate) bus: Bus,
    pub(crate) config: SessionConfig,
    pub(crate) announced: Arc<Notify>,
    /// Notified when something was erased.
    pub(crate) erased: Arc<Notify>,
    pub(crate) troubles: Troubles,
    pub(crate) given_up: GivenUp,
    /// See [`Flusher::packing`].
    pub(crate) packing: Arc<Semaphore>,
    pub(crate) issue_rules: IssueRules,
}

impl Parts {
    fn of_partition(&self, lease: Lease) -> (Flusher, Limits) {
        let flusher = Flusher {
            db: self.db.clone(),
            store: self.store.clone(),
            keyring: self.keyring.clone(),
            outside: Arc::new(Real::new(&self.bus, lease.partition)),
            lease,
            stream_created: lease.stream_created,
            announced: Arc::clone(&self.announced),
            event_rows: self.config.event_rows,
            troubles: self.troubles.clone(),
            packing: Arc::clone(&self.packing),
            issue_rules: self.issue_rules.clone(),
        };
        let limits = Limits {
            core: self.config.core(),
            max_held_bytes: self.config.max_held_bytes,
            draining: Duration::from_millis(u64::from(self.config.drain_ms)),
        };
        (flusher, limits)
    }
}

struct Running {
    lease: Lease,
    stop: CancellationToken,
    lost: CancellationToken,
    /// Cancelled when the task has ended, for any reason.
    ended: CancellationToken,
    task: JoinHandle<Ended>,
}

pub(crate) struct Keeper {
    parts: Parts,
    id: String,
    /// Notified when a partition's task has ended, and when something was erased: then leases are
    /// looked at without a pause.
    wake: Arc<Notify>,
    running: BTreeMap<Partition, Running>,
    owned: Owned,
}

impl Keeper {
    pub(crate) fn new(parts: Parts, owned: Owned) -> Self {
        let id = format!("{}-{}", std::process::id(), ulid::Ulid::new());
        Self {
            wake: Arc::clone(&parts.erased),
            parts,
            id,
            running: BTreeMap::new(),
            owned,
        }
    }

    /// Owns partitions until the shutdown starts, then drains and releases them.
    pub(crate) async fn run(mut self, shutdown: Shutdown) -> anyhow::Result<()> {
        let renewal = Duration::from_millis(u64::from(self.parts.config.lease_renew_ms));
        let mut ticks = tokio::time::interval(renewal);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.started() => break,
                _ = ticks.tick() => {}
                () = self.wake.notified() => {}
            }
            // A lease that was taken but not recorded expires by itself.
            tokio::select! {
                () = shutdown.started() => break,
                balanced = self.balance() => if let Err(error) = balanced {
                    warn!(error = chain(&error), "leasing failed, retrying");
                }
            }
        }
        self.drain(ticks).await;
        let leaving = tokio::time::timeout(LEAVE, self.give_up_all());
        if leaving.await.is_err() {
            warn!("the database does not answer; leases and keeper expire by themselves");
        }
        Ok(())
    }

    /// Waits until all partitions are drained. Renews their leases until then, because a commit
    /// needs one.
    async fn drain(&self, mut ticks: tokio::time::Interval) {
        for running in self.running.values() {
            running.stop.cancel();
        }
        let ttl = i64::from(self.parts.config.lease_ms);
        let own = self.running.keys().copied().collect();
        let renewing = async {
            loop {
                ticks.tick().await;
                if let Err(error) = leases::renew(&self.parts.db, &self.id, ttl, &own).await {
                    warn!(error = chain(&error), "renewing while draining failed");
                }
            }
        };
        let drained = async {
            for running in self.running.values() {
                running.ended.cancelled().await;
            }
        };
        tokio::select! {
            () = drained => {}
            () = renewing => {}
        }
    }

    async fn balance(&mut self) -> crow_db::Result<()> {
        self.bury_ended().await;
        let ttl = i64::from(self.parts.config.lease_ms);
        let partitions = self.parts.bus.partitions();
        let share = leases::heartbeat(&self.parts.db, &self.id, ttl, partitions).await?;
        let mut own = self.running.keys().copied().collect();
        let held = leases::renew(&self.parts.db, &self.id, ttl, &own).await?;
        for (partition, running) in &self.running {
            if held.get(partition) != Some(&running.lease.epoch) {
                warn!(partition = running.lease.partition.0, "lease lost");
                running.lost.cancel();
            }
        }
        if self.running.len() < share {
            let wanted = share - self.running.len();
            own.extend(self.parts.given_up.resting());
            for lease in leases::acquire(&self.parts.db, &self.id, ttl, wanted, &own).await? {
                self.start(lease);
            }
        }
        for running in self.running.values().skip(share) {
            running.stop.cancel();
        }
        let leases = self.running.values().map(|running| running.lease).collect();
        self.owned.set(leases, Some(share));
        metrics::gauge!("crow_session_partitions").set(self.running.len() as f64);
        Ok(())
    }

    fn start(&mut self, lease: Lease) {
        let stop = CancellationToken::new();
        let lost = CancellationToken::new();
        let ended = CancellationToken::new();
        let (flusher, limits) = self.parts.of_partition(lease);
        let driving = drive(flusher, limits, stop.clone(), lost.clone());
        let end = ended.clone().drop_guard();
        let wake = Arc::clone(&self.wake);
        let task = tokio::spawn(async move {
            let _end = end;
            let ended = driving.await;
            if ended == Ended::LeaseLost {
                wake.notify_one();
            }
            ended
        });
        self.running.insert(
            lease.partition,
            Running {
                lease,
                stop,
                lost,
                ended,
                task,
            },
        );
    }

    /// Releases partitions after their tasks have ended, so that they can be taken again.
    async fn bury_ended(&mut self) {
        let ended: Vec<Partition> = self
            .running
            .iter()
            .filter(|(_partition, running)| running.task.is_finished())
            .map(|(partition, _running)| *partition)
            .collect();
        for partition in ended {
            if let Some(running) = self.running.remove(&partition) {
                self.release(running).await;
            }
        }
    }

    async fn release(&self, running: Running) {
        let Running { lease, task, .. } = running;
        match task.await {
            Ok(Ended::Hopeless(why)) => self.parts.given_up.add(lease.partition, why),
            Ok(ended) => info!(
                partition = lease.partition.0,
                ended = format!("{ended:?}"),
                "partition closed"
            ),
            Err(error) => error!(
                partition = lease.partition.0,
                error = chain(&error),
                "partition task failed"
            ),
        }
        if let Err(error) = leases::release(&self.parts.db, &self.id, &lease).await {
            warn!(
                partition = lease.partition.0,
                error = chain(&error),
                "releasing a lease failed; it expires by itself"
            );
        }
    }

    async fn give_up_all(&mut self) {
        for running in std::mem::take(&mut self.running).into_values() {
            self.release(running).await;
        }
        self.owned.set(Vec::new(), None);
        if let Err(error) = leases::leave(&self.parts.db, &self.id).await {
            warn!(
                error = chain(&error),
                "signing off failed; the entry of this keeper expires by itself"
            );
        }
    }
}
