//! Subjects of callers that present nothing. Nothing is stored: a subject is computed from the address,
//! so each replica names the same one.

use std::fmt;
use std::net::IpAddr;

use data_encoding::HEXLOWER;
use ring::hmac;

use crow_web::proxies::network;

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;
/// Bytes of the subject that are kept. 128 bits do not collide.
const SUBJECT_BYTES: usize = 16;
/// What the key of the subjects is derived for.
const PURPOSE: &[u8] = b"crow: subjects of public callers";

/// Names networks by a key that changes with each day (UTC), so that nobody can follow a name for
/// longer, or find the address that it stands for without the key.
pub(super) struct Subjects {
    key: hmac::Key,
}

impl fmt::Debug for Subjects {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Subjects")
    }
}

impl Subjects {
    /// With a key that is derived from the signing key: all replicas have it, and a new signing key
    /// makes new names.
    pub(super) fn new(signing_key: &[u8]) -> Self {
        let signing_key = hmac::Key::new(hmac::HMAC_SHA256, signing_key);
        Self {
            key: derived(&signing_key, PURPOSE),
        }
    }

    /// `now` is in seconds.
    pub(super) fn of(&self, address: IpAddr, now: i64) -> String {
        let of_the_day = derived(&self.key, &now.div_euclid(DAY).to_be_bytes());
        // 4 bytes or 16, so that no IPv4 address has the name of an IPv6 network.
        let tag = match network(address) {
            IpAddr::V4(v4) => hmac::sign(&of_the_day, &v4.octets()),
            IpAddr::V6(v6) => hmac::sign(&of_the_day, &v6.octets()),
        };
        format!("pub_{}", HEXLOWER.encode(&tag.as_ref()[..SUBJECT_BYTES]))
    }
}

fn derived(key: &hmac::Key, purpose: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(key, purpose).as_ref())
}
