//! Rewrites sessions. A finished one becomes one object, from the chunks in the packs of many
//! flushes. The chunks of an open one are merged while it goes on ([`compaction`]).
//!
//! Object first, rows second, in one transaction that checks the epoch and that the session has not
//! changed. The object's key is noted before, so the sweeper removes an object that a crash
//! orphans.

mod compaction;

use std::time::{Duration, Instant};

use futures::{StreamExt, stream};
use tracing::{error, warn};

use crow_db::archive::{self, Archive, Candidate, Outcome, failures};
use crow_db::leases::Lease;
use crow_db::{Db, Error as DbError, reduction};
use crow_keyring::{Error as KeyringError, Keyring};
use crow_runtime::Shutdown;
use crow_runtime::Troubles;
use crow_storage::archive::{ArchiveWriter, Frame};
use crow_storage::merge::Merge;
use crow_storage::pack::LineKind;
use crow_storage::{DataKey, Error as StorageError, ListedChunks, Store, keys};
use crow_types::{ChunkRecord, SessionKeyRecord, SessionRecord, Timestamp};

use crate::config::SessionConfig;
use crate::keeper::Owned;

/// Sessions of a partition looked for at once.
const BATCH: u64 = 100;
/// Sessions rewritten at the same time.
const CONCURRENCY: usize = 4;
/// Compressed bytes after which the next object starts.
const MAX_OBJECT: usize = 64 << 20;
/// How often the archiver looks for sessions.
const INTERVAL: Duration = Duration::from_secs(5);
/// Lines after which other tasks get their turn.
const LINES_PER_TURN: usize = 256;

/// The archiver of one process.
pub(crate) struct Archiver {
    db: Db,
    store: Store,
    keyring: Keyring,
    owned: Owned,
    delay_ms: i64,
    bytes_per_second: f64,
}

/// What came of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    /// It was archived, it changed, or it failed for a reason of its own.
    Settled,
    /// The store or the database failed. The next session may fail in the same way.
    Failed,
    /// It was left to later.
    Skipped,
}

