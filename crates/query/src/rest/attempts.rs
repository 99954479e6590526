//! Limits on sign-ins and failed sign-ins.

use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::HttpRequest;
use ipnet::IpNet;
use moka::sync::Cache;

use crow_types::ErrorCode;
use crow_web::{ApiError, proxies};

use crate::rest::streams::{Stream, Streams};

/// Failed attempts per address and minute. Further failures get `rate_limited`.
const MAX_FAILURES: u32 = 20;
/// Sign-ins per key and minute.
const MAX_SIGN_INS: u32 = 60;
/// Returns from the provider per address and minute. Each is a request to the provider.
const MAX_RETURNS: u32 = 120;
/// Requests to sign in with a passkey per address and minute. Each sign-in takes two.
const MAX_PASSKEYS: u32 = 120;
/// How often a public link is opened or its recording is read, per minute: a seek reads again.
const MAX_RECORDINGS: u32 = 240;
/// Pictures and fonts that are read with a public link, per minute.
const MAX_ASSETS: u32 = 6_000;
/// The length of a counting period.
const MINUTE: Duration = Duration::from_secs(60);
/// The maximum number of addresses, and of keys, that are counted.
const MAX_COUNTED: u64 = 10_000;

/// Counts attempts and limits them. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Attempts {
    failures: Counts<IpAddr>,
    sign_ins: Counts<String>,
    returns: Counts<IpAddr>,
    passkeys: Counts<IpAddr>,
    links: Counts<(String, Use)>,
    streams: Streams,
    trusted_proxies: Arc<Vec<IpNet>>,
}

/// What is read with a public link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    /// What it shows, or its recording.
    Recording,
    /// A picture or a font.
    Asset,
}

type Counts<K> = Cache<K, Arc<AtomicU32>>;

impl Attempts {
    /// With these proxies in front.
    #[must_use]
    pub fn new(trusted_proxies: Vec<IpNet>) -> Self {
        Self {
            failures: counts(),
            sign_ins: counts(),
            returns: counts(),
            passkeys: counts(),
            links: counts(),
            streams: Streams::default(),
            trusted_proxies: Arc::new(trusted_proxies),
        }
    }

    /// Counts a wrong key, or a public link that does not work. This count never refuses a valid key.
    pub fn failed(&self, request: &HttpRequest) -> Result<(), ApiError> {
        match self.network_of(request) {
            Some(network) if count(&self.failures, network) > MAX_FAILURES => {
                Err(wait("too many failed attempts from this address"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Counts a return from the provider, before the provider is asked about it.
    pub fn returns(&self, request: &HttpRequest) -> Result<(), ApiError> {
        match self.network_of(request) {
            Some(network) if count(&self.returns, network) > MAX_RETURNS => {
                Err(wait("too many sign-ins from this address"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Counts a request to sign in with a passkey, before a challenge is stored or looked up.
    pub fn uses_passkey(&self, request: &HttpRequest) -> Result<(), ApiError> {
        match self.network_of(request) {
            Some(network) if count(&self.passkeys, network) > MAX_PASSKEYS => {
                Err(wait("too many sign-ins from this address"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Counts a request with a public link that works. All who have the link share the limit.
    pub fn uses_link(&self, link: &str, what: Use) -> Result<(), ApiError> {
        let most = match what {
            Use::Recording => MAX_RECORDINGS,
            Use::Asset => MAX_ASSETS,
        };
        if count(&self.links, (link.to_owned(), what)) > most {
            return Err(wait("too many people use this link"));
        }
        Ok(())
    }

    /// The right to read a recording with a public link, for as long as it is read.
    pub fn reads_recording(&self, link: &str) -> Result<Stream, ApiError> {
        self.uses_link(link, Use::Recording)?;
        self.streams.take(link)
    }

    fn network_of(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        let client = proxies::client(peer, request.headers(), &self.trusted_proxies);
        Some(proxies::network(client))
    }

    /// Counts a sign-in with a valid key.
    pub fn signs_in(&self, key_id: &str) -> Result<(), ApiError> {
        if count(&self.sign_ins, key_id.to_owned()) > MAX_SIGN_INS {
            return Err(wait("too many sign-ins with this key"));
        }
        Ok(())
    }
}

fn counts<K: Hash + Eq + Send + Sync + 'static>() -> Counts<K> {
    Cache::builder()
        .max_capacity(MAX_COUNTED)
        .time_to_live(MINUTE)
        .build()
}

fn count<K: Hash + Eq + Send + Sync + 'static>(counts: &Counts<K>, of: K) -> u32 {
    let count = counts.get_with(of, Arc::default);
    count.fetch_add(1, Ordering::Relaxed).saturating_add(1)
}

fn wait(what: &str) -> ApiError {
    ApiError::new(ErrorCode::RateLimited, format!("{what}; wait a minute")).retry_after(60)
}
