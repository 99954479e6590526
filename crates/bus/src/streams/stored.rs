//! The stream of interactions that were stored. Any number of consumers read it, each from its own position.

use std::time::Duration;

use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};

use crate::connection::Bus;

/// The stream.
pub const STREAM: &str = "CROW_STORED";
/// Where stored interactions are announced. Everything below `crow.interaction` is a message of the work
/// queue [`crate::streams::INTERACTIONS`], so it must not be there.
pub const SUBJECT: &str = "crow.stored.interaction";
/// Room of the stream: about 50,000 announcements. The oldest go when it is full.
pub const MAX_BYTES: i64 = 32 << 20;

/// Who was away for longer reads the interactions from the API.
const MAX_AGE: Duration = Duration::from_secs(3 * 86_400);

pub(crate) fn config(bus: &Bus) -> Config {
    Config {
        name: STREAM.to_owned(),
        subjects: vec![SUBJECT.to_owned()],
        retention: RetentionPolicy::Limits,
        // No service waits because nobody reads them.
        discard: DiscardPolicy::Old,
        max_bytes: MAX_BYTES,
        max_age: MAX_AGE,
        storage: StorageType::File,
        num_replicas: bus.config.replicas,
        duplicate_window: Duration::from_secs(120),
        allow_direct: true,
        ..Config::default()
    }
}
