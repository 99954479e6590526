//! Chunks that are known in advance: the rows of a session, with their bytes in the object store.

use crow_types::ChunkRecord;

use crate::error::Result;
use crate::merge::{Chunk, ChunkSource};
use crate::pack::LineReader;
use crate::seal::DataKey;
use crate::store::Store;

/// The chunks of a session, from its rows.
#[derive(Debug)]
pub struct ListedChunks {
    store: Store,
    key: Option<DataKey>,
    chunks: Vec<Chunk>,
    leaves_out_replay: bool,
}

impl ListedChunks {
    /// `rows` are ordered by (first time, index). `key` is the key of the session, if it has one.
    #[must_use]
    pub fn new(store: &Store, key: Option<DataKey>, rows: &[ChunkRecord]) -> Self {
        let bytes = |value: i64| u64::try_from(value).unwrap_or_default();
        let chunk_of = |row: &ChunkRecord| Chunk {
            index: row.chunk_index,
            key: row.r2_key.clone(),
            offset: bytes(row.byte_offset),
            length: bytes(row.byte_length),
            first_at: row.first_at,
        };
        Self {
            store: store.clone(),
            key,
            chunks: rows.iter().map(chunk_of).collect(),
            leaves_out_replay: false,
        }
    }

    /// Only their interactions.
    #[must_use]
    pub fn events(store: &Store, key: Option<DataKey>, rows: &[ChunkRecord]) -> Self {
        let has_events = |row: &&ChunkRecord| row.event_count > row.replay_event_count;
        let rows: Vec<_> = rows.iter().filter(has_events).cloned().collect();
        Self {
            leaves_out_replay: true,
            ..Self::new(store, key, &rows)
        }
    }
}

impl ChunkSource for ListedChunks {
    type Error = crate::Error;
    type Lines = LineReader;

    async fn next_chunks(&mut self) -> Result<Vec<Chunk>> {
        Ok(std::mem::take(&mut self.chunks))
    }

    fn open(&self, chunk: &Chunk) -> impl Future<Output = Result<LineReader>> + Send + 'static {
        let (store, chunk, key) = (self.store.clone(), chunk.clone(), self.key.clone());
        let leaves_out_replay = self.leaves_out_replay;
        async move {
            let range = chunk.offset..chunk.offset.saturating_add(chunk.length);
            let frame = store.get_range(&chunk.key, range).await?;
            let lines = LineReader::new(&chunk.key, chunk.offset, frame, key.as_ref())?;
            Ok(if leaves_out_replay {
                lines.without_replay()
            } else {
                lines
            })
        }
    }
}
