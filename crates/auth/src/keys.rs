//! Creates, lists and revokes keys.

use rand::TryRngCore;
use rand::rngs::OsRng;
use serde::Serialize;

use crow_db::Db;
use crow_db::api_keys::ApiKeyRow;
use crow_db::audit_log::Actor;
use crow_types::{ApiKeySecret, OrganizationId, Timestamp};

use crate::grant::{KeyGrant, Scope, Scopes};
use crate::origin::{self, OriginError};
use crate::rate::KeyRate;

/// Characters of a secret after `crow_`: 43 characters of base62 carry 256 bits.
const SECRET_CHARS: usize = 43;
/// Characters of a key that lists show.
const PREFIX_CHARS: usize = 11;
/// The longest time until a key expires, in milliseconds: ten years.
const MAX_LIFE: i64 = 10 * 366 * 86_400_000;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Why a key operation failed.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The database failed.
    #[error("the key could not be read or written")]
    Db(#[from] crow_db::Error),
    /// The operating system's random number generator failed.
    #[error("no randomness from the operating system")]
    Random(#[source] rand::rand_core::OsError),
    /// A key needs at least one scope.
    #[error("name at least one scope: ingest, analytics, read or admin")]
    NoScopes,
    /// Only a person can be an owner.
    #[error("a key cannot have the scope owner; use admin")]
    OwnerScope,
    /// The key would never work.
    #[error("it must be in the future and at most ten years away, in milliseconds since the epoch")]
    Expiry,
    /// The name does not fit into a list.
    #[error("the name must be 1 to 100 characters without control characters")]
    Name,
    /// Not the origin of a page.
    #[error(
        "origin {origin:?} must look like https://example.com or http://localhost:3000: {reason}"
    )]
    Origin {
        /// The origin as given.
        origin: String,
        /// What is wrong with it.
        reason: OriginError,
    },
    /// An empty list would admit no page.
    #[error("name at least one origin, or leave the list out to allow all pages")]
    NoOrigins,
}

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyRecord {
    /// Id of the key; safe to log.
    pub id: String,
    /// The tenant.
    pub organization_id: String,
    /// The name of the key, for people.
    pub name: String,
    /// First characters of the key.
    pub prefix: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Origins from which a browser may use it; `None`: any.
    pub allowed_origins: Option<Vec<String>>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch; `None` if it was not revoked.
    pub revoked_at: Option<i64>,
    /// When it stops working, milliseconds since the epoch; `None`: never.
    pub expires_at: Option<i64>,
    /// About when it was last used: each service notes it at most once an hour.
    pub last_used_at: Option<i64>,
    /// Requests per second that it may make at each service; `None`: as any key.
    pub requests_per_second: Option<KeyRate>,
}

impl ApiKeyRecord {
    /// `valid`, `revoked` or `expired`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> &'static str {
        if self.revoked_at.is_some() {
            "revoked"
        } else if self.expires_at.is_some_and(|at| at <= now.0) {
            "expired"
        } else {
            "valid"
        }
    }
}

/// The key to create.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its name, for people.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Origins from which a browser may use it; `None`: any.
    pub allowed_origins: Option<Vec<String>>,
    /// When it stops working, milliseconds since the epoch; `None`: never.
    pub expires_at: Option<i64>,
    /// Requests per second that it may make at each service; `None`: as any key.
    pub requests_per_second: Option<KeyRate>,
}

/// Creates a key that does not expire, for the installation itself.
pub async fn create(
    db: &Db,
    organization: &OrganizationId,
    name: &str,
    scopes: Scopes,
    allowed_origins: Option<Vec<String>>,
) -> Result<(ApiKeyRecord, ApiKeySecret), KeysError> {
    let new = NewKey {
        name: name.to_owned(),
        scopes,
        allowed_origins,
        expires_at: None,
        requests_per_second: None,
    };
    create_as(db, &Actor::system(), organization, new).await
}

/// Creates a key. The secret is returned only here and can never be shown again.
pub async fn create_as(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    new: NewKey,
) -> Result<(ApiKeyRecord, ApiKeySecret), KeysError> {
    let now = Timestamp::now();
    let (row, secret) = row_of(organization, new, now)?;
    crow_db::api_keys::insert(db, by, row.clone()).await?;
    Ok((record_of(row)?, secret))
}

