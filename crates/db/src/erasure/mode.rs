//! What becomes of the sessions of an erasure.

use std::str::FromStr;

use crate::error::{Error, Result};

/// What becomes of the sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// They are removed.
    #[default]
    Erase,
    /// Their events and recordings are removed, and what names the visitor. They are still counted.
    Anonymize,
    /// Their events and recordings are removed. Only retention asks for it.
    RemoveEvents,
}

impl Mode {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Erase => "erase",
            Self::Anonymize => "anonymize",
            Self::RemoveEvents => "remove_events",
        }
    }

    /// Whether rows of this table stay.
    pub(super) fn keeps(self, table: &str) -> bool {
        match self {
            Self::Erase => false,
            Self::Anonymize => matches!(table, "sessions" | "session_facts"),
            Self::RemoveEvents => {
                matches!(
                    table,
                    "sessions"
                        | "session_facts"
                        | "outbox"
                        | "withdrawals"
                        | "session_notes"
                        | "session_tags"
                        | "session_watches"
                        | "collection_sessions"
                )
            }
        }
    }
}

impl FromStr for Mode {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        [Self::Erase, Self::Anonymize, Self::RemoveEvents]
            .into_iter()
            .find(|mode| mode.as_str() == word)
            .ok_or_else(|| Error::Unreadable(format!("erasures.mode: unknown mode {word:?}")))
    }
}
