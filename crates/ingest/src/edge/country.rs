//! The visitor's country.

use std::net::IpAddr;

use actix_web::http::header::HeaderMap;
use anyhow::Context as _;
use maxminddb::Reader;
use maxminddb::geoip2::Country;

/// From a CDN's header, else from an MMDB file, else unknown.
pub(crate) struct CountryFinder {
    header: String,
    database: Option<Reader<Vec<u8>>>,
}

impl CountryFinder {
    pub(crate) fn open(header: &str, mmdb_file: &str) -> anyhow::Result<Self> {
        let database = match mmdb_file {
            "" => None,
            path => {
                let reader = Reader::open_readfile(path);
                Some(reader.with_context(|| format!("ingest.mmdb_file: cannot read {path}"))?)
            }
        };
        Ok(Self {
            header: header.to_ascii_lowercase(),
            database,
        })
    }

    /// ISO 3166-1 alpha-2, upper case, or empty. Pass `headers` only if they are trusted.
    pub(crate) fn find(&self, headers: Option<&HeaderMap>, address: Option<IpAddr>) -> String {
        let from_header = headers
            .filter(|_| !self.header.is_empty())
            .and_then(|headers| headers.get(self.header.as_str()))
            .and_then(|value| code(value.to_str().ok()?));
        from_header
            .or_else(|| self.look_up(address?))
            .unwrap_or_default()
    }

    fn look_up(&self, address: IpAddr) -> Option<String> {
        let found = self.database.as_ref()?.lookup(address).ok()?;
        let country: Country<'_> = found.decode().ok()??;
        code(country.country.iso_code?)
    }
}

/// CDNs send XX for unknown and T1 for Tor.
fn code(text: &str) -> Option<String> {
    let text = text.trim();
    let is_code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    let code = text.to_ascii_uppercase();
    (is_code && code != "XX").then_some(code)
}
