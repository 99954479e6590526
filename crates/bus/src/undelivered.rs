//! Moves messages that no consumer acknowledged from the work queues to the dead letters.
//!
//! The server delivers a message as often as the consumer allows. Then it leaves the message in the
//! stream and publishes one advisory. A separate stream stores the advisories, so that none is
//! missed while no keeper runs. An advisory can still be lost, when the server dies or that stream
//! is full. So the queues themselves are searched, too. Every step may run twice.

use std::collections::BTreeSet;
use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, Info, PullConsumer, pull};
use async_nats::jetstream::context::ConsumerInfoErrorKind;
use async_nats::jetstream::stream::RawMessageErrorKind;
use async_nats::jetstream::{AckKind, Message};
use futures::StreamExt;
use serde::Deserialize;

use crate::connection::Bus;
use crate::dead_letters::{self, COMPLETIONS, Origin};
use crate::error::{Error, Result};
use crate::published::published_at;
use crate::streams::{ADVISORIES, INTERACTION_CONSUMER, WorkQueue};

const CONSUMER: &str = "undelivered";
const BATCH: usize = 100;
/// Messages that one search of a work queue finds at most.
const MAX_SUSPECTS: usize = 1_000;

/// What we need of the server's advisory.
#[derive(Deserialize)]
struct Advisory {
    stream: String,
    stream_seq: u64,
    deliveries: u32,
}

/// Moves messages without deliveries left to the dead letters, and returns their number.
///
/// # Errors
/// When the server does not answer. Messages moved before stay moved.
pub async fn bury(bus: &Bus) -> Result<usize> {
    let consumer = consumer(bus).await?;
    let mut moved = 0;
    loop {
        let round = bury_some(bus, &consumer).await?;
        moved += round.moved;
        // Otherwise more may wait, and the stream of advisories has little room.
        if round.seen < BATCH {
            return Ok(moved);
        }
    }
}

/// Finds messages of a queue that the server will not deliver again, although no advisory says so.
#[derive(Debug)]
pub struct LeftOver {
    queue: WorkQueue,
    /// What the last search found. In a cluster, an acknowledged message stays for a moment.
    last: Settled,
}

/// Messages that are still in the queue and will not be delivered again.
#[derive(Debug, Default)]
struct Settled {
    /// When the consumer was created, in nanoseconds since the epoch. A recreated consumer delivers everything again.
    consumer_created: i128,
    sequences: BTreeSet<u64>,
    /// How often each was delivered.
    deliveries: u32,
}

impl LeftOver {
    /// Of this queue.
    #[must_use]
    pub fn of(queue: WorkQueue) -> Self {
        Self {
            queue,
            last: Settled::default(),
        }
    }

    /// Moves what the search before found to the dead letters, if it is still in the queue and the
    /// consumer is the same. Returns the number.
    ///
    /// # Errors
    /// When the server does not answer. Messages moved before stay moved.
    pub async fn bury(&mut self, bus: &Bus) -> Result<usize> {
        let found = search(bus, self.queue).await?;
        let before = std::mem::replace(&mut self.last, found);
        if before.consumer_created != self.last.consumer_created {
            return Ok(0);
        }
        let mut moved = 0;
        for sequence in before.sequences {
            moved += usize::from(move_letter(bus, self.queue, sequence, before.deliveries).await?);
        }
        Ok(moved)
    }
}

