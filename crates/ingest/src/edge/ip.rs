//! Whose address a request has, and what is kept of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

use crate::config::IpPolicy;

const FORWARDED_FOR: &str = "x-forwarded-for";
/// Entries of `X-Forwarded-For` that are looked at, from the right.
const MAX_HOPS: usize = 32;

/// The nearest address to us that is not a trusted proxy.
///
/// `X-Forwarded-For` grows to the right, and only what trusted proxies wrote is
/// believed: a client may send any header it likes.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut nearest = peer.to_canonical();
    if !is_trusted(nearest, trusted) {
        return nearest;
    }
    let lines: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .filter_map(|value| value.to_str().ok())
        .collect();
    for hop in lines
        .iter()
        .rev()
        .flat_map(|line| line.rsplit(','))
        .take(MAX_HOPS)
    {
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

pub(crate) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

/// An address, perhaps with a port as some proxies write it.
fn parse(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let address = hop.parse().ok().or_else(|| {
        hop.parse()
            .ok()
            .map(|socket: std::net::SocketAddr| socket.ip())
    });
    address.map(|address: IpAddr| address.to_canonical())
}

/// What the policy keeps; `None`: nothing.
pub(crate) fn kept(address: IpAddr, policy: IpPolicy) -> Option<String> {
    match policy {
        IpPolicy::Full => Some(address.to_string()),
        IpPolicy::Truncate => Some(truncated(address, 24, 48).to_string()),
        IpPolicy::Drop => None,
    }
}

/// The first bits, the others zero.
pub(crate) fn truncated(address: IpAddr, bits_v4: u32, bits_v6: u32) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - bits_v4.min(32)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & mask))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - bits_v6.min(128)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
        }
    }
}
