use std::collections::BTreeMap;

use bytes::Bytes;

use super::*;
use crate::merge::Chunk;
use crate::pack::{LineReader, PackWriter};

/// Chunks in memory.
struct Chunks {
    bytes: BTreeMap<i64, Bytes>,
    waiting: Vec<Chunk>,
}

impl ChunkSource for Chunks {
    type Error = Error;
    type Lines = LineReader;

    async fn next_chunks(&mut self) -> Result<Vec<Chunk>> {
        Ok(std::mem::take(&mut self.waiting))
    }

    fn open(&self, chunk: &Chunk) -> impl Future<Output = Result<LineReader>> + Send + 'static {
        let bytes = self.bytes[&chunk.index].clone();
        async move { Ok(LineReader::new("plain", 0, bytes, None)?.without_replay()) }
    }
}

fn line(window: &str, kind: LineKind, seq: u64, index: u32, at: i64, data: &str) -> Line {
    Line {
        window: window.to_owned(),
        kind,
        seq: Some(seq),
        index,
        at,
        data: Bytes::from(data.to_owned()),
    }
}

fn event(window: &str, seq: u64, index: u32, at: i64, id: &str) -> Line {
    let data = format!("{{\"id\":\"{id}\",\"type\":\"click\"}}");
    line(window, LineKind::Event, seq, index, at, &data)
}

fn chunk(index: i64, lines: &[Line]) -> (Chunk, Bytes) {
    let mut pack = PackWriter::new("plain").unwrap();
    let extent = pack.add_chunk("s", None, lines).unwrap();
    let chunk = Chunk {
        index,
        key: String::new(),
        offset: 0,
        length: extent.length,
        first_at: lines[0].at,
    };
    let length = usize::try_from(extent.length).unwrap();
    (chunk, pack.finish().slice(..length))
}

async fn ids_of(chunks: Vec<(Chunk, Bytes)>) -> Vec<String> {
    let source = Chunks {
        waiting: chunks.iter().map(|(chunk, _bytes)| chunk.clone()).collect(),
        bytes: chunks
            .into_iter()
            .map(|(chunk, bytes)| (chunk.index, bytes))
            .collect(),
    };
    let mut events = Events::new("s".to_owned(), source);
    let mut ids = Vec::new();
    while let Some(event) = events.next().await.unwrap() {
        ids.push(event.id);
    }
    ids
}

#[tokio::test]
async fn interactions_of_all_windows_come_by_time_batch_and_place() {
    let replay = line("w\",\"k\":\"r", LineKind::Replay, 0, 0, 5, "{\"k\":\"e\"}");
    let first = chunk(
        0,
        &[replay, event("a", 1, 0, 7, "3"), event("a", 1, 1, 7, "4")],
    );
    let second = chunk(
        1,
        &[
            event("b\",\"k\":\"r", 0, 2, 6, "1"),
            event("b", 0, 3, 7, "2"),
        ],
    );
    assert_eq!(ids_of(vec![first, second]).await, ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn interactions_without_a_place_keep_their_order() {
    let old = |id: &str| event("a", 1, 0, 7, id);
    let chunks = vec![chunk(0, &[old("9"), old("5"), old("7")])];
    assert_eq!(ids_of(chunks).await, ["9", "5", "7"]);
}

#[test]
fn all_that_a_line_holds_becomes_a_record() {
    let data = "{\"id\":\"1\",\"type\":\"custom\",\"name\":\"a\\\"b\",\"url\":\"https://x.example/\",\"data\":{\"big\":1e999}}";
    let line = line("w", LineKind::Event, 2, 3, 7, data);
    let record = Interaction::of(&line).unwrap().to_record("s", &line, 9);
    assert_eq!(record.name.as_deref(), Some("a\"b"));
    assert_eq!(record.url.as_deref(), Some("https://x.example/"));
    assert_eq!(record.data, "{\"big\":1e999}");
    assert_eq!((record.timestamp, record.place), (7, (2 << 20) | 3));
    assert!(Interaction::of(&event("w", 0, 0, 1, "\\u")).is_err());
}
