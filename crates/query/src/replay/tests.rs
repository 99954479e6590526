use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use proptest::prelude::*;

use crow_storage::merge::{Chunk, ChunkSource, Lines, Merge};
use crow_storage::pack::{Line, LineKind};

use super::cut::Cut;
use super::encode::Encoder;
use super::seek::{Snapshot, last_snapshot};
use super::{Replay, ReplayRange};
use crate::ask::words::Format;
use crate::error::{Error, Result};
use crate::windows::Gap;

fn line(at: i64, window: &str, seq: u64, data: &str) -> Line {
    Line {
        window: window.to_owned(),
        kind: LineKind::Replay,
        seq: Some(seq),
        index: 0,
        at,
        data: Bytes::copy_from_slice(data.as_bytes()),
    }
}

/// Chunks in memory that count how many are open.
struct Memory {
    chunks: Vec<Vec<Line>>,
    pages: std::vec::IntoIter<Vec<Chunk>>,
    broken: Option<i64>,
    open: Arc<AtomicUsize>,
    most_open: Arc<AtomicUsize>,
}

impl Memory {
    fn new(mut chunks: Vec<Vec<Line>>, page: usize) -> Self {
        chunks.retain(|lines| !lines.is_empty());
        for lines in &mut chunks {
            lines.sort_by_key(|line| line.at);
        }
        let mut rows: Vec<Chunk> = chunks
            .iter()
            .enumerate()
            .map(|(index, lines)| Chunk {
                index: i64::try_from(index).unwrap(),
                key: String::new(),
                offset: 0,
                length: 0,
                first_at: lines[0].at,
            })
            .collect();
        rows.sort_by_key(|chunk| (chunk.first_at, chunk.index));
        let pages: Vec<Vec<Chunk>> = rows.chunks(page).map(<[Chunk]>::to_vec).collect();
        Self {
            chunks,
            pages: pages.into_iter(),
            broken: None,
            open: Arc::default(),
            most_open: Arc::default(),
        }
    }
}

struct MemoryLines {
    lines: std::vec::IntoIter<Line>,
    open: Arc<AtomicUsize>,
    is_broken: bool,
}

impl Lines for MemoryLines {
    fn next(&mut self) -> crow_storage::Result<Option<Line>> {
        match self.lines.next() {
            None if self.is_broken => Err(crow_storage::Error::Corrupt("cut off".to_owned())),
            line => Ok(line),
        }
    }
}

impl Drop for MemoryLines {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl ChunkSource for Memory {
    type Error = Error;
    type Lines = MemoryLines;

    async fn next_chunks(&mut self) -> Result<Vec<Chunk>> {
        Ok(self.pages.next().unwrap_or_default())
    }

    fn open(&self, chunk: &Chunk) -> impl Future<Output = Result<MemoryLines>> + Send + 'static {
        let lines = self.chunks[usize::try_from(chunk.index).unwrap()]
            .clone()
            .into_iter();
        let (open, most) = (self.open.clone(), self.most_open.clone());
        let is_broken = self.broken == Some(chunk.index);
        async move {
            most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            Ok(MemoryLines {
                lines,
                open,
                is_broken,
            })
        }
    }
}

async fn merged(source: Memory) -> Vec<Line> {
    let mut merge = Merge::new(source);
    let mut lines = Vec::new();
    while let Some(line) = merge.next().await.unwrap() {
        lines.push(line);
    }
    lines
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

/// A batch: its window, its times, and the chunk that holds it.
type Batch = (u8, Vec<i64>, usize);

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let batch = (0_u8..3, prop::collection::vec(0_i64..40, 0..6), 0_usize..6);
    prop::collection::vec(batch, 0..24)
}

proptest! {
    #[test]
    fn any_division_into_chunks_merges_to_the_same_order(batches in batches(), page in 1_usize..5) {
        let mut chunks = vec![Vec::new(); 6];
        let mut expected = Vec::new();
        for (seq, (window, times, chunk)) in batches.into_iter().enumerate() {
            for (place, at) in times.into_iter().enumerate() {
                let line = line(at, &format!("w{window}"), seq as u64, &place.to_string());
                chunks[chunk].push(line.clone());
                expected.push(line);
            }
        }
        // A stable sort: lines of one batch and millisecond keep their order.
        expected.sort_by(|one, other| (one.at, one.seq, &one.window).cmp(&(other.at, other.seq, &other.window)));
        prop_assert_eq!(block_on(merged(Memory::new(chunks, page))), expected);
    }
}

#[tokio::test]
async fn memory_is_bounded_by_what_overlaps_and_not_by_the_length() {
    let chunks = (0..1_000)
        .map(|n| vec![line(n * 10, "w", 0, "1"), line(n * 10 + 9, "w", 0, "2")])
        .collect();
    let source = Memory::new(chunks, 500);
    let most_open = source.most_open.clone();
    assert_eq!(merged(source).await.len(), 2_000);
    let most_open = most_open.load(Ordering::SeqCst);
    assert!(most_open <= 6, "{most_open} chunks were open");
}

