//! One run: what happens next is drawn from the seed.

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crow_db::{leases, outbox};
use crow_types::Partition;

use super::check::check;
use super::erasing::{self, Erasing};
use super::keeper::SimKeeper;
use super::owner::Owner;
use super::shared::Shared;
use super::store::Fault;
use super::tasks::{Done, Progress, Task, survive};
use super::traffic::{Clients, Names, PARTITIONS};
use crate::sweeper::{SweepOptions, sweep};

/// Steps of a run before it settles.
const STEPS: u32 = 300;
/// Longer than a session may last, in milliseconds.
const LONG: i64 = 26 * 3_600_000;

/// What happened in a run, or in several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Summary {
    digest: u64,
    deaths: u64,
    leases_expired: u64,
    faults: u64,
    messages: u64,
    announced: u64,
    merged: u64,
    pub(super) erased: u64,
}

impl Summary {
    pub(super) fn add(&mut self, other: &Self) {
        self.digest ^= other.digest;
        self.deaths += other.deaths;
        self.leases_expired += other.leases_expired;
        self.faults += other.faults;
        self.messages += other.messages;
        self.announced += other.announced;
        self.merged += other.merged;
        self.erased += other.erased;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            deaths,
            leases_expired,
            faults,
            messages,
            announced,
            merged,
            erased,
            digest,
        } = self;
        write!(
            f,
            "{deaths} deaths, {leases_expired} leases expired unheard, {faults} failed writes, \
             {messages} messages, {announced} announcements, {merged} merges, {erased} erasures; \
             nothing lost, doubled or dangling (digest {digest:016x})"
        )
    }
}

pub(super) struct World {
    rng: StdRng,
    shared: Shared,
    clients: Clients,
    keepers: [SimKeeper; 2],
    sweep: Option<Task>,
    /// `None`: nothing is erased in this run.
    erasing: Option<Erasing>,
    summary: Summary,
    hasher: DefaultHasher,
    is_traced: bool,
}

/// Which task of a keeper.
#[derive(Debug, Clone, Copy, Hash)]
enum Work {
    /// A task of a driver, by its place.
    Driver(Partition, usize),
    Archive(Partition),
    Outbox,
}

impl World {
    pub(super) async fn new(seed: u64, is_traced: bool) -> Self {
        // Half of the runs of each lane.
        let is_erasing = seed / 2 % 2 == 1;
        let names = if is_erasing {
            Names::hashed()
        } else {
            Names::plain()
        };
        Self {
            rng: StdRng::seed_from_u64(seed),
            shared: Shared::restless().await,
            clients: Clients::new(names),
            erasing: is_erasing.then(|| Erasing::new(seed)),
            keepers: [SimKeeper::new("a"), SimKeeper::new("b")],
            sweep: None,
            summary: Summary::default(),
            hasher: DefaultHasher::new(),
            is_traced,
        }
    }

    /// Records what happened, for the digest and the trace.
    fn note(&mut self, what: &str, of: impl fmt::Debug) {
        let text = format!("{what} {of:?}");
        text.hash(&mut self.hasher);
        if self.is_traced {
            println!("{} {text}", self.shared.now().0);
        }
    }

    pub(super) async fn torment(&mut self) {
        for _step in 0..STEPS {
            self.erase().await;
            let keeper = self.rng.random_range(0..2);
            match self.rng.random_range(0..100) {
                0..12 => self.clients.act(&mut self.rng, self.shared.now().0),
                12..24 => self.send(),
                24..32 => self.wait(),
                32..42 => self.read(keeper),
                42..50 => self.tick(keeper),
                50..76 => self.advance_driver(keeper).await,
                76..82 => self.advance_archive(keeper).await,
                82..86 => self.advance_outbox(keeper).await,
                86..90 => self.advance_sweep().await,
                90..95 => self.balance(keeper).await,
                95..97 => self.steal().await,
                97..98 => self.drain(keeper),
                _ => self.die(keeper),
            }
        }
    }

    async fn erase(&mut self) {
        let Some(erasing) = &mut self.erasing else {
            return;
        };
        let step = erasing.step(&self.shared, &self.clients.names).await;
        if let Some(step) = step {
            self.note("erasing", step);
        }
    }

    fn send(&mut self) {
        let now = self.shared.now().0;
        let Self { rng, clients, .. } = self;
        self.shared
            .with_streams(|streams| clients.send(rng, now, streams));
    }

    fn wait(&mut self) {
        let ms = match self.rng.random_range(0..10) {
            0..5 => self.rng.random_range(0..3_000),
            5..8 => self.rng.random_range(0..60_000),
            8 => self.rng.random_range(0..2 * 3_600_000),
            _ => self.rng.random_range(0..LONG / 4),
        };
        self.shared.wait(ms);
        self.note("waited", ms);
    }

    fn die(&mut self, keeper: usize) {
        self.note("died", keeper);
        self.summary.deaths += 1;
        self.keepers[keeper].die();
    }

