//! The work queue of what users are told of.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};

use crate::connection::Bus;

/// The work queue.
pub const STREAM: &str = "CROW_NOTIFICATIONS";
/// Where notifications are published.
pub const SUBJECT: &str = "crow.notifications";
/// Room of the queue: about 20,000 notifications. The oldest go when it is full.
pub const MAX_BYTES: i64 = 8 << 20;

/// The durable consumer, which all replicas of the read API share.
pub(crate) const CONSUMER: &str = "notifications";
/// A notification that nobody took for so long is no news.
const MAX_AGE: Duration = Duration::from_secs(7 * 86_400);

pub(crate) fn config(bus: &Bus) -> Config {
    Config {
        name: STREAM.to_owned(),
        subjects: vec![SUBJECT.to_owned()],
        retention: RetentionPolicy::WorkQueue,
        // No service waits because nobody takes them.
        discard: DiscardPolicy::Old,
        max_bytes: MAX_BYTES,
        max_age: MAX_AGE,
        storage: StorageType::File,
        num_replicas: bus.config.replicas,
        duplicate_window: Duration::from_secs(120),
        ..Config::default()
    }
}

/// Delivers a notification until it is settled or too old.
pub(crate) fn consumer_config(bus: &Bus) -> pull::Config {
    pull::Config {
        durable_name: Some(CONSUMER.to_owned()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: Duration::from_millis(bus.config.completion_retry_ms),
        // The server's word for no limit.
        max_deliver: -1,
        ..pull::Config::default()
    }
}
