//! The lines of a session's chunks in the order of time. Memory holds the chunks that overlap in
//! time, and a few that are read ahead.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};
use std::future::Future;

use tokio_util::task::AbortOnDropHandle;

use crate::error::{Error, Result};
use crate::pack::{Line, LineReader};

/// Number of chunks that are fetched ahead.
const READ_AHEAD: usize = 4;
/// Lines of one millisecond that are ordered together. Beyond this, lines of the millisecond are
/// ordered by chunk. No real recording has so many.
const MAX_GROUP_LINES: usize = 4_096;
/// The same limit in bytes.
const MAX_GROUP_BYTES: usize = 8 << 20;

/// One chunk of a session, not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Position in the session.
    pub index: i64,
    /// Key of the object.
    pub key: String,
    /// First byte in the object.
    pub offset: u64,
    /// Bytes in the object.
    pub length: u64,
    /// Time of its first line, milliseconds since the epoch.
    pub first_at: i64,
}

/// The source of the chunks of one session: SQL and the object store in production, memory in
/// tests.
pub trait ChunkSource: Send {
    /// Its error.
    type Error: From<Error> + Send + 'static;
    /// An opened chunk.
    type Lines: Lines + Send + 'static;

    /// The next chunks by (first time, index); none at the end.
    fn next_chunks(&mut self) -> impl Future<Output = Result<Vec<Chunk>, Self::Error>> + Send;

    /// Fetches a chunk. Several are fetched at the same time.
    fn open(
        &self,
        chunk: &Chunk,
    ) -> impl Future<Output = Result<Self::Lines, Self::Error>> + Send + 'static;
}

/// The lines of one chunk, by time.
pub trait Lines {
    /// The next line; `None` at the end.
    fn next(&mut self) -> Result<Option<Line>>;
}

impl Lines for LineReader {
    fn next(&mut self) -> Result<Option<Line>> {
        self.next_line()
    }
}

/// An opened chunk with its next line.
struct Head<L> {
    line: Line,
    /// Position of the line in its chunk.
    position: u64,
    index: i64,
    rest: L,
}

impl<L> Head<L> {
    fn key(&self) -> (i64, i64) {
        (self.line.at, self.index)
    }
}

impl<L> PartialEq for Head<L> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<L> Eq for Head<L> {}

impl<L> PartialOrd for Head<L> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<L> Ord for Head<L> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// A line with its place among lines of the same millisecond.
struct Ranked {
    line: Line,
    index: i64,
    position: u64,
}

impl Ranked {
    fn key(&self) -> (Option<u64>, &str, i64, u64) {
        (self.line.seq, &self.line.window, self.index, self.position)
    }
}

type Fetching<S> = AbortOnDropHandle<Result<<S as ChunkSource>::Lines, <S as ChunkSource>::Error>>;

/// The lines of all chunks, by (time, batch number, window, chunk, position).
///
/// A chunk is opened when the merge reaches the time of its first line, and closed
/// after its last one.
pub struct Merge<S: ChunkSource> {
    source: S,
    /// Known but not fetched.
    waiting: VecDeque<Chunk>,
    is_source_done: bool,
    /// Being fetched, in time order.
    ahead: VecDeque<(Chunk, Fetching<S>)>,
    heads: BinaryHeap<Reverse<Head<S::Lines>>>,
    /// The lines of the current millisecond, in order.
    group: VecDeque<Line>,
}

impl<S: ChunkSource> Merge<S> {
    /// Reads nothing yet.
    pub fn new(source: S) -> Self {
        Self {
            source,
            waiting: VecDeque::new(),
            is_source_done: false,
            ahead: VecDeque::new(),
            heads: BinaryHeap::new(),
            group: VecDeque::new(),
        }
    }

    /// The next line; `None` at the end. Must run inside a tokio runtime.
    pub async fn next(&mut self) -> Result<Option<Line>, S::Error> {
        if self.group.is_empty() {
            self.open_due().await?;
            self.gather()?;
        }
        Ok(self.group.pop_front())
    }

    /// Opens every chunk that may hold a line at or before the earliest known line.
    async fn open_due(&mut self) -> Result<(), S::Error> {
        loop {
            self.fetch_ahead().await?;
            let Some((chunk, _)) = self.ahead.front() else {
                return Ok(());
            };
            let is_later = self
                .heads
                .peek()
                .is_some_and(|Reverse(head)| chunk.first_at > head.line.at);
            if is_later {
                return Ok(());
            }
            if let Some((chunk, fetching)) = self.ahead.pop_front() {
                let lines = fetching.await.map_err(Error::ReadAhead)??;
                self.push_head(chunk.index, 0, lines)?;
            }
        }
    }

    async fn fetch_ahead(&mut self) -> Result<(), S::Error> {
        while self.ahead.len() < READ_AHEAD {
            if self.waiting.is_empty() && !self.is_source_done {
                self.waiting = self.source.next_chunks().await?.into();
                self.is_source_done = self.waiting.is_empty();
            }
            let Some(chunk) = self.waiting.pop_front() else {
                break;
            };
            let fetching = tokio::spawn(self.source.open(&chunk));
            self.ahead
                .push_back((chunk, AbortOnDropHandle::new(fetching)));
        }
        Ok(())
    }

    fn push_head(&mut self, index: i64, position: u64, mut rest: S::Lines) -> Result<()> {
        if let Some(line) = rest.next()? {
            self.heads.push(Reverse(Head {
                line,
                position,
                index,
                rest,
            }));
        }
        Ok(())
    }

    /// Takes the lines of the earliest millisecond out of all chunks.
    fn gather(&mut self) -> Result<()> {
        let Some(Reverse(first)) = self.heads.peek() else {
            return Ok(());
        };
        let at = first.line.at;
        let mut group = Vec::new();
        let mut bytes = 0;
        while let Some(Reverse(head)) = self.heads.peek() {
            if head.line.at > at || group.len() >= MAX_GROUP_LINES || bytes >= MAX_GROUP_BYTES {
                break;
            }
            let Some(Reverse(head)) = self.heads.pop() else {
                break;
            };
            bytes += head.line.data.len();
            group.push(Ranked {
                line: head.line,
                index: head.index,
                position: head.position,
            });
            self.push_head(head.index, head.position + 1, head.rest)?;
        }
        group.sort_by(|one, other| one.key().cmp(&other.key()));
        self.group
            .extend(group.into_iter().map(|ranked| ranked.line));
        Ok(())
    }
}
