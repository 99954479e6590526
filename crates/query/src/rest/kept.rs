//! What people keep with sessions: notes, tags, and who has watched.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_auth::Principal;
use crow_db::kept::tags::KnownTag;
use crow_web::ApiError;

use crate::api::Api;
use crate::ask::kept::{ChangeNote, NewNote, NewTag, OneNote, OneTag};
use crate::ask::sessions::OneSession;
use crate::door::{Allowed, Read, Writes};
use crate::rest::answers::{Answered, Done, Found, Made, OrConflict};
use crate::rest::asked::Asked;
use crate::rest::body;
use crate::rest::described::Unread;
use crate::use_cases::kept::{Note, Writer};

/// Body limit in bytes: 2,000 characters, each of which may be escaped.
const MAX_BODY: usize = 32 << 10;

/// Notes of a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteList {
    /// By the moment that they are about, at most 200.
    pub notes: Vec<NoteView>,
}

/// A note about a moment of a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoteView {
    /// Id of the note.
    pub id: String,
    /// The moment, milliseconds since the epoch.
    pub at: i64,
    /// What it says.
    pub text: String,
    /// Id of the user or the key that wrote it.
    pub author_id: String,
    /// Name of the user; null: a key wrote it, or the user is gone.
    pub author_name: Option<String>,
    /// Whether the caller wrote it.
    pub is_own: bool,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

fn view(note: Note, by: &Principal) -> NoteView {
    let row = note.row;
    NoteView {
        is_own: row.author_id == by.id(),
        id: row.id,
        at: row.noted_at,
        text: row.note,
        author_id: row.author_id,
        author_name: note.author_name,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// Tags of a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionTags {
    /// In the order of the alphabet.
    pub tags: Vec<String>,
}

/// Tags of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagList {
    /// Most used first, at most 200.
    pub tags: Vec<TagView>,
}

/// A tag.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagView {
    /// The tag.
    pub tag: String,
    /// How many sessions have it.
    pub sessions: i64,
}

impl From<KnownTag> for TagView {
    fn from(known: KnownTag) -> Self {
        Self {
            tag: known.tag,
            sessions: known.sessions,
        }
    }
}

/// A person, or a key that may change something.
pub fn writer<S>(by: &Allowed<Writes<S>>) -> Writer<'_> {
    Writer {
        principal: by.principal(),
        actor: by.actor(),
    }
}

pub async fn list_notes(api: Data<Api>, ask: Asked<Read, OneSession>) -> Answered<NoteList> {
    let found = api.use_cases.notes(ask.organization(), &ask.question);
    let notes = found.await?.into_iter();
    let notes = notes.map(|note| view(note, ask.by.principal())).collect();
    Ok(Found(NoteList { notes }))
}

pub async fn add_note(
    api: Data<Api>,
    request: HttpRequest,
    ask: Asked<Writes<Read>, OneSession>,
    body: Unread<NewNote>,
) -> Result<OrConflict<Made<NoteView>>, ApiError> {
    let note: NewNote = body::json(&request, body.payload, MAX_BODY, true).await?;
    let by = writer(&ask.by);
    let added = api.use_cases.add_note(&by, &ask.question.session, &note);
    Ok(OrConflict(Made(view(added.await?, ask.by.principal()))))
}

pub async fn change_note(
    api: Data<Api>,
    request: HttpRequest,
    ask: Asked<Writes<Read>, OneNote>,
    body: Unread<ChangeNote>,
) -> Answered<NoteView> {
    let change: ChangeNote = body::json(&request, body.payload, MAX_BODY, true).await?;
    let by = writer(&ask.by);
    let changed = api.use_cases.change_note(&by, &ask.question, &change);
    Ok(Found(view(changed.await?, ask.by.principal())))
}

pub async fn remove_note(
    api: Data<Api>,
    ask: Asked<Writes<Read>, OneNote>,
) -> Result<Done, ApiError> {
    let by = writer(&ask.by);
    api.use_cases.remove_note(&by, &ask.question).await?;
    Ok(Done)
}

pub async fn list_tags(api: Data<Api>, ask: Asked<Read, ()>) -> Answered<TagList> {
    let found = api.use_cases.known_tags(ask.organization()).await?;
    let tags = found.into_iter().map(TagView::from).collect();
    Ok(Found(TagList { tags }))
}

pub async fn add_tag(
    api: Data<Api>,
    request: HttpRequest,
    ask: Asked<Writes<Read>, OneSession>,
    body: Unread<NewTag>,
) -> Result<OrConflict<Found<SessionTags>>, ApiError> {
    let new: NewTag = body::json(&request, body.payload, MAX_BODY, true).await?;
    let by = writer(&ask.by);
    let added = api.use_cases.add_tag(&by, &ask.question.session, &new);
    let tags = added.await?;
    Ok(OrConflict(Found(SessionTags { tags })))
}

pub async fn remove_tag(
    api: Data<Api>,
    ask: Asked<Writes<Read>, OneTag>,
) -> Result<Done, ApiError> {
    let by = writer(&ask.by);
    api.use_cases.remove_tag(&by, &ask.question).await?;
    Ok(Done)
}

pub async fn set_watched(api: Data<Api>, ask: Asked<Read, OneSession>) -> Result<Done, ApiError> {
    let by = ask.by.principal();
    let noted = api.use_cases.set_watched(by, &ask.question, true);
    noted.await?;
    Ok(Done)
}

pub async fn set_unwatched(api: Data<Api>, ask: Asked<Read, OneSession>) -> Result<Done, ApiError> {
    let by = ask.by.principal();
    let noted = api.use_cases.set_watched(by, &ask.question, false);
    noted.await?;
    Ok(Done)
}
