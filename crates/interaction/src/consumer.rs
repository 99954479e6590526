//! Reads the work queues.

use std::pin::pin;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;
use tracing::{error, warn};

use crow_bus::Bus;
use crow_bus::queue::{Delivery, Queue};
use crow_bus::streams::WorkQueue;
use crow_runtime::Shutdown;
use crow_runtime::retry::keep_running_until_done;
use crow_types::log_chain;

use crate::failure::Failure;
use crate::metrics;
use crate::worker::Worker;

/// Batches in work at the same time: the more messages are, the fewer statements each of them needs.
const BATCHES: usize = 10;
/// The same if a model may be asked about each message, which takes seconds.
const BATCHES_WITH_MODELS: usize = 2;

/// How long a message is in work before the server hears so, and hears so again. By default it repeats a message
/// that it has not heard of for a minute.
const KEEP: Duration = Duration::from_secs(20);
/// How often it hears so. Work that hangs does not keep a message for ever.
const KEPT: u32 = 15;

/// How a queue is read.
struct Batches {
    queue: WorkQueue,
    /// Messages of one batch.
    size: usize,
    /// Messages that are processed at the same time.
    at_once: usize,
    /// How long a batch waits for messages. Each is processed as soon as it is there.
    wait: Duration,
}

impl Batches {
    fn of(queue: WorkQueue, has_models: bool) -> Self {
        let (size, seconds) = match queue {
            WorkQueue::Interactions => (10, 30),
            WorkQueue::Cctv => (5, 60),
        };
        let batches = match has_models {
            true => BATCHES_WITH_MODELS,
            false => BATCHES,
        };
        Self {
            queue,
            size,
            at_once: batches * size,
            wait: Duration::from_secs(seconds),
        }
    }
}

/// Both queues, until the shutdown starts. Returns when what is in work then is finished.
pub(crate) async fn work(worker: &Worker, bus: &Bus, shutdown: &Shutdown) {
    let queues = WorkQueue::ALL.map(async |queue| {
        let batches = Batches::of(queue, worker.ai.has_models());
        let read = || read(worker, bus, &batches, shutdown);
        keep_running_until_done(queue.stream(), read).await;
    });
    futures::future::join_all(queues).await;
}

/// Takes another batch whenever there is room for one, until the shutdown starts or the queue fails. So a
/// message that takes long holds up nobody else.
async fn read(
    worker: &Worker,
    bus: &Bus,
    batches: &Batches,
    shutdown: &Shutdown,
) -> crow_bus::Result<()> {
    if shutdown.is_started() {
        return Ok(());
    }
    let queue = Queue::open(bus, batches.queue).await?;
    let mut working = FuturesUnordered::new();
    let ended = 'taking: loop {
        let batch = match queue.batch(batches.size, batches.wait).await {
            Ok(batch) => batch,
            Err(error) => break Err(error),
        };
        // What came together asks the database together.
        let mut batch = pin!(batch.ready_chunks(batches.size).fuse());
        while !batch.is_done() || working.len() + batches.size > batches.at_once {
            let outcome = tokio::select! {
                () = shutdown.started() => break 'taking Ok(()),
                some = batch.next(), if !batch.is_done() => {
                    some.into_iter().flatten().try_for_each(|delivery| {
                        working.push(settle(worker, batches.queue, delivery?));
                        Ok(())
                    })
                },
                Some(settled) = working.next() => settled,
            };
            if outcome.is_err() {
                break 'taking outcome;
            }
        }
    };
    // A model may have been paid for these.
    while working.next().await.is_some() {}
    ended
}

/// Nobody else gets the message while it is processed, for a while.
async fn keep_while<T>(delivery: &Delivery, processing: impl Future<Output = T>) -> T {
    let mut processing = pin!(processing);
    for _kept in 0..KEPT {
        match timeout(KEEP, &mut processing).await {
            Ok(processed) => return processed,
            // If this fails, the message may be delivered again, which changes nothing.
            Err(_in_work) => drop(delivery.keep().await),
        }
    }
    processing.await
}

/// The row first, then the queue. What failed stays in the queue and is delivered again.
async fn settle(worker: &Worker, queue: WorkQueue, delivery: Delivery) -> crow_bus::Result<()> {
    let (payload, published_at) = (delivery.payload(), delivery.published_at());
    let processing = worker.process_published(queue, payload, published_at);
    match keep_while(&delivery, processing).await {
        Ok(outcome) => {
            delivery.settle().await?;
            metrics::count_outcome(outcome);
            Ok(())
        }
        Err(Failure::Unreadable(reason)) => {
            error!(
                reason = reason.to_string(),
                "a message of a work queue went to the dead letters"
            );
            metrics::count("unreadable");
            delivery.refuse(&reason.to_string()).await
        }
        Err(failure) => {
            metrics::count("failed");
            warn!(
                error = log_chain(&failure),
                "a message of a work queue failed and is delivered again"
            );
            Ok(())
        }
    }
}
