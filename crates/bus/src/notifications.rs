//! What users are told of, on its way to the service that keeps it for them. Whoever may publish
//! here needs no token: the subject is open to our services only.

use std::time::Duration;

use bytes::Bytes;

use crow_types::notification::Notification;

use crate::connection::Bus;
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::streams::notifications::CONSUMER;
pub use crate::streams::notifications::{MAX_BYTES, STREAM, SUBJECT};

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
