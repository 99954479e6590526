//! What CROW is to a device: in the words of WebAuthn, the relying party.

use std::sync::Arc;
use std::time::Duration;

use url::{Host, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// How long a device has to answer, in milliseconds.
pub(super) const LASTS: i64 = 300_000;
/// What a device calls us.
const NAME: &str = "CROW";

/// Passkeys for the pages of one origin. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Passkeys {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    webauthn: Webauthn,
    origin: String,
}

impl Passkeys {
    /// For the dashboard at this address. `None` where browsers have no passkeys: without https, and
    /// for an IP address. This machine counts as `localhost`, for which they need no https.
    #[must_use]
    pub fn new(public_url: &str) -> Option<Self> {
        let origin = origin_of(public_url)?;
        let host = origin.domain()?.to_owned();
        let webauthn = WebauthnBuilder::new(&host, &origin)
            .and_then(|builder| {
                let lasts = Duration::from_millis(LASTS.unsigned_abs());
                builder.rp_name(NAME).timeout(lasts).build()
            })
            .ok()?;
        let origin = origin.origin().ascii_serialization();
        Some(Self {
            inner: Arc::new(Inner { webauthn, origin }),
        })
    }

    /// The origin of the pages on which they work.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.inner.origin
    }

    pub(super) fn webauthn(&self) -> &Webauthn {
        &self.inner.webauthn
    }
}

fn origin_of(public_url: &str) -> Option<Url> {
    let mut url = Url::parse(public_url).ok()?;
    let is_here = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    if is_here {
        url.set_host(Some("localhost")).ok()?;
    }
    let is_secure = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    is_secure.then_some(url)
}
