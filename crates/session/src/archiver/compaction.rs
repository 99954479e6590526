//! Merges the chunks of open sessions. The chunks of one session become frames, and the frames of
//! all sessions of a round are one object, so a round writes at most one.
//!
//! As for archives: object first, rows second, in one transaction that checks the epoch and that
//! the chunks are still there. A crash before the commit leaves an object that the sweeper removes.

use std::time::{Duration, Instant};

use tracing::warn;

use crow_db::archive::compaction::{self, CHUNKS, Compaction, FIRST_INDEX, Mergeable, Merged};
use crow_db::archive::{self, Outcome};
use crow_db::leases::Lease;
use crow_db::sessions;
use crow_runtime::Troubles;
use crow_storage::archive::ArchiveWriter;
use crow_storage::keys;
use crow_types::{ChunkRecord, Timestamp};

use super::{Archiver, Failure, MAX_OBJECT, Place, Turn, count, rows_of};

/// Sessions of a partition that are merged in one round.
const SESSIONS: u64 = 100;
/// Compressed bytes of one session that are merged in one round, unless a single chunk has more.
const MAX_BYTES: i64 = 32 << 20;

impl Archiver {
    /// Merges chunks once. True: there is more to do at once.
    pub(crate) async fn compact_some(&self, lease: Lease, troubles: &Troubles) -> bool {
        if troubles.is_any() {
            return false;
        }
        let began = Instant::now();
        let until = Timestamp::now().plus(-self.delay_ms);
        match self.compact(lease, CHUNKS, until).await {
            Ok(None) => false,
            Ok(Some((outcome, bytes))) => {
                let is_merged = outcome == Outcome::Archived;
                count(if is_merged { "merged" } else { "changed" });
                let least = Duration::from_secs_f64(bytes as f64 / self.bytes_per_second);
                tokio::time::sleep(least.saturating_sub(began.elapsed())).await;
                is_merged
            }
            Err(Failure::Database(crow_db::Error::LeaseLost)) => false,
            Err(failure) => {
                count("failed");
                warn!(
                    partition = lease.partition.0,
                    error = crate::flush::chain(&failure),
                    "merging chunks failed, retrying later"
                );
                false
            }
        }
    }

    /// Merges the chunks of sessions that have so many which were written until then. Returns the
    /// outcome, and the size of what was read before compression; `None` when there is nothing to
    /// merge.
    pub(crate) async fn compact(
        &self,
        lease: Lease,
        chunks: u32,
        until: Timestamp,
    ) -> Result<Option<(Outcome, u64)>, Failure> {
        let (db, partition) = (&self.db, lease.partition);
        let found = compaction::candidates(db, partition, chunks, until, SESSIONS).await?;
        if found.is_empty() {
            return Ok(None);
        }
        let object = keys::new_pack(lease.partition, Timestamp::now(), self.keyring.seal());
        let mut writer = None;
        let mut merged = Vec::new();
        for session in found {
            if writer.as_ref().map_or(0, ArchiveWriter::len) >= MAX_OBJECT {
                break;
            }
            match self.merge(&object, &mut writer, &session).await {
                Ok(session) => merged.extend(session),
                Err(failure) if failure.is_of_session() => {
                    count("failed");
                    self.note(lease, &session.session_id, &failure).await;
                }
                Err(failure) => return Err(failure),
            }
        }
        let (Some(writer), false) = (writer, merged.is_empty()) else {
            return Ok(None);
        };
        let (bytes, _frames) = writer.finish()?;
        archive::note(&self.db, &object).await?;
        self.store.put(&object, bytes).await?;
        let replaced = merged.iter().flat_map(|session| &session.replaced);
        let size = replaced.map(|chunk| chunk.size_bytes).sum::<i64>();
        let compaction = Compaction {
            partition: lease.partition,
            epoch: lease.epoch,
            sessions: merged,
        };
        let outcome = compaction::commit(&self.db, &compaction).await?;
        Ok(Some((outcome, u64::try_from(size).unwrap_or(0))))
    }

