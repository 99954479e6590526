//! Frames for watchers: everything that is not committed, then each new message.

use std::collections::BTreeSet;

use crow_types::Sequence;

use super::Core;
use crate::message::{Incoming, SessionKey};
use crate::visit::Visit;
use crate::watch::{LiveFrame, LiveLine};

impl Core {
    /// The last message that was handled.
    fn taken(&self) -> Sequence {
        self.pending.checkpoint.unwrap_or(self.checkpoint)
    }

    /// Sends a watcher that is behind the uncommitted lines that it lacks. It reads committed lines
    /// from SQL, so the frame starts after those.
    pub(super) fn on_watch(
        &mut self,
        key: SessionKey,
        after: Sequence,
        wants_answer: bool,
        once: bool,
    ) {
        let taken = self.taken();
        let last = if once {
            Sequence(0)
        } else {
            self.watches.renew(key.clone(), self.now, taken).last
        };
        let from = after.max(self.committed);
        let lines = self.held_lines(&key, from);
        if wants_answer || !lines.is_empty() || last > after {
            self.frames.push_back(LiveFrame {
                key,
                after: from.min(taken),
                through: taken,
                lines,
                has_ended: false,
            });
        }
    }

    /// Sends the lines of a message to watchers of its sessions.
    pub(super) fn show_message(&mut self, sequence: Sequence, batches: &[Incoming]) {
        let keys: BTreeSet<&SessionKey> = batches.iter().map(|incoming| &incoming.key).collect();
        for key in keys {
            let Some(watch) = self.watches.0.get(key) else {
                continue;
            };
            let after = watch.shown;
            let lines = in_order(self.pending_lines(key, after));
            let watch = self.watches.0.get_mut(key).expect("it was just there");
            watch.shown = sequence;
            if lines.is_empty() {
                continue;
            }
            watch.last = sequence;
            self.frames.push_back(LiveFrame {
                key: key.clone(),
                after,
                through: sequence,
                lines,
                has_ended: false,
            });
        }
    }

    /// After a commit, tells watchers of ended visits to read the row.
    pub(super) fn show_ends(&mut self) {
        for (key, watch) in &self.watches.0 {
            let is_over = |visit: &Visit| !visit.is_open();
            let has_ended = self
                .sessions
                .get(key)
                .is_some_and(|visits| visits.list.iter().any(is_over));
            if has_ended {
                self.frames.push_back(LiveFrame {
                    key: key.clone(),
                    after: watch.shown,
                    through: watch.shown,
                    lines: Vec::new(),
                    has_ended,
                });
            }
        }
    }

    /// The uncommitted lines of a session after a position.
    fn held_lines(&self, key: &SessionKey, after: Sequence) -> Vec<LiveLine> {
        let first = self.in_flight.partition_point(|chunk| chunk.key < *key);
        let in_flight = self.in_flight[first..]
            .iter()
            .take_while(|chunk| chunk.key == *key)
            .flat_map(|chunk| chunk.lines_after(after));
        in_order(in_flight.chain(self.pending_lines(key, after)))
    }

    /// The lines of a session after a position that are in no flush yet.
    fn pending_lines(
        &self,
        key: &SessionKey,
        after: Sequence,
    ) -> impl Iterator<Item = LiveLine> + use<'_> {
        let first = (key.clone(), 0, String::new());
        let session = key.clone();
        let chunks = self.pending.chunks.range(first..);
        chunks
            .take_while(move |((key, _visit, _window), _lines)| *key == session)
            .flat_map(move |((key, visit, _window), chunk)| {
                // Positions grow, and callers nearly always ask for the end.
                let newer = chunk.lines.iter().rev();
                newer
                    .take_while(move |(sequence, _line)| *sequence > after)
                    .map(move |(sequence, line)| LiveLine {
                        visit: self.sessions[key].list[*visit].record.id.clone(),
                        sequence: *sequence,
                        line: line.clone(),
                    })
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev()
            })
    }
}

fn in_order(lines: impl Iterator<Item = LiveLine>) -> Vec<LiveLine> {
    let mut lines: Vec<LiveLine> = lines.collect();
    lines.sort_by_key(|line| (line.sequence, line.line.at, line.line.seq));
    lines
}
