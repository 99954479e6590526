//! Chunks that are known in advance: the rows of a session, with their bytes in the object store.

use crow_types::ChunkRecord;

use crate::error::Result;
use crate::merge::{Chunk, ChunkSource};
use crate::pack::LineReader;
use crate::store::Store;

/// The chunks of a session, from its rows.
#[derive(Debug)]
pub struct ListedChunks {
    store: Store,
    chunks: Vec<Chunk>,
}

impl ListedChunks {
    /// `rows` are ordered by (first time, index).
    #[must_use]
    pub fn new(store: &Store, rows: &[ChunkRecord]) -> Self {
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
            chunks: rows.iter().map(chunk_of).collect(),
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
        let (store, chunk) = (self.store.clone(), chunk.clone());
        async move {
            let range = chunk.offset..chunk.offset.saturating_add(chunk.length);
            LineReader::new(store.get_range(&chunk.key, range).await?)
        }
    }
}
