//! What the next flush will carry.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crow_types::{Line, LineKind, OutboxRecord, Sequence, SessionRecord, Timestamp};

use crate::message::SessionKey;

/// Why a flush was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlushReason {
    /// It holds enough bytes.
    Bytes,
    /// Its oldest message has waited long enough.
    Age,
    /// A session ended in it, and its announcement must not wait.
    SessionEnd,
    /// The partition is being given up.
    Drain,
}

impl FlushReason {
    /// The word for metric labels.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Age => "age",
            Self::SessionEnd => "session_end",
            Self::Drain => "drain",
        }
    }
}

/// A chunk to write: its lines and the values of its row. The driver adds its location.
#[derive(Debug, Clone, PartialEq)]
pub struct ChunkPlan {
    /// `sessions.id`.
    pub session_id: String,
    /// Position in the session.
    pub chunk_index: i64,
    /// The window; empty when the client has none.
    pub window_id: String,
    /// By time, then by the number of their batch; never empty. Shared, because watchers also get
    /// lines that are in flight.
    pub lines: Arc<Vec<Line>>,
    /// How many of them are rrweb events.
    pub replay_event_count: i64,
    /// A player can start in this chunk.
    pub has_full_snapshot: bool,
}

/// Everything that one flush changes, before the pack is written.
#[derive(Debug, Clone, PartialEq)]
pub struct FlushPlan {
    /// Why it was cut.
    pub reason: FlushReason,
    /// All effects of the messages up to here are in this flush or an earlier one.
    pub checkpoint: Sequence,
    /// Sessions that changed, whole.
    pub sessions: Vec<SessionRecord>,
    /// New chunks.
    pub chunks: Vec<ChunkPlan>,
    /// New announcements.
    pub outbox: Vec<OutboxRecord>,
    /// Payload bytes that the commit of this flush frees.
    pub bytes: usize,
}

/// The lines of one chunk to be.
#[derive(Debug, Default)]
pub(crate) struct ChunkLines {
    /// With the positions of their messages, in the order in which they came.
    pub(crate) lines: Vec<(Sequence, Line)>,
    pub(crate) has_full_snapshot: bool,
}

/// What has come since the last flush was cut.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    pub(crate) checkpoint: Option<Sequence>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) bytes: usize,
    /// When the first session in it ended.
    pub(crate) ended_since: Option<Timestamp>,
    pub(crate) dirty: BTreeSet<SessionKey>,
    /// By session key, visit and window.
    pub(crate) chunks: BTreeMap<(SessionKey, usize, String), ChunkLines>,
    pub(crate) outbox: Vec<OutboxRecord>,
}

impl Pending {
    /// Whether there is nothing to flush.
    pub(crate) fn is_empty(&self) -> bool {
        self.checkpoint.is_none() && self.dirty.is_empty() && self.outbox.is_empty()
    }

    /// Drops an announcement that no longer holds.
    pub(crate) fn take_back(&mut self, announcement: &str) {
        self.outbox.retain(|row| row.id != announcement);
    }

    /// Adds lines to the chunk of a visit's window, each with whether it is a full snapshot.
    pub(crate) fn add_lines(
        &mut self,
        key: &SessionKey,
        visit: usize,
        window: &str,
        lines: impl IntoIterator<Item = (Line, bool)>,
    ) {
        let sequence = self.checkpoint.unwrap_or_default();
        let chunk = self
            .chunks
            .entry((key.clone(), visit, window.to_owned()))
            .or_default();
        for (line, is_full_snapshot) in lines {
            chunk.has_full_snapshot |= is_full_snapshot;
            chunk.lines.push((sequence, line));
        }
    }
}

impl ChunkLines {
    /// The chunk and the positions of its lines. Lines are sorted by time, then by the number of
    /// their batch. Lines of one batch keep their order.
    pub(crate) fn into_plan(
        mut self,
        session_id: String,
        chunk_index: i64,
        window_id: String,
    ) -> (ChunkPlan, Vec<Sequence>) {
        self.lines
            .sort_by_key(|(_sequence, line)| (line.at, line.seq));
        let (sequences, lines): (Vec<Sequence>, Vec<Line>) = self.lines.into_iter().unzip();
        let is_replay = |line: &&Line| line.kind == LineKind::Replay;
        let replay = lines.iter().filter(is_replay).count();
        let plan = ChunkPlan {
            session_id,
            chunk_index,
            window_id,
            lines: Arc::new(lines),
            replay_event_count: i64::try_from(replay).unwrap_or(i64::MAX),
            has_full_snapshot: self.has_full_snapshot,
        };
        (plan, sequences)
    }
}
