//! The state of the installation.

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::{Admin, Health};
use crate::door;
use crate::rest::answers::{Answered, Found};
use crate::rest::asked::Asked;

pub async fn health(admin: Data<Admin>, ask: Asked<door::Admin, ()>) -> Answered<HealthView> {
    let health = admin.health(ask.organization()).await?;
    Ok(Found(health.into()))
}

/// The state of the installation and of the organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthView {
    /// Partitions of the whole installation.
    pub partitions: Vec<PartitionView>,
    /// Session keepers of the whole installation.
    pub keepers: Vec<KeeperView>,
    /// Dead letters of the whole installation; null when the bus does not respond.
    pub dead_letters: Option<DeadLetterCounts>,
    /// What the organization has stored, up to a minute old.
    pub storage: StorageView,
    /// Recent events of the organization.
    pub ingest: IngestView,
}

/// A partition.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartitionView {
    /// Its number.
    pub id: i64,
    /// The keeper that owns it; null when it has no owner.
    pub owner: Option<String>,
    /// Grows with each owner.
    pub epoch: i64,
    /// Messages not processed yet; null when the bus does not respond.
    pub lag: Option<u64>,
    /// Position in its stream up to which effects are committed.
    pub checkpoint: i64,
    /// When the lease expires unless it is renewed, milliseconds since the epoch.
    pub lease_until: i64,
}

/// A session keeper.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeeperView {
    /// Its name.
    pub id: String,
    /// When it counts as dead unless it renews this, milliseconds since the epoch.
    pub alive_until: i64,
}

/// Dead letters that wait for a decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetterCounts {
    /// Messages with events.
    pub events: u64,
    /// Announcements of finished sessions.
    pub completions: u64,
}

/// What the organization has stored.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StorageView {
    /// Bytes of recordings in archives, compressed.
    pub archive_bytes: i64,
    /// Bytes of recordings in packs, compressed.
    pub pack_bytes: i64,
    /// Sessions.
    pub sessions: i64,
    /// Interactions.
    pub events: i64,
    /// Parts of recordings.
    pub chunks: i64,
}

/// Recent events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IngestView {
    /// Events in each minute of the last hour, oldest first. Counts only events that are stored as
    /// rows.
    pub events_per_minute: Vec<MinuteView>,
    /// Start of the first session, milliseconds since the epoch; null when there is none.
    pub first_event_at: Option<i64>,
}

/// Interactions in one minute.
#[derive(Debug, Serialize, ToSchema)]
pub struct MinuteView {
    /// Its start, milliseconds since the epoch.
    pub t: i64,
    /// Number of events.
    pub count: i64,
}

impl From<Health> for HealthView {
    fn from(health: Health) -> Self {
        let partitions = health
            .partitions
            .into_iter()
            .map(|(row, lag)| PartitionView {
                id: row.id,
                owner: row.owner,
                epoch: row.epoch,
                lag,
                checkpoint: row.checkpoint,
                lease_until: row.lease_until,
            });
        let keepers = health.keepers.into_iter().map(|row| KeeperView {
            id: row.id,
            alive_until: row.alive_until,
        });
        let minutes = health.minutes.into_iter().map(|minute| MinuteView {
            t: minute.t,
            count: minute.count,
        });
        let stored = health.stored;
        Self {
            partitions: partitions.collect(),
            keepers: keepers.collect(),
            dead_letters: health.dead_letters.map(|letters| DeadLetterCounts {
                events: letters.events,
                completions: letters.completions,
            }),
            storage: StorageView {
                archive_bytes: stored.archive_bytes,
                pack_bytes: stored.pack_bytes,
                sessions: stored.sessions,
                events: stored.events,
                chunks: stored.chunks,
            },
            ingest: IngestView {
                events_per_minute: minutes.collect(),
                first_event_at: stored.first_at,
            },
        }
    }
}
