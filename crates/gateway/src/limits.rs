//! Rates by address, key, user and path. Each replica counts for itself.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crow_auth::{Principal, PrincipalKind};
use crow_types::ErrorCode;
use crow_web::ApiError;

use crate::config::{GatewayConfig, RateConfig};
use crate::places::is_below;

/// How often callers with their full allowance are dropped.
pub(crate) const CLEANING: Duration = Duration::from_secs(5);

struct Limit<K: Hash + Eq + Clone> {
    /// Absent: no limit.
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

    fn check(&self, of: &K) -> Result<(), ApiError> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter.check_key(of).map_err(|denied| {
            let wait = denied.wait_time_from(self.clock.now());
            let seconds = u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX);
            metrics::counter!("crow_gateway_rate_limited_total", "by" => self.what).increment(1);
            let message = format!("too many requests from this {}; wait a little", self.what);
            ApiError::new(ErrorCode::RateLimited, message).retry_after(seconds.max(1))
        })
    }

    fn clean(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Whom a limit of a path counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    Known(String),
    Address(IpAddr),
}

/// All limits.
pub(crate) struct Limits {
    addresses: Limit<IpAddr>,
    keys: Limit<String>,
    users: Limit<String>,
    paths: Vec<(String, Limit<Counted>)>,
}

impl Limits {
    pub(crate) fn new(config: &GatewayConfig) -> Self {
        let paths = config.path_rates.iter();
        Self {
            addresses: Limit::new(config.address_rate, "address"),
            keys: Limit::new(config.key_rate, "key"),
            users: Limit::new(config.user_rate, "user"),
            paths: paths
                .map(|path| (path.prefix.clone(), Limit::new(path.rate, "caller")))
                .collect(),
        }
    }

    /// Counts a request before its caller is known.
    pub(crate) fn check_address(&self, address: IpAddr) -> Result<(), ApiError> {
        self.addresses.check(&network_of(address))
    }

    /// Counts a request of a caller; `None`: of one that presented nothing.
    pub(crate) fn check(
        &self,
        path: &str,
        caller: Option<&Principal>,
        address: IpAddr,
    ) -> Result<(), ApiError> {
        if let Some(caller) = caller {
            let id = caller.id().to_owned();
            match caller.kind() {
                PrincipalKind::User => self.users.check(&id)?,
                PrincipalKind::Key | PrincipalKind::Public | PrincipalKind::System => {
                    self.keys.check(&id)?;
                }
            }
        }
        let counted = || match caller {
            Some(caller) => Counted::Known(caller.id().to_owned()),
            None => Counted::Address(network_of(address)),
        };
        let limited = self.paths.iter();
        for (_, limit) in limited.filter(|(prefix, _)| is_below(path, prefix)) {
            limit.check(&counted())?;
        }
        Ok(())
    }

    /// Drops callers with a full allowance.
    pub(crate) fn clean(&self) {
        self.addresses.clean();
        self.keys.clean();
        self.users.clean();
        self.paths.iter().for_each(|(_, limit)| limit.clean());
    }
}

/// An IPv6 subscriber has a /64.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PathRateConfig;

    #[test]
    fn addresses_count_by_network_and_paths_by_caller() {
        let one = RateConfig {
            requests_per_second: 1,
            burst: 1,
        };
        let config = GatewayConfig {
            address_rate: one,
            path_rates: vec![PathRateConfig {
                prefix: "/slow/".to_owned(),
                rate: one,
            }],
            ..GatewayConfig::default()
        };
        let limits = Limits::new(&config);
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(limits.check_address(address("2001:db8::1")).is_ok());
        let neighbour = limits.check_address(address("2001:db8::2"));
        assert_eq!(neighbour.unwrap_err().code, ErrorCode::RateLimited);
        assert!(limits.check_address(address("2001:db8:0:1::1")).is_ok());
        let from = address("10.0.0.1");
        assert!(limits.check("/slow/a", None, from).is_ok());
        let again = limits.check("/slow/b", None, from).unwrap_err();
        assert_eq!(again.retry_after_secs, Some(1));
        assert!(limits.check("/fast", None, from).is_ok());
        assert!(limits.check("/slow/a", None, address("10.0.0.2")).is_ok());
    }
}
