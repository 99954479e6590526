//! How a partition is opened: the state of its stream, and the position to read from.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crow_bus::Error as BusError;
use crow_bus::reader::StreamState;
use crow_db::tombstones::Tombstones;
use crow_session_core::{FlushPlan, FlushReason};
use crow_types::Sequence;

use crate::effects::LOADING;
use crate::flush::{Failed, Flusher, chain};
use crate::live::Live;
use crate::outside::{Outside, Running};

/// Name of this operation in readiness and metrics, if it keeps failing.
pub(crate) const READING: &str = "stream";
/// Pause before a retry of reading.
pub(crate) const PAUSE: Duration = Duration::from_millis(500);

/// A partition that can be read.
pub(crate) struct Opened {
    /// Its lease has the checkpoint to read from.
    pub(crate) flusher: Flusher,
    pub(crate) live: Live,
    /// Loaded under the lease.
    pub(crate) tombstones: Arc<Tombstones>,
}

/// Opens the partition at its checkpoint, or at the first message of a stream that is not the one
/// the checkpoint was taken on. `None`: `stop` came first; there is nothing to drain.
pub(crate) async fn open(
    flusher: Flusher,
    stop: &CancellationToken,
) -> Result<Option<Opened>, Failed> {
    let opening = open_now(flusher);
    stop.run_until_cancelled(opening).await.transpose()
}

async fn open_now(mut flusher: Flusher) -> Result<Opened, Failed> {
    let lease = flusher.lease;
    let loading = load_tombstones(flusher.clone());
    let tombstones = Running::start(flusher.outside.as_ref(), loading).await?;
    let state = ask_stream(&flusher).await?;
    flusher.stream_created = state.created;
    let checkpoint = starting_point(&flusher, state);
    if checkpoint != lease.checkpoint || lease.stream_created != state.created {
        record_checkpoint(&flusher, checkpoint).await?;
    }
    flusher.lease.checkpoint = checkpoint;
    flusher.lease.stream_created = state.created;
    info!(
        partition = lease.partition.0,
        epoch = lease.epoch.0,
        checkpoint = checkpoint.0,
        "partition opened"
    );
    let live = Live::new(flusher.outside.clone(), lease.partition).await;
    Ok(Opened {
        flusher,
        live,
        tombstones: Arc::new(tombstones),
    })
}

/// Commits only a checkpoint, in a task of its own.
pub(crate) async fn record_checkpoint(
    flusher: &Flusher,
    checkpoint: Sequence,
) -> Result<(), Failed> {
    let writing = flusher.clone().run(only(checkpoint), Vec::new());
    Running::start(flusher.outside.as_ref(), writing).await
}

async fn load_tombstones(flusher: Flusher) -> Result<Tombstones, Failed> {
    let retry = flusher.retry(LOADING);
    let partition = Some(flusher.lease.partition);
    let loaded = retry.run(|| Tombstones::load(&flusher.db, partition)).await;
    loaded.map_err(|error| Failed::Hopeless(retry.give_up(&error)))
}

/// Asks until the bus answers.
async fn ask_stream(flusher: &Flusher) -> Result<StreamState, Failed> {
    let retry = flusher.retry(READING);
    let asked = retry.run(|| async {
        let state = flusher.outside.stream_state().await;
        if let Err(error) = &state {
            make_missing_stream(flusher.outside.as_ref(), error);
        }
        state
    });
    let state = asked.await;
    state.map_err(|error| Failed::Hopeless(retry.give_up(&error)))
}

/// A wiped server has no streams, and no running service would notice. The next read shows whether
/// creating them worked.
pub(crate) fn make_missing_stream(outside: &dyn Outside, error: &BusError) {
    if matches!(error, BusError::NoStream { .. }) {
        error!(error = chain(error), "a stream is missing; creating it");
        outside.make_streams();
    }
}

/// A flush of nothing but the checkpoint.
fn only(checkpoint: Sequence) -> FlushPlan {
    FlushPlan {
        reason: FlushReason::Drain,
        checkpoint,
        sessions: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
        bytes: 0,
    }
}

/// The position after which reading begins.
fn starting_point(flusher: &Flusher, state: StreamState) -> Sequence {
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
