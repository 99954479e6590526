//! Rewrites finished sessions: from chunks in the packs of many flushes into one object.
//!
//! Object first, rows second, in one transaction that checks the epoch and that the session
//! did not change meanwhile. The object's key is noted before: what a crash leaves without
//! rows goes to the sweeper.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use futures::{StreamExt, stream};
use tracing::warn;

use crow_db::archive::{self, Archive, Outcome};
use crow_db::leases::Lease;
use crow_db::{Db, Error as DbError};
use crow_runtime::Shutdown;
use crow_storage::archive::{ArchiveWriter, Frame};
use crow_storage::merge::Merge;
use crow_storage::{Error as StorageError, ListedChunks, Store, keys};
use crow_types::{ChunkRecord, SessionRecord, Timestamp};
use crow_web::Troubles;

use crate::config::SessionConfig;
use crate::keeper::Owned;

/// Sessions of a partition looked for at once.
const BATCH: u64 = 100;
/// Sessions rewritten at the same time.
const CONCURRENCY: usize = 4;
/// Compressed bytes after which another object is begun.
const MAX_OBJECT: usize = 64 << 20;
/// How often is looked for sessions.
const INTERVAL: Duration = Duration::from_secs(5);
/// A session that could not be rewritten is left alone for this long, and for longer after
/// each further failure.
const FIRST_REST: Duration = Duration::from_secs(2);
const LONGEST_REST: Duration = Duration::from_secs(1_800);
/// Lines after which other tasks get their turn.
const LINES_PER_TURN: usize = 256;

/// The archiver of one process.
pub(crate) struct Archiver {
    db: Db,
    store: Store,
    owned: Owned,
    delay_ms: i64,
    bytes_per_second: f64,
    resting: Mutex<HashMap<String, Rest>>,
}

/// Since when a session could not be archived.
struct Rest {
    failures: u32,
    until: Instant,
}

