use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use tokio::sync::OnceCell;

use crow_db::Db;
use crow_db::read::{self, ChunkKey, ChunkRange};
use crow_keyring::Keyring;
use crow_storage::merge::{Chunk, ChunkSource};
use crow_storage::pack::LineReader;
use crow_storage::{DataKey, Store, keys};
use crow_types::{ChunkRecord, OrganizationId};

use crate::error::{Error, Result};
use crate::replay::ReplayRange;

/// Chunk rows per page. Few sessions have more. For all others, one query returns every row, and
/// the replay is complete even if chunks are rewritten while it runs.
const PAGE: u64 = 10_000;
/// Compressed bytes of neighbouring chunks that are read at once. The first read is small so that
/// playback starts soon.
const FIRST_READ: u64 = 256 << 10;
const READ: u64 = 4 << 20;

/// A session's chunks in SQL and the object store.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The database.
    pub db: Db,
    /// The object store.
    pub store: Store,
    /// The keys of sessions.
    pub keyring: Keyring,
    /// The key of this session, once it was needed. It lasts as long as the answer, so an erasure
    /// need not look for it.
    pub key: Arc<OnceCell<Option<DataKey>>>,
    /// The tenant.
    pub organization: OrganizationId,
    /// `sessions.id`.
    pub session: String,
}

impl Recording {
    /// Fetches one chunk.
    pub fn open(&self, chunk: &Chunk) -> impl Future<Output = Result<LineReader>> + Send + 'static {
        let (recording, chunk) = (self.clone(), chunk.clone());
        async move {
            let range = chunk.offset..chunk.offset.saturating_add(chunk.length);
            let frame = recording.store.get_range(&chunk.key, range).await?;
            metrics::counter!("crow_query_replay_read_bytes_total").increment(frame.len() as u64);
            let key = recording.key_for(&chunk.key).await?;
            Ok(LineReader::new(&chunk.key, chunk.offset, frame, key)?)
        }
    }

    /// The key that an object of this session needs.
    async fn key_for(&self, object: &str) -> Result<Option<&DataKey>> {
        if !keys::is_sealed(object) {
            return Ok(None);
        }
        let find = || self.keyring.key_of(&self.session);
        let key = self.key.get_or_try_init(find).await?;
        Ok(key.as_ref())
    }
}

/// The chunks of a recording in pages, limited to the requested range.
pub struct StoredChunks {
    recording: Recording,
    range: ChunkRange,
    /// The start of each window; see [`crate::replay::seek`].
    starts: HashMap<String, i64>,
    /// The start of the range, for windows without a start of their own.
    from: Option<i64>,
    last: Option<ChunkRecord>,
    /// How many rows the range of indexes has, if it has a beginning and an end, less those that
    /// were read.
    missing: Option<i64>,
    leaves_out_replay: bool,
    has_begun: bool,
    is_done: bool,
}

impl StoredChunks {
    /// Reads nothing yet.
    #[must_use]
    pub fn new(recording: Recording, range: ReplayRange, starts: HashMap<String, i64>) -> Self {
        let earliest = starts.values().copied().chain(range.from).min();
        Self {
            recording,
            range: ChunkRange {
                from: range.from.and(earliest),
                to: range.to,
                ..ChunkRange::default()
            },
            starts,
            from: range.from,
            last: None,
            missing: None,
            leaves_out_replay: false,
            has_begun: false,
            is_done: false,
        }
    }

    /// Only the chunks before this index.
    #[must_use]
    pub fn before(mut self, end: Option<i64>) -> Self {
        self.range.end_index = end;
        self
    }

    /// Only the chunks with these indexes. Reading fails with [`Error::Rewritten`] when some of
    /// them were merged or archived.
    #[must_use]
    pub fn with_indexes(mut self, indexes: Range<i64>) -> Self {
        self.range.first_index = Some(indexes.start);
        self.range.end_index = Some(indexes.end);
        self.missing = Some(indexes.end - indexes.start);
        self
    }

    /// Only interactions, from this moment on.
    #[must_use]
    pub fn events(recording: Recording, from: Option<i64>) -> Self {
        let range = ReplayRange { from, to: None };
        Self {
            leaves_out_replay: true,
            ..Self::new(recording, range, HashMap::new())
        }
    }

