//! The client's address behind trusted proxies.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::http::header::{HeaderMap, HeaderValue};
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";
/// The header of RFC 7239, such as `for=192.0.2.60;proto=https, for="[2001:db8::1]:4711"`.
const FORWARDED: &str = "forwarded";
/// The maximum number of entries that are read, from the right.
const MAX_HOPS: usize = 32;

/// The address nearest to us that is not a trusted proxy.
///
/// Proxies append to `X-Forwarded-For`, or to `Forwarded` if the former is absent. Only entries
/// that trusted proxies wrote count, because a client can send any header.
#[must_use]
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let values = |name: &'static str| headers.get_all(name).map(HeaderValue::as_bytes);
    client_by(peer, |name: &'static str| values(name).collect(), trusted)
}

/// The same for other headers than those of actix: `lines` gives the values of a header.
#[must_use]
pub fn client_by<'a>(
    peer: IpAddr,
    lines: impl Fn(&'static str) -> Vec<&'a [u8]>,
    trusted: &[IpNet],
) -> IpAddr {
    let mut nearest = peer.to_canonical();
    if !is_trusted(nearest, trusted) {
        return nearest;
    }
    for hop in hops(lines) {
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

/// The senders along the way, nearest first. Skips empty entries, which some proxies leave behind.
/// An entry that is not text is one that no proxy wrote, so it is kept as one that says nothing.
fn hops<'a>(lines: impl Fn(&'static str) -> Vec<&'a [u8]>) -> Vec<&'a str> {
    let entries = |lines: Vec<&'a [u8]>| -> Vec<&'a str> {
        let entries = lines
            .into_iter()
            .rev()
            .flat_map(|line| line.rsplit(|byte| *byte == b','));
        let entries = entries.map(|entry| str::from_utf8(entry).unwrap_or("unreadable"));
        let entries = entries.map(str::trim).filter(|entry| !entry.is_empty());
        entries.take(MAX_HOPS).collect()
    };
    let forwarded_for = lines(FORWARDED_FOR);
    if !forwarded_for.is_empty() {
        return entries(forwarded_for);
    }
    let entries = entries(lines(FORWARDED)).into_iter();
    entries.map(|entry| for_of(entry).unwrap_or("")).collect()
}

/// The parameter `for` of a `Forwarded` entry.
fn for_of(entry: &str) -> Option<&str> {
    let mut parameters = entry.split(';').filter_map(|one| one.split_once('='));
    let found = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    found.map(|(_, value)| value)
}

/// Whether the address belongs to a trusted proxy.
#[must_use]
pub fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

/// What one subscriber has: an IPv4 address, or a /64 of IPv6.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

/// Parses an address as proxies write it: possibly with quotes, brackets, a port or an interface
/// zone.
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
