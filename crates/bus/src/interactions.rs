//! The messages of the work queues that the interaction service reads: announcements of finished
//! sessions, and what other services report.

use std::collections::BTreeMap;
use std::time::Duration;

use async_nats::jetstream::stream::{RawMessageErrorKind, Stream};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crow_types::Timestamp;

use crate::connection::Bus;
use crate::error::{Error, Result};
use crate::published::published_at;
use crate::streams::{self, WorkQueue};

/// Where it is announced that a session was erased.
pub const ERASED_SUBJECT: &str = "crow.interaction.erased";

/// `source_type` of the announcement that a session was erased.
pub const ERASED: &str = "erased";

/// Where sessions of the web, mobile and desktop SDK are announced.
pub const SUBJECT: &str = "crow.interaction.web";

/// Where interactions that other services report are published.
pub const REPORTED_SUBJECT: &str = "crow.interaction.reported";

/// The message of the queue, in the form that its consumers read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InteractionMessage {
    /// The tenant.
    pub organization_id: String,
    /// `web`, `cctv` or `social`, or [`ERASED`]: consumers must forget the session row that
    /// `completion_id` names.
    pub source_type: String,
    /// The SDK's session id, or the reporting service's. Empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub session_id: String,
    /// JSON text. Of a finished session: the session, its events, and where to read the rest.
    pub data: String,
    /// What a service wrote that reports an interaction. Absent for finished sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// When the session ended, milliseconds since the epoch.
    pub timestamp: i64,
    /// Names this announcement: session row and revision. An id can be delivered twice after a
    /// crash, so consumers deduplicate by it. Empty for what a service reports.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub completion_id: String,
    /// The name that a service gave its report. A repeat has the same. Absent for finished sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// What every message of a work queue says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// The tenant.
    pub organization_id: String,
    /// As in the message.
    pub source_type: String,
    /// Empty: of no session.
    #[serde(default)]
    pub session_id: String,
    /// When it happened, or began.
    #[serde(alias = "batchStartTimestamp")]
    pub timestamp: i64,
    /// As in the message.
    #[serde(default)]
    pub completion_id: String,
}

impl Named {
    /// Whether a service reports it. Otherwise it announces what became of a session.
    #[must_use]
    pub fn is_report(&self) -> bool {
        match self.source_type.as_str() {
            "web" => self.completion_id.is_empty(),
            source_type => source_type != ERASED,
        }
    }
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

/// Removes messages of both work queues that wait and are not wanted; returns how many of each
/// organization. The question also gets when a message was published first. A message that was delivered
/// and is not acknowledged waits, too.
pub async fn remove_unwanted(
    bus: &Bus,
    is_unwanted: impl Fn(&Named, Timestamp) -> bool,
) -> Result<BTreeMap<String, u64>> {
    let mut removed = BTreeMap::new();
    for queue in WorkQueue::ALL {
        remove_unwanted_of(bus, queue, &is_unwanted, &mut removed).await?;
    }
    Ok(removed)
}

async fn remove_unwanted_of(
    bus: &Bus,
    queue: WorkQueue,
    is_unwanted: &impl Fn(&Named, Timestamp) -> bool,
    removed: &mut BTreeMap<String, u64>,
) -> Result<()> {
    let opened = bus.jetstream.get_stream(queue.stream()).await;
    let stream = opened.map_err(|error| Error::server("asking about a work queue", error))?;
    let state = &stream.cached_info().state;
    let mut next = state.first_sequence.max(1);
    while next <= state.last_sequence {
        // The server finds the next message at or after a position, so gaps cost nothing.
        let found = stream
            .get_first_raw_message_by_subject(queue.subjects(), next)
            .await;
        let message = match found {
            Ok(message) => message,
            Err(error) if matches!(error.kind(), RawMessageErrorKind::NoMessageFound) => break,
            Err(error) => return Err(Error::server("reading an announcement", error)),
        };
        next = message.sequence + 1;
        let named: Option<Named> = serde_json::from_slice(&message.payload).ok();
        let stored_ns = message.time.unix_timestamp_nanos();
        let published_at = published_at(Some(&message.headers), stored_ns);
        if let Some(named) = named.filter(|it| is_unwanted(it, published_at)) {
            let deleted = stream.delete_message(message.sequence).await;
            deleted.map_err(|error| Error::server("removing an announcement", error))?;
            *removed.entry(named.organization_id).or_default() += 1;
        }
    }
    Ok(())
}

/// Publishes one message and waits until it is durable.
pub async fn publish(bus: &Bus, message: &InteractionMessage) -> Result<()> {
    let subject = match message.source_type.as_str() {
        ERASED => ERASED_SUBJECT,
        _ => SUBJECT,
    };
    publish_to(bus, subject, &message.completion_id, message).await
}

pub(crate) async fn publish_to(
    bus: &Bus,
    subject: &str,
    id: &str,
    message: &impl Serialize,
) -> Result<()> {
    let payload: Bytes = serde_json::to_vec(message)
        .map_err(|error| Error::server("encoding a message", error))?
        .into();
    let mut headers = async_nats::HeaderMap::new();
    headers.insert(async_nats::header::NATS_MESSAGE_ID, id);
    bus.publish_acknowledged(
        subject.to_owned(),
        Some(headers),
        payload,
        Duration::from_secs(2),
    )
    .await
}
