//! A keeper of a run: the real core, the real flush, archive and outbox, one step at a time.

use std::collections::BTreeMap;

use crow_db::leases::{self, Lease};
use crow_db::{archive, flush as rows, outbox, sessions};
use crow_session_core::{Action, Core, Event, FlushPlan, FlushReason, Incoming, SessionKey};
use crow_types::{Partition, Sequence, Timestamp};
use rand::Rng;
use rand::rngs::StdRng;

use super::shared::Shared;
use super::store::{Fault, Gate};
use super::tasks::{Done, Task};
use crate::announcement::announcement_of;
use crate::archiver::{Archiver, Failure};
use crate::config::SessionConfig;
use crate::flush::Prepared;
use crate::keeper::Owned;
use crate::loading;

/// The one incarnation that streams have here.
const STREAM_CREATED: i64 = 1;

/// A partition that a keeper believes to own.
pub(super) struct Owner {
    pub(super) lease: Lease,
    core: Core,
    read: Sequence,
    last_stored_at: i64,
    pub(super) flush: Option<Task>,
    pub(super) archive: Option<Task>,
    is_draining: bool,
}

/// One process.
pub(super) struct SimKeeper {
    pub(super) name: &'static str,
    pub(super) owners: BTreeMap<Partition, Owner>,
    pub(super) outbox: Option<Task>,
}

impl SimKeeper {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            owners: BTreeMap::new(),
            outbox: None,
        }
    }

    /// Drops all state, as a crash does.
    pub(super) fn die(&mut self) {
        *self = Self::new(self.name);
    }

    /// Renews what it has and takes what is free.
    pub(super) async fn balance(&mut self, shared: &Shared) {
        let own = self.owners.keys().copied().collect();
        let ttl = 3_600_000;
        let held = leases::renew(&shared.db, self.name, ttl, &own)
            .await
            .unwrap();
        self.owners
            .retain(|partition, owner| held.get(partition) == Some(&owner.lease.epoch));
        let own = self.owners.keys().copied().collect();
        let free = leases::acquire(&shared.db, self.name, ttl, 8, &own)
            .await
            .unwrap();
        for lease in free {
            self.owners
                .insert(lease.partition, Owner::new(lease, shared));
        }
    }

    /// Gives back what is drained.
    pub(super) async fn release_drained(&mut self, shared: &Shared) {
        let is_done =
            |owner: &Owner| owner.is_draining && owner.flush.is_none() && owner.core.is_idle();
        let done: Vec<Partition> = self
            .owners
            .iter()
            .filter(|(_partition, owner)| is_done(owner))
            .map(|(partition, _owner)| *partition)
            .collect();
        for partition in done {
            if let Some(owner) = self.owners.remove(&partition) {
                leases::release(&shared.db, self.name, &owner.lease)
                    .await
                    .unwrap();
            }
        }
    }

    /// Begins to announce, if it is not at it.
    pub(super) fn start_outbox(&mut self, shared: &Shared) {
        if self.outbox.is_none() {
            let partitions = self.owners.keys().copied().collect();
            let gate = Gate::default();
            let work = announce(shared.clone(), partitions, gate.clone());
            self.outbox = Some(Task::new(gate, work));
        }
    }
}

impl Owner {
    fn new(lease: Lease, shared: &Shared) -> Self {
        Self {
            core: Core::new(
                lease.partition,
                shared.config,
                lease.checkpoint,
                shared.now(),
            ),
            read: lease.checkpoint,
            last_stored_at: 0,
            flush: None,
            archive: None,
            is_draining: false,
            lease,
        }
    }

    fn handle(&mut self, shared: &Shared, event: Event) {
        self.core.handle_event(shared.now(), event);
    }

    /// Whether nothing is left in the stream.
    pub(super) fn has_read_all(&self, shared: &Shared) -> bool {
        self.read == shared.last(self.lease.partition)
    }

    /// Whether everything that was published is committed.
    pub(super) fn is_done(&self, shared: &Shared) -> bool {
        self.core.is_idle() && self.read == shared.last(self.lease.partition)
    }

    /// Handles some messages, as the driver does.
    pub(super) async fn read(&mut self, rng: &mut StdRng, shared: &Shared) {
        if self.is_draining {
            return;
        }
        let mut messages = Vec::new();
        for _message in 0..rng.random_range(1..4) {
            let Some(stored) = shared.read(self.lease.partition, self.read.next()) else {
                break;
            };
            self.read = self.read.next();
            let batches = stored.batches.into_iter().map(Incoming::new);
            let batches: Vec<Incoming> = batches.map(Result::unwrap).collect();
            messages.push((self.read, stored.at, batches));
        }
        let batches = || {
            messages
                .iter()
                .flat_map(|(_sequence, _at, batches)| batches)
        };
        let wanted = self.core.prefetch(batches()).sessions;
        self.load(shared, &wanted).await;
        let wanted = self.core.prefetch(batches()).events;
        let loaded = loading::known_events(&shared.db, &wanted).await.unwrap();
        self.handle(shared, Event::Loaded(loaded));
        for (sequence, at, batches) in messages {
            self.last_stored_at = at;
            self.handle(shared, Event::Message { sequence, batches });
        }
        self.perform(shared).await;
    }

    async fn load(&mut self, shared: &Shared, keys: &[SessionKey]) {
        let loaded = loading::sessions(&shared.db, keys).await.unwrap();
        self.handle(shared, Event::Loaded(loaded));
    }

