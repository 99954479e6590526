//! The streams: their names, and their creation.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, PullConsumer, pull};
use async_nats::jetstream::context::CreateStreamErrorKind;
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream};
use backon::{ConstantBuilder, Retryable};
use futures::TryStreamExt;

use crow_types::Partition;

use crate::config::BusConfig;
use crate::connection::{Bus, is_full};
use crate::error::{Error, Result};

pub(crate) mod notifications;
pub(crate) mod stored;

/// Announcements of finished sessions, and what services report.
pub const INTERACTIONS: &str = "CROW_INTERACTIONS";
/// Batches of described camera frames.
pub const CCTV: &str = "CROW_CCTV";
/// What could not be processed.
pub const DEAD_LETTERS: &str = "CROW_DLQ";
/// Advisories about announcements without deliveries left.
pub(crate) const ADVISORIES: &str = "CROW_ADVISORIES";
/// Room of the stream of advisories.
pub const ADVISORIES_BYTES: i64 = 16 << 20;
/// The durable consumer of each work queue that the interaction service pulls from.
pub const INTERACTION_CONSUMER: &str = "interaction-service";

const EVENTS_PREFIX: &str = "CROW_EVENTS_";

/// The stream of a partition.
#[must_use]
pub fn events_stream(partition: Partition) -> String {
    format!("{EVENTS_PREFIX}{partition}")
}

/// The subject of a partition.
#[must_use]
pub fn events_subject(partition: Partition) -> String {
    format!("crow.events.{partition}")
}

/// The names of all streams, of one partition.
#[must_use]
pub fn names(partition: Partition) -> [String; 7] {
    let [interactions, cctv, letters, advisories] = [INTERACTIONS, CCTV, DEAD_LETTERS, ADVISORIES];
    [
        events_stream(partition),
        interactions.to_owned(),
        cctv.to_owned(),
        letters.to_owned(),
        advisories.to_owned(),
        notifications::STREAM.to_owned(),
        stored::STREAM.to_owned(),
    ]
}

/// A stream whose messages are each delivered until they are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkQueue {
    /// [`INTERACTIONS`].
    Interactions,
    /// [`CCTV`].
    Cctv,
}

impl WorkQueue {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Interactions, Self::Cctv];

    /// The name of its stream.
    #[must_use]
    pub fn stream(self) -> &'static str {
        match self {
            Self::Interactions => INTERACTIONS,
            Self::Cctv => CCTV,
        }
    }

    /// The subjects of its stream.
    pub(crate) fn subjects(self) -> &'static str {
        match self {
            Self::Interactions => "crow.interaction.>",
            Self::Cctv => "crow.cctv.>",
        }
    }

    /// Its stream, without asking how full it is.
    pub(crate) async fn open(self, bus: &Bus) -> Result<Stream<()>> {
        let opened = bus.jetstream.get_stream_no_info(self.stream()).await;
        opened.map_err(|error| Error::server("opening a work queue", error))
    }

    fn retry_ms(self, config: &BusConfig) -> u64 {
        match self {
            Self::Interactions => config.completion_retry_ms,
            Self::Cctv => config.cctv_retry_ms,
        }
    }

    fn max_bytes(self, config: &BusConfig) -> i64 {
        match self {
            Self::Interactions => config.partition_max_bytes,
            // Installations have room for this beside the other streams.
            Self::Cctv => config.partition_max_bytes / 2,
        }
    }
}

/// Creates missing streams and consumers, and leaves existing ones unchanged. Gateways may do no more.
///
/// Fails if the server has streams for more partitions, because nobody would read those.
pub async fn ensure(bus: &Bus) -> Result<()> {
    ensure_streams(bus).await?;
    for queue in WorkQueue::ALL {
        consumer_of(bus, queue.stream(), consumer_config(bus, queue)).await?;
    }
    Ok(())
}

/// The same for session keepers. It also creates the queue of notifications, and gives existing consumers the
/// settings of this process. Gateways do not wait for these: during an upgrade they may be missing, and
/// batches need none.
pub async fn ensure_with_notifications(bus: &Bus) -> Result<()> {
    ensure_streams(bus).await?;
    create(bus, notifications::config(bus)).await?;
    for queue in WorkQueue::ALL {
        update_consumer(bus, queue.stream(), consumer_config(bus, queue)).await?;
    }
    let config = notifications::consumer_config(bus);
    update_consumer(bus, notifications::STREAM, config).await
}

/// Creates the stream of stored interactions if it is missing. No service of ours reads it, so none waits for
/// it: announcements wait in the database.
///
/// # Errors
/// When the server has no room for it, or does not answer.
pub async fn ensure_stored(bus: &Bus) -> Result<()> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    create(bus, stored::config(bus)).await
}

async fn ensure_streams(bus: &Bus) -> Result<()> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    let names: Vec<String> = bus
        .jetstream
        .stream_names()
        .try_collect()
        .await
        .map_err(|error| Error::server("listing streams", error))?;
    refuse_other_partition_count(bus, &names)?;
    for partition in bus.partitions.iter() {
        if !names.contains(&events_stream(partition)) {
            create(bus, events_config(bus, partition)).await?;
        }
    }
    for queue in WorkQueue::ALL {
        if !names.iter().any(|name| name == queue.stream()) {
            create(bus, work_queue_config(bus, queue)).await?;
        }
    }
    if !names.iter().any(|name| name == DEAD_LETTERS) {
        create(bus, dead_letters_config(bus)).await?;
    }
    if !names.iter().any(|name| name == ADVISORIES) {
        create(bus, advisories_config(bus)).await?;
    }
    Ok(())
}

