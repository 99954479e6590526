use std::collections::{HashMap, HashSet};

use crow_storage::pack::{Line, LineKind};
use crow_storage::rrweb::{self, FULL_SNAPSHOT, META};

use crate::replay::ReplayRange;

/// Which lines are wanted.
#[derive(Debug, Default)]
pub struct Cut {
    range: ReplayRange,
    /// Where windows begin that have a full snapshot before the range.
    starts: HashMap<String, i64>,
    begun: HashSet<String>,
}

impl Cut {
    /// `starts` are the times from which a player needs a window's lines, at or before
    /// `range.from`; other windows begin at `range.from`.
    #[must_use]
    pub fn new(range: ReplayRange, starts: HashMap<String, i64>) -> Self {
        Self {
            range,
            starts,
            begun: HashSet::new(),
        }
    }

    /// Nothing of this time or later is wanted.
    #[must_use]
    pub fn is_over(&self, at: i64) -> bool {
        self.range.to.is_some_and(|to| at > to)
    }

    /// Whether the line is wanted. Lines come in the order of time.
    pub fn admits(&mut self, line: &Line) -> bool {
        let Some(from) = self.range.from else {
            return true;
        };
        let Some(start) = self.starts.get(&line.window) else {
            return line.at >= from;
        };
        if line.at != *start || line.kind == LineKind::Event || self.begun.contains(&line.window) {
            return line.at >= *start;
        }
        // In the millisecond of the snapshot, what came before it belongs to the page before.
        let is_first = matches!(rrweb::event_type(&line.data), Some(META | FULL_SNAPSHOT));
        if is_first {
            self.begun.insert(line.window.clone());
        }
        is_first
    }
}
