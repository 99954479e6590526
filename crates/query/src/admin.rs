//! What admins of an organization can read and change.

mod audit;
mod erasures;
mod letters;
mod settings;

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use moka::future::Cache;

use crow_auth::KeyVerifier;
use crow_auth::keys::{self, ApiKeyRecord, KeysError};
use crow_bus::health::DeadLetters;
use crow_bus::notices::{self, KEY_REVOKED, KeyNotice};
use crow_bus::reader::stream_state;
use crow_bus::{Bus, health as bus_health};
use crow_db::Db;
use crow_db::analytics;
use crow_db::audit_log::Actor;
use crow_db::health::{self, KeeperRow, PartitionRow, Stored};
use crow_types::{ApiKeySecret, ErrorCode, OrganizationId, Timestamp};
use crow_web::ApiError;

use crate::analytics::spans::LONGEST;
use crate::ask::admin::{CreateKey, OneKey, RotateKey};
use crate::error::Error;

/// Interactions in one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minute {
    /// Its start, milliseconds since the epoch.
    pub t: i64,
    /// How many.
    pub count: i64,
}

/// How long the storage counts are cached. Counting reads all rows of the organization.
const REMEMBERED: Duration = Duration::from_secs(60);
/// Organizations whose storage counts are cached.
const MAX_REMEMBERED: u64 = 1_000;
/// Minutes for which events are counted.
const MINUTES: i64 = 60;
const MINUTE: i64 = 60_000;

/// Serves admin requests. Cloning is cheap.
#[derive(Clone)]
pub struct Admin {
    db: Db,
    bus: Bus,
    verifier: KeyVerifier,
    stored: Cache<OrganizationId, Arc<Stored>>,
}

/// The state of the installation and of one organization.
pub struct Health {
    /// Partitions of the installation, each with the number of unprocessed messages in its stream;
    /// `None` when the bus does not respond.
    pub partitions: Vec<(PartitionRow, Option<u64>)>,
    /// Keepers of the installation.
    pub keepers: Vec<KeeperRow>,
    /// Dead letters of the installation; `None` when the bus does not respond.
    pub dead_letters: Option<DeadLetters>,
    /// What the organization has stored.
    pub stored: Arc<Stored>,
    /// Events of the organization in each minute of the last hour.
    pub minutes: Vec<Minute>,
}

impl Admin {
    /// Uses this database, bus and verifier.
    #[must_use]
    pub fn new(db: Db, bus: Bus, verifier: KeyVerifier) -> Self {
        let stored = Cache::builder()
            .max_capacity(MAX_REMEMBERED)
            .time_to_live(REMEMBERED)
            .build();
        Self {
            db,
            bus,
            verifier,
            stored,
        }
    }

    /// All keys of an organization, oldest first, including revoked ones.
    pub async fn keys(&self, organization: &OrganizationId) -> Result<Vec<ApiKeyRecord>, ApiError> {
        keys::list(&self.db, organization).await.map_err(refuse)
    }

    /// Creates a key.
    pub async fn create_key(
        &self,
        by: &Actor,
        organization: &OrganizationId,
        asked: &CreateKey,
    ) -> Result<(ApiKeyRecord, ApiKeySecret), ApiError> {
        let new = asked.key()?;
        self.require_own_keys()?;
        keys::create_as(&self.db, by, organization, new)
            .await
            .map_err(refuse)
    }

    /// Revokes a key permanently. Revoking it twice is not an error.
    pub async fn revoke_key(
        &self,
        by: &Actor,
        organization: &OrganizationId,
        asked: &OneKey,
    ) -> Result<(), ApiError> {
        let id = asked.key.0.as_str();
        self.require_own_keys()?;
        let found = keys::find(&self.db, organization, id).await;
        if found.map_err(refuse)?.is_none() {
            return Err(Error::NotFound.into_api());
        }
        keys::revoke_as(&self.db, by, id).await.map_err(refuse)?;
        self.tell(id, None).await;
        Ok(())
    }