    /// Reads the rows after the last one. A page begins with the last row of the previous page. If
    /// that row is gone, chunks were rewritten, and continuing would lose or repeat lines.
    async fn next_rows(&mut self) -> Result<Vec<ChunkRecord>> {
        let Recording {
            db,
            organization,
            session,
            ..
        } = &self.recording;
        let mut rows = match &self.last {
            None => read::chunks(db, organization, session, self.range, PAGE).await?,
            Some(last) => {
                let key = ChunkKey {
                    first_at: last.first_at,
                    chunk_index: last.chunk_index,
                };
                let rows =
                    read::chunks_from(db, organization, session, self.range, key, PAGE + 1).await?;
                if rows.first() != Some(last) {
                    return Err(Error::Rewritten);
                }
                rows.into_iter().skip(1).collect()
            }
        };
        self.is_done = (rows.len() as u64) < PAGE;
        self.missing = self.missing.map(|missing| missing - count(&rows));
        if self.is_done && self.missing.is_some_and(|missing| missing > 0) {
            return Err(Error::Rewritten);
        }
        if let Some(last) = rows.last() {
            self.last = Some(last.clone());
        }
        rows.retain(|row| self.is_needed(row));
        Ok(rows)
    }

    fn is_needed(&self, row: &ChunkRecord) -> bool {
        if self.leaves_out_replay && row.event_count <= row.replay_event_count {
            return false;
        }
        let start = if is_of_archive(row) {
            self.range.from
        } else {
            self.starts.get(&row.window_id).copied().or(self.from)
        };
        start.is_none_or(|start| row.last_at >= start)
    }
}

impl ChunkSource for StoredChunks {
    type Error = Error;
    type Lines = LineReader;

    async fn next_chunks(&mut self) -> Result<Vec<Chunk>> {
        while !self.is_done {
            let rows = self.next_rows().await?;
            if !rows.is_empty() {
                let first = if self.has_begun { READ } else { FIRST_READ };
                self.has_begun = true;
                return joined(rows, first);
            }
        }
        Ok(Vec::new())
    }

    fn open(&self, chunk: &Chunk) -> impl Future<Output = Result<LineReader>> + Send + 'static {
        let lines = self.recording.open(chunk);
        let leaves_out_replay = self.leaves_out_replay;
        async move {
            let lines = lines.await?;
            Ok(if leaves_out_replay {
                lines.without_replay()
            } else {
                lines
            })
        }
    }
}

fn count(rows: &[ChunkRecord]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}

/// Whether the row is a frame of an archive or of merged chunks. Such frames hold all windows, and
/// those of one object follow each other in time.
fn is_of_archive(row: &ChunkRecord) -> bool {
    row.chunk_index < 0
}

/// Converts rows to chunks and joins neighbouring frames of an archive. `first` is the maximum size
/// of the first chunk in bytes.
fn joined(rows: Vec<ChunkRecord>, first: u64) -> Result<Vec<Chunk>> {
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut was_of_archive = false;
    for row in rows {
        let is_of_archive = is_of_archive(&row);
        let chunk = chunk_of(row)?;
        let most = if chunks.len() > 1 { READ } else { first };
        match chunks.last_mut() {
            Some(last)
                if is_of_archive
                    && was_of_archive
                    && last.key == chunk.key
                    && last.offset + last.length == chunk.offset
                    && last.length + chunk.length <= most =>
            {
                last.length += chunk.length;
            }
            Some(_) | None => chunks.push(chunk),
        }
        was_of_archive = is_of_archive;
    }
    Ok(chunks)
}

/// Converts a row to a chunk.
pub(super) fn chunk_of(row: ChunkRecord) -> Result<Chunk> {
    let bytes = |count: i64| {
        u64::try_from(count).map_err(|_| {
            crow_db::Error::Unreadable("chunk with a negative offset or length".to_owned())
        })
    };
    Ok(Chunk {
        index: row.chunk_index,
        offset: bytes(row.byte_offset)?,
        length: bytes(row.byte_length)?,
        key: row.r2_key,
        first_at: row.first_at,
    })
}
