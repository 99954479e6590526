//! Exchanges a key or a password for a token that a browser keeps in a cookie. Neither is kept
//! anywhere.
//!
//! The database holds the token's SHA-256. Every request looks up the sign-in together with its
//! key or user, so revoking the key or disabling the user ends the sign-in immediately, and a new
//! role has effect immediately. With an auth service the key cannot be
//! verified again, because we do not keep it. Then the notice of a revocation ends the sign-in, that of a
//! rotation limits it, and sign-ins last only one hour.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crow_db::Db;
use crow_db::api_keys;
use crow_db::sign_ins::{self, KeyHolder, SignInRow};
use crow_db::users::{self, UserRow};
use crow_types::{ApiKeySecret, OrganizationId, Timestamp, log_chain};

use crate::error::AuthError;
use crate::grant::{KeyGrant, Scopes};
use crate::keys::{self, KeysError};
use crate::role::Role;
use crate::verifier::KeyVerifier;

/// How long a sign-in lasts, in milliseconds.
const LASTS: i64 = 12 * 3_600_000;
/// The same with an auth service, because a notice of a revocation may be lost.
const LASTS_ELSEWHERE: i64 = 3_600_000;
/// How long the sign-in of a user lasts: a week.
const LASTS_FOR_USER: i64 = 7 * 86_400_000;
/// The longest `User-Agent` that is kept, in characters.
const MAX_USER_AGENT: usize = 200;
/// Characters of a token: 43 characters of base62 carry 256 bits.
const TOKEN_CHARS: usize = 43;

/// A sign-in that is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Its name in lists; `None` in those of earlier releases.
    pub id: Option<String>,
    /// Whose it is.
    pub holder: Holder,
    /// The tenant.
    pub organization: OrganizationId,
    /// What its holder may do.
    pub scopes: Scopes,
    /// Milliseconds since the epoch.
    pub expires_at: i64,
    /// The CSRF token. Every request that changes something must repeat it in a header.
    pub csrf_token: String,
}

/// Whose sign-in it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// That of a key.
    Key {
        /// Id of the key.
        id: String,
        /// First characters of the key.
        prefix: String,
    },
    /// That of a person with an account.
    User(SignedInUser),
}

/// A user that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInUser {
    /// Id of the user; safe to log.
    pub id: String,
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// Where somebody signs in from.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The address behind trusted proxies.
    pub address: Option<String>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
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
        from: Client,
    ) -> Result<(String, SignIn), KeysError> {
        let now = Timestamp::now();
        let lasts = match self.key_holder() {
            KeyHolder::Table => LASTS,
            KeyHolder::Elsewhere => LASTS_ELSEWHERE,
        };
        let ends = now.plus(lasts).0;
        let row = SignInRow {
            key_id: grant.key_id.clone(),
            organization_id: grant.organization.as_str().to_owned(),
            scopes: grant.scopes.to_string(),
            key_prefix: keys::prefix_of(key),
            expires_at: grant.expires_at.map_or(ends, |at| at.min(ends)),
            ..blank(now, from)
        };
        self.store(row, None).await
    }

    /// Starts a sign-in of a user whose password was right. Returns the token for the cookie.
    pub async fn sign_in_user(
        &self,
        user: UserRow,
        from: Client,
    ) -> Result<(String, SignIn), KeysError> {
        let now = Timestamp::now();
        let row = SignInRow {
            organization_id: user.organization_id.clone(),
            user_id: Some(user.id.clone()),
            expires_at: now.plus(LASTS_FOR_USER).0,
            ..blank(now, from)
        };
        self.store(row, Some(user)).await
    }

    async fn store(
        &self,
        row: SignInRow,
        user: Option<UserRow>,
    ) -> Result<(String, SignIn), KeysError> {
        let token = keys::random_text(TOKEN_CHARS)?;
        let row = SignInRow {
            token_hash: hash_of(&token),
            id: Some(format!("sgn_{}", keys::random_text(20)?)),
            ..row
        };
        sign_ins::insert(self.db(), row.clone()).await?;
        let sign_in = read(row, user, &token)?;
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
        match find(self.db(), &hash, self.key_holder(), token).await {
            Ok(sign_in) => sign_in.ok_or(AuthError::SignedOut),
            Err(error) => {
                tracing::warn!(error = log_chain(&error), "sign-in look-up failed");
                Err(AuthError::Unavailable)
            }
        }
    }

    /// Ends all sign-ins with a revoked key. Those with a rotated key last until it ends.
    pub async fn end_sign_ins(
        &self,
        key_id: &str,
        until: Option<Timestamp>,
    ) -> Result<(), crow_db::Error> {
        if let Some(until) = until {
            return sign_ins::limit_of_key(self.db(), key_id, until).await;
        }
        if self.key_holder() == KeyHolder::Table
            && api_keys::can_be_used(self.db(), key_id, Timestamp::now()).await?
        {
            return Ok(());
        }
        sign_ins::remove_of_key(self.db(), key_id).await
    }

    /// Ends a sign-in. If it is already over, that is not an error.
    pub async fn sign_out(&self, token: &str) -> Result<(), crow_db::Error> {
        sign_ins::remove(self.db(), &hash_of(token)).await
    }
}

/// The row of a sign-in, without its holder.
fn blank(now: Timestamp, from: Client) -> SignInRow {
    let shortened = |text: String| text.chars().take(MAX_USER_AGENT).collect();
    SignInRow {
        token_hash: String::new(),
        key_id: String::new(),
        organization_id: String::new(),
        scopes: String::new(),
        key_prefix: String::new(),
        created_at: now.0,
        expires_at: now.0,
        id: None,
        user_id: None,
        user_agent: from.user_agent.map(shortened),
        address: from.address,
    }
}

async fn find(
    db: &Db,
    hash: &str,
    key_holder: KeyHolder,
    token: &str,
) -> Result<Option<SignIn>, crow_db::Error> {
    let Some(row) = sign_ins::find(db, hash, key_holder, Timestamp::now()).await? else {
        return Ok(None);
    };
    let Some(user_id) = &row.user_id else {
        return read(row, None, token).map(Some);
    };
    match users::find_active(db, user_id).await? {
        Some(user) => read(row, Some(user), token).map(Some),
        None => Ok(None),
    }
}

fn read(row: SignInRow, user: Option<UserRow>, token: &str) -> Result<SignIn, crow_db::Error> {
    let unreadable = |what: String| crow_db::Error::Unreadable(format!("sign_ins: {what}"));
    let (holder, scopes) = match user {
        Some(user) => {
            let role: Role = user
                .role
                .parse()
                .map_err(|error: crate::UnknownRole| unreadable(error.to_string()))?;
            let user = SignedInUser {
                id: user.id,
                email: user.email,
                name: user.name,
                role,
            };
            (Holder::User(user), role.scopes())
        }
        None => {
            let scopes = row
                .scopes
                .parse()
                .map_err(|error: crate::UnknownScope| unreadable(error.to_string()))?;
            let (id, prefix) = (row.key_id, row.key_prefix);
            (Holder::Key { id, prefix }, scopes)
        }
    };
    Ok(SignIn {
        id: row.id,
        holder,
        organization: OrganizationId::new(row.organization_id)
            .map_err(|error| unreadable(error.to_string()))?,
        scopes,
        expires_at: row.expires_at,
        // Derived from the secret token, so it needs no column of its own.
        csrf_token: hash_of(&format!("csrf\0{token}"))[..32].to_owned(),
    })
}

/// The form in which a secret text is stored and found.
#[must_use]
pub fn hash_of(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}
