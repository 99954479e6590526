//! Merges the stored and the live part of a recording: no line twice, no hole.
//!
//! Lines are ordered by their positions in the partition's stream. The last commit defines what is
//! stored: all lines up to its checkpoint are in chunks with an index below its chunk count. Each
//! frame names the positions that it covers. If a frame starts after the last known position, there
//! is a hole, and the chunks committed since then are read. Chunk lines carry no positions, so
//! hashes identify the lines that were already delivered.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use crow_db::read::TailState;
use crow_proto::live::Frame;
use crow_storage::pack::{Line, LineKind};
use crow_types::Partition;

/// The maximum number of delivered lines that are not known to be stored.
const MAX_SHOWN: usize = 200_000;

/// What is known and delivered of one session.
#[derive(Debug)]
pub struct Join {
    visit: String,
    stored: TailState,
    /// Everything up to this position was delivered.
    position: u64,
    /// Lines delivered from frames and not known to be stored: position and hash.
    shown: VecDeque<(u64, u64)>,
    /// Those of them that the next read of chunks will return, by hash, with their number.
    again: HashMap<u64, usize>,
}

/// The result of a frame.
#[derive(Debug, PartialEq)]
pub enum Taken {
    /// Lines to deliver; empty when all are known.
    Lines(Vec<Line>),
    /// The frame starts after a hole.
    Hole,
    /// The frame belongs to another incarnation of the stream.
    Elsewhere,
}

/// Which chunks to read.
#[derive(Debug, PartialEq, Eq)]
pub enum Missing {
    /// None.
    Nothing,
    /// The chunks with these indexes; [`Join::is_new`] selects their new lines.
    Chunks(Range<i64>),
    /// They cannot be identified any more.
    Gone,
}

impl Join {
    /// Starts from a state of which everything was delivered.
    #[must_use]
    pub fn new(visit: String, stored: TailState) -> Self {
        Self {
            visit,
            position: position_of(&stored),
            stored,
            shown: VecDeque::new(),
            again: HashMap::new(),
        }
    }

    /// Everything up to this position was delivered.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Whether positions before the frame are missing.
    #[must_use]
    pub fn is_behind(&self, frame: &Frame) -> bool {
        frame.after > self.position
    }

    /// Takes a frame.
    pub fn take(&mut self, frame: Frame) -> Taken {
        if frame.stream_created != self.stored.stream_created {
            return Taken::Elsewhere;
        }
        if self.is_behind(&frame) {
            return Taken::Hole;
        }
        let mut lines = Vec::new();
        for line in frame.lines {
            if line.sequence <= self.position || line.visit != self.visit {
                continue;
            }
            let sequence = line.sequence;
            let line = line_of(line);
            self.shown.push_back((sequence, hash_of(&line)));
            lines.push(line);
        }
        self.position = self.position.max(frame.through);
        Taken::Lines(lines)
    }

    /// Whether so many delivered lines are still not stored that something must be wrong.
    #[must_use]
    pub fn is_too_far(&self) -> bool {
        self.shown.len() > MAX_SHOWN
    }

    /// Compares the known state with the state that is stored now.
    pub fn compare(&mut self, now: &TailState) -> Missing {
        let is_same = now.stream_created == self.stored.stream_created
            && now.checkpoint >= self.stored.checkpoint
            && now.chunk_count >= self.stored.chunk_count;
        if !is_same {
            return Missing::Gone;
        }
        let chunks = self.stored.chunk_count..now.chunk_count;
        if position_of(now) <= self.position || chunks.is_empty() {
            return Missing::Nothing;
        }
        if now.archived_at.is_some() {
            return Missing::Gone;
        }
        self.again.clear();
        for (_position, hash) in &self.shown {
            *self.again.entry(*hash).or_default() += 1;
        }
        Missing::Chunks(chunks)
    }

    /// Whether a stored line still has to be delivered.
    pub fn is_new(&mut self, line: &Line) -> bool {
        let Some(count) = self
            .again
            .get_mut(&hash_of(line))
            .filter(|count| **count > 0)
        else {
            return true;
        };
        *count -= 1;
        false
    }

    /// Notes that everything in `now` was delivered.
    pub fn caught_up_with(&mut self, now: TailState) {
        let checkpoint = position_of(&now);
        self.position = self.position.max(checkpoint);
        while self
            .shown
            .front()
            .is_some_and(|(position, _hash)| *position <= checkpoint)
        {
            self.shown.pop_front();
        }
        self.again.clear();
        self.stored = now;
    }

    /// The partition whose stream the positions refer to.
    #[must_use]
    pub fn partition(&self) -> Partition {
        Partition(u16::try_from(self.stored.partition).unwrap_or_default())
    }

    /// All chunks with a lower index were delivered.
    #[must_use]
    pub fn chunk_count(&self) -> i64 {
        self.stored.chunk_count
    }
}

fn position_of(stored: &TailState) -> u64 {
    u64::try_from(stored.checkpoint).unwrap_or_default()
}

/// The line as it will be stored. Outside of strings, where JSON escapes it, a line feed is white
/// space.
fn line_of(line: crow_proto::live::Line) -> Line {
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let data = if line.data.iter().any(is_break) {
        let blank = |byte: &u8| if is_break(byte) { b' ' } else { *byte };
        line.data.iter().map(blank).collect::<Vec<u8>>().into()
    } else {
        line.data
    };
    Line {
        window: line.window_id,
        kind: if line.is_replay {
            LineKind::Replay
        } else {
            LineKind::Event
        },
        seq: line.seq,
        index: line.index,
        at: line.at,
        data,
    }
}

fn hash_of(line: &Line) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&line.window, line.kind == LineKind::Replay).hash(&mut hasher);
    (line.seq, line.at).hash(&mut hasher);
    line.data.hash(&mut hasher);
    hasher.finish()
}
