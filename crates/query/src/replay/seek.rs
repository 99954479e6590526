use std::collections::HashMap;

use futures::{StreamExt, TryStreamExt};

use crow_db::read;
use crow_storage::merge::Lines;
use crow_storage::pack::LineKind;
use crow_storage::rrweb::{self, FULL_SNAPSHOT, META};

use crate::error::Result;
use crate::replay::stored::{Recording, chunk_of};

/// The maximum number of windows that are searched. All others begin at the requested time.
const MAX_WINDOWS: u64 = 256;
/// Windows that are searched concurrently.
const AT_ONCE: usize = 4;
/// Chunks of a window that are searched for its last snapshot. More than two are needed only when
/// late data made chunks overlap.
const MAX_SNAPSHOT_CHUNKS: u64 = 64;
/// Chunks that are searched for the page size when the snapshot's chunk does not hold it.
const MAX_META_CHUNKS: u64 = 4;

/// Where a player has to begin in each window to show the moment `from`: the last full snapshot at
/// or before it, including its meta event. Windows without such a snapshot are absent.
pub async fn window_starts(recording: &Recording, from: i64) -> Result<HashMap<String, i64>> {
    let Recording {
        db,
        organization,
        session,
        ..
    } = recording;
    let windows = read::snapshot_windows(db, organization, session, from, MAX_WINDOWS).await?;
    futures::stream::iter(windows.into_iter().map(|window| async move {
        let start = window_start(recording, &window, from).await?;
        Ok(start.map(|start| (window, start)))
    }))
    .buffer_unordered(AT_ONCE)
    .try_filter_map(|found| async move { Ok(found) })
    .try_collect()
    .await
}

/// A full snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Snapshot {
    /// Its time.
    pub at: i64,
    /// The time of its meta event, if the same chunk holds it.
    pub meta_at: Option<i64>,
}

async fn window_start(recording: &Recording, window: &str, from: i64) -> Result<Option<i64>> {
    let Recording {
        db,
        organization,
        session,
        ..
    } = recording;
    let rows =
        read::snapshot_chunks(db, organization, session, window, from, MAX_SNAPSHOT_CHUNKS).await?;
    let mut best: Option<Snapshot> = None;
    for row in rows {
        // Rows are sorted by their end, latest first: the remaining ones cannot hold a later
        // snapshot.
        if best.is_some_and(|best| best.at >= row.last_at) {
            break;
        }
        let mut lines = recording.open(&chunk_of(row)?).await?;
        let found = last_snapshot(&mut lines, window, from)?;
        if found.is_some_and(|found| best.is_none_or(|best| found.at > best.at)) {
            best = found;
        }
    }
    let Some(snapshot) = best else {
        return Ok(None);
    };
    let meta_at = match snapshot.meta_at {
        Some(at) => Some(at),
        None => meta_before(recording, window, snapshot.at).await?,
    };
    Ok(Some(meta_at.unwrap_or(snapshot.at)))
}

/// The meta event of a snapshot may be in an earlier batch.
async fn meta_before(recording: &Recording, window: &str, snapshot_at: i64) -> Result<Option<i64>> {
    let Recording {
        db,
        organization,
        session,
        ..
    } = recording;
    let rows = read::last_chunks(
        db,
        organization,
        session,
        window,
        snapshot_at,
        MAX_META_CHUNKS,
    )
    .await?;
    let mut latest = None;
    for row in rows {
        if latest.is_some_and(|latest| latest >= row.last_at) {
            break;
        }
        let mut lines = recording.open(&chunk_of(row)?).await?;
        latest = latest.max(last_meta(&mut lines, window, snapshot_at)?);
    }
    Ok(latest)
}

/// The last full snapshot of the window at or before `at`.
pub(super) fn last_snapshot(
    lines: &mut impl Lines,
    window: &str,
    at: i64,
) -> Result<Option<Snapshot>> {
    let mut meta_at = None;
    let mut snapshot = None;
    while let Some(line) = lines.next()? {
        if line.at > at {
            break;
        }
        if line.kind == LineKind::Event || line.window != window {
            continue;
        }
        match rrweb::event_type(&line.data) {
            Some(META) => meta_at = Some(line.at),
            Some(FULL_SNAPSHOT) => {
                snapshot = Some(Snapshot {
                    at: line.at,
                    meta_at: meta_at.take(),
                });
            }
            Some(_) | None => {}
        }
    }
    Ok(snapshot)
}

fn last_meta(lines: &mut impl Lines, window: &str, at: i64) -> Result<Option<i64>> {
    let mut latest = None;
    while let Some(line) = lines.next()? {
        if line.at > at {
            break;
        }
        let is_replay = line.kind == LineKind::Replay && line.window == window;
        if is_replay && rrweb::event_type(&line.data) == Some(META) {
            latest = Some(line.at);
        }
    }
    Ok(latest)
}
