//! Stored interactions are announced to services of others, also those that a process has stored which died.

use std::convert::Infallible;
use std::time::Duration;

use futures::{StreamExt, stream};

use crow_bus::Bus;
use crow_bus::stored::publish;
use crow_db::Db;
use crow_db::interactions::stored;
use crow_runtime::retry::keep_running;
use crow_types::Timestamp;

use crate::metrics;

/// Announcements that are taken together.
const BATCH: u64 = 100;
/// Publishes in flight.
const CONCURRENCY: usize = 16;
/// Between two looks, when nothing is due.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a process holds what it has taken, in milliseconds: longer than publishing a batch takes.
const HOLD_MS: i64 = 30_000;

/// Why interactions were not announced. They are announced later.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the database failed")]
    Database(#[from] crow_db::Error),
    #[error("an interaction could not be announced")]
    Bus(#[from] crow_bus::Error),
}

/// For ever.
pub(crate) async fn keep_announcing(db: &Db, bus: &Bus) {
    let announcing = || announce_all(db, bus);
    keep_running("announcements of stored interactions", announcing).await;
}

async fn announce_all(db: &Db, bus: &Bus) -> Result<Infallible, Failure> {
    loop {
        if announce(db, bus, Timestamp::now()).await? < BATCH {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Announces what is due, at most [`BATCH`]; returns how many. Who dies after publishing leaves them to be
/// published again, under the same names.
pub(crate) async fn announce(db: &Db, bus: &Bus, now: Timestamp) -> Result<u64, Failure> {
    if !bus.is_connected() {
        return Err(Failure::Bus(crow_bus::Error::Disconnected));
    }
    let taken = stored::claim(db, now, now.plus(HOLD_MS), BATCH).await?;
    let outcomes: Vec<_> = stream::iter(taken)
        .map(|it| async move {
            let outcome = publish(bus, &it.message_id, it.message.clone()).await;
            (it, outcome)
        })
        .buffer_unordered(CONCURRENCY)
        .collect()
        .await;
    let (mut published, mut failure) = (Vec::with_capacity(outcomes.len()), None);
    for (it, outcome) in outcomes {
        match outcome {
            Ok(()) => published.push(it),
            Err(error) => failure = Some(error),
        }
    }
    stored::remove(db, &published).await?;
    let count = published.len() as u64;
    metrics::count_published(count);
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(count),
    }
}