fn refuse_other_partition_count(bus: &Bus, names: &[String]) -> Result<()> {
    let beyond = names
        .iter()
        .filter_map(|name| name.strip_prefix(EVENTS_PREFIX)?.parse().ok())
        .filter(|number: &u16| *number >= bus.partitions.get())
        .max();
    match beyond {
        Some(number) => Err(Error::mismatch(bus.partitions, Partition(number))),
        None => Ok(()),
    }
}

/// Another process may be creating the same streams. The server then counts the room of a stream
/// before the stream exists, so too little room for one process may be enough for all.
async fn create(bus: &Bus, config: Config) -> Result<()> {
    let attempts = ConstantBuilder::default()
        .with_delay(Duration::from_millis(100))
        .with_max_times(20);
    (|| create_now(bus, config.clone()))
        .retry(attempts)
        .when(|error| matches!(error, Error::NoRoom))
        .await
}

async fn create_now(bus: &Bus, config: Config) -> Result<()> {
    bus.jetstream
        .get_or_create_stream(config)
        .await
        .map(drop)
        .map_err(|error| match error.kind() {
            CreateStreamErrorKind::JetStream(refusal) if is_full(&refusal) => Error::NoRoom,
            _ => Error::server("creating a stream", error),
        })
}

fn events_config(bus: &Bus, partition: Partition) -> Config {
    Config {
        name: events_stream(partition),
        subjects: vec![events_subject(partition)],
        retention: RetentionPolicy::Limits,
        discard: DiscardPolicy::New,
        max_bytes: bus.config.partition_max_bytes,
        storage: StorageType::File,
        num_replicas: bus.config.replicas,
        // The keeper deduplicates exactly. The broker's window costs memory and forgets.
        duplicate_window: Duration::from_millis(100),
        allow_direct: true,
        ..Config::default()
    }
}

fn work_queue_config(bus: &Bus, queue: WorkQueue) -> Config {
    Config {
        name: queue.stream().to_owned(),
        subjects: vec![queue.subjects().to_owned()],
        retention: RetentionPolicy::WorkQueue,
        discard: DiscardPolicy::New,
        max_bytes: queue.max_bytes(&bus.config),
        storage: StorageType::File,
        num_replicas: bus.config.replicas,
        duplicate_window: Duration::from_secs(120),
        ..Config::default()
    }
}

fn dead_letters_config(bus: &Bus) -> Config {
    Config {
        name: DEAD_LETTERS.to_owned(),
        subjects: vec!["crow.dlq.>".to_owned()],
        retention: RetentionPolicy::Limits,
        // A full stream must not block the partitions, so the oldest letters are dropped.
        discard: DiscardPolicy::Old,
        max_age: Duration::from_secs(bus.config.dead_letter_days * 86_400),
        max_bytes: bus.config.partition_max_bytes,
        storage: StorageType::File,
        num_replicas: bus.config.replicas,
        duplicate_window: Duration::from_secs(120),
        ..Config::default()
    }
}

fn advisories_config(bus: &Bus) -> Config {
    Config {
        name: ADVISORIES.to_owned(),
        subjects: WorkQueue::ALL
            .map(|queue| {
                let stream = queue.stream();
                format!("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.{stream}.>")
            })
            .to_vec(),
        retention: RetentionPolicy::WorkQueue,
        // The server's own messages wait for no answer.
        no_ack: true,
        max_bytes: ADVISORIES_BYTES,
        storage: StorageType::File,
        num_replicas: bus.config.replicas,
        ..Config::default()
    }
}

/// 3 retries, as far apart as configured; what is not acknowledged then goes to the dead letters, see
/// [`crate::undelivered`].
fn consumer_config(bus: &Bus, queue: WorkQueue) -> pull::Config {
    pull::Config {
        durable_name: Some(INTERACTION_CONSUMER.to_owned()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: Duration::from_millis(queue.retry_ms(&bus.config)),
        max_deliver: 4,
        ..pull::Config::default()
    }
}

/// The durable consumer of this configuration. If there is one with this name, its settings stay.
async fn consumer_of(bus: &Bus, stream: &str, config: pull::Config) -> Result<PullConsumer> {
    let stream = bus.jetstream.get_stream_no_info(stream).await;
    let stream = stream.map_err(|error| Error::server("opening a work queue", error))?;
    let name = config.durable_name.clone().unwrap_or_default();
    stream
        .get_or_create_consumer(&name, config)
        .await
        .map_err(|error| Error::server("creating the consumer of a work queue", error))
}

/// Makes the settings of a consumer those of this configuration. It keeps its place in the queue.
async fn update_consumer(bus: &Bus, stream: &str, config: pull::Config) -> Result<()> {
    let consumer = consumer_of(bus, stream, config.clone()).await?;
    let real = &consumer.cached_info().config;
    if real.ack_wait == config.ack_wait && real.max_deliver == config.max_deliver {
        return Ok(());
    }
    bus.jetstream
        .create_consumer_on_stream(config, stream)
        .await
        .map(drop)
        .map_err(|error| Error::server("updating the consumer of a work queue", error))
}