/// The row of a new key.
fn row_of(
    organization: &OrganizationId,
    new: NewKey,
    now: Timestamp,
) -> Result<(ApiKeyRow, ApiKeySecret), KeysError> {
    check_name(&new.name)?;
    check_scopes(new.scopes)?;
    check_expiry(new.expires_at, now)?;
    let allowed_origins = new.allowed_origins.map(check_origins).transpose()?;
    let secret = ApiKeySecret::parse(&format!("crow_{}", random_text(SECRET_CHARS)?))
        .expect("base62 characters in this number make a key");
    let row = ApiKeyRow {
        id: format!("key_{}", random_text(20)?),
        organization_id: organization.as_str().to_owned(),
        name: new.name,
        key_hash: secret.hash(),
        prefix: prefix_of(&secret),
        scopes: new.scopes.to_string(),
        allowed_origins: allowed_origins.map(|origins| origins.join(",")),
        created_at: now.0,
        revoked_at: None,
        expires_at: new.expires_at,
        last_used_at: None,
        requests_per_second: new.requests_per_second.map(|rate| i64::from(rate.get())),
        rotated_at: None,
    };
    Ok((row, secret))
}

/// All keys of an organization, oldest first, including revoked ones.
pub async fn list(db: &Db, organization: &OrganizationId) -> Result<Vec<ApiKeyRecord>, KeysError> {
    let rows = crow_db::api_keys::list(db, organization).await?;
    rows.into_iter()
        .map(|row| record_of(row).map_err(KeysError::Db))
        .collect()
}

/// Revokes a key permanently; `None` when it does not exist. The caller must notify the services on
/// the bus (`KEY_REVOKED` with the id). Otherwise they accept the key until their cache expires.
pub async fn revoke(db: &Db, id: &str) -> Result<Option<ApiKeyRecord>, KeysError> {
    revoke_as(db, &Actor::system(), id).await
}

/// The same, by somebody.
pub async fn revoke_as(db: &Db, by: &Actor, id: &str) -> Result<Option<ApiKeyRecord>, KeysError> {
    let row = crow_db::api_keys::revoke(db, by, id, Timestamp::now()).await?;
    row.map(|row| record_of(row).map_err(KeysError::Db))
        .transpose()
}

/// The part of a key that may be shown.
pub(crate) fn prefix_of(key: &ApiKeySecret) -> String {
    key.expose().chars().take(PREFIX_CHARS).collect()
}

/// A key that was replaced.
#[derive(Debug)]
pub struct Rotated {
    /// The new key.
    pub key: ApiKeyRecord,
    /// Its secret, which can never be shown again.
    pub secret: ApiKeySecret,
    /// When the old key stops working; `None`: it is revoked.
    pub old_ends: Option<Timestamp>,
}

/// Replaces a valid key with a new one that has the same rights and lasts as long. The old key
/// works for the time of the overlap, but not longer than it would have; without an overlap it is
/// revoked. Another rotation with an overlap leaves the end of the first overlap as it is. `None`
/// when the organization has no such key. The caller must notify the services (`KEY_REVOKED`).
pub async fn rotate(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    id: &str,
    overlap: Overlap,
) -> Result<Option<Rotated>, KeysError> {
    let now = Timestamp::now();
    let Some(row) = crow_db::api_keys::find(db, organization, id).await? else {
        return Ok(None);
    };
    let old = record_of(row.clone())?;
    if old.state(now) != "valid" {
        return Ok(None);
    }
    let lasts = old.expires_at.map(|expires| expires - old.created_at);
    let new = NewKey {
        name: old.name,
        scopes: old.scopes,
        allowed_origins: old.allowed_origins,
        expires_at: lasts.map(|lasts| now.plus(lasts).0),
        requests_per_second: old.requests_per_second,
    };
    let (new, secret) = row_of(organization, new, now)?;
    let until = overlap.end(now, old.expires_at);
    let replaced = crow_db::api_keys::replace(db, by, &row, new.clone(), until).await?;
    let Some(replaced) = replaced else {
        return Ok(None);
    };
    let is_revoked = replaced.revoked_at.is_some();
    Ok(Some(Rotated {
        key: record_of(new)?,
        secret,
        old_ends: replaced.expires_at.filter(|_| !is_revoked).map(Timestamp),
    }))
}

/// How long a rotated key works beside the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overlap(u32);

impl Overlap {
    /// The longest, in seconds: 30 days.
    pub const MOST: u32 = 30 * 86_400;
    /// The old key is revoked at once.
    pub const NONE: Self = Self(0);

