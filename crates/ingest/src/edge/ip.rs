//! The client address of a request, and the part of it that is stored.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(crate) use crow_web::proxies::{client, is_trusted};

use crate::config::IpPolicy;

/// The part that the policy keeps; `None` for nothing.
pub(crate) fn kept(address: IpAddr, policy: IpPolicy) -> Option<String> {
    match policy {
        IpPolicy::Full => Some(address.to_string()),
        IpPolicy::Truncate => Some(truncated(address, 24, 48).to_string()),
        IpPolicy::Drop => None,
    }
}

/// Keeps the first bits and sets the others to zero.
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
