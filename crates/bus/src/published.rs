//! When a message was published first, whatever was done with it since.

use async_nats::HeaderMap;

use crow_types::Timestamp;

/// Header with that time, milliseconds since the epoch.
pub(crate) const PUBLISHED: &str = "Crow-Published";

/// When a message was published first. A message that was a dead letter carries that time, because the
/// server's own time, here in nanoseconds since the epoch, is then that of the retry.
pub(crate) fn published_at(headers: Option<&HeaderMap>, stored_ns: i128) -> Timestamp {
    let stored_at = i64::try_from(stored_ns / 1_000_000).unwrap_or(i64::MAX);
    let carried: Option<i64> =
        headers.and_then(|headers| headers.get(PUBLISHED)?.as_str().parse().ok());
    Timestamp(carried.map_or(stored_at, |carried| carried.min(stored_at)))
}
