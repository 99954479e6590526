//! Turns: what takes much memory or time is done for few at once.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crow_types::OrganizationId;

use crate::error::{Error, Result};

/// Maps that are checked at the same time, and those that are read for stacks: each may take several
/// times its size.
pub(super) const AT_ONCE: usize = 2;
/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(30);
/// Uploads at the same time. Each may have a whole body in memory.
const UPLOADS: usize = 8;
/// Organizations whose turn is remembered.
const MAX_ORGANIZATIONS: u64 = 100_000;
/// A turn is dropped after this long without use. No upload takes that long.
const FORGET: Duration = Duration::from_secs(3_600);

/// Turns of uploads. A slow client delays only its own organization, which has one turn.
#[derive(Debug, Clone)]
pub(super) struct Uploads {
    of_organization: Cache<OrganizationId, Arc<Semaphore>>,
    all: Arc<Semaphore>,
    /// For maps that have arrived.
    pub(super) checks: Arc<Semaphore>,
}

impl Default for Uploads {
    fn default() -> Self {
        Self {
            of_organization: Cache::builder()
                .max_capacity(MAX_ORGANIZATIONS)
                .time_to_idle(FORGET)
                .build(),
            all: Arc::new(Semaphore::new(UPLOADS)),
            checks: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

/// The right to send a map.
pub(super) struct Turn {
    _of_organization: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Uploads {
    pub(super) async fn turn(&self, organization: &OrganizationId) -> Result<Turn> {
        let one = || Arc::new(Semaphore::new(1));
        let own = self.of_organization.get_with_by_ref(organization, one);
        // The order matters: an organization waits for a common turn at most once.
        Ok(Turn {
            _of_organization: turn(&own).await?,
            _of_all: turn(&self.all).await?,
        })
    }
}

/// Waits for a turn.
pub(super) async fn turn(turns: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
    match tokio::time::timeout(TURN, Arc::clone(turns).acquire_owned()).await {
        Ok(Ok(turn)) => Ok(turn),
        Ok(Err(_)) | Err(_) => Err(Error::Busy),
    }
}
