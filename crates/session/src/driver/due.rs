//! Sessions whose time has come.

use tracing::error;

use crow_session_core::Event;

use super::Driver;
use crate::effects::Due;

impl Driver {
    /// Takes what was found. Logs each row that cannot be read once.
    pub(super) fn on_due(&mut self, mut due: Due) {
        for row in std::mem::take(&mut due.unreadable) {
            if self.unreadable_due.insert(row.clone()) {
                error!(
                    partition = self.partition(),
                    session_row = row,
                    "this version cannot read the row of a due session; its end waits"
                );
            }
        }
        self.due = Some(due);
    }

    /// The due times of rows are hints. The watermark makes them safe: a session does not end while
    /// its events may still wait in the stream.
    pub(super) fn go_on_with_due(&mut self, due: Due) {
        let missing = self.core.prefetch_sessions(&due.sessions);
        if !missing.is_empty() {
            self.due = Some(due);
            self.effect = Some(self.tools.load_sessions(missing));
            return;
        }
        let is_read_to_the_end = due.stream.is_some_and(|stream| {
            stream.created == self.flusher.stream_created && stream.last <= self.through
        });
        let watermark = if is_read_to_the_end {
            due.asked_at
        } else {
            self.last_stored_at
        };
        let event = Event::Due {
            watermark,
            sessions: due.sessions,
        };
        self.handle(event);
    }
}
