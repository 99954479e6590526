//! Announcements of finished sessions: the work queue that the interaction service reads.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::connection::Bus;
use crate::error::{Error, Result};

/// Where sessions of the web, mobile and desktop SDK are announced.
pub const SUBJECT: &str = "crow.interaction.web";

/// The message of the queue, in the form that its consumers read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InteractionMessage {
    /// The tenant.
    pub organization_id: String,
    /// Always `web`.
    pub source_type: String,
    /// The SDK's session id.
    pub session_id: String,
    /// JSON text: the session, its events, and where to read the rest.
    pub data: String,
    /// Written by the interaction service, not by us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// When the session ended, milliseconds since the epoch.
    pub timestamp: i64,
    /// Names this announcement: session row and revision. An id can be delivered twice after a
    /// crash, so consumers deduplicate by it.
    pub completion_id: String,
}

/// Publishes one announcement and waits until it is durable.
pub async fn publish(bus: &Bus, message: &InteractionMessage) -> Result<()> {
    let payload: Bytes = serde_json::to_vec(message)
        .map_err(|error| Error::server("encoding an announcement", error))?
        .into();
    let mut headers = async_nats::HeaderMap::new();
    headers.insert(
        async_nats::header::NATS_MESSAGE_ID,
        message.completion_id.as_str(),
    );
    bus.publish_acknowledged(
        SUBJECT.to_owned(),
        Some(headers),
        payload,
        Duration::from_secs(2),
    )
    .await
}
