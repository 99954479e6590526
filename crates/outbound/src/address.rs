//! Which addresses are public.
//!
//! Sources: the special-purpose registries of IANA for IPv4 and IPv6 (RFC 6890 and its updates).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks of IPv4 that are not public: the first address and the length of the prefix.
const NOT_PUBLIC_V4: [([u8; 4], u32); 16] = [
    // "This network".
    ([0, 0, 0, 0], 8),
    // Private.
    ([10, 0, 0, 0], 8),
    // Carrier NAT; also the metadata service of one cloud.
    ([100, 64, 0, 0], 10),
    // Loopback.
    ([127, 0, 0, 0], 8),
    // A service of one cloud that every virtual machine of it reaches.
    ([168, 63, 129, 16], 32),
    // Link-local, with the metadata services of most clouds.
    ([169, 254, 0, 0], 16),
    // Private.
    ([172, 16, 0, 0], 12),
    // Of protocols.
    ([192, 0, 0, 0], 24),
    // Examples.
    ([192, 0, 2, 0], 24),
    // Relays from IPv6.
    ([192, 88, 99, 0], 24),
    // Private.
    ([192, 168, 0, 0], 16),
    // Benchmarks.
    ([198, 18, 0, 0], 15),
    // Examples.
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Multicast.
    ([224, 0, 0, 0], 4),
    // Reserved, and broadcast.
    ([240, 0, 0, 0], 4),
];

/// Networks inside of 2000::/3 that are not public: the first two groups and the length of the prefix.
const NOT_PUBLIC_V6: [([u16; 2], u32); 4] = [
    // Of protocols, with Teredo, which holds an IPv4 address.
    ([0x2001, 0], 23),
    // Examples.
    ([0x2001, 0xdb8], 32),
    // 6to4, which holds an IPv4 address.
    ([0x2002, 0], 16),
    // Examples.
    ([0x3fff, 0], 20),
];

/// Whether everybody on the internet can reach the address.
///
/// Of IPv6, only 2000::/3 is public. So loopback, unique-local, link-local and multicast addresses are
/// not, and neither are those that hold an IPv4 address: mapped ones and NAT64.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_in = |(first, length): &([u8; 4], u32)| {
        let different = address.to_bits() ^ Ipv4Addr::from(*first).to_bits();
        different.leading_zeros() >= *length
    };
    !NOT_PUBLIC_V4.iter().any(is_in)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let start = u32::from(first) << 16 | u32::from(second);
    let is_in = |(groups, length): &([u16; 2], u32)| {
        let other = u32::from(groups[0]) << 16 | u32::from(groups[1]);
        (start ^ other).leading_zeros() >= *length
    };
    first >> 13 == 1 && !NOT_PUBLIC_V6.iter().any(is_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(address: &str) -> bool {
        is_public(address.parse().unwrap_or_else(|_| panic!("{address}")))
    }

    #[test]
    fn only_public_addresses_are_public() {
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.100.100.200",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1",
            "100::1",
            "2001::1",
            "2001:1ff:ffff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!public(address), "{address}");
        }
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2003::1",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(public(address), "{address}");
        }
    }
}