    /// One of the partitions that a keeper believes to own.
    fn choose(&mut self, keeper: usize) -> Option<Partition> {
        let owners = &self.keepers[keeper].owners;
        let index = self.rng.random_range(0..usize::from(PARTITIONS));
        owners.keys().copied().cycle().nth(index)
    }

    /// Sometimes the process dies after one of the next statements.
    fn arm(&mut self) {
        if self.rng.random_range(0..12) == 0 {
            self.shared.killer.arm(self.rng.random_range(1..12));
        }
    }

    fn fault(&mut self) -> Fault {
        let fault = match self.rng.random_range(0..12) {
            0 => Fault::Failed,
            1 => Fault::AnswerLost,
            _ => return Fault::None,
        };
        self.summary.faults += 1;
        fault
    }

    fn read(&mut self, keeper: usize) {
        let (count, fails) = (
            self.rng.random_range(1..4),
            self.rng.random_range(0..20) == 0,
        );
        self.drive("read", keeper, |owner| {
            if fails {
                owner.link.fail();
            }
            owner.read(count);
        });
    }

    /// What is due by the clock.
    fn tick(&mut self, keeper: usize) {
        self.drive("ticked", keeper, Owner::go_on);
    }

    fn drain(&mut self, keeper: usize) {
        self.drive("draining", keeper, Owner::drain);
    }

    /// Lets a driver go on.
    fn drive(&mut self, what: &str, keeper: usize, step: impl FnOnce(&mut Owner)) {
        let Some(partition) = self.choose(keeper) else {
            return;
        };
        let owner = self.keepers[keeper].owners.get_mut(&partition);
        let owner = owner.expect("it was chosen");
        step(owner);
        let state = (owner.link.read(), owner.tasks.len(), owner.ended);
        self.note(what, (keeper, partition, state));
    }

    async fn balance(&mut self, keeper: usize) {
        self.arm();
        let step = survive(async {
            let keeper = &mut self.keepers[keeper];
            keeper.release_ended(&self.shared).await;
            keeper.balance(&self.shared).await;
        });
        let step = step.await;
        self.after(keeper, "balanced", step.is_some());
    }

    /// A lease expires while its owner is paused and does not notice.
    async fn steal(&mut self) {
        let partition = Partition(self.rng.random_range(0..PARTITIONS));
        self.expire(&[partition].into()).await;
        self.summary.leases_expired += 1;
        self.note("expired", partition);
    }

    fn after(&mut self, keeper: usize, what: &str, is_alive: bool) {
        self.shared.killer.disarm();
        self.note(what, keeper);
        if !is_alive {
            self.die(keeper);
        }
    }

    /// Some steps of what a driver has started.
    async fn advance_driver(&mut self, keeper: usize) {
        let Some(partition) = self.choose(keeper) else {
            return;
        };
        for _step in 0..self.rng.random_range(1..6) {
            // It may have died in the step before.
            let owner = self.keepers[keeper].owners.get(&partition);
            let tasks = owner.map_or(0, |owner| owner.tasks.len());
            if tasks == 0 {
                return;
            }
            let index = self.rng.random_range(0..tasks);
            self.advance(keeper, Work::Driver(partition, index)).await;
        }
    }

    async fn advance_archive(&mut self, keeper: usize) {
        let Some(partition) = self.choose(keeper) else {
            return;
        };
        let choice = self.rng.random_range(0..100);
        if let Some(owner) = self.keepers[keeper].owners.get_mut(&partition) {
            owner.start_archive(&self.shared, choice);
        }
        self.advance(keeper, Work::Archive(partition)).await;
    }

    async fn advance_outbox(&mut self, keeper: usize) {
        self.keepers[keeper].start_outbox(&self.shared);
        self.advance(keeper, Work::Outbox).await;
    }

    fn slot(&mut self, keeper: usize, work: Work) -> Option<&mut Option<Task>> {
        let keeper = &mut self.keepers[keeper];
        match work {
            Work::Driver(partition, index) => {
                let owner = keeper.owners.get_mut(&partition)?;
                Some(&mut owner.tasks.get_mut(index)?.task)
            }
            Work::Archive(partition) => Some(&mut keeper.owners.get_mut(&partition)?.archive),
            Work::Outbox => Some(&mut keeper.outbox),
        }
    }

    async fn advance(&mut self, keeper: usize, work: Work) {
        let Some(mut task) = self.slot(keeper, work).and_then(Option::take) else {
            return;
        };
        self.arm();
        let fault = self.fault();
        let progress = task.advance(fault).await;
        self.shared.killer.disarm();
        self.note("advanced", (keeper, work, fault, progress));
        match (progress, work) {
            (Progress::Parked, _) => {
                if let Some(slot) = self.slot(keeper, work) {
                    *slot = Some(task);
                }
            }
            (Progress::Died, _) => self.die(keeper),
            (Progress::Over(_), Work::Driver(partition, _index)) => {
                if let Some(owner) = self.keepers[keeper].owners.get_mut(&partition) {
                    owner.go_on();
                }
            }
            (Progress::Over(_), Work::Archive(_) | Work::Outbox) => {}
        }
    }

