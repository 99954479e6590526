//! What the server itself learns about the sender of a request.

mod bots;
pub(crate) mod country;
pub(crate) mod device;
pub(crate) mod hints;
pub(crate) mod ip;

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;

use crow_proto::events::Client;

use crate::config::{IngestConfig, IpPolicy};
use country::CountryFinder;
use device::DeviceFinder;
use hints::Hints;

/// The longest user agent that is kept, in bytes.
const MAX_USER_AGENT: usize = 512;

/// Collects facts about senders.
pub(crate) struct Enricher {
    config: IngestConfig,
    countries: CountryFinder,
    devices: DeviceFinder,
}

impl Enricher {
    /// Opens the MMDB file if one is configured.
    pub(crate) fn open(config: &IngestConfig) -> anyhow::Result<Self> {
        Ok(Self {
            config: config.clone(),
            countries: CountryFinder::open(&config.country_header, &config.mmdb_file)?,
            devices: DeviceFinder::new(),
        })
    }

    /// The visitor's address, behind any number of trusted proxies.
    pub(crate) fn address(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        Some(ip::client(
            peer,
            request.headers(),
            &self.config.trusted_proxies,
        ))
    }

    /// The client, except for what it says about its SDK. The country comes from the whole address.
    pub(crate) fn client(
        &self,
        request: &HttpRequest,
        address: Option<IpAddr>,
        ip_policy: IpPolicy,
    ) -> Client {
        let peer = request.peer_addr().map(|peer| peer.ip());
        let is_header_believed = self.config.trusted_proxies.is_empty()
            || peer.is_some_and(|peer| ip::is_trusted(peer, &self.config.trusted_proxies));
        let headers = is_header_believed.then(|| request.headers());
        let user_agent = request
            .headers()
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        let user_agent = crate::decode::fields::clean(user_agent, MAX_USER_AGENT);
        let device = self.devices.find(&user_agent);
        let device = device.with_hints(Hints::read(request.headers()));
        Client {
            ip_address: address
                .and_then(|address| ip::kept(address, ip_policy))
                .unwrap_or_default(),
            country: self.countries.find(headers, address),
            device_type: device.device_type.to_owned(),
            browser: device.browser,
            os: device.os,
            is_bot: device.is_bot,
            user_agent,
            ..Client::default()
        }
    }
}
