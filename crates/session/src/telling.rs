//! Hints for clients, sent to the gateways. Nothing depends on them.

use tracing::debug;

use crow_bus::Bus;
use crow_bus::notices::{self, Notice};
use crow_session_core::SessionKey;

use crate::flush::chain;

/// The core asks again while it is needed.
pub(crate) fn ask_snapshot(bus: Bus, key: &SessionKey, window_id: String) {
    metrics::counter!("crow_session_snapshots_asked_total").increment(1);
    let notice = Notice {
        window_id,
        need_snapshot: true,
        ..Notice::of(&key.organization, &key.session)
    };
    tell(bus, notice);
}

/// If the hint is lost, the window continues and no data is lost.
pub(crate) fn ask_new_window(bus: Bus, key: &SessionKey, window_id: String) {
    metrics::counter!("crow_session_reused_numbers_total").increment(1);
    let notice = Notice {
        window_id,
        new_window: true,
        ..Notice::of(&key.organization, &key.session)
    };
    tell(bus, notice);
}

/// If the hint is lost, the window continues in the next generation of its session.
pub(crate) fn tell_ended(bus: Bus, key: &SessionKey) {
    let notice = Notice {
        session_ended: true,
        ..Notice::of(&key.organization, &key.session)
    };
    tell(bus, notice);
}

/// Nothing waits for it, and nothing depends on it.
fn tell(bus: Bus, notice: Notice) {
    tokio::spawn(async move {
        if let Err(error) = notices::publish(&bus, notices::NOTICE, notice.encode()).await {
            debug!(error = chain(&error), "a notice was not sent");
        }
    });
}
