//! Announcements of finished sessions: the work queue that the interaction service reads.

use std::collections::BTreeMap;
use std::time::Duration;

use async_nats::jetstream::stream::{RawMessageErrorKind, Stream};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crow_types::Timestamp;

use crate::connection::Bus;
use crate::error::{Error, Result};
use crate::streams;

/// Where it is announced that a session was erased.
pub const ERASED_SUBJECT: &str = "crow.interaction.erased";

/// `source_type` of the announcement that a session was erased.
pub const ERASED: &str = "erased";

/// Where sessions of the web, mobile and desktop SDK are announced.
pub const SUBJECT: &str = "crow.interaction.web";

/// The message of the queue, in the form that its consumers read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InteractionMessage {
    /// The tenant.
    pub organization_id: String,
    /// `web`, or [`ERASED`]: consumers must forget the session row that `completion_id` names.
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
    let stream = open(bus).await?;
    let state = &stream.cached_info().state;
    let stored_at = state.first_timestamp.unix_timestamp_nanos() / 1_000_000;
    Ok((state.messages > 0).then(|| Timestamp(i64::try_from(stored_at).unwrap_or(0))))
}

pub(crate) async fn open(bus: &Bus) -> Result<Stream> {
    let opened = bus.jetstream.get_stream(streams::INTERACTIONS).await;
    opened.map_err(|error| Error::server("asking about the announcements", error))
}

/// Removes the announcements that wait and are not wanted; returns how many of each organization.
pub async fn remove_unwanted(
    bus: &Bus,
    is_unwanted: impl Fn(&InteractionMessage) -> bool,
) -> Result<BTreeMap<String, u64>> {
    let stream = open(bus).await?;
    let state = &stream.cached_info().state;
    let mut removed = BTreeMap::new();
    let mut next = state.first_sequence.max(1);
    while next <= state.last_sequence {
        // The server finds the next message at or after a position, so gaps cost nothing.
        let found = stream
            .get_first_raw_message_by_subject("crow.interaction.>", next)
            .await;
        let message = match found {
            Ok(message) => message,
            Err(error) if matches!(error.kind(), RawMessageErrorKind::NoMessageFound) => break,
            Err(error) => return Err(Error::server("reading an announcement", error)),
        };
        next = message.sequence + 1;
        let announcement: Option<InteractionMessage> =
            serde_json::from_slice(&message.payload).ok();
        if let Some(announcement) = announcement.filter(|it| is_unwanted(it)) {
            let deleted = stream.delete_message(message.sequence).await;
            deleted.map_err(|error| Error::server("removing an announcement", error))?;
            *removed.entry(announcement.organization_id).or_default() += 1;
        }
    }
    Ok(removed)
}

/// Publishes one announcement and waits until it is durable.
pub async fn publish(bus: &Bus, message: &InteractionMessage) -> Result<()> {
    let subject = match message.source_type.as_str() {
        ERASED => ERASED_SUBJECT,
        _ => SUBJECT,
    };
    let payload: Bytes = serde_json::to_vec(message)
        .map_err(|error| Error::server("encoding an announcement", error))?
        .into();
    let mut headers = async_nats::HeaderMap::new();
    headers.insert(
        async_nats::header::NATS_MESSAGE_ID,
        message.completion_id.as_str(),
    );
    bus.publish_acknowledged(
        subject.to_owned(),
        Some(headers),
        payload,
        Duration::from_secs(2),
    )
    .await
}