#[tokio::test]
async fn a_chunk_that_ends_early_is_an_error_after_what_came_before() {
    let mut source = Memory::new(
        vec![vec![line(1, "w", 0, "1")], vec![line(2, "w", 1, "2")]],
        9,
    );
    source.broken = Some(1);
    let mut merge = Merge::new(source);
    assert_eq!(merge.next().await.unwrap().unwrap().at, 1);
    assert!(matches!(merge.next().await, Err(Error::Storage(_))));
}

async fn encoded(source: Memory, cut: Cut, format: Format, gaps: Vec<Gap>) -> String {
    let mut encoder = Encoder::new(Replay::new(source, cut), format, gaps);
    let mut text = Vec::new();
    while let Some(block) = encoder.next_block().await.unwrap() {
        text.extend_from_slice(&block);
    }
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn ndjson_has_every_line_and_the_gaps_last() {
    let click = Line {
        kind: LineKind::Event,
        seq: None,
        index: 0,
        ..line(2, "", 0, r#"{"b":2}"#)
    };
    let lines = vec![line(1, "w\"", 7, r#"{"a":1}"#), click];
    let gap = Gap {
        window_id: "w".to_owned(),
        first_seq: 3,
        last_seq: 4,
        since: 9,
    };
    let text = encoded(
        Memory::new(vec![lines], 9),
        Cut::default(),
        Format::Ndjson,
        vec![gap],
    )
    .await;
    let expected = concat!(
        r#"{"w":"w\"","k":"r","t":1,"s":7,"d":{"a":1}}"#,
        "\n",
        r#"{"w":"","k":"e","t":2,"d":{"b":2}}"#,
        "\n",
        r#"{"k":"end","gaps":[{"windowId":"w","firstSeq":3,"lastSeq":4,"since":9}]}"#,
        "\n"
    );
    assert_eq!(text, expected);
}

#[tokio::test]
async fn rrweb_is_one_array_of_replay_events() {
    let click = Line {
        kind: LineKind::Event,
        ..line(2, "w", 0, "{}")
    };
    let lines = vec![
        click.clone(),
        line(1, "w", 0, r#"{"a":1}"#),
        line(3, "w", 0, r#"{"a":3}"#),
        click,
    ];
    let text = encoded(
        Memory::new(vec![lines], 9),
        Cut::default(),
        Format::Rrweb,
        Vec::new(),
    )
    .await;
    assert_eq!(text, r#"[{"a":1},{"a":3}]"#);
    let nothing = encoded(
        Memory::new(Vec::new(), 9),
        Cut::default(),
        Format::Rrweb,
        Vec::new(),
    )
    .await;
    assert_eq!(nothing, "[]");
}

#[tokio::test]
async fn many_blocks_join_to_one_text() {
    let wide = format!(r#"{{"x":"{}"}}"#, "y".repeat(10_000));
    let lines = (0..50).map(|at| line(at, "w", 0, &wide)).collect();
    let text = encoded(
        Memory::new(vec![lines], 9),
        Cut::default(),
        Format::Rrweb,
        Vec::new(),
    )
    .await;
    let events: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(events.len(), 50);
}

const INCREMENT: &str = r#"{"type":3}"#;
const SNAPSHOT: &str = r#"{"type":2,"data":{}}"#;
const META: &str = r#"{"type":4}"#;

#[tokio::test]
async fn a_part_begins_with_the_windows_snapshot_and_ends_after_its_end() {
    let lines = vec![
        line(10, "a", 0, SNAPSHOT),
        line(20, "a", 0, INCREMENT),
        line(20, "a", 1, META),
        line(21, "a", 1, SNAPSHOT),
        line(22, "a", 1, INCREMENT),
        line(22, "b", 0, INCREMENT),
        line(30, "b", 0, INCREMENT),
        line(31, "a", 1, INCREMENT),
        line(32, "a", 1, INCREMENT),
    ];
    let range = ReplayRange {
        from: Some(25),
        to: Some(31),
    };
    let cut = Cut::new(range, HashMap::from([("a".to_owned(), 20)]));
    let mut replay = Replay::new(Memory::new(vec![lines], 9), cut);
    let mut seen = Vec::new();
    while let Some(line) = replay.next().await.unwrap() {
        seen.push((line.at, line.window));
    }
    let expected = [(20, "a"), (21, "a"), (22, "a"), (30, "b"), (31, "a")];
    assert_eq!(seen, expected.map(|(at, window)| (at, window.to_owned())));
}

#[test]
fn the_last_snapshot_of_a_chunk_comes_with_its_meta_event() {
    let lines = vec![
        line(1, "a", 0, META),
        line(2, "a", 0, SNAPSHOT),
        line(3, "b", 0, META),
        line(4, "a", 0, SNAPSHOT),
        line(9, "a", 0, SNAPSHOT),
    ];
    let found = |at| {
        let open = Arc::new(AtomicUsize::new(1));
        let mut chunk = MemoryLines {
            lines: lines.clone().into_iter(),
            open,
            is_broken: false,
        };
        last_snapshot(&mut chunk, "a", at).unwrap()
    };
    assert_eq!(found(1), None);
    assert_eq!(
        found(3),
        Some(Snapshot {
            at: 2,
            meta_at: Some(1)
        })
    );
    assert_eq!(
        found(8),
        Some(Snapshot {
            at: 4,
            meta_at: None
        })
    );
}
