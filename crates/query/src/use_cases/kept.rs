//! What people keep with sessions: notes, tags, and who has watched. Whoever may see recordings may
//! write them.

use std::collections::HashMap;

use serde::Serialize;

use crow_auth::{Principal, Scope};
use crow_db::audit_log::Actor;
use crow_db::kept::notes::{MAX_NOTES, NoteRow};
use crow_db::kept::tags::{KnownTag, MAX_TAGS, TagRow};
use crow_db::kept::watches::WatchRow;
use crow_db::kept::{Added, collections, notes, tags, watches};
use crow_db::users;
use crow_types::{ErrorCode, OrganizationId, Timestamp};
use crow_web::ApiError;

use super::{Session, UseCases};
use crate::ask::kept::{ChangeNote, NewNote, NewTag, OneNote, OneTag, checked_note, checked_tag};
use crate::ask::sessions::OneSession;
use crate::ask::values::Name;
use crate::error::{Error, Result};

/// What people keep with a session, as one of them sees it.
#[derive(Debug, Default)]
pub struct Kept {
    /// Its tags, in the order of the alphabet.
    pub tags: Vec<String>,
    /// Whether whoever asks has watched it.
    pub is_watched: bool,
}

/// A note with the name of its author.
#[derive(Debug)]
pub struct Note {
    /// The note.
    pub row: NoteRow,
    /// The name of the user; `None`: a key wrote it, or the user is gone.
    pub author_name: Option<String>,
}

/// Who changes something, and may.
#[derive(Debug)]
pub struct Writer<'a> {
    /// Who it is.
    pub principal: &'a Principal,
    /// The same, for the audit log.
    pub actor: Actor,
}

impl Writer<'_> {
    pub(super) fn organization(&self) -> &OrganizationId {
        self.principal.organization()
    }
}

impl UseCases {
    /// Adds what people keep with these sessions.
    pub async fn add_kept(&self, by: &Principal, sessions: &mut [Session]) -> Result<()> {
        let ids: Vec<&str> = sessions.iter().map(|it| it.row.id.as_str()).collect();
        let organization = by.organization();
        let mut tags = tags::of_sessions(&self.db, organization, &ids).await?;
        let watched = watches::of(&self.db, organization, by.id(), &ids).await?;
        for session in sessions {
            session.kept = Some(Kept {
                tags: tags.remove(&session.row.id).unwrap_or_default(),
                is_watched: watched.contains(&session.row.id),
            });
        }
        Ok(())
    }

    /// The notes of a session, by their moment.
    pub async fn notes(
        &self,
        organization: &OrganizationId,
        asked: &OneSession,
    ) -> Result<Vec<Note>> {
        let session = self.row(organization, &asked.session).await?.record.id;
        let rows = notes::list(&self.db, organization, &session).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let users = users::list(&self.db, organization).await?;
        let names: HashMap<String, String> =
            users.into_iter().map(|user| (user.id, user.name)).collect();
        let named = rows.into_iter().map(|row| Note {
            author_name: names.get(&row.author_id).cloned(),
            row,
        });
        Ok(named.collect())
    }

    /// Adds a note to a moment of a session.
    ///
    /// # Errors
    /// `not_found` without such a session, or when it was anonymized; `conflict` when it has 200.
    pub async fn add_note(
        &self,
        by: &Writer<'_>,
        session: &Name,
        note: &NewNote,
    ) -> std::result::Result<Note, ApiError> {
        let organization = by.organization();
        let text = checked_note(&note.text)?;
        let stored = self.row(organization, session).await?;
        let (is_open, session) = (stored.is_open, stored.record);
        let now = Timestamp::now().0;
        // An open session goes on while its row waits for the next flush.
        let last = if is_open { now } else { session.last_event_at };
        let row = NoteRow {
            id: ulid::Ulid::new().to_string(),
            organization_id: organization.as_str().to_owned(),
            session_id: session.id,
            author_id: by.principal.id().to_owned(),
            noted_at: note.at.min(last).max(session.started_at),
            note: text,
            created_at: now,
            updated_at: now,
        };
        let added = notes::insert(&self.db, &by.actor, row.clone()).await;
        check(added.map_err(Error::from)?, "notes", MAX_NOTES)?;
        Ok(self.named(organization, row).await?)
    }

    /// Changes the text of one's own note.
    ///
    /// # Errors
    /// `not_found` without such a note; `forbidden` when somebody else wrote it.
    pub async fn change_note(
        &self,
        by: &Writer<'_>,
        asked: &OneNote,
        change: &ChangeNote,
    ) -> std::result::Result<Note, ApiError> {
        let text = checked_note(&change.text)?;
        let row = self.note(by.organization(), asked).await?;
        if row.author_id != by.principal.id() {
            let message = "only the author changes a note";
            return Err(ApiError::new(ErrorCode::Forbidden, message));
        }
        let now = Timestamp::now();
        let changed = notes::change(&self.db, &by.actor, &row, &text, now).await;
        if !changed.map_err(Error::from)? {
            return Err(Error::NotFound.into_api());
        }
        let row = NoteRow {
            note: text,
            updated_at: now.0,
            ..row
        };
        Ok(self.named(by.organization(), row).await?)
    }