    /// What is due by the clock.
    pub(super) async fn tick(&mut self, shared: &Shared) {
        self.core.handle_timeout(shared.now());
        self.perform(shared).await;
    }

    pub(super) async fn drain(&mut self, shared: &Shared) {
        self.is_draining = true;
        self.handle(shared, Event::Drain);
        self.perform(shared).await;
    }

    pub(super) async fn on_flushed(&mut self, shared: &Shared) {
        self.flush = None;
        self.handle(shared, Event::FlushCommitted);
        self.perform(shared).await;
    }

    async fn perform(&mut self, shared: &Shared) {
        while let Some(action) = self.core.poll_action() {
            match action {
                Action::Flush(plan) => {
                    assert!(self.flush.is_none(), "two flushes in flight");
                    let gate = Gate::default();
                    let work = flush(shared.clone(), self.lease, *plan, gate.clone());
                    self.flush = Some(Task::new(gate, work));
                }
                Action::FindDue(until) => self.find_due(shared, until).await,
                Action::AskSnapshot(..)
                | Action::AskNewWindow(..)
                | Action::TellEnded(_)
                | Action::Show(_) => {}
            }
        }
    }

    async fn find_due(&mut self, shared: &Shared, until: Timestamp) {
        let partition = self.lease.partition;
        let due = sessions::due(&shared.db, partition, until, 100)
            .await
            .unwrap();
        let is_read = shared.last(partition) < self.read.next();
        let watermark = if is_read {
            shared.now()
        } else {
            Timestamp(self.last_stored_at)
        };
        let sessions: Vec<SessionKey> = due.iter().filter_map(loading::key_of).collect();
        let missing = self.core.prefetch_sessions(&sessions);
        self.load(shared, &missing).await;
        self.handle(
            shared,
            Event::Due {
                watermark,
                sessions,
            },
        );
    }

    /// Starts to archive a session, unless it is already archiving one.
    pub(super) fn start_archive(&mut self, shared: &Shared, choice: usize) {
        if self.archive.is_none() {
            let gate = Gate::default();
            let work = archive_one(shared.clone(), self.lease, choice, gate.clone());
            self.archive = Some(Task::new(gate, work));
        }
    }
}

impl Owner {
    /// Whether no session is left to archive.
    pub(super) async fn is_archived(&self, shared: &Shared) -> bool {
        let all = Timestamp(i64::MAX);
        let found = archive::candidates(&shared.db, self.lease.partition, all, 1).await;
        found.unwrap().is_empty()
    }

    /// Commits that nothing is new.
    pub(super) async fn commit_again(&self, shared: &Shared) {
        let plan = FlushPlan {
            reason: FlushReason::Drain,
            checkpoint: self.read,
            sessions: Vec::new(),
            events: Vec::new(),
            chunks: Vec::new(),
            outbox: Vec::new(),
            bytes: 0,
        };
        let Prepared { flush, .. } = Prepared::new(plan, self.lease, STREAM_CREATED);
        rows::commit(&shared.db, &flush).await.unwrap();
    }
}

/// Object first, rows second, housekeeping last, with gates in between.
async fn flush(shared: Shared, lease: Lease, plan: FlushPlan, gate: Gate) -> Done {
    let Prepared { pack, flush } = Prepared::new(plan, lease, STREAM_CREATED);
    if let Some(pack) = pack {
        let store = shared.store(&gate);
        while store.put(&pack.key, pack.object.clone()).await.is_err() {}
    }
    loop {
        let fault = gate.pass().await;
        if fault == Fault::Failed {
            continue;
        }
        match rows::commit(&shared.db, &flush).await {
            Ok(()) => shared.committed(lease.partition, flush.checkpoint),
            Err(crow_db::Error::LeaseLost) => return Done::LeaseLost,
            Err(error) => panic!("committing: {error:?}"),
        }
        if fault == Fault::None {
            break;
        }
    }
    if gate.pass().await == Fault::None {
        shared.purge_through(lease.partition, flush.checkpoint);
    }
    Done::Finished
}

async fn archive_one(shared: Shared, lease: Lease, choice: usize, gate: Gate) -> Done {
    let all = Timestamp(i64::MAX);
    let found = archive::candidates(&shared.db, lease.partition, all, 100)
        .await
        .unwrap();
    if found.is_empty() {
        return Done::Finished;
    }
    let store = shared.store(&gate);
    let config = SessionConfig::default();
    let archiver = Archiver::new(shared.db.clone(), store, Owned::default(), &config);
    let session = found[choice % found.len()].session.as_ref().unwrap();
    match archiver.archive(lease, session).await {
        Ok(_outcome) => Done::Finished,
        Err(Failure::Database(crow_db::Error::LeaseLost)) => Done::LeaseLost,
        Err(Failure::Storage(_)) => Done::Failed,
        Err(error) => panic!("archiving: {error:?}"),
    }
}

async fn announce(shared: Shared, partitions: Vec<Partition>, gate: Gate) -> Done {
    let unsent = outbox::unsent(&shared.db, &partitions, None, 16)
        .await
        .unwrap();
    for row in unsent {
        let session = sessions::by_row_id(&shared.db, &row.session_id)
            .await
            .unwrap()
            .expect("nothing is erased here");
        let message = announcement_of(&shared.db, &row, &session, 1 << 20)
            .await
            .unwrap();
        let fault = gate.pass().await;
        if fault == Fault::Failed {
            continue;
        }
        shared.announce(message.completion_id);
        if fault == Fault::None {
            outbox::mark_sent(&shared.db, vec![row.id]).await.unwrap();
        }
    }
    Done::Finished
}
