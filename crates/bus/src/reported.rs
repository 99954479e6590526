//! What other services report: interactions of their channels, and batches of described camera
//! frames.

use serde::{Deserialize, Serialize};

use crow_types::ReportedId;

use crate::connection::Bus;
use crate::error::Result;
use crate::interactions::{self, InteractionMessage};

/// Where batches of described camera frames are published.
pub const CCTV_SUBJECT: &str = "crow.cctv.batch";

/// Described frames of a camera: a message of the queue [`crate::streams::WorkQueue::Cctv`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CctvBatchQueueMessage {
    /// The tenant.
    pub organization_id: String,
    /// `cctv`.
    pub source_type: String,
    /// The recording that the batch is part of.
    pub session_id: String,
    /// The camera.
    pub camera_id: String,
    /// The number of the batch in its recording, from 0.
    pub batch_index: i64,
    /// What the frames show.
    pub frame_analyses: Vec<FrameAnalysis>,
    /// When its first frame was taken, milliseconds since the epoch.
    pub batch_start_timestamp: i64,
    /// When its last frame was taken.
    pub batch_end_timestamp: i64,
    /// The name that the service gave the report. A repeat has the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// What a frame shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FrameAnalysis {
    /// The number of the frame in its recording.
    pub frame_index: i64,
    /// When it was taken, milliseconds since the epoch.
    pub timestamp: i64,
    /// What it shows, in words of whoever looked at it. **Not to be trusted.**
    pub description: String,
}

/// What a service reports.
#[derive(Debug, Clone)]
pub enum Report {
    /// One interaction.
    Interaction(InteractionMessage),
    /// Frames of a camera, which become one interaction.
    Batch(CctvBatchQueueMessage),
}

impl Report {
    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> &str {
        match self {
            Self::Interaction(message) => &message.organization_id,
            Self::Batch(batch) => &batch.organization_id,
        }
    }

    /// The id of the interaction that it becomes. A report without a name is named by its content,
    /// so that a repeat has the same id.
    #[must_use]
    pub fn interaction_id(&self) -> ReportedId {
        match self {
            Self::Interaction(message) => id_of(message),
            Self::Batch(batch) => id_of_batch(batch),
        }
    }

    /// Publishes it and waits until it is durable. The server stores a repeat within two minutes once.
    ///
    /// # Errors
    /// When the server does not acknowledge it.
    pub async fn publish(&self, bus: &Bus) -> Result<()> {
        let id = self.interaction_id();
        match self {
            Self::Interaction(message) => {
                let subject = interactions::REPORTED_SUBJECT;
                interactions::publish_to(bus, subject, id.as_str(), message).await
            }
            Self::Batch(batch) => {
                interactions::publish_to(bus, CCTV_SUBJECT, id.as_str(), batch).await
            }
        }
    }
}

fn id_of(message: &InteractionMessage) -> ReportedId {
    let organization = message.organization_id.as_str();
    if let Some(name) = &message.report {
        return ReportedId::derive(organization, ["named", name]);
    }
    let at = message.timestamp.to_string();
    let parts = [
        "content",
        &message.source_type,
        &message.session_id,
        &at,
        &message.data,
        message.summary.as_deref().unwrap_or_default(),
    ];
    ReportedId::derive(organization, parts)
}

fn id_of_batch(batch: &CctvBatchQueueMessage) -> ReportedId {
    let organization = batch.organization_id.as_str();
    if let Some(name) = &batch.report {
        return ReportedId::derive(organization, ["named", name]);
    }
    let index = batch.batch_index.to_string();
    let parts = ["batch", &batch.session_id, &batch.camera_id, &index];
    ReportedId::derive(organization, parts)
}
