//! Sign-in with passkeys (WebAuthn): a device signs a challenge, after it has recognised its user.
//!
//! - `add`: a user who is signed in adds one, and lists, renames and removes them.
//! - `relying_party`: for which pages they are.
//! - `sign_in`: somebody signs in with one. The device says who it is, so nobody types an address.
//!
//! A challenge is a row in SQL, so any replica takes the answer. Taking it removes the row before the
//! answer is looked at, so there is one answer to a challenge.

pub(crate) mod add;
pub(crate) mod relying_party;
mod sign_in;
#[cfg(test)]
mod tests;

use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use webauthn_rs::prelude::Uuid;

use crow_auth::{hash_of, keys};
use crow_db::passkeys::{self as rows, ChallengeRow};
use crow_types::Timestamp;

use crate::accounts::Accounts;
use crate::error::AccountsError;

use relying_party::{LASTS, Passkeys};

/// Characters of the token of a challenge: 43 characters of base62 carry 256 bits.
const TOKEN_CHARS: usize = 43;

/// What a device is asked.
#[derive(Debug)]
pub struct Asked {
    /// Comes back with the answer. Shown only here.
    pub token: String,
    /// The options for `navigator.credentials`, as JSON with base64url texts.
    pub options: Value,
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
