//! Reads the work queue.

use std::time::Duration;

use futures::StreamExt;
use tracing::{error, warn};

use crow_bus::Bus;
use crow_bus::queue::{Delivery, Queue};
use crow_types::log_chain;

use crate::metrics;
use crate::worker::{Failure, Worker};

/// Announcements of one batch; as many are processed at the same time.
const BATCH: usize = 10;
/// How long a batch waits for announcements. Each is processed as soon as it is there.
const WAIT: Duration = Duration::from_secs(30);
/// Before the queue is tried again.
const PAUSE: Duration = Duration::from_secs(2);

/// For ever.
pub(crate) async fn work(worker: &Worker, bus: &Bus) {
    let mut is_told = false;
    loop {
        match batches(worker, bus).await {
            Ok(()) => is_told = false,
            Err(error) => {
                if !std::mem::replace(&mut is_told, true) {
                    warn!(
                        error = log_chain(&error),
                        "the work queue cannot be read, retrying"
                    );
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// One batch after the other, until the queue fails.
async fn batches(worker: &Worker, bus: &Bus) -> crow_bus::Result<()> {
    let queue = Queue::open(bus).await?;
    loop {
        let batch = queue.batch(BATCH, WAIT).await?;
        let settled = batch.map(|delivery| async move { settle(worker, delivery?).await });
        let outcomes: Vec<crow_bus::Result<()>> = settled.buffer_unordered(BATCH).collect().await;
        outcomes.into_iter().collect::<crow_bus::Result<()>>()?;
    }
}

/// The row first, then the queue. What failed stays in the queue and is delivered again.
async fn settle(worker: &Worker, delivery: Delivery) -> crow_bus::Result<()> {
    match worker.process(delivery.payload()).await {
        Ok(outcome) => {
            delivery.settle().await?;
            metrics::count_outcome(outcome);
            Ok(())
        }
        Err(Failure::Unreadable(reason)) => {
            error!(
                reason = reason.to_string(),
                "an announcement went to the dead letters"
            );
            metrics::count("unreadable");
            delivery.refuse(&reason.to_string()).await
        }
        Err(failure) => {
            metrics::count("failed");
            warn!(
                error = log_chain(&failure),
                "an announcement failed and is delivered again"
            );
            Ok(())
        }
    }
}
