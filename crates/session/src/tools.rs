use std::sync::Arc;

use crow_db::Db;
use crow_db::tombstones::Tombstones;
use crow_keyring::Keyring;
use crow_runtime::Troubles;
use crow_storage::Store;
use crow_types::Partition;

use crate::outside::Outside;
use crate::retry::Retry;

/// What the tasks work with. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Tools {
    pub(crate) db: Db,
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    /// What was erased before the lease began. A later erasure ends the lease.
    pub(crate) tombstones: Arc<Tombstones>,
    pub(crate) outside: Arc<dyn Outside>,
    pub(crate) partition: Partition,
    pub(crate) troubles: Troubles,
}

impl Tools {
    /// How one of its steps is retried.
    pub(crate) fn retry(&self, what: &'static str) -> Retry<'_> {
        Retry {
            outside: &self.outside,
            troubles: &self.troubles,
            partition: self.partition,
            what,
        }
    }
}
