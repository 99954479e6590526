//! Keeps what users are told of: takes notifications of other services from the bus, and reminds of
//! API keys that expire. Any number of replicas may do both: a row is written once for each user.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::time::Duration;

use futures::StreamExt;
use tracing::{error, warn};

use crow_bus::Bus;
use crow_bus::notifications as queue;
use crow_bus::queue::Delivery;
use crow_db::{Db, api_keys, notifications};
use crow_runtime::Shutdown;
use crow_runtime::retry::keep_listening;
use crow_types::notification::Notification;
use crow_types::{Timestamp, log_chain};

mod expiry;
#[cfg(test)]
mod tests;

/// Notifications that are taken at a time.
const BATCH: usize = 10;
/// How long one request waits for notifications. Each is taken as soon as it is there.
const WAIT: Duration = Duration::from_secs(30);
/// Time between two looks at the keys.
const REMINDER_INTERVAL: Duration = Duration::from_secs(600);

/// Takes notifications from the bus until the shutdown starts. If interrupted, they are delivered
/// again.
pub async fn take(db: Db, bus: Bus, shutdown: Shutdown) -> anyhow::Result<()> {
    keep_listening("notifications", || read(&db, &bus), &shutdown).await;
    Ok(())
}

/// One batch after the other, until the queue fails.
async fn read(db: &Db, bus: &Bus) -> crow_bus::Result<Infallible> {
    let queue = queue::open(bus).await?;
    loop {
        let batch = queue.batch(BATCH, WAIT).await?;
        let mut batch = std::pin::pin!(batch);
        while let Some(delivery) = batch.next().await {
            settle(db, delivery?).await?;
        }
    }
}

/// The rows first, then the queue. What failed stays in the queue and is delivered again.
async fn settle(db: &Db, delivery: Delivery) -> crow_bus::Result<()> {
    let notification = match Notification::read(delivery.payload()) {
        Ok(notification) => notification,
        Err(reason) => {
            error!(
                reason = reason.to_string(),
                "a notification cannot be read and went to the dead letters"
            );
            count("unreadable");
            return delivery.refuse(&reason.to_string()).await;
        }
    };
    match notifications::add(db, &notification).await {
        Ok(added) => {
            delivery.settle().await?;
            count(if added > 0 { "stored" } else { "known" });
        }
        Err(error) => {
            count("failed");
            warn!(
                error = log_chain(&error),
                "a notification cannot be stored and is delivered again"
            );
        }
    }
    Ok(())
}

/// `known`: all users have it, or nobody is told.
fn count(outcome: &'static str) {
    metrics::counter!("crow_query_notifications_total", "outcome" => outcome).increment(1);
}

/// Reminds of keys, and removes old notifications, until the shutdown starts.
pub async fn remind(db: Db, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut told = BTreeSet::new();
    loop {
        if let Err(error) = remind_once(&db, Timestamp::now(), &mut told).await {
            warn!(
                error = log_chain(&error),
                "looking for API keys that expire failed, retrying"
            );
        }
        tokio::select! {
            () = shutdown.started() => return Ok(()),
            () = tokio::time::sleep(REMINDER_INTERVAL) => {}
        }
    }
}

/// `told` are the ids of what this process has told. What others have told is added again, and has no
/// effect.
async fn remind_once(db: &Db, now: Timestamp, told: &mut BTreeSet<String>) -> crow_db::Result<()> {
    notifications::remove_old(db, now).await?;
    let keys = api_keys::expiring(db, now.plus(-expiry::LOOKS_BACK_MS), expiry::until(now)).await?;
    let due = keys.iter().filter_map(|key| expiry::reminder(key, now));
    let due: BTreeMap<String, Notification> = due
        .map(|it| (format!("{}.{}", it.organization_id, it.id), it))
        .collect();
    told.retain(|id| due.contains_key(id));
    for (id, reminder) in due {
        if !told.contains(&id) {
            notifications::add(db, &reminder).await?;
            told.insert(id);
        }
    }
    Ok(())
}
