//! From a delivery to batches.

use bytes::Bytes;
use prost::Message as _;
use tracing::error;

use crow_bus::inflate::{self, inflated};
use crow_bus::reader::Delivery;
use crow_db::tombstones::Arriving;
use crow_proto::events::{Batch, Message};
use crow_session_core::{Incoming, Unreadable};
use crow_types::{Sequence, log_chain};

use crate::cpu_time::{Part, timed};
use crate::retry::Hopeless;
use crate::tools::Tools;

/// Name of this operation in readiness and metrics, if it keeps failing.
pub(crate) const CLAIMS: &str = "claim checks";
pub(crate) const LETTERS: &str = "dead letters";

/// What one delivery held.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// The batches that can be processed.
    pub(crate) batches: Vec<Incoming>,
    /// The object of a claim check, to be deleted once the effects are committed.
    pub(crate) claimed: Option<String>,
}

/// Why a delivery cannot be processed, ever.
pub(crate) enum Bad {
    Protobuf,
    Compressed(inflate::Unreadable),
    ClaimMissing,
    ClaimDamaged,
    Batch(Unreadable),
}

impl Bad {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Protobuf => inflate::Unreadable::Protobuf.as_str(),
            Self::Compressed(unreadable) => unreadable.as_str(),
            Self::ClaimMissing => "the object of the claim check does not exist",
            Self::ClaimDamaged => "the object of the claim check has another size",
            Self::Batch(unreadable) => unreadable.as_str(),
        }
    }
}

/// Opens a delivery. Moves what cannot be processed to the dead letters before it returns.
///
/// # Errors
/// When the dead letters take nothing, and a retry does not help.
pub(crate) async fn open(tools: &Tools, delivery: &Delivery) -> Result<Opened, Hopeless> {
    let (message, mut claimed) = match read(tools, &delivery.payload).await {
        Ok(read) => read,
        Err(bad) => {
            let payload = delivery.payload.clone();
            bury(tools, delivery.sequence, bad.as_str(), payload).await?;
            return Ok(Opened::default());
        }
    };
    let read: Vec<_> = timed(Part::Decode, || {
        message.batches.into_iter().map(Incoming::new).collect()
    });
    let mut batches = Vec::with_capacity(read.len());
    for batch in read {
        match batch {
            Ok(incoming) if tools.tombstones.refuse(&Arriving::of(&incoming.batch)) => {
                metrics::counter!("crow_session_erased_batches_total").increment(1);
            }
            Ok(incoming) => batches.push(incoming),
            Err((_unreadable, batch)) if tools.tombstones.refuse(&Arriving::of(&batch)) => {
                metrics::counter!("crow_session_erased_batches_total").increment(1);
            }
            Err((unreadable, batch)) => {
                let payload = payload_of(tools, *batch, &delivery.payload);
                if payload == delivery.payload {
                    claimed = None;
                }
                let reason = Bad::Batch(unreadable).as_str();
                bury(tools, delivery.sequence, reason, payload).await?;
            }
        }
    }
    Ok(Opened { batches, claimed })
}

/// A letter of one batch. If the batch is too large, the letter is the compressed message as it
/// came, and its object must stay.
pub(crate) fn payload_of(tools: &Tools, batch: Batch, message: &Bytes) -> Bytes {
    let payload = alone(batch);
    if payload.len() > tools.outside.max_message_bytes() {
        message.clone()
    } else {
        payload
    }
}

fn alone(batch: Batch) -> Bytes {
    let message = Message {
        batches: vec![batch],
        ..Message::default()
    };
    message.encode_to_vec().into()
}

async fn read(tools: &Tools, payload: &Bytes) -> Result<(Message, Option<String>), Bad> {
    let message =
        timed(Part::Decode, || Message::decode(payload.clone())).map_err(|_error| Bad::Protobuf)?;
    if let Some(claim) = message.claim {
        let object = fetch(tools, &claim.key).await?;
        if object.len() as u64 != claim.size {
            return Err(Bad::ClaimDamaged);
        }
        return Ok((inflate(object).await?, Some(claim.key)));
    }
    if !message.zstd.is_empty() {
        return Ok((inflate(message.zstd).await?, None));
    }
    Ok((message, None))
}

async fn inflate(zstd: Bytes) -> Result<Message, Bad> {
    tokio::task::spawn_blocking(move || timed(Part::Decode, || inflated(&zstd)))
        .await
        .expect("inflating does not panic, and is not cancelled")
        .map_err(Bad::Compressed)
}

/// Waits for a store that is down, because the data was acknowledged.
async fn fetch(tools: &Tools, key: &str) -> Result<Bytes, Bad> {
    let read = tools.retry(CLAIMS).run(|| tools.store.get(key)).await;
    read.map_err(|error| match error {
        crow_storage::Error::NotFound { .. } => Bad::ClaimMissing,
        error => {
            error!(error = log_chain(&error), "a claim check cannot be read");
            Bad::ClaimDamaged
        }
    })
}

/// Stores a dead letter, and retries until that succeeds: the checkpoint must not pass the message
/// before.
///
/// Messages of a gateway leave room for the headers of a letter. Of a larger message from another
/// sender, the letter holds the beginning.
///
/// # Errors
/// When a retry does not help.
pub(crate) async fn bury(
    tools: &Tools,
    sequence: Sequence,
    reason: &'static str,
    payload: Bytes,
) -> Result<(), Hopeless> {
    let longest = tools.outside.max_message_bytes();
    let payload = payload.slice(..payload.len().min(longest));
    metrics::counter!("crow_session_dead_letters_total", "reason" => reason).increment(1);
    error!(
        partition = tools.partition.0,
        sequence = sequence.0,
        reason,
        "message moved to the dead letters"
    );
    let retry = tools.retry(LETTERS);
    let kept = retry.run(|| tools.outside.keep_letter(sequence, reason, payload.clone()));
    kept.await.map_err(|error| retry.give_up(&error))
}
