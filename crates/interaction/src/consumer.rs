//! Reads the work queues.

use std::pin::pin;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::sleep;
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

/// How often the server hears that a message is in work, within the time after which it would repeat it.
const KEPT_WITHIN: u32 = 3;
/// How often it hears so altogether: by default for five minutes. Then the work is given up.
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
    let every = queue.repeats_after() / KEPT_WITHIN;
    let mut working = FuturesUnordered::new();
    let ended = 'taking: loop {
        let batch = match queue.batch(batches.size, batches.wait).await {
            Ok(batch) => batch,
            Err(error) => break Err(error),
        };
        // What came together asks the database together.
        let mut batch = pin!(batch.ready_chunks(batches.size).fuse());
        while !batch.is_done() || working.len() + batches.size > batches.at_once {
            let some = tokio::select! {
                () = shutdown.started() => break 'taking Ok(()),
                some = batch.next(), if !batch.is_done() => some,
                Some(()) = working.next() => None,
            };
            for delivery in some.into_iter().flatten() {
                match delivery {
                    Ok(delivery) => working.push(process(worker, batches.queue, delivery, every)),
                    Err(error) => break 'taking Err(error),
                }
            }
        }
    };
    // A model may have been paid for these.
    while working.next().await.is_some() {}
    ended
}

/// The row first, then the queue. What failed stays in the queue and is delivered again.
async fn process(worker: &Worker, queue: WorkQueue, delivery: Delivery, keep_every: Duration) {
    let (payload, published_at) = (delivery.payload(), delivery.published_at());
    let processing = worker.process_published(queue, payload, published_at);
    let processed = keep_while(&delivery, keep_every, processing).await;
    let settled = match processed.unwrap_or(Err(Failure::TooLong)) {
        Ok(outcome) => {
            let settled = delivery.settle().await;
            settled.inspect(|()| metrics::count_outcome(outcome, published_at))
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
    };
    if let Err(error) = settled {
        warn!(
            error = log_chain(&error),
            "a message of a work queue is done and is delivered again"
        );
    }
}

/// Nobody else gets the message while it is processed. `None`: that took too long and was stopped.
async fn keep_while<T>(
    delivery: &Delivery,
    every: Duration,
    processing: impl Future<Output = T>,
) -> Option<T> {
    let keeping = async {
        for _kept in 0..KEPT {
            sleep(every).await;
            // If this fails, the message may be delivered again, which changes nothing.
            drop(delivery.keep().await);
        }
        sleep(every).await;
    };
    tokio::select! {
        biased;
        processed = processing => Some(processed),
        () = keeping => None,
    }
}
