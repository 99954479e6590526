//! Messages of work queues that wait for a consumer.

use std::collections::BTreeMap;

use crow_bus::Bus;
use crow_bus::interactions::{self, ERASED, Named};
use crow_db::tombstones::{Arriving, Tombstones};
use crow_types::Timestamp;

/// Removes those of erased sessions, and reports of erased ranges of time; returns how many of each
/// organization. Also those that were delivered and are not acknowledged, so none is delivered again.
pub(super) async fn remove(
    bus: &Bus,
    tombstones: &Tombstones,
) -> crow_bus::Result<BTreeMap<String, u64>> {
    let is_unwanted = |message: &Named, published_at| is_erased(message, published_at, tombstones);
    interactions::remove_unwanted(bus, is_unwanted).await
}

/// Whether it is about something that was erased. That a session was erased stays announced.
pub(crate) fn is_erased(message: &Named, published_at: Timestamp, tombstones: &Tombstones) -> bool {
    let waiting = Arriving {
        organization: &message.organization_id,
        session: &message.session_id,
        oldest_at: message.timestamp,
        newest_at: message.timestamp,
        // A session goes with its range by itself, if anything of it is in the range.
        published_at: message.is_report().then_some(published_at.0),
        ..Arriving::default()
    };
    message.source_type != ERASED && tombstones.has_erased(&waiting)
}