/// Why a session was not archived.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("reading or writing objects")]
    Storage(#[from] StorageError),
    #[error("reading or writing rows")]
    Database(#[from] DbError),
    #[error("getting the key of the session")]
    Keyring(#[from] KeyringError),
}

/// The key of a session in what it has, and in what is written. They differ while an installation
/// begins or stops to seal.
struct Keys {
    reading: Option<DataKey>,
    writing: Option<DataKey>,
}

impl Failure {
    /// Whether only this session is affected. Otherwise the others would fail in the same way.
    fn is_of_session(&self) -> bool {
        match self {
            Self::Storage(error) => !error.is_retryable(),
            Self::Database(error) => matches!(error, DbError::Unreadable(_)),
            Self::Keyring(error) => matches!(error, KeyringError::Damaged { .. }),
        }
    }
}

impl Archiver {
    pub(crate) fn new(
        db: Db,
        store: Store,
        keyring: Keyring,
        owned: Owned,
        config: &SessionConfig,
    ) -> Self {
        Self {
            db,
            store,
            keyring,
            owned,
            delay_ms: i64::from(config.archive_delay_ms),
            bytes_per_second: config.archive_bytes_per_second as f64,
        }
    }

    /// Archives until the shutdown starts, as long as intake works.
    pub(crate) async fn run(self, troubles: Troubles, shutdown: Shutdown) -> anyhow::Result<()> {
        let work = async {
            loop {
                for lease in self.owned.leases() {
                    while self.archive_some(lease, &troubles).await {}
                    while self.compact_some(lease, &troubles).await {}
                }
                if let Err(error) = self.count_stuck().await {
                    warn!(
                        error = crate::flush::chain(&error),
                        "counting sessions that cannot be archived failed"
                    );
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

    /// True: there is more to do at once. Pauses while flushes fail, and leaves store and database
    /// to intake.
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
        let attempts: Vec<Attempt> = stream::iter(found)
            .map(async |candidate| {
                if troubles.is_any() {
                    Attempt::Skipped
                } else {
                    self.attempt(lease, candidate).await
                }
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        is_full && attempts.contains(&Attempt::Settled)
    }

    /// Publishes how many sessions cannot be archived.
    pub(crate) async fn count_stuck(&self) -> Result<u64, DbError> {
        let partitions = self.owned.list();
        failures::forget_obsolete(&self.db, &partitions).await?;
        let stuck = failures::stuck(&self.db, &partitions).await?;
        metrics::gauge!("crow_session_archives_stuck").set(stuck as f64);
        Ok(stuck)
    }

    async fn attempt(&self, lease: Lease, candidate: Candidate) -> Attempt {
        let began = Instant::now();
        let outcome = match candidate.session {
            Ok(session) => self.archive(lease, &session).await,
            Err(error) => Err(Failure::Database(error)),
        };
        match outcome {
            Ok((Outcome::Archived, bytes)) => {
                count("archived");
                let least = Duration::from_secs_f64(bytes as f64 / self.bytes_per_second);
                tokio::time::sleep(least.saturating_sub(began.elapsed())).await;
                Attempt::Settled
            }
            Ok((Outcome::Changed, _bytes)) => {
                count("changed");
                Attempt::Skipped
            }
            Err(Failure::Database(DbError::LeaseLost)) => Attempt::Failed,
            Err(failure) => {
                count("failed");
                self.note(lease, &candidate.id, &failure).await
            }
        }
    }

    /// Postpones the session, so that others come first.
    async fn note(&self, lease: Lease, session: &str, failure: &Failure) -> Attempt {
        let reason = crate::flush::chain(failure);
        let now = Timestamp::now();
        let noted = failures::failed(&self.db, lease.partition, session, &reason, now).await;
        match noted {
            Ok(failures::STUCK) => error!(
                partition = lease.partition.0,
                session,
                error = reason,
                failures = failures::STUCK,
                "a session cannot be archived; its packs are kept"
            ),
            Ok(failures) => warn!(
                partition = lease.partition.0,
                session,
                error = reason,
                failures,
                "archiving a session failed, retrying later"
            ),
            Err(error) => {
                warn!(
                    partition = lease.partition.0,
                    session,
                    error = crate::flush::chain(&error),
                    "storing an archive failure failed"
                );
                return Attempt::Failed;
            }
        }
        if failure.is_of_session() {
            Attempt::Settled
        } else {
            Attempt::Failed
        }
    }

    /// The outcome, and the size of the recording before compression.
    pub(crate) async fn archive(
        &self,
        lease: Lease,
        session: &SessionRecord,
    ) -> Result<(Outcome, u64), Failure> {
        let replaced = archive::chunks_of(&self.db, &session.id).await?;
        let bytes = replaced.iter().map(|chunk| chunk.size_bytes).sum::<i64>();
        let (keys, new_key) = self.keys_of(&session.organization_id, &session.id).await?;
        let has_recording = !reduction::has_lost_recording(&self.db, &session.id).await?;
        let written = self
            .write_objects(session, &keys, &replaced, has_recording)
            .await?;
        let place = Place {
            session: &session.id,
            // Before all chunks that the session may still get.
            first_index: -number(written.len() as u64),
        };
        let archive = Archive {
            partition: lease.partition,
            epoch: lease.epoch,
            session_id: session.id.clone(),
            updated_at: session.updated_at,
            replaced,
            chunks: rows_of(&place, written),
            key: new_key,
        };
        let outcome = archive::commit(&self.db, &archive).await?;
        Ok((outcome, u64::try_from(bytes).unwrap_or(0)))
    }

    /// The keys of a session, and the row of a key that was made for it.
    async fn keys_of(
        &self,
        organization: &str,
        session: &str,
    ) -> Result<(Keys, Option<SessionKeyRecord>), Failure> {
        let reading = self.keyring.key_of(session).await?;
        let mut writing = self.keyring.for_writing(&[(organization, session)]).await?;
        let keys = Keys {
            reading,
            writing: writing.keys.remove(session),
        };
        Ok((keys, writing.new.pop()))
    }

    /// Merges the chunks into one object, or several if they are large, or none if nothing is left;
    /// returns the frames with their keys.
    async fn write_objects(
        &self,
        session: &SessionRecord,
        keys: &Keys,
        chunks: &[ChunkRecord],
        has_recording: bool,
    ) -> Result<Vec<(String, Frame)>, Failure> {
        let mut merge = self.lines(keys, chunks);
        let mut writer = self.new_writer(session, keys)?;
        let mut written = Vec::new();
        let mut turn = Turn::default();
        while let Some(line) = merge.next().await? {
            turn.line().await;
            if line.kind == LineKind::Replay && !has_recording {
                continue;
            }
            writer.add(&line)?;
            if writer.len() >= MAX_OBJECT {
                let next = self.new_writer(session, keys)?;
                let full = std::mem::replace(&mut writer, next);
                written.extend(self.put(full).await?);
            }
        }
        if !writer.is_empty() {
            written.extend(self.put(writer).await?);
        }
        Ok(written)
    }

    fn lines(&self, keys: &Keys, chunks: &[ChunkRecord]) -> Merge<ListedChunks> {
        Merge::new(ListedChunks::new(&self.store, keys.reading.clone(), chunks))
    }

    /// Of an object with a fresh key.
    fn new_writer(&self, session: &SessionRecord, keys: &Keys) -> Result<ArchiveWriter, Failure> {
        let ended_at = Timestamp(session.ended_at.unwrap_or(session.last_event_at));
        let object = keys::new_archive(
            &session.organization_id,
            ended_at,
            &session.id,
            session.revision,
            self.keyring.seal(),
        );
        Ok(ArchiveWriter::new(object, keys.writing.as_ref())?)
    }

    async fn put(&self, writer: ArchiveWriter) -> Result<Vec<(String, Frame)>, Failure> {
        let key = writer.object().to_owned();
        let (object, frames) = writer.finish()?;
        archive::note(&self.db, &key).await?;
        self.store.put(&key, object).await?;
        Ok(frames
            .into_iter()
            .map(|frame| (key.clone(), frame))
            .collect())
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("crow_session_archives_total", "outcome" => outcome).increment(1);
}

/// Leaves the processor to other tasks from time to time.
#[derive(Debug, Default)]
struct Turn {
    lines: usize,
}

impl Turn {
    async fn line(&mut self) {
        self.lines += 1;
        if self.lines.is_multiple_of(LINES_PER_TURN) {
            tokio::task::yield_now().await;
        }
    }
}

/// Where frames belong.
struct Place<'a> {
    /// `sessions.id`.
    session: &'a str,
    /// The index of the first one; the others follow.
    first_index: i64,
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn rows_of(place: &Place<'_>, frames: Vec<(String, Frame)>) -> Vec<ChunkRecord> {
    let now = Timestamp::now().0;
    let name = ulid::Ulid::new();
    let rows = (0_i64..).zip(frames).map(|(position, (key, frame))| {
        let Frame { extent, .. } = frame;
        ChunkRecord {
            id: format!("{}-{name}-{position:08}", place.session),
            session_id: place.session.to_owned(),
            chunk_index: place.first_index + position,
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
            // Who needs them reads the frame.
            event_ids: Vec::new(),
            created_at: now,
        }
    });
    rows.collect()
}
