//! Watched sessions, and the frames for their watchers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crow_types::{Line, Sequence, Timestamp};

use crate::message::SessionKey;
use crate::pending::ChunkPlan;

/// Interest expires after this long, in milliseconds, unless it is renewed.
const INTEREST: i64 = 6_000;

/// Lines of one session: all those of the messages after `after` and up to `through`.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveFrame {
    /// The session of the lines.
    pub key: SessionKey,
    /// Not included.
    pub after: Sequence,
    /// Included.
    pub through: Sequence,
    /// By position, then by time.
    pub lines: Vec<LiveLine>,
    /// A visit of the session is over, and its row says so.
    pub has_ended: bool,
}

/// A line with where it belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveLine {
    /// `sessions.id`.
    pub visit: String,
    /// Position of its message.
    pub sequence: Sequence,
    /// The line.
    pub line: Line,
}

/// What is shown of one session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watch {
    until: Timestamp,
    /// Everything through here was sent, or came before the first watcher.
    pub(crate) shown: Sequence,
    /// The last message that had lines.
    pub(crate) last: Sequence,
}

/// The sessions that are watched. Nearly always empty.
#[derive(Debug, Default)]
pub(crate) struct Watches(pub(crate) BTreeMap<SessionKey, Watch>);

impl Watches {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Records interest; `taken` is the last message that was handled.
    pub(crate) fn renew(&mut self, key: SessionKey, now: Timestamp, taken: Sequence) -> Watch {
        let watch = self.0.entry(key).or_insert(Watch {
            until: now,
            shown: taken,
            last: Sequence(0),
        });
        watch.until = now.plus(INTEREST);
        *watch
    }

    pub(crate) fn forget_old(&mut self, now: Timestamp) {
        self.0.retain(|_key, watch| watch.until > now);
    }
}

/// The lines of a chunk that is being written.
#[derive(Debug)]
pub(crate) struct HeldChunk {
    pub(crate) key: SessionKey,
    visit: String,
    lines: Arc<Vec<Line>>,
    sequences: Vec<Sequence>,
}

impl HeldChunk {
    pub(crate) fn new(key: SessionKey, plan: &ChunkPlan, sequences: Vec<Sequence>) -> Self {
        Self {
            key,
            visit: plan.session_id.clone(),
            lines: Arc::clone(&plan.lines),
            sequences,
        }
    }

    /// The lines behind a position.
    pub(crate) fn lines_after(&self, after: Sequence) -> impl Iterator<Item = LiveLine> {
        self.sequences
            .iter()
            .zip(self.lines.iter())
            .filter(move |(sequence, _line)| **sequence > after)
            .map(|(sequence, line)| LiveLine {
                visit: self.visit.clone(),
                sequence: *sequence,
                line: line.clone(),
            })
    }
}
