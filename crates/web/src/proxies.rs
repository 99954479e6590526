//! Whose address a request has, behind proxies that we trust.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";
/// RFC 7239: `for=192.0.2.60;proto=https, for="[2001:db8::1]:4711"`.
const FORWARDED: &str = "forwarded";
/// Entries that are looked at, from the right.
const MAX_HOPS: usize = 32;

/// The nearest address to us that is not a trusted proxy.
///
/// `X-Forwarded-For`, or without it `Forwarded`, grows to the right, and only what trusted proxies
/// wrote is believed: a client may send any header it likes.
#[must_use]
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut nearest = peer.to_canonical();
    if !is_trusted(nearest, trusted) {
        return nearest;
    }
    for hop in hops(headers) {
        let Some(address) = parse(hop) else {
            return nearest;
        };
        nearest = address;
        if !is_trusted(nearest, trusted) {
            return nearest;
        }
    }
    nearest
}

/// Who sent the request on, the nearest first. Proxies leave empty entries behind, which are nobody.
fn hops(headers: &HeaderMap) -> Vec<&str> {
    let entries = |name: &str| -> Vec<&str> {
        let lines: Vec<&str> = headers
            .get_all(name)
            .filter_map(|value| value.to_str().ok())
            .collect();
        let entries = lines.iter().rev().flat_map(|line| line.rsplit(','));
        let entries = entries.map(str::trim).filter(|entry| !entry.is_empty());
        entries.take(MAX_HOPS).collect()
    };
    if headers.contains_key(FORWARDED_FOR) {
        return entries(FORWARDED_FOR);
    }
    let entries = entries(FORWARDED).into_iter();
    entries.map(|entry| for_of(entry).unwrap_or("")).collect()
}

/// The parameter `for` of an entry of `Forwarded`.
fn for_of(entry: &str) -> Option<&str> {
    let mut parameters = entry.split(';').filter_map(|one| one.split_once('='));
    let found = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    found.map(|(_, value)| value)
}

/// Whether the address belongs to a proxy that we trust.
#[must_use]
pub fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

/// An address as proxies write it: in quotes, in brackets, with a port, with the zone of an
/// interface, or with none of these.
fn parse(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim().trim_matches('"').trim();
    let bare = match hop.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => hop,
    };
    let bare = bare
        .split_once('%')
        .map_or(bare, |(address, _zone)| address);
    let with_port = || bare.parse().ok().map(|socket: SocketAddr| socket.ip());
    let address: Option<IpAddr> = bare.parse().ok().or_else(with_port);
    address.map(|address| address.to_canonical())
}
