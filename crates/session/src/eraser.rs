//! What an erasure leaves in other stores than the database.
//!
//! Keys and rows are gone before this begins, so nothing can be read. It goes on until each store
//! has a receipt. Every step may run twice, and several keepers may do it at once.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::Notify;
use tracing::{error, info, warn};

use crow_bus::interactions::{self, ERASED, InteractionMessage};
use crow_bus::{Bus, notices, reader};
use crow_db::Db;
use crow_db::erasure::{self, Erasure, Receipt};
use crow_db::tombstones::{self, Tombstones};
use crow_runtime::Shutdown;
use crow_runtime::retry::keep_listening;
use crow_storage::Store;
use crow_types::notification::{Audience, News, Notification};
use crow_types::{Partition, Timestamp, stores};

use crate::keeper::Owned;

pub(crate) mod announcements;
mod letters;
mod objects;
mod retention;
#[cfg(test)]
mod tests;
mod withdrawals;

/// How often it looks for erasures that nobody told of, and at stores that were not empty.
const INTERVAL: Duration = Duration::from_secs(5);
/// Milliseconds after which nothing that a keeper was publishing is on its way any more.
const SETTLED_MS: i64 = 20_000;
/// More than clocks differ, in milliseconds.
const MARGIN_MS: i64 = 5_000;
/// Milliseconds between two runs of the verifier.
const VERIFY_MS: i64 = 86_400_000;
/// Milliseconds between two looks for what is too old.
const EXPIRE_MS: i64 = 3_600_000;
/// Erasures looked at in one go.
const BATCH: u64 = 1_000;
/// Sessions announced in one go.
const ANNOUNCED: u64 = 500;

/// Kinds of erasures that nobody waits for: they follow from settings.
const UNASKED: [&str; 2] = ["consent", "retention"];

/// What admins are told when an erasure that somebody asked for is complete.
fn news_of(erasure: &Erasure, now: Timestamp) -> Option<Notification> {
    if UNASKED.contains(&erasure.kind.as_str()) {
        return None;
    }
    let news = News::ErasureComplete {
        erasure: &erasure.id,
        mode: &erasure.mode,
    };
    let admins = Audience::Admins;
    Some(Notification::new(&erasure.organization, admins, &news, now))
}

/// What one round through the erasures found out once.
struct Round {
    now: Timestamp,
    tombstones: Tombstones,
    /// How many messages of each organization were removed; `None`: not looked at yet.
    letters: Option<Counts>,
    announcements: Option<Counts>,
    /// When the oldest message was stored that waits for a keeper.
    oldest_stored: Option<Timestamp>,
    /// Whether objects of oversized batches were looked at.
    has_looked_at_claims: bool,
}

/// By organization.
type Counts = BTreeMap<String, u64>;

impl Round {
    fn new(tombstones: Tombstones, now: Timestamp) -> Self {
        Self {
            now,
            tombstones,
            letters: None,
            announcements: None,
            oldest_stored: None,
            has_looked_at_claims: false,
        }
    }

    /// Whether nothing of before the erasure can be on its way to a store any more.
    fn is_settled(&self, erasure: &Erasure) -> bool {
        self.now.since(Timestamp(erasure.requested_at)) > SETTLED_MS
    }

    async fn oldest_stored(&mut self, eraser: &Eraser) -> anyhow::Result<Timestamp> {
        if self.oldest_stored.is_none() {
            self.oldest_stored = Some(reader::oldest_stored(&eraser.bus).await?);
        }
        Ok(self.oldest_stored.unwrap_or(Timestamp(0)))
    }

    async fn remove_claims(&mut self, eraser: &Eraser) -> anyhow::Result<()> {
        if !self.has_looked_at_claims {
            letters::remove_claims(&eraser.store, &self.tombstones).await?;
            self.has_looked_at_claims = true;
        }
        Ok(())
    }

    /// An announcement can become a letter, so announcements come first.
    async fn letters(&mut self, eraser: &Eraser) -> anyhow::Result<&mut Counts> {
        self.announcements(eraser).await?;
        if self.letters.is_none() {
            let removed = letters::remove(&eraser.bus, &eraser.store, &self.tombstones).await?;
            self.letters = Some(removed);
        }
        Ok(self.letters.get_or_insert_default())
    }

