//! Rates by address, key, user and path. Each replica counts for itself.

use std::net::IpAddr;

use crow_auth::{Principal, PrincipalKind};
use crow_types::ErrorCode;
use crow_web::ApiError;
use crow_web::proxies::network;
use crow_web::rate::RateLimit;

use crate::config::GatewayConfig;
use crate::places::is_below;

/// Whom a limit of a path counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    Known(String),
    Address(IpAddr),
}

/// All limits.
pub(crate) struct Limits {
    addresses: RateLimit<IpAddr>,
    keys: RateLimit<String>,
    users: RateLimit<String>,
    publics: RateLimit<IpAddr>,
    paths: Vec<(String, RateLimit<Counted>)>,
}

impl Limits {
    pub(crate) fn new(config: &GatewayConfig) -> Self {
        let paths = config.path_rates.iter();
        Self {
            addresses: RateLimit::new(config.address_rate),
            keys: RateLimit::new(config.key_rate),
            users: RateLimit::new(config.user_rate),
            publics: RateLimit::new(config.public_rate),
            paths: paths
                .map(|path| (path.prefix.clone(), RateLimit::new(path.rate)))
                .collect(),
        }
    }

    /// Counts a request before its caller is known.
    pub(crate) fn check_address(&self, address: IpAddr) -> Result<(), ApiError> {
        let counted = self.addresses.check(|| network(address));
        counted.map_err(|seconds| refusal("address", seconds))
    }

    /// Counts a request that gets the token of its address.
    pub(crate) fn check_public(&self, address: IpAddr) -> Result<(), ApiError> {
        let counted = self.publics.check(|| network(address));
        counted.map_err(|seconds| refusal("address", seconds))
    }

    /// Counts a request of a caller; `None`: of one that presented nothing.
    pub(crate) fn check(
        &self,
        path: &str,
        caller: Option<&Principal>,
        address: IpAddr,
    ) -> Result<(), ApiError> {
        if let Some(caller) = caller {
            let (limit, what) = match caller.kind() {
                PrincipalKind::User => (&self.users, "user"),
                PrincipalKind::Key | PrincipalKind::Public | PrincipalKind::System => {
                    (&self.keys, "key")
                }
            };
            let counted = limit.check(|| caller.id().to_owned());
            counted.map_err(|seconds| refusal(what, seconds))?;
        }
        let counted = || match caller {
            Some(caller) => Counted::Known(caller.id().to_owned()),
            None => Counted::Address(network(address)),
        };
        let limited = self.paths.iter();
        for (_, limit) in limited.filter(|(prefix, _)| is_below(path, prefix)) {
            let checked = limit.check(counted);
            checked.map_err(|seconds| refusal("caller", seconds))?;
        }
        Ok(())
    }

    /// Drops callers with a full allowance.
    pub(crate) fn clean(&self) {
        self.addresses.clean();
        self.keys.clean();
        self.users.clean();
        self.publics.clean();
        self.paths.iter().for_each(|(_, limit)| limit.clean());
    }
}

fn refusal(what: &'static str, seconds: u32) -> ApiError {
    metrics::counter!("crow_gateway_rate_limited_total", "by" => what).increment(1);
    let message = format!("too many requests from this {what}; wait a little");
    ApiError::new(ErrorCode::RateLimited, message).retry_after(seconds)
}

#[cfg(test)]
mod tests {
    use crow_web::rate::RateConfig;

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
