//! Announcements of finished sessions: the work queue that the interaction service reads.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crow_types::Timestamp;

use crate::connection::Bus;
use crate::error::{Error, Result};
use crate::streams;

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

/// When the oldest announcement that no consumer has acknowledged was stored; `None`: there is none.
pub async fn oldest_waiting(bus: &Bus) -> Result<Option<Timestamp>> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    let stream = bus
        .jetstream
        .get_stream(streams::INTERACTIONS)
        .await
        .map_err(|error| Error::server("asking about the announcements", error))?;
    let state = &stream.cached_info().state;
    let stored_at = state.first_timestamp.unix_timestamp_nanos() / 1_000_000;
    Ok((state.messages > 0).then(|| Timestamp(i64::try_from(stored_at).unwrap_or(0))))
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
