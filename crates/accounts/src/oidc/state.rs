//! What a browser keeps between the start and the return: a cookie that is signed, so that nobody
//! else can make one, and is used only by the browser that began.

use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crow_types::Timestamp;

/// How long a sign-in may take, in milliseconds.
pub(crate) const LASTS: i64 = 600_000;
/// The longest page to return to, in bytes.
const MAX_NEXT: usize = 512;
const PURPOSE: &[u8] = b"crow oidc state v1";

/// A sign-in that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Begun {
    #[serde(rename = "s")]
    pub(crate) state: String,
    #[serde(rename = "n")]
    pub(crate) nonce: String,
    #[serde(rename = "v")]
    pub(crate) verifier: String,
    /// The page to return to.
    #[serde(rename = "p")]
    pub(crate) next: Option<String>,
    /// Hash of the token of the sign-in that the browser had at the start. The return comes from
    /// another site, so the browser does not send that cookie with it.
    #[serde(rename = "o", default)]
    pub(crate) previous: Option<String>,
    /// Milliseconds since the epoch.
    #[serde(rename = "e")]
    pub(crate) expires_at: i64,
}

impl Begun {
    /// Whether the provider returned what it was given.
    pub(crate) fn is_answered_by(&self, state: &str) -> bool {
        self.state.as_bytes().ct_eq(state.as_bytes()).into()
    }
}

/// Signs and reads the cookie.
#[derive(Debug)]
pub(crate) struct StateKey(hmac::Key);

impl StateKey {
    /// Each replica has the secret of the client, so each has this key.
    pub(crate) fn of(client_secret: &SecretString) -> Self {
        let secret = client_secret.expose_secret().as_bytes();
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), PURPOSE);
        Self(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()))
    }

    pub(crate) fn seal(&self, begun: &Begun) -> String {
        let payload = serde_json::to_vec(begun).expect("texts and a number are JSON");
        let payload = BASE64URL_NOPAD.encode(&payload);
        let tag = hmac::sign(&self.0, payload.as_bytes());
        format!("{payload}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
    }

    /// `None`: not ours, or too old.
    pub(crate) fn open(&self, cookie: &str, now: Timestamp) -> Option<Begun> {
        let (payload, tag) = cookie.split_once('.')?;
        let tag = BASE64URL_NOPAD.decode(tag.as_bytes()).ok()?;
        hmac::verify(&self.0, payload.as_bytes(), &tag).ok()?;
        let payload = BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?;
        let begun: Begun = serde_json::from_slice(&payload).ok()?;
        (now.0 < begun.expires_at).then_some(begun)
    }
}

/// A page of the dashboard to return to; no other address.
pub(crate) fn page(next: &str) -> Option<String> {
    let is_plain = |b: u8| b.is_ascii_graphic() && b != b'\\';
    let rest = next.strip_prefix("/app");
    let is_ours = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    // Browsers resolve these, which leads to other pages of this origin.
    let climbs = next.contains("/.") || next.to_ascii_lowercase().contains("%2e");
    let is_page = is_ours && !climbs && next.len() <= MAX_NEXT && next.bytes().all(is_plain);
    is_page.then(|| next.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(now: Timestamp) -> Begun {
        Begun {
            state: "state".to_owned(),
            nonce: "nonce".to_owned(),
            verifier: "verifier".to_owned(),
            next: page("/app/sessions"),
            previous: Some("hash".to_owned()),
            expires_at: now.plus(LASTS).0,
        }
    }

    #[test]
    fn a_cookie_is_read_until_it_expires_and_only_with_its_key() {
        let now = Timestamp(1_000);
        let key = StateKey::of(&"a secret of a client".to_owned().into());
        let cookie = key.seal(&begun(now));
        assert_eq!(key.open(&cookie, now), Some(begun(now)));
        assert_eq!(key.open(&cookie, now.plus(LASTS)), None, "too old");
        let other = StateKey::of(&"another secret of it".to_owned().into());
        assert_eq!(other.open(&cookie, now), None);
        let (payload, tag) = cookie.split_once('.').unwrap();
        let forged = BASE64URL_NOPAD.encode(br#"{"s":"x","n":"x","v":"x","p":null,"e":9999}"#);
        for bad in [
            format!("{forged}.{tag}"),
            format!("{payload}."),
            payload.to_owned(),
            String::new(),
        ] {
            assert_eq!(key.open(&bad, now), None, "{bad}");
        }
    }

    #[test]
    fn only_pages_of_the_dashboard_are_returned_to() {
        for good in ["/app", "/app/sessions?x=1", "/app?x", "/app#/keys"] {
            assert_eq!(page(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "/app\\evil",
            "/apple",
            "https://evil.example/app",
            "/app/\r\nx",
            "/app/../auth/oidc/start",
            "/app/%2E%2e/auth",
        ] {
            assert_eq!(page(bad), None, "{bad}");
        }
    }
}
