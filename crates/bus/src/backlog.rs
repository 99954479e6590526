//! What waits in the stream of a partition.

use crow_types::{Partition, Timestamp};

use crate::connection::Bus;
use crate::error::Result;
use crate::reader::open_stream;

/// Messages whose effects are not committed, or were committed a moment ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Their number.
    pub messages: u64,
    /// When the server stored the oldest one.
    pub oldest: Option<Timestamp>,
}

/// Asks the server. Keepers purge what they have committed, so what is there is not committed yet.
///
/// # Errors
/// When the stream does not exist or the server does not answer.
pub async fn of_partition(bus: &Bus, partition: Partition) -> Result<Backlog> {
    let stream = open_stream(bus, partition).await?;
    let state = &stream.cached_info().state;
    let stored_at = state.first_timestamp.unix_timestamp_nanos() / 1_000_000;
    let oldest = i64::try_from(stored_at).ok().map(Timestamp);
    Ok(Backlog {
        messages: state.messages,
        oldest: oldest.filter(|_at| state.messages > 0),
    })
}
