//! Rate limits per key and per address.

use std::net::IpAddr;

use crow_types::ErrorCode;
use crow_web::ApiError;
use crow_web::rate::{RateConfig, RateLimit};

use crate::edge::ip;

/// Both limits.
pub(crate) struct RateLimits {
    keys: RateLimit<String>,
    addresses: RateLimit<IpAddr>,
}

impl RateLimits {
    pub(crate) fn new(key: RateConfig, address: RateConfig) -> Self {
        Self {
            keys: RateLimit::new(key),
            addresses: RateLimit::new(address),
        }
    }

    pub(crate) fn check_key(&self, key_id: &str) -> Result<(), ApiError> {
        let counted = self.keys.check(|| key_id.to_owned());
        counted.map_err(|seconds| refusal("key", seconds))
    }

    /// An IPv6 subscriber has a /64, so the limit counts that.
    pub(crate) fn check_address(&self, address: IpAddr) -> Result<(), ApiError> {
        let counted = self.addresses.check(|| ip::truncated(address, 32, 64));
        counted.map_err(|seconds| refusal("address", seconds))
    }

    /// Drops keys with a full allowance.
    pub(crate) fn clean(&self) {
        self.keys.clean();
        self.addresses.clean();
    }
}

fn refusal(what: &'static str, seconds: u32) -> ApiError {
    metrics::counter!("crow_ingest_rate_limited_total", "by" => what).increment(1);
    let message = format!("too many requests from this {what}; send larger batches less often");
    ApiError::new(ErrorCode::RateLimited, message).retry_after(seconds)
}
