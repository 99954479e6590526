//! Publishing of events: group commit, and an answer within a second.
//!
//! Batches go out in `rounds`: whatever has arrived when the last round was acknowledged becomes
//! one message per partition, so one fsync of the server acknowledges many requests, and one wake
//! of the server serves all partitions. If no round is active, a batch goes at once.
//!
//! When the server is down, hung or full, all waiting batches get the error. For a moment (`REST`)
//! further batches are rejected without an attempt.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;
use tokio::sync::{mpsc, oneshot};

use crow_proto::events::{Batch, Claim, Message};
use crow_types::{Partition, Timestamp};

use crate::connection::Bus;
use crate::error::{Error, Result};

mod rounds;

/// Batches that may wait in the queue, and as many again for each partition.
const QUEUE: usize = 4096;
/// How long publishing pauses after a failure, in milliseconds.
const REST: i64 = 250;

type Outcome = std::result::Result<(), Arc<Error>>;
type Answer = oneshot::Sender<Outcome>;

/// One batch as an encoded [`Message`].
///
/// Encoded messages may be joined: protobuf lists concatenate.
#[derive(Debug, Clone)]
pub struct EncodedMessage(pub Bytes);

impl EncodedMessage {
    /// A message of one batch.
    #[must_use]
    pub fn of_batch(batch: Batch) -> Self {
        Self(
            Message {
                batches: vec![batch],
                ..Message::default()
            }
            .encode_to_vec()
            .into(),
        )
    }

    /// A message that holds a zstd-compressed message.
    #[must_use]
    pub fn of_compressed(zstd: Bytes) -> Self {
        Self(
            Message {
                zstd,
                ..Message::default()
            }
            .encode_to_vec()
            .into(),
        )
    }

    /// A message that points to an object.
    #[must_use]
    pub fn of_claim(key: String, size: u64) -> Self {
        let claim = Some(Claim { key, size });
        Self(
            Message {
                claim,
                ..Message::default()
            }
            .encode_to_vec()
            .into(),
        )
    }

    /// Only plain batches may share a message with others.
    fn is_joinable(&self) -> bool {
        // The first byte of an encoded field is its tag: field 1, length-delimited.
        self.0.first() == Some(&0x0a)
    }
}

/// A batch with a caller that waits for the answer.
struct Waiting {
    partition: Partition,
    message: EncodedMessage,
    answer: Answer,
}

/// End of the pause, by partition, in milliseconds since the epoch.
#[derive(Debug, Clone)]
struct Rests(Arc<[AtomicI64]>);

impl Rests {
    fn is_resting(&self, partition: Partition) -> bool {
        self.0[usize::from(partition.0)].load(Ordering::Relaxed) > Timestamp::now().0
    }

    fn rest(&self, partition: Partition) {
        let until = Timestamp::now().plus(REST).0;
        self.0[usize::from(partition.0)].store(until, Ordering::Relaxed);
    }
}

/// Publishes batches of events. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct EventPublisher {
    bus: Bus,
    queue: mpsc::Sender<Waiting>,
    rests: Rests,
}

impl EventPublisher {
    /// Starts the task that publishes; it ends when the last clone is dropped.
    #[must_use]
    pub fn start(bus: &Bus) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let rests = Rests(bus.partitions.iter().map(|_id| AtomicI64::new(0)).collect());
        tokio::spawn(rounds::Rounds::new(bus.clone(), waiting, rests.clone()).run());
        Self {
            bus: bus.clone(),
            queue,
            rests,
        }
    }

    /// Whether a publish has a chance right now, without trying one.
    pub fn check(&self, partition: Partition) -> Result<()> {
        if !self.bus.is_connected() {
            return Err(Error::Disconnected);
        }
        if self.rests.is_resting(partition) {
            return Err(Error::Busy);
        }
        Ok(())
    }

    /// Returns when the message is durable, or with an error within the publish time-out.
    ///
    /// If it is cancelled, the message may still be published; no acknowledgement was given.
    pub async fn publish(&self, partition: Partition, message: EncodedMessage) -> Outcome {
        self.check(partition)?;
        let size = message.0.len();
        if size > self.bus.max_message_bytes() {
            return Err(Arc::new(Error::TooLarge { size }));
        }
        let (answer, answered) = oneshot::channel();
        self.queue
            .try_send(Waiting {
                partition,
                message,
                answer,
            })
            .map_err(|_full| Error::Busy)?;
        let limit = Duration::from_millis(self.bus.config.publish_timeout_ms);
        match tokio::time::timeout(limit, answered).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_task_ended)) => Err(Arc::new(Error::Disconnected)),
            Err(_elapsed) => Err(Arc::new(Error::TimedOut)),
        }
    }
}
