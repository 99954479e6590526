//! Partitions that this keeper gave up, because an error does not go away by itself.
//!
//! This keeper tries such a partition again after a rest, because a person may have mended the
//! cause. It still counts for the shares, so another keeper takes the partition earlier only if its
//! own share has room.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tracing::error;

use crow_types::Partition;
use crow_web::Troubles;

use crate::retry::{Hopeless, of_partition};

/// Name in readiness and metrics.
pub(crate) const GIVEN_UP: &str = "given up";
/// Until this keeper tries the partition again.
const REST: Duration = Duration::from_secs(60);
/// So long after that it is still reported. A new attempt may fail in the same way.
const DOUBT: Duration = Duration::from_secs(30);

/// The partitions, and why. Cloning gives the same list.
#[derive(Debug, Clone, Default)]
pub(crate) struct GivenUp {
    list: Arc<Mutex<BTreeMap<Partition, (Instant, Hopeless)>>>,
    /// Apart from others: archiving continues while a partition is given up.
    troubles: Troubles,
}

impl GivenUp {
    pub(crate) fn add(&self, partition: Partition, why: Hopeless) {
        error!(
            partition = partition.0,
            reason = why.0,
            retry_seconds = REST.as_secs(),
            "partition given up"
        );
        self.lock().insert(partition, (Instant::now(), why));
        self.report(partition, why);
    }

    /// Partitions that this keeper does not take yet. Reports all that are in the list.
    pub(crate) fn resting(&self) -> Vec<Partition> {
        let mut list = self.lock();
        list.retain(|partition, (since, why)| {
            let is_in_doubt = since.elapsed() < REST + DOUBT;
            if is_in_doubt {
                self.report(*partition, *why);
            } else {
                self.troubles.ended(GIVEN_UP, partition.0);
            }
            is_in_doubt
        });
        let resting = list
            .iter()
            .filter(|(_partition, (since, _why))| since.elapsed() < REST);
        resting.map(|(partition, _since)| *partition).collect()
    }

    /// For readiness.
    ///
    /// # Errors
    /// Which partition is given up, and why.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.troubles.check(GIVEN_UP, REST + DOUBT)
    }

    fn report(&self, partition: Partition, why: Hopeless) {
        let words = of_partition(partition, why.0);
        self.troubles.failed(GIVEN_UP, partition.0, words);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Partition, (Instant, Hopeless)>> {
        self.list
            .lock()
            .expect("nobody panics while holding the list")
    }
}
