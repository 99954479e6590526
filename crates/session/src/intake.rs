//! From a delivery to batches.

use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;
use tracing::{error, warn};

use crow_bus::reader::Delivery;
use crow_bus::{Bus, dead_letters};
use crow_proto::events::{Batch, MAX_MESSAGE_BYTES, Message};
use crow_session_core::{Incoming, Unreadable};
use crow_storage::Store;
use crow_types::Partition;

use crate::work::{Part, timed};

/// Pause before something outside is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// What one delivery held.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// The batches that can be processed.
    pub(crate) batches: Vec<Incoming>,
    /// The object of a claim check, to be deleted once the effects are committed.
    pub(crate) claimed: Option<String>,
}

/// Why a delivery cannot be processed, ever.
enum Bad {
    Protobuf,
    Zstd,
    TooLarge,
    ClaimMissing,
    ClaimDamaged,
    Nested,
    Batch(Unreadable),
}

impl Bad {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Protobuf => "not a message of crow.events.v1",
            Self::Zstd => "compressed message is damaged",
            Self::TooLarge => "compressed message is too large",
            Self::ClaimMissing => "the object of the claim check does not exist",
            Self::ClaimDamaged => "the object of the claim check has another size",
            Self::Nested => "compressed message inside a compressed message",
            Self::Batch(unreadable) => unreadable.as_str(),
        }
    }
}

/// Opens a delivery. What cannot be processed is in the dead letters when this returns.
pub(crate) async fn open(
    bus: &Bus,
    store: &Store,
    partition: Partition,
    delivery: &Delivery,
) -> Opened {
    let (message, mut claimed) = match read(store, &delivery.payload).await {
        Ok(read) => read,
        Err(bad) => {
            bury(bus, partition, delivery, &bad, delivery.payload.clone()).await;
            return Opened::default();
        }
    };
    let read: Vec<_> = timed(Part::Decode, || {
        message.batches.into_iter().map(Incoming::new).collect()
    });
    let mut batches = Vec::with_capacity(read.len());
    for batch in read {
        match batch {
            Ok(incoming) => batches.push(incoming),
            Err((unreadable, batch)) => {
                let mut payload = alone(*batch);
                if payload.len() > bus.max_message_bytes() {
                    // It came compressed: the letter is what came, and its object stays.
                    payload = delivery.payload.clone();
                    claimed = None;
                }
                bury(bus, partition, delivery, &Bad::Batch(unreadable), payload).await;
            }
        }
    }
    Opened { batches, claimed }
}

fn alone(batch: Batch) -> Bytes {
    let message = Message {
        batches: vec![batch],
        ..Message::default()
    };
    message.encode_to_vec().into()
}

async fn read(store: &Store, payload: &Bytes) -> Result<(Message, Option<String>), Bad> {
    let message =
        timed(Part::Decode, || Message::decode(payload.clone())).map_err(|_error| Bad::Protobuf)?;
    if let Some(claim) = message.claim {
        let object = fetch(store, &claim.key).await?;
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
}

fn inflated(zstd: &Bytes) -> Result<Message, Bad> {
    use std::io::Read;
    let mut plain = Vec::new();
    let decoder = zstd::Decoder::new(zstd.as_ref()).map_err(|_error| Bad::Zstd)?;
    decoder
        .take(MAX_MESSAGE_BYTES as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|_error| Bad::Zstd)?;
    if plain.len() > MAX_MESSAGE_BYTES {
        return Err(Bad::TooLarge);
    }
    let message = Message::decode(Bytes::from(plain)).map_err(|_error| Bad::Protobuf)?;
    if message.claim.is_some() || !message.zstd.is_empty() {
        Err(Bad::Nested)
    } else {
        Ok(message)
    }
}

/// Waits for a store that is down: what was acknowledged is not given up.
async fn fetch(store: &Store, key: &str) -> Result<Bytes, Bad> {
    loop {
        match store.get(key).await {
            Ok(object) => return Ok(object),
            Err(crow_storage::Error::NotFound { .. }) => return Err(Bad::ClaimMissing),
            Err(error) => {
                warn!(
                    error = error.to_string(),
                    "reading a claim check failed, trying again"
                );
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Puts it into the dead letters, and does not give up: the checkpoint must not pass it before.
///
/// No gateway publishes what leaves no room for the headers of a letter; of what somebody
/// else did, the letter holds the beginning.
async fn bury(bus: &Bus, partition: Partition, delivery: &Delivery, bad: &Bad, payload: Bytes) {
    let payload = payload.slice(..payload.len().min(bus.max_message_bytes()));
    let reason = bad.as_str();
    metrics::counter!("crow_session_dead_letters_total", "reason" => reason).increment(1);
    error!(
        partition = partition.0,
        sequence = delivery.sequence.0,
        reason,
        "message moved to the dead letters"
    );
    while let Err(error) =
        dead_letters::keep(bus, partition, delivery.sequence, reason, payload.clone()).await
    {
        warn!(
            partition = partition.0,
            error = error.to_string(),
            "dead letter not stored, trying again"
        );
        tokio::time::sleep(PAUSE).await;
    }
}
