//! Messages of work queues that wait for a consumer.

use std::collections::BTreeMap;

use crow_bus::Bus;
use crow_bus::interactions::{self, ERASED, Named};
use crow_db::tombstones::{Arriving, Tombstones};

/// Removes those of erased sessions; returns how many of each organization.
pub(super) async fn remove(
    bus: &Bus,
    tombstones: &Tombstones,
) -> crow_bus::Result<BTreeMap<String, u64>> {
    interactions::remove_unwanted(bus, |message| is_erased(message, tombstones)).await
}

/// Whether it is about a session that was erased. That a session was erased stays announced.
pub(crate) fn is_erased(message: &Named, tombstones: &Tombstones) -> bool {
    let session = Arriving {
        organization: &message.organization_id,
        session: &message.session_id,
        oldest_at: message.timestamp,
        ..Arriving::default()
    };
    message.source_type != ERASED && tombstones.refuse(&session)
}
