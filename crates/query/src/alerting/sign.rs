//! Signatures of Standard Webhooks (<https://www.standardwebhooks.com>): HMAC-SHA256 of id, time and body.

use data_encoding::BASE64;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Bytes of a secret.
const BYTES: usize = 32;

/// A fresh secret, as receivers get it. `None`: the operating system has no random numbers.
#[must_use]
pub fn new_secret() -> Option<String> {
    let mut bytes = [0; BYTES];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(format!("{PREFIX}{}", BASE64.encode(&bytes)))
}

/// The value of `webhook-signature`: a signature for each secret, between spaces. `at` is seconds since the
/// epoch. What is no secret gives no signature.
#[must_use]
pub fn signatures<'a>(
    secrets: impl Iterator<Item = &'a str>,
    id: &str,
    at: i64,
    body: &[u8],
) -> String {
    let mut content = format!("{id}.{at}.").into_bytes();
    content.extend_from_slice(body);
    let sign = |secret: &str| {
        let key = BASE64
            .decode(secret.strip_prefix(PREFIX)?.as_bytes())
            .ok()?;
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &content);
        Some(format!("v1,{}", BASE64.encode(tag.as_ref())))
    };
    secrets.filter_map(sign).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that the libraries of Standard Webhooks test themselves with.
    #[test]
    fn signatures_are_those_of_other_implementations() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let body = br#"{"test": 2432232314}"#;
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        let signed = signatures([secret].into_iter(), id, 1_614_265_330, body);
        assert_eq!(signed, expected);
        let fresh = new_secret().unwrap();
        assert_ne!(new_secret().unwrap(), fresh);
        let both = signatures(
            [fresh.as_str(), secret].into_iter(),
            id,
            1_614_265_330,
            body,
        );
        assert_eq!(both.split(' ').count(), 2);
        assert!(both.ends_with(expected), "{both}");
    }
}
