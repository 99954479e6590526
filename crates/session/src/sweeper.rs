//! Removes objects that nothing refers to: packs whose sessions were all archived, and what
//! crashes left behind.
//!
//! An object is removed only if no row names it and none can be added:
//!
//! - What an archive replaced, or an archive that was not committed, waits an hour: for
//!   replays that are under way, and for the commit. (A process that stands still for an hour
//!   between noting an archive and writing it leaves an object that nobody removes.)
//! - A pack without a row is an orphan once its partition was committed clearly later: an
//!   owner writes one pack at a time and commits it before the next.
//! - Nothing goes while there is a hold: a backup copies objects, or a restored database does not
//!   know the newest of them.
//! - An object of the inbox is named by a message, or by a dead letter. It goes when no stream
//!   holds a message that old, and no dead letter is kept that long.

use std::time::Duration;

use tracing::{info, warn};

use crow_bus::{Bus, reader};
use crow_db::{Db, garbage, holds};
use crow_runtime::Shutdown;
use crow_storage::{Store, keys};
use crow_types::{Partition, Timestamp};

use crate::keeper::Owned;

/// How often is swept.
const INTERVAL: Duration = Duration::from_secs(600);
/// An object that lost its rows is kept this long, in milliseconds.
const KEEP: i64 = 3_600_000;
/// How much later than a pack a commit must be, in milliseconds: more than clocks differ.
const MARGIN: i64 = 600_000;
/// Objects looked at in one go.
const BATCH: usize = 500;

/// What a sweep found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Replaced objects without a row.
    pub replaced: u64,
    /// Objects that never had a row.
    pub orphans: u64,
    /// Objects of the inbox that nobody waits for.
    pub inbox: u64,
    /// Objects that were looked at and stay.
    pub kept: u64,
    /// Whether a hold kept the sweep from going on.
    pub is_held: bool,
}

/// How a sweep goes about it.
#[derive(Debug, Clone, Copy)]
pub struct SweepOptions {
    /// Removes nothing.
    pub is_dry_run: bool,
    /// Milliseconds for which a replaced object is kept, for replays that are reading it.
    pub keep_ms: i64,
    /// Milliseconds by which a commit must be later than a pack.
    pub margin_ms: i64,
    /// Removes objects although there is a hold.
    pub ignores_holds: bool,
}

impl SweepOptions {
    /// Whether objects must stay for now. A sweep looks again and again: an object that may go
    /// before a hold begins has no row, so a snapshot that is taken later does not name it.
    async fn is_held(&self, db: &Db) -> anyhow::Result<bool> {
        if self.ignores_holds || self.is_dry_run {
            return Ok(false);
        }
        Ok(!holds::live(db).await?.is_empty())
    }
}

impl Default for SweepOptions {
    fn default() -> Self {
        Self {
            is_dry_run: false,
            keep_ms: KEEP,
            margin_ms: MARGIN,
            ignores_holds: false,
        }
    }
}

/// Sweeps until the shutdown starts. Only the owner of partition 0 sweeps.
pub(crate) async fn run(
    db: Db,
    store: Store,
    bus: Bus,
    owned: Owned,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    loop {
        tokio::select! {
            () = shutdown.started() => return Ok(()),
            () = tokio::time::sleep(INTERVAL) => {}
        }
        if !owned.list().contains(&Partition(0)) {
            continue;
        }
        match sweep_all(&db, &store, &bus, SweepOptions::default()).await {
            Ok(swept) => info!(
                replaced = swept.replaced,
                orphans = swept.orphans,
                inbox = swept.inbox,
                kept = swept.kept,
                is_held = swept.is_held,
                "swept"
            ),
            Err(error) => warn!(error = format!("{error:#}"), "sweeping failed"),
        }
    }
}

/// Sweeps once, the inbox included.
///
/// # Errors
/// When database, store or bus fail; what was done until then stays done.
pub async fn sweep_all(
    db: &Db,
    store: &Store,
    bus: &Bus,
    options: SweepOptions,
) -> anyhow::Result<Swept> {
    let mut swept = sweep(db, store, options).await?;
    if swept.is_held {
        return Ok(swept);
    }
    let of_letters = Timestamp::now().plus(-bus.dead_letter_ms());
    let before = reader::oldest_stored(bus).await?.min(of_letters);
    for key in store.list(keys::INBOX).await? {
        let is_past = keys::written_at(&key)
            .is_some_and(|written_at| written_at.plus(options.margin_ms) < before);
        if !is_past {
            swept.kept += 1;
            continue;
        }
        swept.inbox += 1;
        if !options.is_dry_run {
            store.delete(&key).await?;
        }
    }
    Ok(swept)
}

/// Sweeps once, but not the inbox. Every step may run twice, and several sweeps at once do no harm.
///
/// # Errors
/// When the database or the store fails; what was done until then stays done.
pub async fn sweep(db: &Db, store: &Store, options: SweepOptions) -> anyhow::Result<Swept> {
    let mut swept = Swept::default();
    sweep_replaced(db, store, options, &mut swept).await?;
    if swept.is_held {
        return Ok(swept);
    }
    sweep_packs(db, store, options, &mut swept).await?;
    Ok(swept)
}

async fn sweep_replaced(
    db: &Db,
    store: &Store,
    options: SweepOptions,
    swept: &mut Swept,
) -> anyhow::Result<()> {
    let until = Timestamp::now().plus(-options.keep_ms);
    // A pack is shared: while one session of it is not archived, it has a row, and the
    // archive of the last one notes it again.
    if !options.is_dry_run {
        swept.kept += garbage::forget_named(db, until).await?;
    }
    loop {
        if options.is_held(db).await? {
            swept.is_held = true;
            return Ok(());
        }
        let keys = garbage::due(db, until, BATCH as u64).await?;
        swept.replaced += keys.len() as u64;
        if options.is_dry_run || keys.is_empty() {
            return Ok(());
        }
        let marked = garbage::mark_for_removal(db, &keys).await?;
        for key in &marked {
            store.delete(key).await?;
        }
        garbage::forget(db, &marked).await?;
    }
}

async fn sweep_packs(
    db: &Db,
    store: &Store,
    options: SweepOptions,
    swept: &mut Swept,
) -> anyhow::Result<()> {
    for (partition, committed_at) in garbage::last_commits(db).await? {
        let packs = store.list(&keys::packs_of(partition)).await?;
        let is_past = |key: &String| {
            keys::written_at(key)
                .is_some_and(|written_at| written_at.plus(options.margin_ms) < committed_at)
        };
        let past: Vec<String> = packs.into_iter().filter(is_past).collect();
        for keys in past.chunks(BATCH) {
            if options.is_held(db).await? {
                swept.is_held = true;
                return Ok(());
            }
            let named = garbage::referenced(db, keys).await?;
            let noted = garbage::noted(db, keys).await?;
            for key in keys {
                if named.contains(key) || noted.contains(key) {
                    swept.kept += 1;
                    continue;
                }
                swept.orphans += 1;
                if !options.is_dry_run {
                    store.delete(key).await?;
                }
            }
        }
    }
    Ok(())
}
