//! The limit of one key. Each process counts for itself.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use moka::sync::Cache;
use serde::{Serialize, Serializer};

use crate::error::AuthError;

/// The most keys that are counted at a time.
const MAX_KEYS: u64 = 10_000;
const BURST_SECONDS: NonZeroU32 = NonZeroU32::new(2).expect("2 is not 0");
/// After this a key has its full allowance again, and is forgotten.
const IDLE: Duration = Duration::from_secs(10);

/// Requests per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyRate(NonZeroU32);

impl KeyRate {
    /// The highest: more than any service of ours answers.
    pub const MOST: u32 = 100_000;

    /// `None` when it is 0 or too high.
    #[must_use]
    pub fn new(per_second: u32) -> Option<Self> {
        let rate = NonZeroU32::new(per_second)?;
        (per_second <= Self::MOST).then_some(Self(rate))
    }

    /// What a row or the answer of an auth service says; `None` when it makes no sense.
    pub(crate) fn of_row(per_second: i64) -> Option<Self> {
        u32::try_from(per_second).ok().and_then(Self::new)
    }

    /// Requests per second.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

impl Serialize for KeyRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.get())
    }
}

/// Counts the requests of keys that have a limit of their own.
#[derive(Debug)]
pub(crate) struct KeyRates {
    limiters: Cache<(String, KeyRate), Arc<DefaultDirectRateLimiter>>,
    clock: DefaultClock,
}

impl KeyRates {
    pub(crate) fn new() -> Self {
        Self {
            limiters: Cache::builder()
                .max_capacity(MAX_KEYS)
                .time_to_idle(IDLE)
                .build(),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request of a key. A key may send what it may send in two seconds at once.
    pub(crate) fn count(&self, key_id: &str, rate: KeyRate) -> Result<(), AuthError> {
        let limiter = self.limiters.get_with((key_id.to_owned(), rate), || {
            let burst = rate.0.saturating_mul(BURST_SECONDS);
            Arc::new(RateLimiter::direct(
                Quota::per_second(rate.0).allow_burst(burst),
            ))
        });
        limiter.check().map_err(|denied| {
            let wait = denied.wait_time_from(self.clock.now());
            let seconds = u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX);
            AuthError::RateLimited(seconds.max(1))
        })
    }
}