    /// Adds the lines of a session's chunks to the object. `None` when they are gone.
    async fn merge(
        &self,
        object: &str,
        writer: &mut Option<ArchiveWriter>,
        session: &Mergeable,
    ) -> Result<Option<Merged>, Failure> {
        let id = &session.session_id;
        let Some(organization) = sessions::organization_of(&self.db, id).await? else {
            return Ok(None);
        };
        let chunks = archive::chunks_of(&self.db, id).await?;
        let first_index = next_index(&chunks);
        let replaced = to_merge(chunks, session.last_index);
        if replaced.is_empty() {
            return Ok(None);
        }
        let (keys, new_key) = self.keys_of(&organization, id).await?;
        let writer = match writer {
            Some(writer) => {
                writer.next_session(keys.writing.as_ref())?;
                writer
            }
            None => writer.insert(ArchiveWriter::new(
                object.to_owned(),
                keys.writing.as_ref(),
            )?),
        };
        let (mut lines, mut turn) = (self.lines(&keys, &replaced), Turn::default());
        while let Some(line) = lines.next().await? {
            writer.add(&line)?;
            turn.line().await;
        }
        let frames = writer.next_session(keys.writing.as_ref())?;
        let frames = frames.into_iter().map(|frame| (object.to_owned(), frame));
        let place = Place {
            session: id,
            first_index,
        };
        let mut frames = rows_of(&place, frames.collect());
        share_event_ids(&replaced, &mut frames);
        Ok(Some(Merged {
            session_id: id.clone(),
            replaced,
            frames,
            key: new_key,
        }))
    }
}

/// The first index for the frames of the next merge.
fn next_index(chunks: &[ChunkRecord]) -> i64 {
    let merged = |index: &i64| *index < FIRST_INDEX / 2;
    let indexes = chunks.iter().map(|chunk| chunk.chunk_index);
    indexes
        .filter(merged)
        .max()
        .map_or(FIRST_INDEX, |last| last + 1)
}

/// The chunks up to this index that no merge and no archive has rewritten, the oldest first, until
/// they are many bytes.
fn to_merge(mut chunks: Vec<ChunkRecord>, last_index: i64) -> Vec<ChunkRecord> {
    chunks.retain(|chunk| (0..=last_index).contains(&chunk.chunk_index));
    chunks.sort_by_key(|chunk| chunk.chunk_index);
    let mut bytes = 0;
    let fitting = chunks.iter().take_while(|chunk| {
        let fits = bytes < MAX_BYTES;
        bytes += chunk.byte_length;
        fits
    });
    chunks.truncate(fitting.count());
    // In the order of a replay.
    chunks.sort_by_key(|chunk| (chunk.first_at, chunk.chunk_index));
    chunks
}

/// The rows of the frames say which events are stored, as those of the chunks did. It does not
/// matter which row has an id. If a chunk is from a release that did not write ids, no row gets
/// any, and the keeper reads the frames when it needs them.
fn share_event_ids(chunks: &[ChunkRecord], frames: &mut [ChunkRecord]) {
    let with_events = |row: &&ChunkRecord| row.event_count > row.replay_event_count;
    let mut sources = chunks.iter().filter(with_events);
    if sources.clone().any(|chunk| chunk.event_ids.is_empty()) {
        return;
    }
    let ids: Vec<[u8; 8]> = sources
        .by_ref()
        .flat_map(|chunk| chunk.event_ids.as_chunks().0.iter().copied())
        .collect();
    let frames: Vec<_> = frames
        .iter_mut()
        .filter(|frame| frame.event_count > frame.replay_event_count)
        .collect();
    let share = ids.len().div_ceil(frames.len().max(1)).max(1);
    for (frame, ids) in frames.into_iter().zip(ids.chunks(share)) {
        frame.event_ids = ids.concat();
    }
}
