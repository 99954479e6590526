//! Routes about what people keep with sessions.

use crate::rest::kept;
use crate::rest::table::{Entry, delete, get, post, put};

/// It must come before the routes of sessions, because a session could be called `tags`.
pub(super) fn kept() -> Vec<Entry> {
    const NOTES: &str = "/sessions/{orgId}/{sessionId}/notes";
    const NOTE: &str = "/sessions/{orgId}/{sessionId}/notes/{noteId}";
    const WATCHED: &str = "/sessions/{orgId}/{sessionId}/watched";
    vec![
        get(
            "/sessions/{orgId}/tags",
            "list_tags",
            "The tags of an organization, most used first.",
            kept::list_tags,
        ),
        post(
            "/sessions/{orgId}/{sessionId}/tags",
            "add_tag",
            "Gives a session a tag. One that it has is no change.\n\n409: the session has 20 tags.",
            kept::add_tag,
        ),
        delete(
            "/sessions/{orgId}/{sessionId}/tags/{tag}",
            "remove_tag",
            "Takes a tag from a session.",
            kept::remove_tag,
        ),
        get(
            NOTES,
            "list_notes",
            "The notes of a session, by the moment that they are about.",
            kept::list_notes,
        ),
        post(
            NOTES,
            "add_note",
            "Adds a note to a moment of a session.\n\n409: the session has 200 notes.",
            kept::add_note,
        ),
        put(
            NOTE,
            "change_note",
            "Replaces the text of one's own note.",
            kept::change_note,
        ),
        delete(
            NOTE,
            "remove_note",
            "Removes one's own note. An admin also removes those of others.",
            kept::remove_note,
        ),
        put(
            WATCHED,
            "set_watched",
            "Notes that one has watched a session.",
            kept::set_watched,
        ),
        delete(
            WATCHED,
            "set_unwatched",
            "Forgets that one has watched a session.",
            kept::set_unwatched,
        ),
    ]
}
