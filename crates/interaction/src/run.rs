use std::time::Duration;

use anyhow::Context;
use futures::StreamExt;
use tracing::{error, warn};

use crow_bus::Bus;
use crow_bus::queue::{Delivery, Queue};
use crow_db::{Db, installation};
use crow_keyring::Keyring;
use crow_runtime::Shutdown;
use crow_storage::{Seal, Store};
use crow_types::log_chain;

use crate::config::Config;
use crate::worker::{Failure, Worker};

/// Announcements of one batch; as many are processed at the same time.
const BATCH: usize = 10;
/// How long a batch waits for announcements. Each is processed as soon as it is there.
const WAIT: Duration = Duration::from_secs(30);
/// Before the queue is tried again.
const PAUSE: Duration = Duration::from_secs(2);

/// Puts finished sessions into words until the shutdown starts.
///
/// # Errors
/// When the database or the object store cannot be opened.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let db = Db::connect(&config.database)
        .await
        .context("opening the database")?;
    let store = Store::open(&config.storage)?;
    // It only reads, so a master key is needed once something is sealed.
    let keyring = Keyring::open(&db, &config.keyring, Seal::Off)?;
    let partitions = installation::ensure(&db, config.bus.partitions).await?;
    let bus = Bus::connect("crow-interaction", &config.bus, partitions).await?;
    let worker = Worker { db, store, keyring };
    tokio::select! {
        () = shutdown.started() => Ok(()),
        // If interrupted, announcements are delivered again.
        () = work(&worker, &bus) => Ok(()),
    }
}

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
        Ok(_outcome) => delivery.settle().await,
        Err(Failure::Unreadable(reason)) => {
            error!(
                reason = reason.to_string(),
                "an announcement went to the dead letters"
            );
            delivery.refuse(&reason.to_string()).await
        }
        Err(failure) => {
            warn!(
                error = log_chain(&failure),
                "an announcement failed and is delivered again"
            );
            Ok(())
        }
    }
}
