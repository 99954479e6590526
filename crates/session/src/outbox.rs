//! Announces finished sessions: outbox row, then the work queue, then the mark. Announcements that
//! no consumer acknowledges go to the dead letters.
//!
//! A crash between publishing and marking repeats a message with the same completion id.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, stream};
use tracing::{error, warn};

use crow_bus::streams::WorkQueue;
use crow_bus::undelivered::{self, LeftOver};
use crow_bus::{Bus, interactions};
use crow_db::{Db, outbox, sessions};
use crow_runtime::Shutdown;
use crow_types::{OutboxRecord, SessionRecord, Timestamp};

use crate::announcement::announcement_of;
use crate::flush::chain;
use crate::keeper::Owned;

/// Announcements read at once.
const BATCH: u64 = 1_024;
/// Publishes in flight.
const CONCURRENCY: usize = 32;
/// Announcements to try first after a failed pass, to find out cheaply whether the bus works again.
/// More than one, because a single one may be the one that fails.
const PROBE: u64 = CONCURRENCY as u64;
/// Maximum bytes of an announcement. The bus may allow less.
const MAX_BYTES: usize = 512 << 10;
/// How often is looked when nobody calls.
const INTERVAL: Duration = Duration::from_secs(1);
/// How often it looks for announcements that no consumer acknowledged.
const BURIAL_INTERVAL: Duration = Duration::from_secs(5);
/// Sent announcements are kept this long, in milliseconds.
const KEEP_SENT: i64 = 24 * 3_600_000;

/// Publishes until the shutdown starts.
pub(crate) async fn run(
    db: Db,
    bus: Bus,
    owned: Owned,
    announced: Arc<tokio::sync::Notify>,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    tokio::select! {
        () = shutdown.started() => Ok(()),
        // If interrupted, it only repeats an announcement.
        () = announce(db, bus, owned, announced) => Ok(()),
    }
}

async fn announce(db: Db, bus: Bus, owned: Owned, announced: Arc<tokio::sync::Notify>) {
    let mut last_cleaned = Timestamp(0);
    let mut batch = BATCH;
    let mut unreadable = BTreeSet::new();
    loop {
        batch = match publish_all(&db, &bus, &owned, batch).await {
            Ok(found) => {
                report_unreadable(&unreadable, &found);
                unreadable = found;
                BATCH
            }
            Err(error) => {
                warn!(error = format!("{error:#}"), "announcing failed, retrying");
                PROBE
            }
        };
        if Timestamp::now().since(last_cleaned) > KEEP_SENT / 24 {
            last_cleaned = Timestamp::now();
            if let Err(error) = outbox::forget_sent(&db, last_cleaned.plus(-KEEP_SENT)).await {
                warn!(error = chain(&error), "cleaning up the outbox failed");
            }
        }
        tokio::select! {
            () = announced.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Goes through the unsent announcements once, oldest first, `first_batch` of them and then
/// [`BATCH`] at a time. A failed one is skipped until the next pass. If all of a batch fail, the
/// pass ends. Returns the sessions that this version cannot read; they wait for one that can.
async fn publish_all(
    db: &Db,
    bus: &Bus,
    owned: &Owned,
    first_batch: u64,
) -> anyhow::Result<BTreeSet<String>> {
    let partitions = owned.list();
    let mut unreadable = BTreeSet::new();
    if partitions.is_empty() {
        return Ok(unreadable);
    }
    let mut last: Option<OutboxRecord> = None;
    let mut batch = first_batch;
    loop {
        let mut rows = outbox::unsent(db, &partitions, last.as_ref(), batch).await?;
        let is_last = rows.len() < batch as usize;
        last = rows.last().cloned();
        let (sessions, bad) = &sessions_of(db, &rows).await?;
        rows.retain(|row| !bad.contains(&row.session_id));
        unreadable.extend(bad.iter().cloned());
        let outcomes: Vec<(String, anyhow::Result<()>)> = stream::iter(rows)
            .map(|row| async move {
                let session = sessions.get(&row.session_id);
                (row.id.clone(), publish_one(db, bus, &row, session).await)
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        let mut sent = Vec::with_capacity(outcomes.len());
        let mut failure = None;
        for (id, outcome) in outcomes {
            match outcome {
                Ok(()) => sent.push(id),
                Err(error) => failure = Some(error.context(format!("announcement {id}"))),
            }
        }
        metrics::counter!("crow_session_announcements_total").increment(sent.len() as u64);
        let has_sent_some = !sent.is_empty();
        outbox::mark_sent(db, sent).await?;
        match failure {
            Some(error) if !has_sent_some || is_last => return Err(error),
            Some(error) => warn!(error = format!("{error:#}"), "announcing failed"),
            None if is_last => return Ok(unreadable),
            None => {}
        }
        batch = BATCH;
    }
}

/// Says once which sessions cannot be announced.
fn report_unreadable(before: &BTreeSet<String>, now: &BTreeSet<String>) {
    metrics::gauge!("crow_session_announcements_unreadable").set(now.len() as f64);
    for session in now.difference(before) {
        error!(
            session,
            "a session cannot be read by this version, so it is not announced"
        );
    }
}

/// Moves what no consumer acknowledged to the dead letters, until the shutdown starts.
pub(crate) async fn bury_undelivered(bus: Bus, shutdown: Shutdown) -> anyhow::Result<()> {
    let burying = async {
        let mut left_over = WorkQueue::ALL.map(LeftOver::of);
        loop {
            tokio::time::sleep(BURIAL_INTERVAL).await;
            report_burial(undelivered::bury(&bus).await);
            for queue in &mut left_over {
                report_burial(queue.bury(&bus).await);
            }
        }
    };
    tokio::select! {
        () = shutdown.started() => Ok(()),
        () = burying => Ok(()),
    }
}

fn report_burial(outcome: crow_bus::Result<usize>) {
    match outcome {
        Ok(0) => {}
        Ok(count) => {
            metrics::counter!("crow_session_undelivered_total").increment(count as u64);
            error!(
                count,
                "messages of a work queue moved to the dead letters: no consumer acknowledged them"
            );
        }
        Err(error) => warn!(
            error = chain(&error),
            "looking for undelivered announcements failed"
        ),
    }
}

/// By row id, and the ids of those that cannot be read.
async fn sessions_of(
    db: &Db,
    rows: &[OutboxRecord],
) -> crow_db::Result<(HashMap<String, SessionRecord>, Vec<String>)> {
    let ids: Vec<&str> = rows.iter().map(|row| row.session_id.as_str()).collect();
    let (found, unreadable) = sessions::by_row_ids(db, &ids).await?;
    let found = found
        .into_iter()
        .map(|session| (session.id.clone(), session));
    Ok((found.collect(), unreadable))
}

/// A deleted session has nothing to announce.
async fn publish_one(
    db: &Db,
    bus: &Bus,
    row: &OutboxRecord,
    session: Option<&SessionRecord>,
) -> anyhow::Result<()> {
    let Some(session) = session else {
        return Ok(());
    };
    let max_bytes = bus.max_message_bytes().min(MAX_BYTES);
    let message = announcement_of(db, row, session, max_bytes).await?;
    metrics::histogram!("crow_session_announce_delay_seconds")
        .record(Timestamp::now().since(Timestamp(row.created_at)) as f64 / 1_000.0);
    Ok(interactions::publish(bus, &message).await?)
}
