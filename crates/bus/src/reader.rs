//! Reading of one partition's stream, from a position, with no gap and no duplicate.
//!
//! Uses an ephemeral consumer without acknowledgements, and recreates it after any anomaly. The
//! position is stored in SQL with the effects. Pulls are limited by bytes, so a slow keeper is
//! never disconnected.

use std::time::Duration;

use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::context::GetStreamErrorKind;
use async_nats::jetstream::stream::{self, RawMessageErrorKind, Stream};
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use tracing::{debug, error};

use crow_types::{Partition, Sequence, Timestamp};

use crate::connection::Bus;
use crate::error::{Error, Result};
use crate::streams;

/// Bytes of one pull, or one message of the largest size if that is more: a pull that
/// cannot hold the next message would never deliver it.
const PULL_BYTES: usize = 8 << 20;
/// Bytes that the server adds per message when it counts a pull.
const DELIVERY_OVERHEAD: usize = 4096;
const HEARTBEAT: Duration = Duration::from_secs(1);

/// State of a partition's stream, as the server reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamState {
    /// Creation time of the stream in nanoseconds since the epoch. Identifies its incarnation.
    pub created: i64,
    /// The oldest message that is still there.
    pub first: Sequence,
    /// The newest message ever.
    pub last: Sequence,
}

/// Asks the server about a partition's stream. [`Error::NoStream`]: it has none.
pub async fn stream_state(bus: &Bus, partition: Partition) -> Result<StreamState> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    let stream = bus.ended(open_stream(bus, partition).await)?;
    Ok(state_of(stream.cached_info()))
}

/// When the oldest message in any partition's stream was stored; in the future if there is none.
/// Everything published before is processed, because streams are purged only up to their
/// checkpoints.
pub async fn oldest_stored(bus: &Bus) -> Result<Timestamp> {
    let mut oldest = Timestamp(i64::MAX);
    for partition in bus.partitions().iter() {
        let stream = open_stream(bus, partition).await?;
        let state = &stream.cached_info().state;
        if state.messages > 0 {
            let stored_at = state.first_timestamp.unix_timestamp_nanos() / 1_000_000;
            oldest = oldest.min(Timestamp(i64::try_from(stored_at).unwrap_or(0)));
        }
    }
    Ok(oldest)
}

pub(crate) async fn open_stream(bus: &Bus, partition: Partition) -> Result<Stream> {
    let opened = bus
        .jetstream
        .get_stream(streams::events_stream(partition))
        .await;
    opened.map_err(|error| match error.kind() {
        GetStreamErrorKind::JetStream(answer)
            if answer.error_code() == ErrorCode::STREAM_NOT_FOUND =>
        {
            Error::NoStream { partition }
        }
        _ => Error::server("asking about a stream", error),
    })
}

fn state_of(info: &stream::Info) -> StreamState {
    StreamState {
        created: i64::try_from(info.created.unix_timestamp_nanos()).unwrap_or(i64::MAX),
        first: Sequence(info.state.first_sequence),
        last: Sequence(info.state.last_sequence),
    }
}

/// Removes the messages up to and including `checkpoint`, provided that the stream is
/// still the one that the checkpoint was taken on. Otherwise nothing is removed.
pub async fn purge_through(
    bus: &Bus,
    partition: Partition,
    created: i64,
    checkpoint: Sequence,
) -> Result<()> {
    let state = stream_state(bus, partition).await?;
    if state.created != created || state.last < checkpoint {
        return Ok(());
    }
    let stream = bus
        .jetstream
        .get_stream_no_info(streams::events_stream(partition))
        .await
        .map_err(|error| Error::server("opening a stream", error))?;
    stream
        .purge()
        .sequence(checkpoint.next().0)
        .await
        .map(drop)
        .map_err(|error| Error::server("purging a stream", error))
}

/// One message of a partition.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its position.
    pub sequence: Sequence,
    /// When the server stored it.
    pub stored_at: Timestamp,
    /// The encoded message.
    pub payload: Bytes,
}

/// Reads a partition in order.
pub struct Reader {
    bus: Bus,
    partition: Partition,
    next: Sequence,
    created: i64,
    /// The last returned message and the time it was stored. A stream that went back and grew again
    /// does not have it.
    last: Option<(Sequence, Timestamp)>,
    /// Kept here, so that it is not restarted each time a caller stops waiting.
    opening: Option<BoxFuture<'static, Result<Option<Opened>>>>,
    messages: Option<pull::Stream>,
}

/// A consumer, and where it begins.
struct Opened {
    next: Sequence,
    messages: pull::Stream,
}

impl Reader {
    /// Will read from `next` on, in the stream's incarnation `created`.
    #[must_use]
    pub fn new(bus: &Bus, partition: Partition, created: i64, next: Sequence) -> Self {
        Self {
            bus: bus.clone(),
            partition,
            next,
            created,
            last: None,
            opening: None,
            messages: None,
        }
    }

    /// The position that is read next.
    #[must_use]
    pub fn position(&self) -> Sequence {
        self.next
    }

