use std::collections::{HashMap, HashSet};

use crow_storage::pack::{Line, LineKind};
use crow_storage::rrweb::{self, FULL_SNAPSHOT, META};

use crate::replay::ReplayRange;

/// Selects the lines of the requested range.
#[derive(Debug, Default)]
pub struct Cut {
    range: ReplayRange,
    /// The start of each window that has a full snapshot before the range.
    starts: HashMap<String, i64>,
    begun: HashSet<String>,
}

impl Cut {
    /// `starts` holds the time, at or before `range.from`, from which a player needs a window's
    /// lines. Windows without an entry begin at `range.from`.
    #[must_use]
    pub fn new(range: ReplayRange, starts: HashMap<String, i64>) -> Self {
        Self {
            range,
            starts,
            begun: HashSet::new(),
        }
    }

    /// Whether this time and all later ones are after the range.
    #[must_use]
    pub fn is_over(&self, at: i64) -> bool {
        self.range.to.is_some_and(|to| at > to)
    }

    /// Whether the line is in the range. Lines must arrive in time order.
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
        // Lines of the snapshot's millisecond that precede it belong to the previous page.
        let is_first = matches!(rrweb::event_type(&line.data), Some(META | FULL_SNAPSHOT));
        if is_first {
            self.begun.insert(line.window.clone());
        }
        is_first
    }
}
