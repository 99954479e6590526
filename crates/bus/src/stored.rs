//! Announcements of interactions that were stored, for services of others.

use std::time::Duration;

use bytes::Bytes;

use crate::connection::Bus;
use crate::error::Result;
pub use crate::streams::stored::{MAX_BYTES, STREAM, SUBJECT};

/// Publishes an announcement and waits until it is durable. The server stores a repeat with the same id
/// within two minutes once.
///
/// # Errors
/// When the server does not acknowledge it: also when this user may not publish it, or no keeper has made the
/// stream yet, as in an upgrade.
pub async fn publish(bus: &Bus, id: &str, message: String) -> Result<()> {
    let mut headers = async_nats::HeaderMap::new();
    headers.insert(async_nats::header::NATS_MESSAGE_ID, id);
    // A server that refuses only this serves nevertheless, so it is not left.
    bus.publish(
        SUBJECT.to_owned(),
        Some(headers),
        Bytes::from(message),
        Duration::from_secs(2),
    )
    .await
}