    /// The next message; waits for one. `Ok(None)`: the stream went back or was recreated, and the
    /// caller must open it again. After an error the call may be repeated; it opens a new consumer.
    /// Cancel safe: a message is either returned or will be returned by the next call.
    pub async fn next(&mut self) -> Result<Option<Delivery>> {
        loop {
            let Some(messages) = self.messages.as_mut() else {
                match self.open().await? {
                    Some(opened) => {
                        self.next = opened.next;
                        self.messages = Some(opened.messages);
                    }
                    None => return Ok(None),
                }
                continue;
            };
            let message = match messages.next().await {
                Some(Ok(message)) => message,
                Some(Err(error)) => {
                    self.messages = None;
                    return self
                        .bus
                        .ended(Err(Error::server("reading a stream", error)));
                }
                None => {
                    self.messages = None;
                    continue;
                }
            };
            let (sequence, stored_at) = position_of(&message)?;
            if sequence < self.next {
                continue;
            }
            if sequence > self.next {
                // Either deliveries were lost on the way, or the messages are gone.
                self.messages = None;
                continue;
            }
            self.next = sequence.next();
            self.last = Some((sequence, stored_at));
            return Ok(Some(Delivery {
                sequence,
                stored_at,
                payload: message.message.payload,
            }));
        }
    }

    async fn open(&mut self) -> Result<Option<Opened>> {
        let opening = self.opening.get_or_insert_with(|| {
            open(
                self.bus.clone(),
                self.partition,
                self.created,
                self.next,
                self.last,
            )
            .boxed()
        });
        let outcome = opening.await;
        self.opening = None;
        self.bus.ended(outcome)
    }
}

/// Creates a consumer. `None`: the stream went back or was recreated.
async fn open(
    bus: Bus,
    partition: Partition,
    created: i64,
    next: Sequence,
    last: Option<(Sequence, Timestamp)>,
) -> Result<Option<Opened>> {
    let stream = open_stream(&bus, partition).await?;
    let state = state_of(stream.cached_info());
    let is_behind = state.last.next() < next;
    if state.created != created || is_behind || has_changed(&stream, last).await? {
        return Ok(None);
    }
    let next = after_what_is_gone(&stream, partition, next).await?;
    let config = pull::Config {
        deliver_policy: DeliverPolicy::ByStartSequence {
            start_sequence: next.0.max(1),
        },
        ack_policy: AckPolicy::None,
        inactive_threshold: Duration::from_secs(30),
        memory_storage: true,
        num_replicas: 1,
        ..pull::Config::default()
    };
    let consumer = stream
        .create_consumer(config)
        .await
        .map_err(|error| Error::server("creating a reader", error))?;
    let largest = bus.client.max_payload() + DELIVERY_OVERHEAD;
    let messages = consumer
        .stream()
        .max_bytes_per_batch(PULL_BYTES.max(largest))
        .heartbeat(HEARTBEAT)
        .expires(Duration::from_secs(10))
        .messages()
        .await
        .map_err(|error| Error::server("starting a reader", error))?;
    debug!(partition = partition.0, next = next.0, "reader opened");
    Ok(Some(Opened { next, messages }))
}

/// Whether another message has the position of the one returned last.
async fn has_changed(stream: &Stream, last: Option<(Sequence, Timestamp)>) -> Result<bool> {
    let Some((sequence, stored_at)) = last else {
        return Ok(false);
    };
    match stream.get_raw_message(sequence.0).await {
        Ok(message) => Ok(milliseconds(message.time.unix_timestamp_nanos()) != stored_at),
        Err(error) if matches!(error.kind(), RawMessageErrorKind::NoMessageFound) => Ok(false),
        Err(error) => Err(Error::server("comparing a stream", error)),
    }
}

/// The position, or the first one after it that the stream still has. Missing messages are a loss
/// with an outside cause, such as a manual purge or an age limit. They are reported, and reading
/// continues.
async fn after_what_is_gone(
    stream: &Stream,
    partition: Partition,
    next: Sequence,
) -> Result<Sequence> {
    let state = state_of(stream.cached_info());
    if state.last < next {
        return Ok(next);
    }
    let oldest = oldest_from(stream, partition, next).await?;
    let resume_at = oldest.unwrap_or(state.first).max(next);
    if resume_at > next {
        let count = resume_at.0 - next.0;
        metrics::counter!("crow_bus_missing_messages_total").increment(count);
        error!(
            partition = partition.0,
            first_missing = next.0,
            resume_at = resume_at.0,
            "messages are missing from the stream"
        );
    }
    Ok(resume_at)
}

/// The oldest message at or after the position; single ones may be missing in between.
async fn oldest_from(
    stream: &Stream,
    partition: Partition,
    position: Sequence,
) -> Result<Option<Sequence>> {
    let subject = streams::events_subject(partition);
    let found = stream.get_first_raw_message_by_subject(subject, position.0);
    match found.await {
        Ok(message) => Ok(Some(Sequence(message.sequence))),
        Err(error) if matches!(error.kind(), RawMessageErrorKind::NoMessageFound) => Ok(None),
        Err(error) => Err(Error::server("looking for missing messages", error)),
    }
}

fn position_of(message: &async_nats::jetstream::Message) -> Result<(Sequence, Timestamp)> {
    let about = message
        .info()
        .map_err(|error| Error::server("reading a delivery", error))?;
    Ok((
        Sequence(about.stream_sequence),
        milliseconds(about.published.unix_timestamp_nanos()),
    ))
}

fn milliseconds(nanoseconds: i128) -> Timestamp {
    Timestamp(i64::try_from(nanoseconds / 1_000_000).unwrap_or(i64::MAX))
}
