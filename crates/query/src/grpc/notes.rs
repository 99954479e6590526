use tonic::{Request, Response, Status};

use crow_proto::api;
use crow_proto::api::note_service_server::NoteService;
use crow_web::grpc::status;

use crate::api::Api;
use crate::ask::kept::{NewNote, NewTag, OneNote, OneTag};
use crate::ask::sessions::OneSession;
use crate::ask::values::Name;
use crate::door::{Read, Writes};
use crate::rest::kept::writer;
use crate::use_cases::kept::Note;

/// `crow.v1.NoteService`.
#[derive(Clone)]
pub struct Notes {
    api: Api,
}

impl Notes {
    /// Uses the same use cases as REST.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl NoteService for Notes {
    async fn list_notes(
        &self,
        request: Request<api::ListNotesRequest>,
    ) -> Answer<api::ListNotesResponse> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let session = OneSession {
            session: Name(asked.session_id),
        };
        let found = self.api.use_cases.notes(by.organization(), &session);
        let notes = found.await.map_err(status)?;
        Ok(Response::new(api::ListNotesResponse {
            notes: notes.into_iter().map(note).collect(),
        }))
    }

    async fn add_note(&self, request: Request<api::AddNoteRequest>) -> Answer<api::Note> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let (session, at) = (Name(asked.session_id), asked.at);
        let new = NewNote {
            at,
            text: asked.text,
        };
        let by = writer(&by);
        let added = self.api.use_cases.add_note(&by, &session, &new);
        Ok(Response::new(note(added.await.map_err(status)?)))
    }

    async fn remove_note(
        &self,
        request: Request<api::RemoveNoteRequest>,
    ) -> Answer<api::RemoveNoteResponse> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let one = OneNote {
            session: Name(asked.session_id),
            note: Name(asked.note_id),
        };
        let removed = self.api.use_cases.remove_note(&writer(&by), &one).await;
        removed.map_err(status)?;
        Ok(Response::new(api::RemoveNoteResponse {}))
    }

    async fn list_tags(
        &self,
        request: Request<api::ListTagsRequest>,
    ) -> Answer<api::ListTagsResponse> {
        let door = &self.api.door;
        let (by, _asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let found = self.api.use_cases.known_tags(by.organization()).await;
        let known = found.map_err(status)?.into_iter().map(|it| api::KnownTag {
            tag: it.tag,
            sessions: it.sessions,
        });
        Ok(Response::new(api::ListTagsResponse {
            tags: known.collect(),
        }))
    }

    async fn add_tag(&self, request: Request<api::AddTagRequest>) -> Answer<api::SessionTags> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let (session, new) = (Name(asked.session_id), NewTag { tag: asked.tag });
        let by = writer(&by);
        let added = self.api.use_cases.add_tag(&by, &session, &new);
        Ok(Response::new(api::SessionTags {
            tags: added.await.map_err(status)?,
        }))
    }

    async fn remove_tag(
        &self,
        request: Request<api::RemoveTagRequest>,
    ) -> Answer<api::RemoveTagResponse> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let one = OneTag {
            session: Name(asked.session_id),
            tag: Name(asked.tag),
        };
        let removed = self.api.use_cases.remove_tag(&writer(&by), &one).await;
        removed.map_err(status)?;
        Ok(Response::new(api::RemoveTagResponse {}))
    }
}

fn note(note: Note) -> api::Note {
    let row = note.row;
    api::Note {
        id: row.id,
        at: row.noted_at,
        text: row.note,
        author_id: row.author_id,
        author_name: note.author_name.unwrap_or_default(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
