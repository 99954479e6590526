//! A work queue as its consumer reads it.

use std::time::Duration;

use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::{AckKind, Message};
use futures::StreamExt;

use crow_types::Timestamp;

use crate::connection::Bus;
use crate::dead_letters::{self, COMPLETIONS, Origin};
use crate::error::{Error, Result};
use crate::published::published_at;
use crate::streams::{INTERACTION_CONSUMER, WorkQueue};

const ACKNOWLEDGING: &str = "acknowledging a message";

/// Messages to process, each delivered until it is settled. The server repeats one that is not
/// settled after the time of [`crate::BusConfig`]. After three repeats it goes to the dead letters,
/// see [`crate::undelivered`].
#[derive(Debug)]
pub struct Queue {
    bus: Bus,
    consumer: PullConsumer,
}

impl Queue {
    /// Opens the queue that keepers fill.
    ///
    /// # Errors
    /// When no keeper has made it yet, or the server does not answer.
    pub async fn open(bus: &Bus, queue: WorkQueue) -> Result<Self> {
        if !bus.is_connected() {
            return Err(Error::Disconnected);
        }
        let stream = queue.open(bus).await?;
        let consumer = stream.get_consumer(INTERACTION_CONSUMER).await;
        let consumer = consumer.map_err(|error| Error::server("opening a work queue", error))?;
        Ok(Self::of(bus, consumer))
    }

    pub(crate) fn of(bus: &Bus, consumer: PullConsumer) -> Self {
        Self {
            bus: bus.clone(),
            consumer,
        }
    }

    /// After how long the server repeats a message that it has not heard of.
    #[must_use]
    pub fn repeats_after(&self) -> Duration {
        self.consumer.cached_info().config.ack_wait
    }

    /// At most `most` messages, each as soon as it is there. Ends after `wait`.
    pub async fn batch(
        &self,
        most: usize,
        wait: Duration,
    ) -> Result<impl futures::Stream<Item = Result<Delivery>> + use<>> {
        let batch = self.consumer.batch().max_messages(most).expires(wait);
        let messages = batch.messages().await;
        let messages = messages.map_err(|error| Error::server("reading a work queue", error))?;
        let bus = self.bus.clone();
        Ok(messages.map(move |message| {
            let message = message.map_err(|error| Error::server("reading a work queue", error))?;
            let bus = bus.clone();
            Ok(Delivery { bus, message })
        }))
    }
}

/// A message that was delivered. Dropping it means that it is delivered again.
#[derive(Debug)]
pub struct Delivery {
    bus: Bus,
    message: Message,
}

impl Delivery {
    /// What was published.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.message.payload
    }

    /// When it was published first. A repeated delivery has the same time, and so has a message that was a
    /// dead letter.
    #[must_use]
    pub fn published_at(&self) -> Timestamp {
        let stored_ns = self
            .message
            .info()
            // What cannot be told is as old as can be: an erasure of before includes it.
            .map_or(0, |info| info.published.unix_timestamp_nanos());
        published_at(self.message.headers.as_ref(), stored_ns)
    }

    /// It is still in work: the time until the server repeats it begins anew.
    pub async fn keep(&self) -> Result<()> {
        let kept = self.message.ack_with(AckKind::Progress).await;
        kept.map_err(|error| Error::server("keeping a message", error))
    }

    /// Its effects are durable. Returns when the server has removed it.
    pub async fn settle(self) -> Result<()> {
        // As a request. The client's own acknowledgement makes a subscription for each answer.
        let reply = self.message.reply.as_ref();
        let reply = reply.ok_or_else(|| Error::server(ACKNOWLEDGING, "it has no reply subject"))?;
        let client = self.message.context.client();
        let answer = client.request(reply.clone(), AckKind::Ack.into()).await;
        answer
            .map(drop)
            .map_err(|error| Error::server(ACKNOWLEDGING, error))
    }

    /// It can never be processed: keeps it as a dead letter, then removes it.
    pub async fn refuse(self, reason: &str) -> Result<()> {
        let (sequence, attempts) = self.message.info().map_or((0, 0), |info| {
            (
                info.stream_sequence,
                u32::try_from(info.delivered).unwrap_or_default(),
            )
        });
        let origin = Origin {
            subject: self.message.subject.as_str(),
            sequence,
            attempts,
            published_at: Some(self.published_at()),
        };
        let payload = self.message.payload.clone();
        dead_letters::keep_of(&self.bus, COMPLETIONS, &origin, reason, payload).await?;
        self.settle().await
    }
}
