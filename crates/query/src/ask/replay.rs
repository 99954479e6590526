//! Recordings.

use crate::ask::question::questions;
use crate::ask::values::{Moment, Name};
use crate::ask::words::Format;

questions! {
    /// A recording, or a part of it.
    GetReplay {
        /// A session's `id`, or the SDK's `sessionId`, which means its latest visit.
        session "sessionId": Name,
        /// `ndjson`, the default, or `rrweb`: one JSON array of rrweb events.
        format "format": Option<Format>,
        /// Show from this moment: each window begins with its last full snapshot at or before it.
        /// Milliseconds since the epoch or RFC 3339.
        from "from": Option<Moment>,
        /// Nothing after this moment. Milliseconds since the epoch or RFC 3339.
        to "to": Option<Moment>,
    }

    /// A session while it happens.
    WatchSession {
        /// A session's `id`, or the SDK's `sessionId`, which means its latest visit.
        session "sessionId": Name,
        /// Begin with the last full snapshot of each window at or before this moment.
        /// Milliseconds since the epoch or RFC 3339.
        from "from": Option<Moment>,
    }
}
