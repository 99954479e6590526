//! Sessions that were loaded, or could not be.

use std::collections::BTreeMap;

use tracing::error;

use crow_session_core::{Event, Incoming, Loaded, SessionKey};

use super::Driver;
use crate::effects::Letter;

/// Reason of a dead letter.
const UNREADABLE: &str = "the session's row cannot be read by this version";

impl Driver {
    /// Moves batches of sessions that this version cannot read to the dead letters. The partition
    /// continues.
    pub(super) fn on_loaded(&mut self, loaded: Loaded, unreadable: &BTreeMap<SessionKey, String>) {
        self.handle(Event::Loaded(loaded));
        if unreadable.is_empty() {
            return;
        }
        for (key, reason) in unreadable {
            error!(
                partition = self.partition(),
                session = key.session.as_str(),
                error = reason,
                "a session cannot be read; its batches go to the dead letters"
            );
        }
        if let Some(due) = &mut self.due {
            due.sessions.retain(|key| !unreadable.contains_key(key));
        }
        let mut letters = Vec::new();
        for message in &mut self.opened {
            let is_bad = |incoming: &mut Incoming| unreadable.contains_key(&incoming.key);
            for incoming in message.batches.extract_if(.., is_bad) {
                // The letter may be the message itself, which needs its object.
                message.claimed = None;
                letters.push(Letter {
                    sequence: message.sequence,
                    reason: UNREADABLE,
                    batch: incoming.batch,
                    message: message.payload.clone(),
                });
            }
        }
        if !letters.is_empty() {
            self.effect = Some(self.tools.bury(letters));
        }
    }
}