    /// Replaces a valid key with a new one that has the same rights. Caches drop the old key, so that
    /// they learn when it ends.
    pub async fn rotate_key(
        &self,
        by: &Actor,
        organization: &OrganizationId,
        asked: &RotateKey,
    ) -> Result<(ApiKeyRecord, ApiKeySecret), ApiError> {
        let id = asked.key.0.as_str();
        let overlap = asked.overlap.unwrap_or_default();
        self.require_own_keys()?;
        let rotated = keys::rotate(&self.db, by, organization, id, overlap).await;
        let rotated = rotated
            .map_err(refuse)?
            .ok_or_else(|| Error::NotFound.into_api())?;
        self.tell(id, rotated.old_ends).await;
        Ok((rotated.key, rotated.secret))
    }

    fn require_own_keys(&self) -> Result<(), ApiError> {
        if self.verifier.is_remote() {
            return Err(ApiError::new(
                ErrorCode::Unprocessable,
                "keys are created and revoked by the auth service (AUTH_SERVICE_URL)",
            ));
        }
        Ok(())
    }

    /// Tells all services to drop the key from their caches. Without the bus, their caches expire
    /// within minutes.
    async fn tell(&self, key_id: &str, until: Option<Timestamp>) {
        self.verifier.forget(key_id).await;
        let notice = KeyNotice {
            key_id: key_id.to_owned(),
            until,
        };
        let told = notices::publish(&self.bus, KEY_REVOKED, notice.encode()).await;
        if let Err(error) = told {
            tracing::warn!(
                error = crow_types::log_chain(&error),
                "cannot announce a revoked key to the services"
            );
        }
    }

    /// The state of the installation and of the organization.
    pub async fn health(&self, organization: &OrganizationId) -> crate::error::Result<Health> {
        let rows = health::partitions(&self.db).await?;
        let lags = join_all(rows.iter().map(|row| self.lag(row))).await;
        let dead_letters = bus_health::dead_letters(&self.bus).await;
        Ok(Health {
            partitions: rows.into_iter().zip(lags).collect(),
            keepers: health::keepers(&self.db).await?,
            dead_letters: dead_letters
                .inspect_err(|error| {
                    tracing::debug!(
                        error = crow_types::log_chain(error),
                        "cannot count dead letters"
                    );
                })
                .ok(),
            stored: self.stored(organization).await?,
            minutes: self.minutes(organization).await?,
        })
    }

    async fn lag(&self, row: &PartitionRow) -> Option<u64> {
        let state = stream_state(&self.bus, row.partition()).await.ok()?;
        let is_same = state.created == row.stream_created;
        let done = u64::try_from(row.checkpoint).unwrap_or_default();
        let done = if is_same {
            done
        } else {
            state.first.0.saturating_sub(1)
        };
        Some(state.last.0.saturating_sub(done))
    }

    async fn stored(&self, organization: &OrganizationId) -> crate::error::Result<Arc<Stored>> {
        if let Some(known) = self.stored.get(organization).await {
            return Ok(known);
        }
        let stored = Arc::new(health::stored(&self.db, organization).await?);
        // A new user watches the first events arrive, so small counts are not cached.
        if stored.sessions > 1_000 {
            let remembered = Arc::clone(&stored);
            self.stored.insert(organization.clone(), remembered).await;
        }
        Ok(stored)
    }

    async fn minutes(&self, organization: &OrganizationId) -> crate::error::Result<Vec<Minute>> {
        let this_minute = Timestamp::now().0 / MINUTE * MINUTE;
        let first = this_minute - (MINUTES - 1) * MINUTE;
        let counted = analytics::events_by_minute(&self.db, organization, first, LONGEST).await?;
        let minutes = (0..MINUTES).map(|index| first + index * MINUTE);
        Ok(minutes
            .map(|t| Minute {
                t,
                count: counted.get(&t).copied().unwrap_or(0),
            })
            .collect())
    }
}

fn refuse(error: KeysError) -> ApiError {
    match error {
        KeysError::Db(error) => Error::from(error).into_api(),
        KeysError::Random(_) => ApiError::internal(&error),
        KeysError::NoScopes | KeysError::OwnerScope => {
            ApiError::new(ErrorCode::Malformed, format!("scopes: {error}"))
        }
        KeysError::Expiry => ApiError::new(ErrorCode::Malformed, format!("expiresAt: {error}")),
        KeysError::Name => ApiError::new(ErrorCode::Malformed, format!("name: {error}")),
        KeysError::Origin { .. } | KeysError::NoOrigins => {
            ApiError::new(ErrorCode::Malformed, format!("allowedOrigins: {error}"))
        }
    }
}