    async fn announcements(&mut self, eraser: &Eraser) -> anyhow::Result<&mut Counts> {
        if self.announcements.is_none() {
            let removed = announcements::remove(&eraser.bus, &self.tombstones).await?;
            self.announcements = Some(removed);
        }
        Ok(self.announcements.get_or_insert_default())
    }
}

async fn pass_on(bus: &Bus, erased: &Notify) -> crow_bus::Result<Infallible> {
    let mut told = notices::subscribe(bus, notices::ERASED).await?;
    while told.next().await.is_some() {
        erased.notify_one();
    }
    Err(crow_bus::Error::Disconnected)
}

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
            () = self.listen(erased, &shutdown) => {}
            () = self.work(owned) => {}
        }
        Ok(())
    }

    /// Tells the keeper that leases have ended. Without the bus it notices at its next commit.
    async fn listen(&self, erased: Arc<Notify>, shutdown: &Shutdown) {
        let listen = || pass_on(&self.bus, &erased);
        keep_listening("erasures", listen, shutdown).await;
    }

    async fn work(&self, owned: Owned) {
        let (mut verified_at, mut expired_at) = (Timestamp(0), Timestamp(0));
        let mut withdrawn_at = Timestamp(0);
        loop {
            tokio::time::sleep(INTERVAL).await;
            if !owned.list().contains(&Partition(0)) {
                continue;
            }
            if let Err(error) = self.finish_some(Timestamp::now()).await {
                warn!(error = format!("{error:#}"), "erasing failed, retrying");
            }
            if Timestamp::now().since(withdrawn_at) > withdrawals::PAUSE_MS
                && self.erase_withdrawn().await
            {
                withdrawn_at = Timestamp::now();
            }
            if Timestamp::now().since(expired_at) > EXPIRE_MS {
                match retention::expire(&self.db, Timestamp::now()).await {
                    Ok(_expired) => expired_at = Timestamp::now(),
                    Err(error) => warn!(
                        error = crow_types::log_chain(&error),
                        "removing what is too old failed, retrying"
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

    /// True: keepers have lost leases. They are told once for all organizations.
    async fn erase_withdrawn(&self) -> bool {
        let erased = withdrawals::erase(&self.db).await;
        let count = erased.unwrap_or_else(|error| {
            let error = crow_types::log_chain(&error);
            warn!(error, "looking for withdrawn consent failed, retrying");
            0
        });
        if count == 0 {
            return false;
        }
        info!(sessions = count, "erased after withdrawn consent");
        let told = notices::publish(&self.bus, notices::ERASED, bytes::Bytes::new()).await;
        if let Err(error) = told {
            let error = crow_types::log_chain(&error);
            warn!(error, "cannot announce an erasure to the services");
        }
        true
    }

    /// Goes through the erasures that are not complete. One that fails does not hold up the others.
    pub(crate) async fn finish_some(&self, now: Timestamp) -> anyhow::Result<()> {
        let erasures = erasure::incomplete(&self.db, BATCH).await?;
        if erasures.is_empty() {
            return Ok(());
        }
        let mut round = Round::new(Tombstones::load(&self.db, None).await?, now);
        let mut complete = Vec::new();
        for erasure in erasures {
            match self.finish(&erasure, &mut round).await {
                Ok(true) => complete.push(erasure),
                Ok(false) => {}
                Err(error) => warn!(
                    erasure = erasure.id,
                    error = format!("{error:#}"),
                    "an erasure cannot go on, retrying"
                ),
            }
        }
        if complete.is_empty() || !self.db.forget_erased_pages().await? {
            return Ok(());
        }
        for erasure in complete {
            let told = news_of(&erasure, now);
            erasure::complete(&self.db, &erasure.id, now, told.as_ref()).await?;
            info!(
                erasure = erasure.id,
                sessions = erasure.sessions,
                seconds = now.since(Timestamp(erasure.requested_at)) / 1_000,
                "an erasure is complete"
            );
        }
        Ok(())
    }

    /// True: every store is verified, and consumers know.
    async fn finish(&self, erasure: &Erasure, round: &mut Round) -> anyhow::Result<bool> {
        let mut is_complete = true;
        for receipt in &erasure.receipts {
            if receipt.verified_at.is_some() {
                continue;
            }
            let mut all = stores::Store::ALL.into_iter();
            let Some(place) = all.find(|it| it.as_str() == receipt.store) else {
                // A newer release knows it.
                is_complete = false;
                continue;
            };
            let next = self.erase_from(place, erasure, receipt, round).await?;
            is_complete &= next.verified_at.is_some();
            if next != *receipt {
                erasure::note(&self.db, &erasure.id, &next).await?;
            }
        }
        Ok(self.announce(erasure, round.now).await? && is_complete)
    }

    /// The receipt of a store after another look.
    async fn erase_from(
        &self,
        place: stores::Store,
        erasure: &Erasure,
        before: &Receipt,
        round: &mut Round,
    ) -> anyhow::Result<Receipt> {
        let mut receipt = before.clone();
        let is_verified = match place {
            stores::Store::Keys | stores::Store::Rows => {
                let left = erasure::remaining(&self.db, erasure).await?;
                if left != erasure::Remaining::default() {
                    erasure::remove_again(&self.db, erasure).await?;
                }
                left == erasure::Remaining::default()
            }
            stores::Store::Objects => {
                let (found, removed) = objects::remove(&self.db, &self.store, &erasure.id).await?;
                (receipt.found, receipt.removed) = (found, removed);
                found == removed
            }
            stores::Store::EventStreams => self.is_read(erasure, round).await?,
            stores::Store::DeadLetters => {
                let removed = round.letters(self).await?.remove(&erasure.organization);
                receipt.found += removed.unwrap_or(0);
                receipt.removed += removed.unwrap_or(0);
                // What was waiting in a stream can still become a letter.
                removed.is_none() && self.is_read(erasure, round).await?
            }
            stores::Store::Announcements => {
                let removed = round
                    .announcements(self)
                    .await?
                    .remove(&erasure.organization);
                receipt.found += removed.unwrap_or(0);
                receipt.removed += removed.unwrap_or(0);
                removed.is_none() && round.is_settled(erasure)
            }
        };
        receipt.verified_at = is_verified.then_some(round.now.0);
        Ok(receipt)
    }

    /// Whether keepers have dropped or stored everything that was sent before. What they stored since
    /// is erased, too.
    async fn is_read(&self, erasure: &Erasure, round: &mut Round) -> anyhow::Result<bool> {
        let oldest = round.oldest_stored(self).await?;
        if oldest.0 <= erasure.requested_at + MARGIN_MS || !round.is_settled(erasure) {
            return Ok(false);
        }
        if erasure::erase_rest(&self.db, erasure).await? > 0 {
            erasure::reopen(&self.db, &erasure.id).await?;
            return Ok(false);
        }
        round.remove_claims(self).await?;
        Ok(true)
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
                    report: None,
                };
                interactions::publish(&self.bus, &message).await?;
                told.push(row);
            }
            erasure::announced(&self.db, &erasure.id, &told).await?;
        }
    }

    /// Looks again at all erasures whose tombstones last. One of which something is there again is
    /// opened again, so that it is removed.
    pub(crate) async fn verify(&self, now: Timestamp) -> anyhow::Result<()> {
        tombstones::forget_expired(&self.db, now).await?;
        let since = now.plus(-tombstones::KEPT_MS);
        let (mut looked, mut broken) = (0_u64, 0_u64);
        for erasure in erasure::since(&self.db, since).await? {
            looked += 1;
            let left = erasure::remaining(&self.db, &erasure).await?;
            let (found, removed) = objects::remove(&self.db, &self.store, &erasure.id).await?;
            if left == erasure::Remaining::default() && found == removed {
                continue;
            }
            broken += 1;
            erasure::reopen(&self.db, &erasure.id).await?;
            error!(
                erasure = erasure.id,
                rows = left.keys + left.rows,
                count = found - removed,
                "something of an erasure is there again; removing it"
            );
        }
        metrics::gauge!("crow_session_erasures_broken").set(broken as f64);
        info!(count = looked, wrong = broken, "erasures verified");
        Ok(())
    }
}
