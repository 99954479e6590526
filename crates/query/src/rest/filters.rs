//! Saved filters of the list of sessions.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_accounts::{Accounts, FilterContent, SavedFilter};
use crow_web::ApiError;

use crate::ask::accounts::OneFilter;
use crate::door::Read;
use crate::rest::answers::{Answered, Done, Found, Made};
use crate::rest::asked::{Asked, Body, Sent};
use crate::rest::body;
use crate::rest::described::Unread;

/// Body limit in bytes. The bodies hold a few short texts.
const MAX_BODY: usize = 8 << 10;

/// A filter to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveFilter {
    /// Its name, 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The query string of the list of sessions, at most 2,000 characters.
    #[schema(max_length = 2000, pattern = "^[!-~]*$", example = "country=DE&errors=true")]
    query: String,
    /// Whether everybody in the organization sees it.
    #[serde(default)]
    is_shared: bool,
}

impl Body for SaveFilter {
    const MOST: usize = MAX_BODY;
    const MUST_BE_TYPED: bool = true;
}

impl From<SaveFilter> for FilterContent {
    fn from(sent: SaveFilter) -> Self {
        Self {
            name: sent.name,
            query: sent.query,
            is_shared: sent.is_shared,
        }
    }
}

/// Saved filters.
#[derive(Debug, Serialize, ToSchema)]
pub struct FilterList {
    /// By name: one's own, and shared ones.
    pub filters: Vec<FilterView>,
}

/// A saved filter.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FilterView {
    /// Id of the filter.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The query string of the list of sessions.
    pub query: String,
    /// Whether everybody in the organization sees it.
    pub is_shared: bool,
    /// Whether the caller saved it.
    pub is_own: bool,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

impl From<SavedFilter> for FilterView {
    fn from(SavedFilter { row, is_own }: SavedFilter) -> Self {
        Self {
            id: row.id,
            name: row.name,
            query: row.query,
            is_shared: row.is_shared,
            is_own,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

pub async fn list_filters(
    accounts: Data<Accounts>,
    ask: Asked<Read, ()>,
) -> Answered<FilterList> {
    let filters = accounts.filters(ask.by.principal()).await?;
    Ok(Found(FilterList {
        filters: filters.into_iter().map(FilterView::from).collect(),
    }))
}

pub async fn save_filter(
    accounts: Data<Accounts>,
    sent: Sent<Read, SaveFilter>,
) -> Result<Made<FilterView>, ApiError> {
    let saved = accounts
        .save_filter(sent.by.principal(), sent.body.into())
        .await?;
    Ok(Made(saved.into()))
}

pub async fn change_filter(
    accounts: Data<Accounts>,
    request: HttpRequest,
    ask: Asked<Read, OneFilter>,
    body: Unread<SaveFilter>,
) -> Answered<FilterView> {
    let asked: SaveFilter = body::json(&request, body.payload, MAX_BODY, true).await?;
    let id = &ask.question.filter.0;
    let changed = accounts
        .change_filter(ask.by.principal(), id, asked.into())
        .await?;
    Ok(Found(changed.into()))
}

pub async fn remove_filter(
    accounts: Data<Accounts>,
    ask: Asked<Read, OneFilter>,
) -> Result<Done, ApiError> {
    let id = &ask.question.filter.0;
    accounts.remove_filter(ask.by.principal(), id).await?;
    Ok(Done)
}
