//! The state of a partition's stream, and the position to read from.

use std::time::Duration;

use tracing::{error, warn};

use crow_bus::reader::{StreamState, stream_state};
use crow_bus::{Bus, streams};
use crow_session_core::FlushPlan;
use crow_types::Sequence;

use crate::flush::{Flusher, chain};

/// Name of this operation in readiness and metrics, if it keeps failing.
pub(crate) const READING: &str = "stream";
/// Pause before a retry.
pub(crate) const PAUSE: Duration = Duration::from_millis(500);

/// Asks until the bus answers.
pub(crate) async fn ask_stream(flusher: &Flusher) -> StreamState {
    let watch = flusher.troubles.watch(READING, flusher.lease.partition.0);
    loop {
        match stream_state(&flusher.bus, flusher.lease.partition).await {
            Ok(state) => return state,
            Err(error) => {
                watch.failed(chain(&error));
                warn!(
                    partition = flusher.lease.partition.0,
                    error = chain(&error),
                    "the stream does not answer"
                );
                make_missing_stream(&flusher.bus, &error);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// A wiped server has no streams, and no running service would notice. The next read shows whether
/// creating them worked.
pub(crate) fn make_missing_stream(bus: &Bus, error: &crow_bus::Error) {
    if !matches!(error, crow_bus::Error::NoStream { .. }) {
        return;
    }
    error!(error = chain(error), "a stream is missing; creating it");
    let bus = bus.clone();
    tokio::spawn(async move {
        if let Err(error) = streams::ensure(&bus).await {
            warn!(error = chain(&error), "creating streams failed, retrying");
        }
    });
}

/// A flush of nothing but the checkpoint.
pub(crate) fn only(checkpoint: Sequence) -> FlushPlan {
    FlushPlan {
        reason: crow_session_core::FlushReason::Drain,
        checkpoint,
        sessions: Vec::new(),
        events: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
        bytes: 0,
    }
}

/// The position after which reading begins.
pub(crate) fn starting_point(flusher: &Flusher, state: StreamState) -> Sequence {
    let lease = &flusher.lease;
    let before_first = Sequence(state.first.0.saturating_sub(1));
    if lease.stream_created == 0 {
        return before_first;
    }
    if lease.stream_created == state.created && lease.checkpoint <= state.last {
        return lease.checkpoint;
    }
    error!(
        partition = lease.partition.0,
        checkpoint = lease.checkpoint.0,
        last_sequence = state.last.0,
        is_recreated = lease.stream_created != state.created,
        "the stream went back; reading it from its first message"
    );
    metrics::counter!("crow_session_stream_went_back_total").increment(1);
    before_first
}
