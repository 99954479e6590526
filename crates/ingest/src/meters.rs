//! Metrics of every request, looked up once. Rarer metrics are looked up where they are counted.

use metrics::{Counter, Histogram};

use crate::outcome::{self, Lane};

/// Handles of metrics.
pub(crate) struct Meters {
    /// Bytes of bodies as they were sent.
    pub received_bytes: Counter,
    /// Bytes of the same bodies, inflated.
    pub inflated_bytes: Counter,
    /// From the first attempt to the acknowledgement of the bus.
    pub publish_seconds: Histogram,
    durable_events: Counter,
    durable_replay: Counter,
}

impl Meters {
    pub(crate) fn new() -> Self {
        Self {
            received_bytes: metrics::counter!("crow_ingest_bytes_total", "kind" => "received"),
            inflated_bytes: metrics::counter!("crow_ingest_bytes_total", "kind" => "inflated"),
            publish_seconds: metrics::histogram!("crow_ingest_publish_seconds"),
            durable_events: outcome::items("accepted", "durable", Lane::Events),
            durable_replay: outcome::items("accepted", "durable", Lane::Replay),
        }
    }

    /// Items that became durable.
    pub(crate) fn count_durable(&self, events: usize, replay: usize) {
        self.durable_events.increment(events as u64);
        self.durable_replay.increment(replay as u64);
    }
}
