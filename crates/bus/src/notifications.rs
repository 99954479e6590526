//! What users are told of, on its way to the service that keeps it for them. Whoever may publish
//! here needs no token: the subject is open to our services only.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};
use bytes::Bytes;

use crow_types::notification::Notification;

use crate::connection::Bus;
use crate::error::{Error, Result};
use crate::queue::Queue;

/// The work queue.
pub const STREAM: &str = "CROW_NOTIFICATIONS";
/// Where notifications are published.
pub const SUBJECT: &str = "crow.notifications";
/// Room of the queue: about 20,000 notifications. The oldest go when it is full.
pub const MAX_BYTES: i64 = 8 << 20;

/// The durable consumer, which all replicas of the read API share.
const CONSUMER: &str = "notifications";
/// A notification that nobody took for so long is no news.
const MAX_AGE: Duration = Duration::from_secs(7 * 86_400);

/// Publishes a notification and waits until it is durable. It may be delivered several times.
pub async fn publish(bus: &Bus, notification: &Notification) -> Result<()> {
    let payload: Bytes = serde_json::to_vec(notification)
        .map_err(|error| Error::server("encoding a notification", error))?
        .into();
    let id = format!("{}.{}", notification.organization_id, notification.id);
    let mut headers = async_nats::HeaderMap::new();
    headers.insert(async_nats::header::NATS_MESSAGE_ID, id.as_str());
    let patience = Duration::from_secs(2);
    bus.publish_acknowledged(SUBJECT.to_owned(), Some(headers), payload, patience)
        .await
}

/// Opens the queue.
///
/// # Errors
/// When no keeper has made it yet, or the server does not answer.
pub async fn open(bus: &Bus) -> Result<Queue> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    let stream = bus.jetstream.get_stream_no_info(STREAM).await;
    let stream = stream.map_err(|error| Error::server("opening the notifications", error))?;
    let consumer = stream.get_consumer(CONSUMER).await;
    let consumer = consumer.map_err(|error| Error::server("opening the notifications", error))?;
    Ok(Queue::of(bus, consumer))
}

/// How many notifications nobody has settled.
pub async fn waiting(bus: &Bus) -> Result<u64> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    let stream = bus.jetstream.get_stream(STREAM).await;
    let stream = stream.map_err(|error| Error::server("counting notifications", error))?;
    Ok(stream.cached_info().state.messages)
}

pub(crate) fn config(bus: &Bus) -> Config {
    Config {
        name: STREAM.to_owned(),
        subjects: vec![SUBJECT.to_owned()],
        retention: RetentionPolicy::WorkQueue,
        // No service waits because nobody takes them.
        discard: DiscardPolicy::Old,
        max_bytes: MAX_BYTES,
        max_age: MAX_AGE,
        storage: StorageType::File,
        num_replicas: bus.config.replicas,
        duplicate_window: Duration::from_secs(120),
        ..Config::default()
    }
}

/// Delivers a notification until it is settled or too old.
pub(crate) async fn ensure_consumer(bus: &Bus) -> Result<()> {
    let stream = bus.jetstream.get_stream_no_info(STREAM).await;
    let stream = stream.map_err(|error| Error::server("opening the notifications", error))?;
    let config = pull::Config {
        durable_name: Some(CONSUMER.to_owned()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: Duration::from_millis(bus.config.completion_retry_ms),
        ..pull::Config::default()
    };
    stream
        .get_or_create_consumer(CONSUMER, config)
        .await
        .map(drop)
        .map_err(|error| Error::server("creating the consumer of the notifications", error))
}
