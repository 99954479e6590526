//! Exchanges a key for a token that a browser keeps in a cookie. The key itself is not kept
//! anywhere.
//!
//! The database holds the token's SHA-256. Every request looks up the sign-in together with its
//! key, so revoking the key ends the sign-in immediately. With an auth service the key cannot be
//! verified again, because we do not keep it. Then the notice of a revocation ends the sign-in, and
//! sign-ins last only one hour.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crow_db::sign_ins::{self, KeyHolder, SignInRow};
use crow_types::{ApiKeySecret, OrganizationId, Timestamp, log_chain};

use crate::error::AuthError;
use crate::grant::{KeyGrant, Scopes};
use crate::keys::{self, KeysError};
use crate::verifier::KeyVerifier;

/// How long a sign-in lasts, in milliseconds.
const LASTS: i64 = 12 * 3_600_000;
/// The same with an auth service, because a notice of a revocation may be lost.
const LASTS_ELSEWHERE: i64 = 3_600_000;
/// Characters of a token: 43 characters of base62 carry 256 bits.
const TOKEN_CHARS: usize = 43;

/// A sign-in that is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Id of the key.
    pub key_id: String,
    /// The tenant.
    pub organization: OrganizationId,
    /// What the key may do.
    pub scopes: Scopes,
    /// First characters of the key.
    pub key_prefix: String,
    /// Milliseconds since the epoch.
    pub expires_at: i64,
    /// The CSRF token. Every request that changes something must repeat it in a header.
    pub csrf_token: String,
}

impl SignIn {
    /// Whether a request carries the right CSRF token. Runs in constant time.
    #[must_use]
    pub fn is_meant(&self, csrf_token: &str) -> bool {
        self.csrf_token
            .as_bytes()
            .ct_eq(csrf_token.as_bytes())
            .into()
    }
}

impl KeyVerifier {
    /// Starts a sign-in with a verified key. Returns the token for the cookie, which cannot be
    /// shown again.
    pub async fn sign_in(
        &self,
        key: &ApiKeySecret,
        grant: &KeyGrant,
    ) -> Result<(String, SignIn), KeysError> {
        let token = keys::random_text(TOKEN_CHARS)?;
        let now = Timestamp::now();
        let lasts = match self.key_holder() {
            KeyHolder::Table => LASTS,
            KeyHolder::Elsewhere => LASTS_ELSEWHERE,
        };
        let row = SignInRow {
            token_hash: hash_of(&token),
            key_id: grant.key_id.clone(),
            organization_id: grant.organization.as_str().to_owned(),
            scopes: grant.scopes.to_string(),
            key_prefix: keys::prefix_of(key),
            created_at: now.0,
            expires_at: now.plus(lasts).0,
        };
        sign_ins::insert(self.db(), row.clone()).await?;
        let sign_in = read(row, &token)?;
        Ok((token, sign_in))
    }

    /// The sign-in with this token.
    pub async fn signed_in(&self, token: &str) -> Result<SignIn, AuthError> {
        let is_possible =
            token.len() == TOKEN_CHARS && token.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_possible {
            return Err(AuthError::SignedOut);
        }
        let hash = hash_of(token);
        let found = sign_ins::find(self.db(), &hash, self.key_holder(), Timestamp::now()).await;
        match found.and_then(|row| row.map(|row| read(row, token)).transpose()) {
            Ok(sign_in) => sign_in.ok_or(AuthError::SignedOut),
            Err(error) => {
                tracing::warn!(error = log_chain(&error), "sign-in look-up failed");
                Err(AuthError::Unavailable)
            }
        }
    }

    /// Ends all sign-ins with a revoked key.
    pub async fn end_sign_ins(&self, key_id: &str) -> Result<(), crow_db::Error> {
        sign_ins::remove_of_key(self.db(), key_id).await
    }

    /// Ends a sign-in. If it is already over, that is not an error.
    pub async fn sign_out(&self, token: &str) -> Result<(), crow_db::Error> {
        sign_ins::remove(self.db(), &hash_of(token)).await
    }
}

fn read(row: SignInRow, token: &str) -> Result<SignIn, crow_db::Error> {
    let unreadable = |what: String| crow_db::Error::Unreadable(format!("sign_ins: {what}"));
    Ok(SignIn {
        key_id: row.key_id,
        organization: OrganizationId::new(row.organization_id)
            .map_err(|error| unreadable(error.to_string()))?,
        scopes: row
            .scopes
            .parse()
            .map_err(|error: crate::UnknownScope| unreadable(error.to_string()))?,
        key_prefix: row.key_prefix,
        expires_at: row.expires_at,
        // Derived from the secret token, so it needs no column of its own.
        csrf_token: hash_of(&format!("csrf\0{token}"))[..32].to_owned(),
    })
}

fn hash_of(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}
