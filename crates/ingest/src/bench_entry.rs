//! The entry point for counting instructions: from a body to the message on the bus, without
//! network, key and clock. Only `crow-bench` uses it.

use bytes::Bytes;

use crow_bus::publisher::EncodedMessage;
use crow_proto::events::{Client, Kind};
use crow_types::{OrganizationId, Timestamp};
use crow_web::ApiError;

use crate::config::IngestConfig;
use crate::validate::head::{self, Origin};
use crate::validate::notes::Notes;
use crate::validate::{self, Read, Rules};

/// The message for the body of a `/batch` request received at `received_at`.
///
/// # Errors
/// The same as the route.
pub fn message_of_body(
    body: &Bytes,
    organization: &OrganizationId,
    received_at: Timestamp,
) -> Result<Bytes, ApiError> {
    let config = IngestConfig::default();
    let Read { envelope, items } = validate::read(body.clone(), Rules::new(&config, received_at))?;
    let session = head::required_session_id(&envelope)?;
    let origin = Origin {
        organization,
        session: &session,
        kind: Kind::Events,
        received_at,
        client: Client::default(),
        max_depth: config.max_event_depth,
    };
    let mut batch = head::batch(&envelope, origin, &mut Notes::default())?;
    let checked = items?;
    batch.events = checked.events;
    batch.replay = checked.replay;
    Ok(EncodedMessage::of_batch(batch).0)
}
