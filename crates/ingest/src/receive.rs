//! Receives a request: its headers, then its body, and what follows from both.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Payload;
use bytes::Bytes;

use crow_auth::KeyGrant;
use crow_proto::events::Client;
use crow_types::Timestamp;
use crow_web::{ApiError, body};

use crate::admission::{Admission, admit};
use crate::blocking::{OFFLOAD_BYTES, offload};
use crate::decode::BodyError;
use crate::decode::envelope::Envelope;
use crate::decode::inflate::{Encoding, inflate};
use crate::gateway::Gateway;
use crate::inflight::{Memory, Reservation};
use crate::privacy::Privacy;
use crate::sender::key_from_body;
use crate::validate::{self, Checked, Read, Rules};

/// Larger compressed bodies, which may inflate a lot, are inflated on another thread.
const OFFLOAD_COMPRESSED_BYTES: usize = 8 * 1024;

/// A request with a known sender and a complete body.
pub(crate) struct Received {
    pub received_at: Timestamp,
    pub grant: Arc<KeyGrant>,
    pub privacy: Privacy,
    pub client: Client,
    pub envelope: Envelope,
    /// The items of its lists, or why they cannot be used.
    pub items: Result<Checked, BodyError>,
    pub memory: Memory,
}

/// Receives a request, or returns the error that rejects it.
pub(crate) async fn receive(
    gateway: &Gateway,
    request: &HttpRequest,
    payload: Payload,
) -> Result<Received, ApiError> {
    let Admission {
        sender,
        encoding,
        limits,
    } = admit(gateway, request).await?;
    let mut reservation = gateway.inflight.reserve();
    let room = |bytes| Ok(reservation.resize(bytes)?);
    let sent = body::read(payload, limits.body, room)
        .await
        .map_err(|error| limits.explain(error))?;
    let received_at = Timestamp::now();
    let meters = &gateway.meters;
    meters.received_bytes.increment(sent.len() as u64);
    let rules = Rules::new(&gateway.config, received_at);
    let (read, memory) = unpack(sent, encoding, limits.inflated, rules, reservation)
        .await
        .map_err(|error| limits.explain(error))?;
    let Read { envelope, items } = read;
    let inflated = envelope.body.len();
    meters.inflated_bytes.increment(inflated as u64);
    if sender.is_known() && envelope.api_key.is_some() {
        // The key in the header decides, but a key in the body must still be well-formed.
        key_from_body(&envelope)?;
    }
    let address = sender.address;
    let grant = sender.grant(gateway, &envelope).await?;
    let policy = gateway.settings.of(&grant.organization).await?;
    let privacy = Privacy::new(policy, request.headers());
    let ip_policy = privacy.ip_policy(gateway.config.ip_policy);
    let client = gateway.enricher.client(request, address, ip_policy);
    Ok(Received {
        received_at,
        grant,
        privacy,
        client,
        envelope,
        items,
        memory,
    })
}

async fn unpack(
    sent: Bytes,
    encoding: Encoding,
    max_inflated: usize,
    rules: Rules,
    mut reservation: Reservation,
) -> Result<(Read, Memory), ApiError> {
    let threshold = if encoding == Encoding::Identity {
        OFFLOAD_BYTES
    } else {
        OFFLOAD_COMPRESSED_BYTES
    };
    let is_large = sent.len() > threshold;
    let (inflated, reservation) = offload(is_large, move || {
        let inflated = inflate(encoding, sent, max_inflated, &mut reservation);
        (inflated, reservation)
    })
    .await?;
    let body = inflated.map_err(|error| error.explain(max_inflated))?;
    let is_large = body.len() > OFFLOAD_BYTES;
    Ok(offload(is_large, move || parse(body, rules, reservation)).await??)
}

/// Splits a body and checks its items. This needs at most two copies for a short time: of a body
/// with unpaired surrogates, and of its texts. Later the accepted items remain.
pub(crate) fn parse(
    body: Bytes,
    rules: Rules,
    mut reservation: Reservation,
) -> Result<(Read, Memory), BodyError> {
    let body_bytes = reservation.held();
    reservation.grow(2 * body.len())?;
    let read = validate::read(body, rules)?;
    let items = read.items.as_ref().map_or(0, Checked::memory);
    let memory = Memory::new(reservation, body_bytes + items)?;
    Ok((read, memory))
}
