//! Counts of a period, by what is counted. They are of one process: with several, each allows as many.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use moka::sync::Cache;

/// Counts that are kept. The least used go first.
pub(crate) const MAX_COUNTED: u64 = 100_000;

/// Counts by `K`. Cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Counts<K: Hash + Eq + Send + Sync + 'static>(Cache<K, Arc<AtomicU32>>);

impl<K: Hash + Eq + Send + Sync + 'static> Counts<K> {
    /// A count begins again this long after its first.
    pub(crate) fn of(period: Duration) -> Self {
        let counts = Cache::builder()
            .max_capacity(MAX_COUNTED)
            .time_to_live(period)
            .build();
        Self(counts)
    }

    /// Counts one more, and returns how many there are.
    pub(crate) fn add(&self, of: K) -> u32 {
        let count = self.0.get_with(of, Arc::default);
        count.fetch_add(1, Ordering::Relaxed).saturating_add(1)
    }

    /// Begins again.
    pub(crate) fn forget(&self, of: &K) {
        self.0.invalidate(of);
    }
}
