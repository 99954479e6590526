//! Parameters and bodies of requests about collections of sessions.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::ask::question::questions;
use crate::ask::values::Name;
use crate::error::{Error, Result};

/// The longest note, in characters.
const MAX_NOTE: usize = 500;

questions! {
    /// The collections of an organization.
    ListCollections {
        /// Only those with this session: its `id`, or the SDK's `sessionId`, which means its latest
        /// generation.
        session "sessionId": Option<Name>,
    }

    /// One collection.
    OneCollection {
        /// The collection's `id`.
        collection "collectionId": Name,
    }

    /// A session of a collection.
    Collected {
        /// The collection's `id`.
        collection "collectionId": Name,
        /// A session's `id`, or the SDK's `sessionId`, which means its latest generation.
        session "sessionId": Name,
    }
}

/// A collection to store.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveCollection {
    /// Its name: 1 to 100 characters. The names of an organization are unique.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it is for: at most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub note: String,
}

/// A note as it is stored.
///
/// # Errors
/// `Malformed` when it is too long.
pub fn checked_note(note: &str) -> Result<String> {
    let note = note.trim();
    let is_allowed = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t' | '\r');
    if note.chars().count() > MAX_NOTE || !note.chars().all(is_allowed) {
        let problem = format!("note: must be at most {MAX_NOTE} characters");
        return Err(Error::Malformed(problem));
    }
    Ok(note.to_owned())
}
