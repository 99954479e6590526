//! Publishing of events: group commit per partition, and an answer within a second.
//!
//! One task per partition has at most one publish in flight. Batches that arrive
//! meanwhile wait and go out together as the next message, so one fsync of the server
//! acknowledges many requests; when nothing is in flight a batch goes at once. While some
//! partition publishes a small message, others wait for a moment (`TURN`) with theirs, which
//! grow meanwhile: what a message costs depends little on its size.
//!
//! When the server is down, hung or full, everything that waits is answered with the
//! error, and for a moment (`REST`) further batches are refused without trying.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use prost::Message as _;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc, oneshot};
use tracing::warn;

use crow_proto::events::{Batch, Claim, Message};
use crow_types::{Partition, Timestamp};

use crate::connection::Bus;
use crate::error::{Error, Result};
use crate::streams;

/// Batches that may wait for one partition.
const QUEUE: usize = 4096;
/// A message is not grown beyond this, in bytes.
const GROUP_BYTES: usize = 1 << 20;
/// A message of more bytes is not held back to grow.
const LARGE: usize = 64 << 10;
/// How long a small message waits for those of other partitions: so long that theirs are
/// acknowledged unless something is wrong.
const TURN: Duration = Duration::from_millis(5);
/// How long after a failed publish nothing is tried, in milliseconds.
const REST: i64 = 250;

/// One batch in the form in which it travels: an encoded [`Message`].
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

struct Waiting {
    message: EncodedMessage,
    answer: Answer,
}

/// A lane of one partition.
#[derive(Debug, Clone)]
struct Lane {
    queue: mpsc::Sender<Waiting>,
    rests_until: Arc<AtomicI64>,
}

/// Publishes batches of events. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct EventPublisher {
    bus: Bus,
    lanes: Arc<[Lane]>,
}

impl EventPublisher {
    /// Starts one task per partition; they end when the last clone is dropped.
    #[must_use]
    pub fn start(bus: &Bus) -> Self {
        let turn = Arc::new(Semaphore::new(1));
        let lanes = bus
            .partitions
            .iter()
            .map(|partition| start_lane(bus.clone(), partition, Arc::clone(&turn)));
        Self {
            bus: bus.clone(),
            lanes: lanes.collect(),
        }
    }

    /// Whether a publish has a chance right now, without trying one.
    pub fn check(&self, partition: Partition) -> Result<()> {
        if !self.bus.is_connected() {
            return Err(Error::Disconnected);
        }
        let lane = &self.lanes[usize::from(partition.0)];
        if lane.rests_until.load(Ordering::Relaxed) > Timestamp::now().0 {
            return Err(Error::Busy);
        }
        Ok(())
    }

    /// Returns when the message is durable, or with an error within the publish time-out.
    ///
    /// Cancel safe in this sense: when the caller goes away the message may still be
    /// published; nobody was promised anything.
    pub async fn publish(
        &self,
        partition: Partition,
        message: EncodedMessage,
    ) -> std::result::Result<(), Arc<Error>> {
        self.check(partition)?;
        let size = message.0.len();
        if size > self.bus.max_message_bytes() {
            return Err(Arc::new(Error::TooLarge { size }));
        }
        let (answer, answered) = oneshot::channel();
        let lane = &self.lanes[usize::from(partition.0)];
        lane.queue
            .try_send(Waiting { message, answer })
            .map_err(|_full| Error::Busy)?;
        let limit = Duration::from_millis(self.bus.config.publish_timeout_ms);
        match tokio::time::timeout(limit, answered).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_lane_ended)) => Err(Arc::new(Error::Disconnected)),
            Err(_elapsed) => Err(Arc::new(Error::TimedOut)),
        }
    }
}

fn start_lane(bus: Bus, partition: Partition, turn: Arc<Semaphore>) -> Lane {
    let (queue, waiting) = mpsc::channel(QUEUE);
    let rests_until = Arc::new(AtomicI64::new(0));
    let lane = run_lane(bus, partition, waiting, Arc::clone(&rests_until), turn);
    tokio::spawn(lane);
    Lane { queue, rests_until }
}