    /// What is kept for an hour there is kept for a millisecond here. But an attempt to archive
    /// does not last longer than that.
    async fn advance_sweep(&mut self) {
        let mut owners = self
            .keepers
            .iter()
            .flat_map(|keeper| keeper.owners.values());
        if self.sweep.is_none() && owners.any(|owner| owner.archive.is_some()) {
            return;
        }
        let shared = self.shared.clone();
        let mut task = self.sweep.take().unwrap_or_else(|| sweep_task(shared));
        let fault = self.fault();
        let progress = task.advance(fault).await;
        self.note("swept", progress == Progress::Died);
        if progress == Progress::Parked {
            self.sweep = Some(task);
        }
    }

    /// Nothing fails any more: one keeper takes over everything and finishes.
    pub(super) async fn settle(&mut self) {
        self.keepers.iter_mut().for_each(SimKeeper::die);
        self.sweep = None;
        self.expire(&(0..PARTITIONS).map(Partition).collect()).await;
        if let Some(erasing) = &mut self.erasing {
            erasing.finish(&self.shared).await;
        }
        let now = self.shared.now().0;
        let clients = &mut self.clients;
        self.shared
            .with_streams(|streams| clients.send_all(now, streams));
        self.keepers[0].balance(&self.shared).await;
        assert_eq!(self.keepers[0].owners.len(), usize::from(PARTITIONS));
        // What is late is in before anything else ends; then everything ends.
        for _day in 0..2 {
            self.work_off().await;
            self.shared.wait(LONG);
        }
        self.work_off().await;
        self.archive_and_announce().await;
        self.sweep_all().await;
        self.check().await;
    }

    async fn check(&self) {
        erasing::remove_announcements(&self.shared).await;
        erasing::check(&self.shared).await;
        let erased = self.erasing.as_ref().map(Erasing::sessions);
        let erased = erased.cloned().unwrap_or_default();
        check(&self.shared, &self.clients.names, &erased).await;
    }

    /// The leases of all partitions are over by the database's clock.
    async fn expire(&self, partitions: &BTreeSet<Partition>) {
        for SimKeeper { name, .. } in &self.keepers {
            leases::renew(&self.shared.db, name, -1_000, partitions)
                .await
                .unwrap();
        }
    }

    async fn each_owner(&mut self, mut step: impl AsyncFnMut(&Shared, &mut Owner)) {
        let Self {
            shared, keepers, ..
        } = self;
        for owner in keepers[0].owners.values_mut() {
            step(shared, owner).await;
        }
    }

    /// Until nothing was committed for longer than a flush waits.
    async fn work_off(&mut self) {
        let mut quiet_turns = 0;
        while quiet_turns < 2 {
            self.shared.wait(11_000);
            let before = self.shared.commits();
            let mut is_done = true;
            self.each_owner(async |shared, owner| {
                owner.work_off().await;
                is_done &= owner.is_committed(shared);
            })
            .await;
            let is_quiet = is_done && self.shared.commits() == before;
            quiet_turns = if is_quiet { quiet_turns + 1 } else { 0 };
        }
    }

    async fn archive_and_announce(&mut self) {
        loop {
            let mut is_done = true;
            self.each_owner(async |shared, owner| {
                is_done &= owner.is_archived(shared).await;
                owner.start_archive(shared, 0);
                if let Some(mut task) = owner.archive.take() {
                    assert_eq!(task.finish().await, Done::Finished);
                }
            })
            .await;
            self.keepers[0].start_outbox(&self.shared);
            if let Some(mut task) = self.keepers[0].outbox.take() {
                assert_eq!(task.finish().await, Done::Finished);
            }
            let partitions = [Partition(0), Partition(1)];
            let unsent = outbox::unsent(&self.shared.db, &partitions, None, 1)
                .await
                .unwrap();
            if is_done && unsent.is_empty() {
                return;
            }
        }
    }

    /// A pack without rows goes once its partition was committed later by the clock of keys.
    async fn sweep_all(&mut self) {
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.each_owner(async |shared, owner| owner.commit_again(shared).await)
            .await;
        let mut task = sweep_task(self.shared.clone());
        assert_eq!(task.finish().await, Done::Finished);
    }

    pub(super) fn summary(&self) -> Summary {
        let messages = (0..PARTITIONS)
            .map(|id| self.shared.last(Partition(id)).0)
            .sum();
        Summary {
            digest: self.hasher.finish(),
            messages,
            announced: self.shared.announced().len() as u64,
            merged: self.shared.merges(),
            erased: self.erasing.as_ref().map_or(0, |erasing| erasing.done),
            ..self.summary.clone()
        }
    }
}

fn sweep_task(shared: Shared) -> Task {
    let store = shared.store();
    let options = SweepOptions {
        is_dry_run: false,
        // Not none: an archive that begins while this runs is of the same millisecond.
        keep_ms: 1,
        margin_ms: 0,
        ignores_holds: false,
    };
    Task::new(async move {
        match sweep(&shared.db, &store, options).await {
            Ok(_swept) => Done::Finished,
            Err(_error) => Done::Failed,
        }
    })
}
