//! Rate limits. Each process counts for itself.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often [`RateLimit::clean`] is called.
pub const CLEANING: Duration = Duration::from_secs(5);

/// A rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateConfig {
    /// Requests per second in the long run. 0: no limit.
    pub requests_per_second: u32,
    /// Requests at once after a quiet time; at least 1.
    pub burst: u32,
}

/// A limit per `K`. It holds those seen since the last cleaning, and those below their full
/// allowance.
pub struct RateLimit<K: Hash + Eq + Clone> {
    /// Absent: no limit.
    limiter: Option<DefaultKeyedRateLimiter<K>>,
    clock: DefaultClock,
}

impl<K: Hash + Eq + Clone> RateLimit<K> {
    /// Everyone has the full allowance.
    #[must_use]
    pub fn new(config: RateConfig) -> Self {
        let quota = NonZeroU32::new(config.requests_per_second).map(|rate| {
            let burst = NonZeroU32::new(config.burst).unwrap_or(NonZeroU32::MIN);
            Quota::per_second(rate).allow_burst(burst)
        });
        Self {
            limiter: quota.map(DefaultKeyedRateLimiter::dashmap),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// Whole seconds until the next request is allowed, at least 1.
    pub fn check(&self, of: impl FnOnce() -> K) -> Result<(), u32> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter.check_key(&of()).map_err(|denied| {
            let wait = denied.wait_time_from(self.clock.now());
            u32::try_from(wait.as_millis().div_ceil(1_000))
                .unwrap_or(u32::MAX)
                .max(1)
        })
    }

    /// Drops those with a full allowance.
    pub fn clean(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}
