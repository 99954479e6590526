//! What an erasure leaves in other stores than the database.
//!
//! Keys and rows are gone before this begins, so nothing can be read. It goes on until each store
//! has a receipt. Every step may run twice, and several keepers may do it at once.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::Notify;
use tracing::{error, info, warn};

use crow_bus::interactions::{self, ERASED, InteractionMessage};
use crow_bus::notices;
use crow_bus::{Bus, reader};
use crow_db::Db;
use crow_db::erasure::{self, Erasure, Receipt, Store as Place};
use crow_db::tombstones::{self, Tombstones};
use crow_runtime::Shutdown;
use crow_storage::Store;
use crow_types::{Partition, Timestamp};

use crate::keeper::Owned;

mod announcements;
mod letters;
mod objects;
mod retention;
#[cfg(test)]
mod tests;

/// How often it looks for erasures that nobody told of, and at stores that were not empty.
const INTERVAL: Duration = Duration::from_secs(5);
/// Milliseconds after which nothing that a keeper was publishing is on its way any more.
const SETTLED_MS: i64 = 20_000;
/// Milliseconds between two runs of the verifier.
const VERIFY_MS: i64 = 86_400_000;
/// Milliseconds between two looks for sessions that are too old.
const EXPIRE_MS: i64 = 3_600_000;
/// Erasures looked at in one go.
const BATCH: u64 = 100;
/// Sessions announced in one go.
const ANNOUNCED: u64 = 500;

/// The task of one process.
#[derive(Clone)]
pub(crate) struct Eraser {
    db: Db,
    store: Store,
    bus: Bus,
}

impl Eraser {
    pub(crate) fn new(db: Db, store: Store, bus: Bus) -> Self {
        Self { db, store, bus }
    }

    /// Works until the shutdown starts, on the keeper that owns the first partition.
    pub(crate) async fn run(
        self,
        owned: Owned,
        erased: Arc<Notify>,
        shutdown: Shutdown,
    ) -> anyhow::Result<()> {
        tokio::select! {
            () = shutdown.started() => {}
            () = self.listen(erased) => {}
            () = self.work(owned) => {}
        }
        Ok(())
    }

