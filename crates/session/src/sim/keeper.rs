//! A keeper of a run: leases, drivers, archive and outbox.

use std::collections::BTreeMap;

use crow_db::{leases, outbox, sessions};
use crow_types::Partition;

use super::owner::Owner;
use super::shared::Shared;
use super::store::{Fault, Gate};
use super::tasks::{Done, Task};
use crate::announcement::announcement_of;

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
        for (partition, owner) in &mut self.owners {
            if held.get(partition) != Some(&owner.lease.epoch) {
                owner.lose();
            }
        }
        let own = self.owners.keys().copied().collect();
        let free = leases::acquire(&shared.db, self.name, ttl, 8, &own)
            .await
            .unwrap();
        for lease in free {
            let mut owner = Owner::new(lease, shared);
            owner.go_on();
            self.owners.insert(lease.partition, owner);
        }
    }

    /// Gives back the partitions whose drivers are over.
    pub(super) async fn release_ended(&mut self, shared: &Shared) {
        let ended = self
            .owners
            .extract_if(.., |_partition, owner| owner.ended.is_some());
        for (_partition, owner) in ended {
            leases::release(&shared.db, self.name, &owner.lease)
                .await
                .unwrap();
        }
    }

    /// Begins to announce, if it is not at it.
    pub(super) fn start_outbox(&mut self, shared: &Shared) {
        if self.outbox.is_none() {
            let partitions = self.owners.keys().copied().collect();
            let work = announce(shared.clone(), partitions);
            self.outbox = Some(Task::new(work));
        }
    }
}

async fn announce(shared: Shared, partitions: Vec<Partition>) -> Done {
    let unsent = outbox::unsent(&shared.db, &partitions, None, 16)
        .await
        .unwrap();
    for row in unsent {
        let session = sessions::by_row_id(&shared.db, &row.session_id).await;
        // It was erased.
        let Some(session) = session.unwrap() else {
            continue;
        };
        let message = announcement_of(&shared.db, &row, &session, 1 << 20)
            .await
            .unwrap();
        let fault = Gate::pass_own().await;
        if fault == Fault::Failed {
            continue;
        }
        shared.announce(message);
        if fault == Fault::None {
            outbox::mark_sent(&shared.db, vec![row.id]).await.unwrap();
        }
    }
    Done::Finished
}
