//! Filters that people save.

use actix_web::HttpRequest;
use actix_web::web::{Data, Query};
use serde::Serialize;
use utoipa::ToSchema;

use crow_accounts::{Accounts, SavedFilter};
use crow_auth::{Principal, Scope};
use crow_web::ApiError;

use crate::ask::saved_filters::{ChangeFilter, OneFilter, SaveFilter};
use crate::door::{Analytics, Writes};
use crate::mask;
use crate::rest::answers::{Answered, Changed, Done, Found, Made, OrConflict};
use crate::rest::asked::{Asked, Body, Sent};
use crate::rest::body;
use crate::rest::described::Unread;

/// Body limit in bytes. A query is the longest part.
const MAX_BODY: usize = 8 << 10;

impl Body for SaveFilter {
    const MOST: usize = MAX_BODY;
    const MUST_BE_TYPED: bool = true;
}

/// Saved filters.
#[derive(Debug, Serialize, ToSchema)]
pub struct FilterList {
    /// One's own and those that others share, by name.
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
    /// The page of the dashboard that it belongs to.
    pub page: String,
    /// The parameters of the page.
    pub query: String,
    /// Whether everybody in the organization sees it.
    pub is_shared: bool,
    /// Whether it is one's own.
    pub is_own: bool,
    /// Id of the user or the key that saved it.
    pub created_by: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

fn view(filter: SavedFilter, by: &Principal) -> FilterView {
    FilterView {
        is_own: filter.owner == by.id(),
        id: filter.id,
        name: filter.name,
        page: filter.page,
        query: filter.query,
        is_shared: filter.is_shared,
        created_by: filter.owner,
        created_at: filter.created_at,
        updated_at: filter.updated_at,
    }
}

/// A page whose question needs the scope `read`.
const FUNNELS: &str = "funnels";

/// Whether the caller may use the filter. One that names a person needs the scope `read`.
fn is_for(filter: &SavedFilter, by: &Principal) -> bool {
    if by.scopes().allow(Scope::Read) {
        return true;
    }
    if filter.page == FUNNELS {
        return false;
    }
    let pairs = Query::<Vec<(String, String)>>::from_query(&filter.query);
    pairs.is_ok_and(|pairs| {
        let given = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        mask::telling(given).is_none()
    })
}

pub async fn list_filters(
    accounts: Data<Accounts>,
    ask: Asked<Analytics, ()>,
) -> Answered<FilterList> {
    let by = ask.by.principal();
    let filters = accounts.filters(by).await?;
    let filters = filters.into_iter().filter(|filter| is_for(filter, by));
    Ok(Found(FilterList {
        filters: filters.map(|filter| view(filter, by)).collect(),
    }))
}

pub async fn save_filter(
    accounts: Data<Accounts>,
    sent: Sent<Writes<Analytics>, SaveFilter>,
) -> Result<OrConflict<Made<FilterView>>, ApiError> {
    let (by, actor) = (sent.by.principal(), sent.by.actor());
    let saved = accounts.save_filter(by, &actor, sent.body.into()).await?;
    Ok(OrConflict(Made(view(saved, by))))
}

pub async fn change_filter(
    accounts: Data<Accounts>,
    request: HttpRequest,
    ask: Asked<Writes<Analytics>, OneFilter>,
    body: Unread<ChangeFilter>,
) -> Result<Changed<FilterView>, ApiError> {
    let asked: ChangeFilter = body::json(&request, body.payload, MAX_BODY, true).await?;
    let (by, id) = (ask.by.principal(), &ask.question.filter.0);
    let row = accounts.filter_to_change(by, id).await?;
    let changed = accounts
        .change_filter(&ask.by.actor(), &row, asked.fields()?)
        .await?;
    Ok(Changed(view(changed, by)))
}

pub async fn remove_filter(
    accounts: Data<Accounts>,
    ask: Asked<Writes<Analytics>, OneFilter>,
) -> Result<Done, ApiError> {
    let (by, id) = (ask.by.principal(), &ask.question.filter.0);
    let row = accounts.filter_to_change(by, id).await?;
    accounts.remove_filter(&ask.by.actor(), &row).await?;
    Ok(Done)
}
