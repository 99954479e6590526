//! Moves announcements that no consumer acknowledged from the work queue to the dead letters.
//!
//! The server delivers a message as often as the consumer allows. Then it leaves the message in the
//! stream and publishes one advisory. A separate stream stores the advisories, so that none is
//! missed while no keeper runs. Every step may run twice.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, PullConsumer, pull};
use async_nats::jetstream::stream::RawMessageErrorKind;
use async_nats::jetstream::{AckKind, Message};
use futures::StreamExt;
use serde::Deserialize;

use crate::connection::Bus;
use crate::dead_letters::{self, COMPLETIONS, Origin};
use crate::error::{Error, Result};
use crate::streams::{ADVISORIES, INTERACTIONS};

const CONSUMER: &str = "undelivered";
const BATCH: usize = 100;

/// What we need of the server's advisory.
#[derive(Deserialize)]
struct Advisory {
    stream_seq: u64,
    deliveries: u32,
}

/// Moves announcements without deliveries left to the dead letters, and returns their number.
///
/// # Errors
/// When the server does not answer. Announcements moved before stay moved.
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
        Ok(advisory) => move_letter(bus, &advisory).await?,
        Err(_of_another_version) => false,
    };
    message
        .ack_with(AckKind::Ack)
        .await
        .map_err(|error| Error::server("acknowledging an advisory", error))?;
    Ok(found)
}

/// False: somebody has taken it after all.
async fn move_letter(bus: &Bus, advisory: &Advisory) -> Result<bool> {
    let queue = bus
        .jetstream
        .get_stream_no_info(INTERACTIONS)
        .await
        .map_err(|error| Error::server("opening the work queue", error))?;
    let announcement = match queue.get_raw_message(advisory.stream_seq).await {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), RawMessageErrorKind::NoMessageFound) => {
            return Ok(false);
        }
        Err(error) => return Err(Error::server("reading an announcement", error)),
    };
    let origin = Origin {
        subject: announcement.subject.as_str(),
        sequence: advisory.stream_seq,
        attempts: advisory.deliveries,
    };
    let reason = "not acknowledged by the consumer of the work queue";
    let payload = announcement.payload;
    dead_letters::keep_of(bus, COMPLETIONS, &origin, reason, payload).await?;
    queue
        .delete_message(advisory.stream_seq)
        .await
        .map_err(|error| Error::server("removing an announcement", error))
}
