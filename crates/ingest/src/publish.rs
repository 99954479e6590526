//! Publishes a batch and waits for the acknowledgement of the bus.
//!
//! A batch is sent uncompressed if the bus accepts its size, else compressed. If it is still too
//! large, it is stored as an object, and a message points to the object. The object is written
//! first. A crash in between leaves an orphaned object, and the client retries.

use std::time::Instant;

use bytes::Bytes;
use zstd::zstd_safe::compress_bound;

use crow_bus::Error as BusError;
use crow_bus::publisher::EncodedMessage;
use crow_proto::events::Batch;
use crow_runtime::traces::SpanKind;
use crow_storage::keys;
use crow_types::{Partition, Timestamp, log_chain};
use crow_web::{ApiError, request_span};

use crate::blocking::offload;
use crate::errors::cannot_store;
use crate::gateway::Gateway;
use crate::inflight::{Memory, NoRoom};
use crate::outcome;

/// Name of this operation in readiness and metrics, if it keeps failing.
pub(crate) const PUBLISHING: &str = "publishing";

/// A message may be larger than the body and its items by this, in bytes: ids, client and page.
const HEAD_BYTES: usize = 16 << 10;
/// Work space of zstd at the level that is used, in bytes.
const COMPRESSOR_BYTES: usize = 2 << 20;

/// Fails early when a publish cannot succeed at the moment.
pub(crate) fn check(gateway: &Gateway, partition: Partition) -> Result<(), ApiError> {
    gateway
        .publisher
        .check(partition)
        .map_err(|error| refusal(&error))
}

/// Returns when the batch is durable. Counts its items either way. `memory` must be held until
/// then.
pub(crate) fn publish<'a>(
    gateway: &'a Gateway,
    partition: Partition,
    mut batch: Batch,
    memory: &mut Memory,
) -> impl Future<Output = Result<(), ApiError>> + use<'a> {
    let span = request_span().and_then(|request| request.child("publish", SpanKind::Producer));
    if let Some(span) = &span {
        span.set("messaging.system", "nats");
        span.set(
            "messaging.destination.partition.id",
            partition.0.to_string(),
        );
        batch.trace_parent = span.parent();
    }
    let items = (batch.events.len(), batch.replay.len());
    // Encoded before the first await, so that the future does not hold the batch.
    let encoded = encode(batch, gateway.bus.max_message_bytes(), memory);
    async move {
        let outcome = match encoded {
            Ok(message) => publish_encoded(gateway, partition, message, items).await,
            Err(no_room) => {
                outcome::count_refused("memory", items.0, items.1);
                Err(no_room.into())
            }
        };
        if let (Some(span), Err(_refused)) = (&span, &outcome) {
            span.fail("not acknowledged");
        }
        outcome
    }
}

/// Encodes a batch. Reserves what follows, too: a message that is too large for the bus is
/// compressed, and the result is copied into another message.
pub(crate) fn encode(
    batch: Batch,
    max_bytes: usize,
    memory: &mut Memory,
) -> Result<EncodedMessage, NoRoom> {
    memory.grow(memory.kept() + HEAD_BYTES)?;
    let message = EncodedMessage::of_batch(batch);
    let len = message.0.len();
    let is_large = len > max_bytes;
    memory.hold_beside(if is_large {
        2 * compress_bound(len) + COMPRESSOR_BYTES
    } else {
        len
    })?;
    Ok(message)
}

async fn publish_encoded(
    gateway: &Gateway,
    partition: Partition,
    message: EncodedMessage,
    (events, replay): (usize, usize),
) -> Result<(), ApiError> {
    let began = Instant::now();
    let outcome = send(gateway, partition, message).await;
    let meters = &gateway.meters;
    meters.publish_seconds.record(began.elapsed().as_secs_f64());
    match outcome {
        Ok(()) => {
            gateway.troubles.ended(PUBLISHING, partition.0);
            meters.count_durable(events, replay);
            Ok(())
        }
        Err(failure) => {
            gateway
                .troubles
                .failed(PUBLISHING, partition.0, failure.reason);
            outcome::count_refused(failure.reason, events, replay);
            Err(failure.error)
        }
    }
}

struct Failure {
    reason: &'static str,
    error: ApiError,
}

impl From<&BusError> for Failure {
    fn from(error: &BusError) -> Self {
        Self {
            reason: error.label(),
            error: refusal(error),
        }
    }
}

async fn send(
    gateway: &Gateway,
    partition: Partition,
    mut message: EncodedMessage,
) -> Result<(), Failure> {
    if message.0.len() > gateway.bus.max_message_bytes() {
        // Boxed because it is rare, so that the future of a request stays small.
        message = Box::pin(fitting(gateway, message)).await?;
    }
    gateway
        .publisher
        .publish(partition, message)
        .await
        .map_err(|error| Failure::from(error.as_ref()))
}

/// The replacement for a message that is too large for the bus.
async fn fitting(gateway: &Gateway, message: EncodedMessage) -> Result<EncodedMessage, Failure> {
    let limit = gateway.bus.max_message_bytes();
    let compressed = compress(message.0).await?;
    let wrapped = EncodedMessage::of_compressed(compressed.clone());
    if wrapped.0.len() <= limit {
        metrics::counter!("crow_ingest_oversized_total", "by" => "compression").increment(1);
        return Ok(wrapped);
    }
    let size = compressed.len() as u64;
    let key = keys::new_inbox(Timestamp::now());
    gateway.store.put(&key, compressed).await.map_err(|error| {
        tracing::warn!(
            error = log_chain(&error),
            object.bytes = size,
            "cannot store an oversized batch"
        );
        Failure {
            reason: "store",
            error: cannot_store(),
        }
    })?;
    metrics::counter!("crow_ingest_oversized_total", "by" => "object").increment(1);
    Ok(EncodedMessage::of_claim(key, size))
}

async fn compress(encoded: Bytes) -> Result<Bytes, Failure> {
    let internal = |error| Failure {
        reason: "internal",
        error,
    };
    let compressed = offload(true, move || zstd::bulk::compress(&encoded, 1))
        .await
        .map_err(internal)?;
    compressed
        .map(Bytes::from)
        .map_err(|error| internal(ApiError::internal(&error)))
}

fn refusal(error: &BusError) -> ApiError {
    if error.is_retryable() {
        cannot_store()
    } else {
        ApiError::internal(error)
    }
}
