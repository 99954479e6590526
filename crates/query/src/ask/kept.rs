//! Parameters of requests about what people keep with sessions: notes, tags, and who has watched.

use serde::Deserialize;
use utoipa::ToSchema;

use crow_db::read::KeptFilter;

use crate::ask::question::questions;
use crate::ask::values::{Flag, Name, Text};
use crate::error::{Error, Result};

/// The longest note, in characters.
const MAX_NOTE: usize = 2_000;
/// The longest tag, in characters.
const MAX_TAG: usize = 40;

questions! {
    /// What people keep with the sessions of a list.
    KeptSessions {
        /// Has this tag.
        tag "tag": Option<Text>,
        /// Whether the caller has watched it.
        watched "watched": Option<Flag>,
        /// Is in the collection with this `id`.
        collection "collection": Option<Text>,
    }

    /// One note.
    OneNote {
        /// A session's `id`, or the SDK's `sessionId`, which means its latest generation.
        session "sessionId": Name,
        /// The note's `id`.
        note "noteId": Name,
    }

    /// One tag of a session.
    OneTag {
        /// A session's `id`, or the SDK's `sessionId`, which means its latest generation.
        session "sessionId": Name,
        /// The tag.
        tag "tag": Name,
    }
}

impl KeptSessions {
    /// For whoever asks.
    ///
    /// # Errors
    /// `Malformed` when no session can have the tag.
    pub fn of(&self, watcher: &str) -> Result<KeptFilter> {
        let tag = self.tag.as_ref().map(|tag| checked_tag(&tag.0));
        Ok(KeptFilter {
            tag: tag.transpose()?,
            watched: self.watched.map(|wanted| (wanted.0, watcher.to_owned())),
            collection: self.collection.as_ref().map(|id| id.0.clone()),
        })
    }
}

/// A note to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// The moment of the session, milliseconds since the epoch. One outside of the session moves to
    /// its beginning or its end.
    pub at: i64,
    /// What it says: 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// A note with another text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeNote {
    /// What it says: 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// A tag to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTag {
    /// 1 to 40 characters, without control characters and `/`. Capitals become small letters.
    #[schema(min_length = 1, max_length = 40)]
    pub tag: String,
}

/// The text of a note, without blanks around it.
///
/// # Errors
/// `Malformed` when it is empty or too long.
pub fn checked_note(text: &str) -> Result<String> {
    let text = text.trim();
    let is_allowed = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t' | '\r');
    if text.is_empty() || text.chars().count() > MAX_NOTE || !text.chars().all(is_allowed) {
        let problem = format!("text: must be 1 to {MAX_NOTE} characters");
        return Err(Error::Malformed(problem));
    }
    Ok(text.to_owned())
}

/// A tag as it is stored: in small letters, with single blanks.
///
/// # Errors
/// `Malformed` when it is empty, too long, or has a character that no tag has.
pub fn checked_tag(given: &str) -> Result<String> {
    let words: Vec<&str> = given.split_whitespace().collect();
    let tag = words.join(" ").to_lowercase();
    let is_allowed = |letter: char| !letter.is_control() && letter != '/';
    if tag.is_empty() || tag.chars().count() > MAX_TAG || !tag.chars().all(is_allowed) {
        let problem =
            format!("tag: must be 1 to {MAX_TAG} characters without control characters and `/`");
        return Err(Error::Malformed(problem));
    }
    Ok(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_one_form() {
        assert_eq!(checked_tag("  Check\tout  ÄÖ ").unwrap(), "check out äö");
        for wrong in ["", " ", "a/b", "a\u{0}", &"x".repeat(41)] {
            assert!(checked_tag(wrong).is_err(), "{wrong:?}");
        }
        assert!(checked_tag(&"x".repeat(40)).is_ok());
    }
}