async fn search(bus: &Bus, of: WorkQueue) -> Result<Settled> {
    let queue = of.open(bus).await?;
    let info = match queue.consumer_info(INTERACTION_CONSUMER).await {
        Ok(info) => info,
        // Another consumer takes its place, and its deliveries are not known here.
        Err(error) if matches!(error.kind(), ConsumerInfoErrorKind::NotFound) => {
            return Ok(Settled::default());
        }
        Err(error) => return Err(Error::server("asking about a consumer", error)),
    };
    let mut found = Settled {
        consumer_created: info.created.unix_timestamp_nanos(),
        sequences: BTreeSet::new(),
        deliveries: u32::try_from(info.config.max_deliver).unwrap_or_default(),
    };
    // Without a limit, the server delivers until somebody acknowledges.
    if found.deliveries == 0 {
        return Ok(found);
    }
    let settled = settled_through(&info);
    let mut next = 1;
    while found.sequences.len() < MAX_SUSPECTS {
        let message = queue
            .get_first_raw_message_by_subject(of.subjects(), next)
            .await;
        match message {
            Ok(message) if message.sequence <= settled => {
                next = message.sequence + 1;
                found.sequences.insert(message.sequence);
            }
            Ok(_may_still_be_delivered) => break,
            Err(error) if matches!(error.kind(), RawMessageErrorKind::NoMessageFound) => break,
            Err(error) => return Err(Error::server("searching a work queue", error)),
        }
    }
    Ok(found)
}

/// A message up to here that is still in the queue is not delivered again: all others have been
/// acknowledged. While the consumer holds messages, the server tells less.
fn settled_through(consumer: &Info) -> u64 {
    if consumer.num_ack_pending == 0 {
        consumer.delivered.stream_sequence
    } else {
        consumer.ack_floor.stream_sequence
    }
}

/// What came of one batch of advisories.
#[derive(Default)]
struct Round {
    seen: usize,
    moved: usize,
}

async fn bury_some(bus: &Bus, consumer: &PullConsumer) -> Result<Round> {
    let mut advisories = consumer
        .fetch()
        .max_messages(BATCH)
        .messages()
        .await
        .map_err(|error| Error::server("reading advisories", error))?;
    let mut round = Round::default();
    while let Some(message) = advisories.next().await {
        let message = message.map_err(|error| Error::server("reading advisories", error))?;
        round.seen += 1;
        round.moved += usize::from(bury_one(bus, &message).await?);
    }
    Ok(round)
}

async fn consumer(bus: &Bus) -> Result<PullConsumer> {
    let config = pull::Config {
        durable_name: Some(CONSUMER.to_owned()),
        ack_policy: AckPolicy::Explicit,
        // Shorter than the server's deduplication window.
        ack_wait: Duration::from_secs(30),
        ..pull::Config::default()
    };
    bus.jetstream
        .get_stream_no_info(ADVISORIES)
        .await
        .map_err(|error| Error::server("opening the advisories", error))?
        .get_or_create_consumer(CONSUMER, config)
        .await
        .map_err(|error| Error::server("opening the advisories", error))
}

/// Letter first, then the queue, then the advisory.
async fn bury_one(bus: &Bus, message: &Message) -> Result<bool> {
    let found = match serde_json::from_slice::<Advisory>(&message.payload) {
        Ok(advisory) => {
            let queue = WorkQueue::ALL
                .into_iter()
                .find(|queue| queue.stream() == advisory.stream);
            match queue {
                Some(queue) => {
                    move_letter(bus, queue, advisory.stream_seq, advisory.deliveries).await?
                }
                None => false,
            }
        }
        Err(_of_another_version) => false,
    };
    message
        .ack_with(AckKind::Ack)
        .await
        .map_err(|error| Error::server("acknowledging an advisory", error))?;
    Ok(found)
}

/// False: somebody has taken it after all.
async fn move_letter(bus: &Bus, of: WorkQueue, sequence: u64, attempts: u32) -> Result<bool> {
    let queue = of.open(bus).await?;
    let message = match queue.get_raw_message(sequence).await {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), RawMessageErrorKind::NoMessageFound) => {
            return Ok(false);
        }
        Err(error) => return Err(Error::server("reading a message of a work queue", error)),
    };
    let stored_ns = message.time.unix_timestamp_nanos();
    let published_at = published_at(Some(&message.headers), stored_ns);
    let origin = Origin {
        subject: message.subject.as_str(),
        sequence,
        attempts,
        published_at: Some(published_at),
    };
    let reason = "not acknowledged by the consumer of the work queue";
    let payload = message.payload;
    dead_letters::keep_of(bus, COMPLETIONS, &origin, reason, payload).await?;
    queue
        .delete_message(sequence)
        .await
        .map_err(|error| Error::server("removing a message of a work queue", error))
}
