//! Partitions that this keeper gave up, because an error does not go away by itself.
//!
//! This keeper tries such a partition again after a rest, because a person may have mended the
//! cause. It still counts for the shares, so another keeper takes the partition earlier only if its
//! own share has room.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tracing::error;

use crow_runtime::Troubles;
use crow_types::Partition;

use crate::retry::{Hopeless, of_partition};

/// Name in readiness and metrics.
pub(crate) const GIVEN_UP: &str = "given up";
/// Until this keeper tries the partition again. Each failure soon after doubles it, because every
/// attempt may leave dead letters and packs behind.
const REST: Duration = Duration::from_secs(60);
const LONGEST_REST: Duration = Duration::from_secs(30 * 60);
/// So long after that it is still reported. A new attempt may fail in the same way.
const DOUBT: Duration = Duration::from_secs(30);

/// The partitions, and why. Cloning gives the same list.
#[derive(Debug, Clone, Default)]
pub(crate) struct GivenUp {
    list: Arc<Mutex<BTreeMap<Partition, Entry>>>,
    /// Apart from others: archiving continues while a partition is given up.
    troubles: Troubles,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    since: Instant,
    rest: Duration,
    why: Hopeless,
}

impl Entry {
    fn is_resting(&self) -> bool {
        self.since.elapsed() < self.rest
    }

    fn is_in_doubt(&self) -> bool {
        self.since.elapsed() < self.rest + DOUBT
    }

    /// Until it has worked for as long as it rested.
    fn counts(&self) -> bool {
        self.since.elapsed() < 2 * self.rest + DOUBT
    }
}

/// How long a partition rests that is given up now.
fn next_rest(last: Option<&Entry>) -> Duration {
    match last {
        Some(last) if last.counts() => (2 * last.rest).min(LONGEST_REST),
        _ => REST,
    }
}

impl GivenUp {
    pub(crate) fn add(&self, partition: Partition, why: Hopeless) {
        let mut list = self.lock();
        let rest = next_rest(list.get(&partition));
        error!(
            partition = partition.0,
            reason = why.0,
            retry_seconds = rest.as_secs(),
            "partition given up"
        );
        let since = Instant::now();
        list.insert(partition, Entry { since, rest, why });
        drop(list);
        self.report(partition, why);
    }

    /// Partitions that this keeper does not take yet. Reports all that are in the list.
    pub(crate) fn resting(&self) -> Vec<Partition> {
        let mut list = self.lock();
        list.retain(|partition, entry| {
            if entry.is_in_doubt() {
                self.report(*partition, entry.why);
            } else {
                self.troubles.ended(GIVEN_UP, partition.0);
            }
            entry.counts()
        });
        let resting = list.iter().filter(|(_partition, entry)| entry.is_resting());
        resting.map(|(partition, _entry)| *partition).collect()
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

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Partition, Entry>> {
        self.list
            .lock()
            .expect("nobody panics while holding the list")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_doubles_up_to_a_limit() {
        let mut rest = next_rest(None);
        assert_eq!(rest, REST);
        for _attempt in 0..10 {
            let last = Entry {
                since: Instant::now(),
                rest,
                why: Hopeless("why"),
            };
            rest = next_rest(Some(&last));
        }
        assert_eq!(rest, LONGEST_REST);
    }
}
