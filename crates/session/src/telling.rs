//! Hints for clients, sent to the gateways. Nothing depends on them.

use crow_bus::notices::Notice;
use crow_session_core::SessionKey;

use crate::outside::Outside;

/// The core asks again while it is needed.
pub(crate) fn ask_snapshot(outside: &dyn Outside, key: &SessionKey, window_id: String) {
    metrics::counter!("crow_session_snapshots_asked_total").increment(1);
    let notice = Notice {
        window_id,
        need_snapshot: true,
        ..Notice::of(&key.organization, &key.session)
    };
    outside.tell(notice);
}

/// If the hint is lost, the window continues and no data is lost.
pub(crate) fn ask_new_window(outside: &dyn Outside, key: &SessionKey, window_id: String) {
    metrics::counter!("crow_session_reused_numbers_total").increment(1);
    let notice = Notice {
        window_id,
        new_window: true,
        ..Notice::of(&key.organization, &key.session)
    };
    outside.tell(notice);
}

/// If the hint is lost, the window continues in the next generation of its session.
pub(crate) fn tell_ended(outside: &dyn Outside, key: &SessionKey) {
    let notice = Notice {
        session_ended: true,
        ..Notice::of(&key.organization, &key.session)
    };
    outside.tell(notice);
}
