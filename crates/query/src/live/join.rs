//! How stored and live become one recording: never a line twice, no hole.
//!
//! Positions of the partition's stream order everything. What is stored is known by the
//! commit that left it: all lines through its checkpoint are in chunks below its chunk
//! count. Frames say which positions they cover. A frame that begins behind what is known
//! leaves a hole, and then what is stored meanwhile is read: without the lines that were
//! given out already, which a chunk does not number.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use crow_db::read::TailState;
use crow_proto::live::Frame;
use crow_storage::pack::{Line, LineKind};
use crow_types::Partition;

/// Lines that were given out and are not known to be stored, at most.
const MAX_SHOWN: usize = 200_000;

/// What is known and given out of one session.
#[derive(Debug)]
pub struct Join {
    visit: String,
    stored: TailState,
    /// Everything through here was given out.
    position: u64,
    /// Given out from frames, and not known to be stored: position and hash.
    shown: VecDeque<(u64, u64)>,
    /// Those that a read of what is stored will bring again, and how often.
    again: HashMap<u64, usize>,
}

/// What a frame brought.
#[derive(Debug, PartialEq)]
pub enum Taken {
    /// Lines to give out; none when all are known.
    Lines(Vec<Line>),
    /// It begins behind a hole.
    Hole,
    /// It counts in another incarnation of the stream.
    Elsewhere,
}

/// What to read of what is stored.
#[derive(Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nothing.
    Nothing,
    /// The chunks with these indexes; [`Join::is_new`] says which of their lines.
    Chunks(Range<i64>),
    /// It cannot be found any more.
    Gone,
}

impl Join {
    /// All that `stored` speaks of was given out.
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

    /// Everything through here was given out.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Whether something came before the frame that is not known.
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

    /// Whether so much was given out and is not stored that something must be wrong.
    #[must_use]
    pub fn is_too_far(&self) -> bool {
        self.shown.len() > MAX_SHOWN
    }

    /// Compares with what is stored now.
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

    /// Whether a stored line is to be given out.
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

    /// All that `now` speaks of was given out.
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

    /// Whose stream the positions count in.
    #[must_use]
    pub fn partition(&self) -> Partition {
        Partition(u16::try_from(self.stored.partition).unwrap_or_default())
    }

    /// Chunks below this were given out.
    #[must_use]
    pub fn chunk_count(&self) -> i64 {
        self.stored.chunk_count
    }
}

fn position_of(stored: &TailState) -> u64 {
    u64::try_from(stored.checkpoint).unwrap_or_default()
}

/// As it will be stored: a line feed can only be white space between tokens.
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
