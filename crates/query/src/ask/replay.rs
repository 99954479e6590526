//! Recordings.

use crate::ask::question::questions;
use crate::ask::values::{Moment, Name};
use crate::ask::words::Format;

questions! {
    /// A recording, or a part of it.
    GetReplay {
        /// A session's `id`, or the SDK's `sessionId`, which means its latest generation.
        session "sessionId": Name,
        /// `ndjson` (default), or `rrweb`: one JSON array of rrweb events.
        format "format": Option<Format>,
        /// The first moment to show. Each window begins with its last full snapshot at or before
        /// it. Milliseconds since the epoch or RFC 3339.
        from "from": Option<Moment>,
        /// The last moment. Milliseconds since the epoch or RFC 3339.
        to "to": Option<Moment>,
    }

    /// A session while it happens.
    WatchSession {
        /// A session's `id`, or the SDK's `sessionId`, which means its latest generation.
        session "sessionId": Name,
        /// Begin with the last full snapshot of each window at or before this moment.
        /// Milliseconds since the epoch or RFC 3339.
        from "from": Option<Moment>,
    }
}
