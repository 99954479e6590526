//! Operations that are failing right now, for readiness and metrics.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use metrics::gauge;

/// The operations that a service keeps retrying, with the reasons for their failures. Clones share
/// the state.
#[derive(Debug, Clone, Default)]
pub struct Troubles(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Lets a success return without the lock while nothing fails.
    count: AtomicUsize,
    open: Mutex<BTreeMap<(&'static str, u16), Trouble>>,
}

#[derive(Debug)]
struct Trouble {
    since: Instant,
    last: Instant,
    reason: String,
}

impl Troubles {
    /// Notes that an attempt at `what` failed for a partition. True: the last attempt did not, or for
    /// another reason.
    pub fn failed(&self, what: &'static str, partition: u16, reason: impl Display) -> bool {
        let now = Instant::now();
        let mut open = self.lock();
        let trouble = open.entry((what, partition)).or_insert_with(|| Trouble {
            since: now,
            last: now,
            reason: String::new(),
        });
        trouble.last = now;
        let before = std::mem::replace(&mut trouble.reason, reason.to_string());
        let is_new = before != trouble.reason;
        self.publish(&open, what);
        is_new
    }

    /// Notes that `what` works for the partition again, or is not attempted any more.
    pub fn ended(&self, what: &'static str, partition: u16) {
        if self.0.count.load(Ordering::Relaxed) == 0 {
            return;
        }
        let mut open = self.lock();
        if open.remove(&(what, partition)).is_some() {
            self.publish(&open, what);
        }
    }

    /// Tracks an operation that is retried until it succeeds or is given up.
    #[must_use]
    pub fn guard(&self, what: &'static str, partition: u16) -> TroubleGuard {
        TroubleGuard {
            troubles: self.clone(),
            what,
            partition,
        }
    }

    /// Whether anything fails right now.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0.count.load(Ordering::Relaxed) > 0
    }

    /// For a readiness check: what failed within `recent`, for how long and why.
    ///
    /// # Errors
    /// The text of the readiness response.
    pub fn check(&self, what: &'static str, recent: Duration) -> Result<(), String> {
        let mut open = self.lock();
        open.retain(|(name, _partition), trouble| *name != what || trouble.last.elapsed() < recent);
        self.publish(&open, what);
        let of_what = open
            .iter()
            .filter(|((name, _partition), _trouble)| *name == what);
        let Some((_key, oldest)) = of_what.min_by_key(|(_key, trouble)| trouble.since) else {
            return Ok(());
        };
        let seconds = oldest.since.elapsed().as_secs();
        Err(format!("fails for {seconds} s: {}", oldest.reason))
    }

    fn publish(&self, open: &BTreeMap<(&'static str, u16), Trouble>, what: &'static str) {
        self.0.count.store(open.len(), Ordering::Relaxed);
        let partitions = open
            .keys()
            .filter(|(name, _partition)| *name == what)
            .count();
        gauge!("crow_failing_partitions", "what" => what).set(partitions as f64);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(&'static str, u16), Trouble>> {
        self.0
            .open
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Tracks one retried operation. Dropping it forgets its failures.
#[derive(Debug)]
pub struct TroubleGuard {
    troubles: Troubles,
    what: &'static str,
    partition: u16,
}

impl TroubleGuard {
    /// Notes that an attempt failed.
    pub fn failed(&self, reason: impl Display) {
        self.troubles.failed(self.what, self.partition, reason);
    }

    /// Notes that the operation works.
    pub fn ended(&self) {
        self.troubles.ended(self.what, self.partition);
    }
}

impl Drop for TroubleGuard {
    fn drop(&mut self) {
        self.ended();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_trouble_is_told_until_it_ends() {
        let troubles = Troubles::default();
        assert!(troubles.failed("objects", 3, "disk full"));
        assert!(!troubles.failed("objects", 3, "disk full"));
        assert!(troubles.failed("objects", 3, "no answer"));
        assert!(troubles.failed("objects", 3, "disk full"));
        let told = troubles.check("objects", LONG).unwrap_err();
        assert_eq!(told, "fails for 0 s: disk full");
        assert_eq!(troubles.check("commits", LONG), Ok(()));
        troubles.ended("objects", 4);
        assert!(troubles.is_any());
        assert!(troubles.check("objects", LONG).is_err());
        troubles.ended("objects", 3);
        assert!(!troubles.is_any());
        assert_eq!(troubles.check("objects", LONG), Ok(()));
    }

    #[test]
    fn a_guard_ends_with_its_operation() {
        let troubles = Troubles::default();
        let guard = troubles.guard("objects", 3);
        guard.failed("disk full");
        assert!(troubles.check("objects", LONG).is_err());
        drop(guard);
        assert_eq!(troubles.check("objects", LONG), Ok(()));
    }

    #[test]
    fn what_nobody_tries_any_more_is_forgotten() {
        let troubles = Troubles::default();
        troubles.failed("objects", 3, "disk full");
        assert_eq!(troubles.check("objects", Duration::ZERO), Ok(()));
        assert_eq!(troubles.check("objects", LONG), Ok(()));
    }
}
