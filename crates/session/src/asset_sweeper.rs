//! Removes pictures and fonts that no session needs any more.
//!
//! A session keeps its assets for as long as it has a row. When sessions are deleted, by retention
//! or erasure, their reports are deleted. An address that no other session has shown is deleted
//! with all its versions: rows first, objects later by [`crate::sweeper`]. Assets that were shown
//! in the last two days stay, because a report may be in flight.

use std::collections::HashMap;
use std::time::Duration;

use tracing::{info, warn};

use crow_db::Db;
use crow_db::assets::{SHOWN_EVERY, sweep};
use crow_runtime::Shutdown;
use crow_types::{Partition, Timestamp};

use crate::keeper::Owned;

/// How often it sweeps. A sweep reads the reports of all sessions.
const INTERVAL: Duration = Duration::from_secs(6 * 3_600);
/// First sweep after the start, so that a process that restarts daily sweeps as well.
const FIRST: Duration = Duration::from_secs(900);
/// Rows looked at in one go.
const BATCH: u64 = 1_000;
/// Addresses looked at in one sweep.
const MAX_STALE: u64 = 500_000;
/// How long sessions are remembered that showed an address with too few others: 30 days, in
/// milliseconds.
const KEEP_WITNESSES: i64 = 30 * 86_400_000;

/// What a sweep of assets found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SweptAssets {
    /// Reports of sessions that are gone.
    pub reports: u64,
    /// Addresses that no session needs.
    pub addresses: u64,
    /// Addresses that were not shown recently, but are needed.
    pub kept: u64,
}

/// How a sweep of assets goes about it.
#[derive(Debug, Clone, Copy)]
pub struct AssetSweepOptions {
    /// Removes nothing.
    pub is_dry_run: bool,
    /// Minimum age of an address or report, in milliseconds. Must exceed a day, because the last
    /// use of an address is known to the day. Must also exceed the lag of the keepers.
    pub keep_ms: i64,
}

impl Default for AssetSweepOptions {
    fn default() -> Self {
        Self {
            is_dry_run: false,
            keep_ms: 2 * SHOWN_EVERY,
        }
    }
}

/// Sweeps until the shutdown starts. Only the owner of partition 0 sweeps.
pub(crate) async fn run(db: Db, owned: Owned, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut pause = FIRST;
    loop {
        tokio::select! {
            () = shutdown.started() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
        pause = INTERVAL;
        if !owned.list().contains(&Partition(0)) {
            continue;
        }
        match sweep_assets(&db, AssetSweepOptions::default()).await {
            Ok(swept) => info!(
                reports = swept.reports,
                addresses = swept.addresses,
                kept = swept.kept,
                "swept assets"
            ),
            Err(error) => warn!(error = format!("{error:#}"), "sweeping assets failed"),
        }
    }
}

/// Sweeps once. Every step may run twice, and several sweeps at once do no harm.
///
/// # Errors
/// When the database fails; what was done until then stays done.
pub async fn sweep_assets(db: &Db, options: AssetSweepOptions) -> anyhow::Result<SweptAssets> {
    let mut swept = SweptAssets::default();
    let at = Timestamp::now().plus(-options.keep_ms);
    let stale = sweep::stale_urls(db, at, MAX_STALE).await?;
    let found = stale.len() as u64;
    let mut unneeded: HashMap<[u8; 8], sweep::StaleUrl> = stale
        .into_iter()
        .map(|stale| (stale.hash.short(), stale))
        .collect();
    let mut after = None;
    loop {
        let refs = sweep::refs(db, after.as_ref(), BATCH).await?;
        let Some(last) = refs.last() else { break };
        after = Some(last.key.clone());
        let mut gone = Vec::new();
        for shown in refs {
            if !shown.has_session && shown.created_at <= at.0 {
                gone.push(shown.key);
                continue;
            }
            for hash in shown.urls.chunks_exact(8) {
                if let Ok(hash) = <[u8; 8]>::try_from(hash) {
                    unneeded.remove(&hash);
                }
            }
        }
        swept.reports += gone.len() as u64;
        if !options.is_dry_run {
            sweep::remove_refs(db, &gone).await?;
        }
    }
    for stale in unneeded.values() {
        if options.is_dry_run || sweep::remove(db, stale, at).await? {
            swept.addresses += 1;
        }
    }
    swept.kept = found - swept.addresses;
    if !options.is_dry_run {
        sweep::remove_witnesses(db, at.plus(options.keep_ms - KEEP_WITNESSES)).await?;
    }
    Ok(swept)
}