    /// Tells the keeper that leases have ended. Without the bus it notices at its next commit.
    async fn listen(&self, erased: Arc<Notify>) {
        loop {
            match notices::subscribe(&self.bus, notices::ERASED).await {
                Ok(mut told) => {
                    while told.next().await.is_some() {
                        erased.notify_one();
                    }
                }
                Err(error) => warn!(
                    error = crow_types::log_chain(&error),
                    "cannot listen to erasures, retrying"
                ),
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    async fn work(&self, owned: Owned) {
        let (mut verified_at, mut expired_at) = (Timestamp(0), Timestamp(0));
        loop {
            tokio::time::sleep(INTERVAL).await;
            if !owned.list().contains(&Partition(0)) {
                continue;
            }
            if let Err(error) = self.finish_some(Timestamp::now()).await {
                warn!(error = format!("{error:#}"), "erasing failed, retrying");
            }
            if Timestamp::now().since(expired_at) > EXPIRE_MS {
                match retention::expire(&self.db, Timestamp::now()).await {
                    Ok(_sessions) => expired_at = Timestamp::now(),
                    Err(error) => warn!(
                        error = crow_types::log_chain(&error),
                        "erasing old sessions failed, retrying"
                    ),
                }
            }
            if Timestamp::now().since(verified_at) > VERIFY_MS {
                match self.verify(Timestamp::now()).await {
                    Ok(()) => verified_at = Timestamp::now(),
                    Err(error) => warn!(error = format!("{error:#}"), "verifying erasures failed"),
                }
            }
        }
    }

    /// Goes through the erasures that are not complete.
    pub(crate) async fn finish_some(&self, now: Timestamp) -> anyhow::Result<()> {
        let erasures = erasure::incomplete(&self.db, BATCH).await?;
        if erasures.is_empty() {
            return Ok(());
        }
        let tombstones = Tombstones::load(&self.db, None).await?;
        for erasure in erasures {
            self.finish(&erasure, &tombstones, now).await?;
        }
        Ok(())
    }

    async fn finish(
        &self,
        erasure: &Erasure,
        tombstones: &Tombstones,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let mut is_complete = true;
        for receipt in &erasure.receipts {
            if receipt.verified_at.is_some() {
                continue;
            }
            let Some(place) = Place::ALL.iter().find(|it| it.as_str() == receipt.store) else {
                // A newer release knows it.
                is_complete = false;
                continue;
            };
            let next = self
                .erase_from(*place, erasure, receipt, tombstones, now)
                .await?;
            is_complete &= next.verified_at.is_some();
            if next != *receipt {
                erasure::note(&self.db, &erasure.id, &next).await?;
            }
        }
        let are_told = self.announce(erasure, now).await?;
        if is_complete && are_told && self.db.forget_erased_pages().await? {
            erasure::complete(&self.db, &erasure.id, Some(now)).await?;
            info!(
                erasure = erasure.id,
                sessions = erasure.sessions,
                seconds = now.since(Timestamp(erasure.requested_at)) / 1_000,
                "an erasure is complete"
            );
        }
        Ok(())
    }

    /// The receipt of a store after another look.
    async fn erase_from(
        &self,
        place: Place,
        erasure: &Erasure,
        before: &Receipt,
        tombstones: &Tombstones,
        now: Timestamp,
    ) -> anyhow::Result<Receipt> {
        let age = now.since(Timestamp(erasure.requested_at));
        let mut receipt = before.clone();
        let is_verified = match place {
            Place::Keys | Place::Rows => {
                let left = erasure::remaining(&self.db, &erasure.id).await?;
                let left = if place == Place::Keys {
                    left.keys
                } else {
                    left.rows
                };
                left == 0
            }
            Place::Objects => {
                let (found, removed) = objects::remove(&self.db, &self.store, &erasure.id).await?;
                (receipt.found, receipt.removed) = (found, removed);
                found == removed
            }
            // Keepers drop what tombstones refuse, and purge what they have read.
            Place::EventStreams => {
                let oldest = reader::oldest_stored(&self.bus).await?;
                oldest.0 > erasure.requested_at && age > SETTLED_MS
            }
            Place::DeadLetters => {
                let removed = letters::remove(&self.bus, &self.store, tombstones).await?;
                receipt.found += removed;
                receipt.removed += removed;
                removed == 0 && age > SETTLED_MS
            }
            Place::Announcements => {
                let removed = announcements::remove(&self.bus, tombstones).await?;
                receipt.found += removed;
                receipt.removed += removed;
                removed == 0 && age > SETTLED_MS
            }
        };
        receipt.verified_at = is_verified.then_some(now.0);
        Ok(receipt)
    }

    /// Tells consumers which sessions they must forget. True: they all know.
    async fn announce(&self, erasure: &Erasure, now: Timestamp) -> anyhow::Result<bool> {
        loop {
            let rows = erasure::unannounced(&self.db, &erasure.id, ANNOUNCED).await?;
            if rows.is_empty() {
                return Ok(true);
            }
            let mut told = Vec::with_capacity(rows.len());
            for (row, session) in rows {
                let message = InteractionMessage {
                    organization_id: erasure.organization.clone(),
                    source_type: ERASED.to_owned(),
                    session_id: session,
                    data: serde_json::json!({ "type": "session.erased", "sessionRow": row })
                        .to_string(),
                    summary: None,
                    timestamp: now.0,
                    completion_id: format!("{row}-erased"),
                };
                interactions::publish(&self.bus, &message).await?;
                told.push(row);
            }
            erasure::announced(&self.db, &erasure.id, &told).await?;
        }
    }

    /// Looks again at all erasures whose tombstones last. One that is not empty any more is
    /// incomplete again.
    pub(crate) async fn verify(&self, now: Timestamp) -> anyhow::Result<()> {
        tombstones::forget_expired(&self.db, now).await?;
        let since = now.plus(-tombstones::KEPT_MS);
        let (mut looked, mut broken) = (0_u64, 0_u64);
        for erasure in erasure::since(&self.db, since).await? {
            looked += 1;
            let left = erasure::remaining(&self.db, &erasure.id).await?;
            let (found, removed) = objects::remove(&self.db, &self.store, &erasure.id).await?;
            if left == erasure::Remaining::default() && found == removed {
                continue;
            }
            broken += 1;
            error!(
                erasure = erasure.id,
                rows = left.keys + left.rows,
                count = found - removed,
                "something of an erasure is there again"
            );
        }
        metrics::gauge!("crow_session_erasures_broken").set(broken as f64);
        info!(count = looked, wrong = broken, "erasures verified");
        Ok(())
    }
}