/// Why a session was not archived.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("reading or writing objects")]
    Storage(#[from] StorageError),
    #[error("reading or writing rows")]
    Database(#[from] DbError),
}

impl Archiver {
    pub(crate) fn new(db: Db, store: Store, owned: Owned, config: &SessionConfig) -> Self {
        Self {
            db,
            store,
            owned,
            delay_ms: i64::from(config.archive_delay_ms),
            bytes_per_second: config.archive_bytes_per_second as f64,
            resting: Mutex::default(),
        }
    }

    /// Archives until the shutdown starts, while intake has no trouble.
    pub(crate) async fn run(self, troubles: Troubles, shutdown: Shutdown) -> anyhow::Result<()> {
        let work = async {
            loop {
                for lease in self.owned.leases() {
                    while self.archive_some(lease, &troubles).await {}
                }
                tokio::time::sleep(INTERVAL).await;
            }
        };
        tokio::select! {
            () = work => {}
            () = shutdown.started() => {}
        }
        Ok(())
    }

    /// True: there is more to do at once. When a flush cannot be written, store and database
    /// are left to intake.
    pub(crate) async fn archive_some(&self, lease: Lease, troubles: &Troubles) -> bool {
        let until = Timestamp::now().plus(-self.delay_ms);
        let found = match archive::candidates(&self.db, lease.partition, until, BATCH).await {
            Ok(found) => found,
            Err(error) => {
                warn!(
                    partition = lease.partition.0,
                    error = crate::flush::chain(&error),
                    "looking for sessions to archive failed"
                );
                return false;
            }
        };
        let is_full = found.len() as u64 == BATCH;
        let awake: Vec<SessionRecord> = found
            .into_iter()
            .filter(|session| !self.is_resting(&session.id))
            .collect();
        let has_work = !awake.is_empty();
        stream::iter(awake)
            .for_each_concurrent(CONCURRENCY, async |session| {
                if !troubles.is_any() {
                    self.attempt(lease, session).await;
                }
            })
            .await;
        is_full && has_work && !troubles.is_any()
    }

    async fn attempt(&self, lease: Lease, session: SessionRecord) {
        let began = Instant::now();
        match self.archive(lease, &session).await {
            Ok((Outcome::Archived, bytes)) => {
                metrics::counter!("crow_session_archives_total", "outcome" => "archived")
                    .increment(1);
                self.resting().remove(&session.id);
                let least = Duration::from_secs_f64(bytes as f64 / self.bytes_per_second);
                tokio::time::sleep(least.saturating_sub(began.elapsed())).await;
            }
            Ok((Outcome::Changed, _bytes)) => {
                metrics::counter!("crow_session_archives_total", "outcome" => "changed")
                    .increment(1);
            }
            Err(failure) => {
                metrics::counter!("crow_session_archives_total", "outcome" => "failed")
                    .increment(1);
                warn!(
                    partition = lease.partition.0,
                    session = session.id,
                    error = crate::flush::chain(&failure),
                    "a session was not archived, trying again later"
                );
                self.rest(session.id);
            }
        }
    }

    /// The outcome, and how many bytes the recording has before compression.
    pub(crate) async fn archive(
        &self,
        lease: Lease,
        session: &SessionRecord,
    ) -> Result<(Outcome, u64), Failure> {
        let replaced = archive::chunks_of(&self.db, &session.id).await?;
        let bytes = replaced.iter().map(|chunk| chunk.size_bytes).sum::<i64>();
        let written = self.write_objects(session, &replaced).await?;
        let archive = Archive {
            partition: lease.partition,
            epoch: lease.epoch,
            session_id: session.id.clone(),
            updated_at: session.updated_at,
            replaced,
            chunks: rows_of(session, written),
        };
        let outcome = archive::commit(&self.db, &archive).await?;
        Ok((outcome, u64::try_from(bytes).unwrap_or(0)))
    }

    /// Merges the chunks into one object, or several if they are large; returns the frames
    /// with their keys.
    async fn write_objects(
        &self,
        session: &SessionRecord,
        chunks: &[ChunkRecord],
    ) -> Result<Vec<(String, Frame)>, Failure> {
        let mut merge = Merge::new(ListedChunks::new(&self.store, chunks));
        let mut writer = ArchiveWriter::new();
        let mut written = Vec::new();
        let mut lines = 0_usize;
        while let Some(line) = merge.next().await? {
            writer.add(&line)?;
            if writer.len() >= MAX_OBJECT {
                let full = std::mem::take(&mut writer);
                written.extend(self.put(session, full).await?);
            }
            lines += 1;
            if lines.is_multiple_of(LINES_PER_TURN) {
                tokio::task::yield_now().await;
            }
        }
        if !writer.is_empty() {
            written.extend(self.put(session, writer).await?);
        }
        Ok(written)
    }

    async fn put(
        &self,
        session: &SessionRecord,
        writer: ArchiveWriter,
    ) -> Result<Vec<(String, Frame)>, Failure> {
        let ended_at = Timestamp(session.ended_at.unwrap_or(session.last_event_at));
        let key = keys::new_archive(
            &session.organization_id,
            ended_at,
            &session.id,
            session.revision,
        );
        let (object, frames) = writer.finish()?;
        archive::note(&self.db, &key).await?;
        self.store.put(&key, object).await?;
        Ok(frames
            .into_iter()
            .map(|frame| (key.clone(), frame))
            .collect())
    }

    fn is_resting(&self, session: &str) -> bool {
        let resting = self.resting();
        let rest = resting.get(session);
        rest.is_some_and(|rest| rest.until > Instant::now())
    }

    fn rest(&self, session: String) {
        let mut resting = self.resting();
        let now = Instant::now();
        // Sessions that went elsewhere, or were erased.
        resting.retain(|_session, rest| rest.until + LONGEST_REST > now);
        let rest = resting.entry(session).or_insert(Rest {
            failures: 0,
            until: now,
        });
        let longer = FIRST_REST.saturating_mul(1 << rest.failures.min(16));
        rest.until = now + longer.min(LONGEST_REST);
        rest.failures += 1;
    }

    fn resting(&self) -> MutexGuard<'_, HashMap<String, Rest>> {
        self.resting.lock().expect("nobody panics while holding it")
    }
}

/// Frames come before all chunks that the session may still get: their indexes are negative.
fn rows_of(session: &SessionRecord, frames: Vec<(String, Frame)>) -> Vec<ChunkRecord> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let now = Timestamp::now().0;
    let name = ulid::Ulid::new();
    let first = -number(frames.len() as u64);
    let rows = (first..0).zip(frames).map(|(chunk_index, (key, frame))| {
        let Frame { extent, .. } = frame;
        ChunkRecord {
            id: format!("{}-{name}-{:08}", session.id, chunk_index - first),
            session_id: session.id.clone(),
            chunk_index,
            r2_key: key,
            byte_offset: number(extent.offset),
            byte_length: number(extent.length),
            window_id: frame.window,
            event_count: number(frame.lines),
            replay_event_count: number(frame.replay_lines),
            size_bytes: number(extent.raw),
            first_at: frame.first_at,
            last_at: frame.last_at,
            has_full_snapshot: frame.has_full_snapshot,
            created_at: now,
        }
    });
    rows.collect()
}