async fn run_lane(
    bus: Bus,
    partition: Partition,
    mut queue: mpsc::Receiver<Waiting>,
    rests_until: Arc<AtomicI64>,
    turn: Arc<Semaphore>,
) {
    let subject = streams::events_subject(partition);
    let limit = Duration::from_millis(bus.config.publish_timeout_ms);
    let mut held_over = None;
    loop {
        let first = match held_over.take() {
            Some(waiting) => waiting,
            None => match queue.recv().await {
                Some(waiting) => waiting,
                None => return,
            },
        };
        let mut group = Group::of(first, bus.max_message_bytes());
        group.grow(&mut queue, &mut held_over);
        let turn = group.wait_for(&turn).await;
        group.grow(&mut queue, &mut held_over);
        let (payload, answers) = (group.payload(), group.answers);
        metrics::histogram!("crow_bus_group_batches").record(answers.len() as f64);
        let outcome = bus
            .publish_acknowledged(subject.clone(), None, payload, limit)
            .await
            .map_err(Arc::new);
        drop(turn);
        if let Err(error) = &outcome {
            rests_until.store(Timestamp::now().plus(REST).0, Ordering::Relaxed);
            metrics::counter!("crow_bus_publish_failures_total", "reason" => error.label())
                .increment(1);
            warn!(
                partition = partition.0,
                batches = answers.len(),
                error = error.to_string(),
                "publish failed"
            );
        }
        let is_failed = outcome.is_err();
        for answer in answers {
            // A caller that went away has nobody to tell.
            drop(answer.send(outcome.clone()));
        }
        if is_failed {
            let refused = Arc::new(Error::Busy);
            held_over
                .take()
                .into_iter()
                .chain(std::iter::from_fn(|| queue.try_recv().ok()))
                .for_each(|waiting| {
                    drop(waiting.answer.send(Err(Arc::clone(&refused))));
                });
        }
    }
}

type Answer = oneshot::Sender<std::result::Result<(), Arc<Error>>>;

/// Batches that go out as one message.
struct Group {
    first: Bytes,
    /// Empty as long as there is only the first.
    joined: BytesMut,
    limit: usize,
    answers: Vec<Answer>,
}

impl Group {
    fn of(first: Waiting, max_message_bytes: usize) -> Self {
        let is_joinable = first.message.is_joinable();
        Self {
            limit: if is_joinable {
                GROUP_BYTES.min(max_message_bytes)
            } else {
                0
            },
            first: first.message.0,
            joined: BytesMut::new(),
            answers: vec![first.answer],
        }
    }

    fn len(&self) -> usize {
        self.joined.len().max(self.first.len())
    }

    /// Joins what waits, up to the size limit; what does not fit is held over to the next
    /// group.
    fn grow(&mut self, queue: &mut mpsc::Receiver<Waiting>, held_over: &mut Option<Waiting>) {
        while self.len() < self.limit && held_over.is_none() {
            let Ok(next) = queue.try_recv() else {
                return;
            };
            if !next.message.is_joinable() || self.len() + next.message.0.len() > self.limit {
                *held_over = Some(next);
                return;
            }
            if self.joined.is_empty() {
                self.joined.extend_from_slice(&self.first);
            }
            self.joined.extend_from_slice(&next.message.0);
            self.answers.push(next.answer);
        }
    }

    /// For a small group, until no other is under way, but not for long.
    async fn wait_for<'a>(&self, turn: &'a Semaphore) -> Option<SemaphorePermit<'a>> {
        if self.limit == 0 || self.len() >= LARGE {
            return None;
        }
        tokio::time::timeout(TURN, turn.acquire()).await.ok()?.ok()
    }

    fn payload(&mut self) -> Bytes {
        if self.joined.is_empty() {
            self.first.clone()
        } else {
            self.joined.split().freeze()
        }
    }
}
