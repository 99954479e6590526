//! Rate limits per key and per address.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crow_types::ErrorCode;
use crow_web::ApiError;

use crate::config::RateConfig;
use crate::edge::ip;

/// How often keys and addresses with their full allowance are dropped.
pub(crate) const CLEANING: Duration = Duration::from_secs(5);

/// A limit per `K`; `None` inside means no limit. It holds the keys seen since the last cleaning,
/// and those below their full allowance.
struct Limit<K: Hash + Eq + Clone> {
    limiter: Option<DefaultKeyedRateLimiter<K>>,
    clock: DefaultClock,
    what: &'static str,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(config: RateConfig, what: &'static str) -> Self {
        let quota = NonZeroU32::new(config.requests_per_second).map(|rate| {
            let burst = NonZeroU32::new(config.burst).unwrap_or(NonZeroU32::MIN);
            Quota::per_second(rate).allow_burst(burst)
        });
        Self {
            limiter: quota.map(DefaultKeyedRateLimiter::dashmap),
            clock: DefaultClock::default(),
            what,
        }
    }

    fn check(&self, key: impl FnOnce() -> K) -> Result<(), ApiError> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter.check_key(&key()).map_err(|denied| {
            let wait = denied.wait_time_from(self.clock.now());
            let seconds = u32::try_from(wait.as_millis().div_ceil(1000))
                .unwrap_or(u32::MAX)
                .max(1);
            metrics::counter!("crow_ingest_rate_limited_total", "by" => self.what).increment(1);
            let message = format!(
                "too many requests from this {}; send larger batches less often",
                self.what
            );
            ApiError::new(ErrorCode::RateLimited, message).retry_after(seconds)
        })
    }

    fn clean(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Both limits.
pub(crate) struct RateLimits {
    keys: Limit<String>,
    addresses: Limit<IpAddr>,
}

impl RateLimits {
    pub(crate) fn new(key: RateConfig, address: RateConfig) -> Self {
        Self {
            keys: Limit::new(key, "key"),
            addresses: Limit::new(address, "address"),
        }
    }

    pub(crate) fn check_key(&self, key_id: &str) -> Result<(), ApiError> {
        self.keys.check(|| key_id.to_owned())
    }

    /// An IPv6 subscriber has a /64, so the limit counts that.
    pub(crate) fn check_address(&self, address: IpAddr) -> Result<(), ApiError> {
        self.addresses.check(|| ip::truncated(address, 32, 64))
    }

    /// Drops keys with a full allowance.
    pub(crate) fn clean(&self) {
        self.keys.clean();
        self.addresses.clean();
    }
}
