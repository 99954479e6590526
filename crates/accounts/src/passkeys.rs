//! Sign-in with passkeys (WebAuthn): a device signs a challenge, after it has recognised its user.
//!
//! - `add`: a user who is signed in adds one, and lists, renames and removes them.
//! - `sign_in`: somebody signs in with one. The device says who it is, so nobody types an address.
//!
//! A challenge is a row in SQL, so any replica takes the answer. Taking it removes the row before the
//! answer is looked at, so there is one answer to a challenge.

mod add;
mod sign_in;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::{Host, Url};
use webauthn_rs::prelude::Uuid;
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crow_auth::{hash_of, keys};
use crow_db::passkeys::{self as rows, ChallengeRow};
use crow_types::Timestamp;

use crate::accounts::Accounts;
use crate::error::AccountsError;

pub use add::{AddPasskey, Passkey};

/// How long a device has to answer, in milliseconds.
const LASTS: i64 = 300_000;
/// Characters of the token of a challenge: 43 characters of base62 carry 256 bits.
const TOKEN_CHARS: usize = 43;
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

/// What a device is asked.
#[derive(Debug)]
pub struct Asked {
    /// Comes back with the answer. Shown only here.
    pub token: String,
    /// The options for `navigator.credentials`, as JSON with base64url texts.
    pub options: Value,
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

    fn webauthn(&self) -> &Webauthn {
        &self.inner.webauthn
    }
}

impl Accounts {
    fn enabled_passkeys(&self) -> Result<&Passkeys, AccountsError> {
        self.passkeys().ok_or(AccountsError::NoPasskeys)
    }

    /// Keeps what the answer is checked against.
    async fn ask(
        &self,
        user: Option<&str>,
        state: &impl Serialize,
        options: &impl Serialize,
    ) -> Result<Asked, AccountsError> {
        let token = keys::random_text(TOKEN_CHARS)?;
        let now = Timestamp::now();
        let row = ChallengeRow {
            token_hash: hash_of(&token),
            user_id: user.map(str::to_owned),
            state: serde_json::to_string(state).map_err(AccountsError::Json)?,
            expires_at: now.plus(LASTS).0,
        };
        let options = serde_json::to_value(options).map_err(AccountsError::Json)?;
        rows::ask(&self.db, row, now).await?;
        Ok(Asked { token, options })
    }

    /// What an answer is checked against. There is one answer.
    async fn asked<T: DeserializeOwned>(
        &self,
        token: &str,
        user: Option<&str>,
    ) -> Result<T, AccountsError> {
        let hash = hash_of(token);
        let row = rows::take_challenge(&self.db, &hash, user, Timestamp::now()).await?;
        let row = row.ok_or(AccountsError::ChallengeOver)?;
        serde_json::from_str(&row.state).map_err(AccountsError::Json)
    }
}

/// What devices know a user by. It tells nothing about the person.
fn handle_of(user: &str) -> Uuid {
    let hash = digest(&SHA256, user.as_bytes());
    let mut handle = [0; 16];
    handle.copy_from_slice(&hash.as_ref()[..16]);
    Uuid::from_bytes(handle)
}

/// The answer of a device.
fn answer<T: DeserializeOwned>(credential: Value) -> Result<T, AccountsError> {
    serde_json::from_value(credential).map_err(|_error| unusable())
}

fn unusable() -> AccountsError {
    let problem = "must be the answer of the device to the options, in the form of `toJSON()`";
    AccountsError::field("credential", problem)
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
