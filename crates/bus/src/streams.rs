//! The streams: their names, and their creation.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::context::CreateStreamErrorKind;
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};
use backon::{ConstantBuilder, Retryable};
use futures::TryStreamExt;

use crow_types::Partition;

use crate::connection::{Bus, is_full};
use crate::error::{Error, Result};

/// Announcements of finished sessions.
pub const INTERACTIONS: &str = "CROW_INTERACTIONS";
/// What could not be processed.
pub const DEAD_LETTERS: &str = "CROW_DLQ";
/// Advisories about announcements without deliveries left.
pub(crate) const ADVISORIES: &str = "CROW_ADVISORIES";
/// The durable consumer that the interaction service pulls from.
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
pub fn names(partition: Partition) -> [String; 4] {
    let [interactions, letters, advisories] = [INTERACTIONS, DEAD_LETTERS, ADVISORIES];
    [
        events_stream(partition),
        interactions.to_owned(),
        letters.to_owned(),
        advisories.to_owned(),
    ]
}

/// Creates missing streams, and leaves existing ones unchanged.
///
/// Fails if the server has streams for more partitions, because nobody would read those.
pub async fn ensure(bus: &Bus) -> Result<()> {
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
    if !names.iter().any(|name| name == INTERACTIONS) {
        create(bus, interactions_config(bus)).await?;
    }
    if !names.iter().any(|name| name == DEAD_LETTERS) {
        create(bus, dead_letters_config(bus)).await?;
    }
    if !names.iter().any(|name| name == ADVISORIES) {
        create(bus, advisories_config(bus)).await?;
    }
    ensure_interaction_consumer(bus).await
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

fn interactions_config(bus: &Bus) -> Config {
    Config {
        name: INTERACTIONS.to_owned(),
        subjects: vec!["crow.interaction.>".to_owned()],
        retention: RetentionPolicy::WorkQueue,
        discard: DiscardPolicy::New,
        max_bytes: bus.config.partition_max_bytes,
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
        subjects: vec![format!(
            "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.{INTERACTIONS}.>"
        )],
        retention: RetentionPolicy::WorkQueue,
        // The server's own messages wait for no answer.
        no_ack: true,
        max_bytes: 16 << 20,
        storage: StorageType::File,
        num_replicas: bus.config.replicas,
        ..Config::default()
    }
}

/// 3 retries, 60 s apart; what is not acknowledged then goes to the dead letters, see
/// [`crate::undelivered`].
async fn ensure_interaction_consumer(bus: &Bus) -> Result<()> {
    let stream = bus
        .jetstream
        .get_stream_no_info(INTERACTIONS)
        .await
        .map_err(|error| Error::server("opening the interaction stream", error))?;
    let config = pull::Config {
        durable_name: Some(INTERACTION_CONSUMER.to_owned()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: Duration::from_millis(bus.config.completion_retry_ms),
        max_deliver: 4,
        ..pull::Config::default()
    };
    stream
        .get_or_create_consumer(INTERACTION_CONSUMER, config)
        .await
        .map(drop)
        .map_err(|error| Error::server("creating the interaction consumer", error))
}