    /// `None` when it is too long.
    #[must_use]
    pub fn of_seconds(seconds: u64) -> Option<Self> {
        let seconds = u32::try_from(seconds).ok()?;
        (seconds <= Self::MOST).then_some(Self(seconds))
    }

    fn end(self, now: Timestamp, expires_at: Option<i64>) -> Option<Timestamp> {
        if self == Self::NONE {
            return None;
        }
        let end = now.plus(i64::from(self.0) * 1_000).0;
        Some(Timestamp(expires_at.map_or(end, |at| at.min(end))))
    }
}

/// A key of an organization; `None` when it has no key with this id.
pub async fn find(
    db: &Db,
    organization: &OrganizationId,
    id: &str,
) -> Result<Option<ApiKeyRecord>, KeysError> {
    let row = crow_db::api_keys::find(db, organization, id).await?;
    row.map(|row| record_of(row).map_err(KeysError::Db))
        .transpose()
}

/// The rights in a row.
pub(crate) fn grant_of(row: ApiKeyRow) -> Result<KeyGrant, crow_db::Error> {
    let organization = OrganizationId::new(row.organization_id.clone()).map_err(|error| {
        crow_db::Error::Unreadable(format!("api_keys {}: organization_id {error}", row.id))
    })?;
    let record = record_of(row)?;
    Ok(KeyGrant {
        key_id: record.id,
        organization,
        scopes: record.scopes,
        allowed_origins: record.allowed_origins,
        expires_at: record.expires_at,
        requests_per_second: record.requests_per_second,
    })
}

fn record_of(row: ApiKeyRow) -> Result<ApiKeyRecord, crow_db::Error> {
    let scopes = row
        .scopes
        .parse()
        .map_err(|error| crow_db::Error::Unreadable(format!("api_keys {}: {error}", row.id)))?;
    let allowed_origins = row
        .allowed_origins
        .map(|text| text.split(',').map(str::to_owned).collect());
    Ok(ApiKeyRecord {
        id: row.id,
        organization_id: row.organization_id,
        name: row.name,
        prefix: row.prefix,
        scopes,
        allowed_origins,
        created_at: row.created_at,
        revoked_at: row.revoked_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        requests_per_second: row.requests_per_second.and_then(KeyRate::of_row),
    })
}

fn check_scopes(scopes: Scopes) -> Result<(), KeysError> {
    if scopes == Scopes::default() {
        return Err(KeysError::NoScopes);
    }
    if scopes.allow(Scope::Owner) {
        return Err(KeysError::OwnerScope);
    }
    Ok(())
}

fn check_expiry(expires_at: Option<i64>, now: Timestamp) -> Result<(), KeysError> {
    let is_possible = |at: &i64| (now.0 + 1..=now.plus(MAX_LIFE).0).contains(at);
    match expires_at.as_ref() {
        Some(at) if !is_possible(at) => Err(KeysError::Expiry),
        Some(_) | None => Ok(()),
    }
}

fn check_name(name: &str) -> Result<(), KeysError> {
    let length = name.chars().count();
    let is_name = (1..=100).contains(&length) && !name.chars().any(char::is_control);
    if is_name {
        Ok(())
    } else {
        Err(KeysError::Name)
    }
}

/// The origins in the form of browsers, without duplicates.
fn check_origins(origins: Vec<String>) -> Result<Vec<String>, KeysError> {
    if origins.is_empty() {
        return Err(KeysError::NoOrigins);
    }
    let mut checked: Vec<String> = Vec::with_capacity(origins.len());
    for origin in origins {
        let good = origin::normalised(origin.trim())
            .map_err(|reason| KeysError::Origin { origin, reason })?;
        if !checked.contains(&good) {
            checked.push(good);
        }
    }
    Ok(checked)
}

/// Base62 text from the operating system's random numbers. Each character is equally likely.
pub fn random_text(chars: usize) -> Result<String, KeysError> {
    let mut text = String::with_capacity(chars);
    let mut bytes = [0_u8; 64];
    while text.len() < chars {
        OsRng
            .try_fill_bytes(&mut bytes)
            .map_err(KeysError::Random)?;
        // 248 is the largest multiple of 62 that fits into a byte. Larger values would favour some
        // characters.
        let picks = bytes
            .iter()
            .filter(|byte| **byte < 248)
            .map(|byte| ALPHABET[usize::from(byte % 62)]);
        text.extend(picks.take(chars - text.len()).map(char::from));
    }
    Ok(text)
}