    /// Removes one's own note. An admin also removes those of others.
    ///
    /// # Errors
    /// `not_found` without such a note; `forbidden` when somebody else wrote it.
    pub async fn remove_note(
        &self,
        by: &Writer<'_>,
        asked: &OneNote,
    ) -> std::result::Result<(), ApiError> {
        let row = self.note(by.organization(), asked).await?;
        let is_own = row.author_id == by.principal.id();
        if !is_own && !by.principal.scopes().allow(Scope::Admin) {
            let message = "only the author or an admin removes a note";
            return Err(ApiError::new(ErrorCode::Forbidden, message));
        }
        let removed = notes::remove(&self.db, &by.actor, &row).await;
        if !removed.map_err(Error::from)? {
            return Err(Error::NotFound.into_api());
        }
        Ok(())
    }

    async fn note(&self, organization: &OrganizationId, asked: &OneNote) -> Result<NoteRow> {
        let session = self.row(organization, &asked.session).await?.record.id;
        let note = asked.note.stored()?;
        let found = notes::find(&self.db, organization, &session, note).await?;
        found.ok_or(Error::NotFound)
    }

    async fn named(&self, organization: &OrganizationId, row: NoteRow) -> Result<Note> {
        let user = users::find(&self.db, organization, &row.author_id).await?;
        Ok(Note {
            author_name: user.map(|user| user.name),
            row,
        })
    }

    /// The tags of an organization, most used first.
    pub async fn known_tags(&self, organization: &OrganizationId) -> Result<Vec<KnownTag>> {
        Ok(tags::known(&self.db, organization).await?)
    }

    /// Gives a session a tag. Returns its tags.
    ///
    /// # Errors
    /// `not_found` without such a session, or when it was anonymized; `conflict` when it has 20.
    pub async fn add_tag(
        &self,
        by: &Writer<'_>,
        session: &Name,
        new: &NewTag,
    ) -> std::result::Result<Vec<String>, ApiError> {
        let organization = by.organization();
        let tag = checked_tag(&new.tag)?;
        let session = self.row(organization, session).await?.record.id;
        let row = TagRow {
            session_id: session.clone(),
            tag,
            organization_id: organization.as_str().to_owned(),
            created_by: by.principal.id().to_owned(),
            created_at: Timestamp::now().0,
        };
        let added = tags::insert(&self.db, &by.actor, row).await;
        check(added.map_err(Error::from)?, "tags", MAX_TAGS)?;
        Ok(self.tags_of(organization, &session).await?)
    }

    /// Takes a tag from a session.
    pub async fn remove_tag(
        &self,
        by: &Writer<'_>,
        asked: &OneTag,
    ) -> std::result::Result<(), ApiError> {
        let organization = by.organization();
        let session = self.row(organization, &asked.session).await?.record.id;
        let tag = checked_tag(&asked.tag.0).map_err(|_no_tag| Error::NotFound)?;
        if !self.tags_of(organization, &session).await?.contains(&tag) {
            return Err(Error::NotFound.into_api());
        }
        let removed = tags::remove(&self.db, &by.actor, organization, &session, &tag).await;
        if removed.map_err(Error::from)? {
            return Ok(());
        }
        Err(Error::NotFound.into_api())
    }

    /// The tags of a session row, in the order of the alphabet.
    pub async fn tags_of(
        &self,
        organization: &OrganizationId,
        session: &str,
    ) -> Result<Vec<String>> {
        let mut found = tags::of_sessions(&self.db, organization, &[session]).await?;
        Ok(found.remove(session).unwrap_or_default())
    }

    /// Notes whether one has watched a session.
    pub async fn set_watched(
        &self,
        by: &Principal,
        asked: &OneSession,
        is_watched: bool,
    ) -> Result<()> {
        let organization = by.organization();
        let session = self.row(organization, &asked.session).await?.record.id;
        if !is_watched {
            watches::remove(&self.db, organization, &session, by.id()).await?;
            return Ok(());
        }
        let row = WatchRow {
            session_id: session,
            watcher_id: by.id().to_owned(),
            organization_id: organization.as_str().to_owned(),
            watched_at: Timestamp::now().0,
        };
        match watches::insert(&self.db, row).await? {
            Added::Done => Ok(()),
            Added::Unknown | Added::TooMany => Err(Error::NotFound),
        }
    }
}

/// What people wrote about a session, for whom it is about.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Written {
    session_id: String,
    tags: Vec<String>,
    collections: Vec<String>,
    notes: Vec<WrittenNote>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenNote {
    at: i64,
    text: String,
    created_at: i64,
    updated_at: i64,
}

impl UseCases {
    /// What people wrote about the session with this row id; `None`: nothing. Who wrote it is left
    /// out.
    pub async fn kept_of(
        &self,
        organization: &OrganizationId,
        session: &str,
    ) -> Result<Option<Written>> {
        let tags = self.tags_of(organization, session).await?;
        let notes = notes::list(&self.db, organization, session).await?;
        let collections = collections::list(&self.db, organization, Some(session)).await?;
        if tags.is_empty() && notes.is_empty() && collections.is_empty() {
            return Ok(None);
        }
        let written = |row: NoteRow| WrittenNote {
            at: row.noted_at,
            text: row.note,
            created_at: row.created_at,
            updated_at: row.updated_at,
        };
        Ok(Some(Written {
            session_id: session.to_owned(),
            tags,
            collections: collections.into_iter().map(|it| it.name).collect(),
            notes: notes.into_iter().map(written).collect(),
        }))
    }
}

fn check(added: Added, what: &str, most: u64) -> std::result::Result<(), ApiError> {
    match added {
        Added::Done => Ok(()),
        Added::Unknown => Err(Error::NotFound.into_api()),
        Added::TooMany => Err(ApiError::new(
            ErrorCode::Conflict,
            format!("the limit of {most} {what} for a session is reached; remove one"),
        )),
    }
}
