//! Small news on core NATS: nothing is kept, and nobody waits.

use bytes::Bytes;
use futures::{Stream, StreamExt};

use crate::connection::Bus;
use crate::error::{Error, Result};

/// An API key was revoked; the payload is the key's id. Every cache forgets it at once.
pub const KEY_REVOKED: &str = "crow.keys.revoked";

/// Tells whoever listens. Returns when the news has left for the server.
pub async fn publish(bus: &Bus, subject: &'static str, payload: Bytes) -> Result<()> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    bus.client
        .publish(subject, payload)
        .await
        .map_err(|error| Error::server("publishing a notice", error))?;
    bus.client
        .flush()
        .await
        .map_err(|error| Error::server("publishing a notice", error))
}

/// The payloads of a subject from now on; goes on over reconnects.
pub async fn subscribe(
    bus: &Bus,
    subject: &'static str,
) -> Result<impl Stream<Item = Bytes> + Send + Unpin + use<>> {
    let subscriber = bus
        .client
        .subscribe(subject)
        .await
        .map_err(|error| Error::server("subscribing to notices", error))?;
    Ok(subscriber.map(|message| message.payload))
}
