//! Collections of sessions.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::kept::collections::Collection;
use crow_web::ApiError;

use crate::api::Api;
use crate::ask::collections::{Collected, ListCollections, OneCollection, SaveCollection};
use crate::door::{Read, Writes};
use crate::rest::answers::{Answered, Changed, Done, Found, Made, OrConflict};
use crate::rest::asked::{Asked, Body, Sent};
use crate::rest::body;
use crate::rest::described::Unread;
use crate::rest::kept::writer;

/// Body limit in bytes: a name and a note, each letter of which may be escaped.
const MAX_BODY: usize = 8 << 10;

impl Body for SaveCollection {
    const MOST: usize = MAX_BODY;
    const MUST_BE_TYPED: bool = true;
}

/// Collections of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct CollectionList {
    /// By name.
    pub collections: Vec<CollectionView>,
}

/// A collection of sessions. Times are milliseconds since the epoch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CollectionView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub note: String,
    /// How many sessions it has.
    pub sessions: i64,
    /// Id of the user or the key that made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: i64,
    /// When its name or note was changed.
    pub updated_at: i64,
}

impl From<Collection> for CollectionView {
    fn from(collection: Collection) -> Self {
        Self {
            id: collection.id,
            name: collection.name,
            note: collection.note,
            sessions: collection.sessions,
            created_by: collection.created_by,
            created_at: collection.created_at,
            updated_at: collection.updated_at,
        }
    }
}

pub async fn list_collections(
    api: Data<Api>,
    ask: Asked<Read, ListCollections>,
) -> Answered<CollectionList> {
    let found = api.use_cases.collections(ask.organization(), &ask.question);
    let collections = found.await?.into_iter().map(CollectionView::from).collect();
    Ok(Found(CollectionList { collections }))
}

pub async fn create_collection(
    api: Data<Api>,
    sent: Sent<Writes<Read>, SaveCollection>,
) -> Result<OrConflict<Made<CollectionView>>, ApiError> {
    let by = writer(&sent.by);
    let made = api.use_cases.add_collection(&by, &sent.body).await?;
    Ok(OrConflict(Made(made.into())))
}

pub async fn change_collection(
    api: Data<Api>,
    request: HttpRequest,
    ask: Asked<Writes<Read>, OneCollection>,
    body: Unread<SaveCollection>,
) -> Result<Changed<CollectionView>, ApiError> {
    let sent: SaveCollection = body::json(&request, body.payload, MAX_BODY, true).await?;
    let (by, id) = (writer(&ask.by), &ask.question.collection);
    let changed = api.use_cases.change_collection(&by, id, &sent).await?;
    Ok(Changed(changed.into()))
}

pub async fn remove_collection(
    api: Data<Api>,
    ask: Asked<Writes<Read>, OneCollection>,
) -> Result<Done, ApiError> {
    let by = writer(&ask.by);
    let removed = api
        .use_cases
        .remove_collection(&by, &ask.question.collection);
    removed.await?;
    Ok(Done)
}

pub async fn collect_session(
    api: Data<Api>,
    ask: Asked<Writes<Read>, Collected>,
) -> Result<OrConflict<Done>, ApiError> {
    let by = writer(&ask.by);
    api.use_cases.collect(&by, &ask.question).await?;
    Ok(OrConflict(Done))
}

pub async fn take_session_out(
    api: Data<Api>,
    ask: Asked<Writes<Read>, Collected>,
) -> Result<Done, ApiError> {
    let by = writer(&ask.by);
    api.use_cases.take_out(&by, &ask.question).await?;
    Ok(Done)
}
