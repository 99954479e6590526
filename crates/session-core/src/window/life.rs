//! Whether a window shows its page.

use serde::{Deserialize, Serialize};

/// A window counts as live this long after its last sign of life, in milliseconds.
const SIGN_HOLDS: i64 = 60_000;

/// The last sign of life of a window: until when it counts as live (server clock), when the client
/// gave the sign (client clock), and whether it said that the page has gone away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Life(pub i64, i64, bool);

/// A sign of life, or of the page's end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sign {
    /// By the client's clock.
    pub(crate) given_at: i64,
    /// The same by ours.
    pub(crate) at: i64,
    /// The page has gone away.
    pub(crate) is_end: bool,
}

impl Life {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes note of a sign. A batch that was in flight when the page closed does not reopen it;
    /// `has_moved`: the client's clock was set, and does not compare with earlier signs.
    pub(crate) fn observe(&mut self, sign: Sign, has_moved: bool) {
        let Self(until, last_given_at, has_ended) = *self;
        let is_old = if has_ended {
            sign.given_at <= last_given_at
        } else {
            sign.given_at < last_given_at
        };
        if is_old && !has_moved {
            return;
        }
        let until = if sign.is_end {
            until.min(sign.at)
        } else {
            until.max(sign.at.saturating_add(SIGN_HOLDS))
        };
        *self = Self(until, sign.given_at, sign.is_end);
    }
}
