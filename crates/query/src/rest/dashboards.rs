//! Dashboards.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crow_auth::{Principal, Scope};
use crow_db::dashboards::ListedDashboard;
use crow_web::ApiError;

use crate::api::Api;
use crate::ask::conditions::Conditions;
use crate::ask::dashboards::{OneDashboard, SaveDashboard};
use crate::dashboards::{Tile, TileKind, TileSize};
use crate::door::{Analytics, Writes};
use crate::rest::answers::{Answered, Changed, Done, Found, Made, OrConflict};
use crate::rest::asked::{Asked, Body, Sent};
use crate::rest::body;
use crate::rest::described::Unread;
use crate::rest::kept::writer;
use crate::use_cases::dashboards::Dashboard;

/// Body limit in bytes. Conditions of tiles are the longest part.
const MAX_BODY: usize = 256 << 10;

impl Body for SaveDashboard {
    const MOST: usize = MAX_BODY;
    const MUST_BE_TYPED: bool = true;
}

/// Dashboards of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct DashboardList {
    /// One's own and those that others share, by name.
    pub dashboards: Vec<ListedDashboardView>,
}

/// A dashboard in a list. Times are milliseconds since the epoch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedDashboardView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether everybody in the organization sees it.
    pub is_shared: bool,
    /// Whether it is one's own.
    pub is_own: bool,
    /// How many tiles it has.
    pub tiles: i64,
    /// Name of the user who made it; null: a key made it, or the user is gone.
    pub owner_name: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it was changed.
    pub updated_at: i64,
}

/// A dashboard. Times are milliseconds since the epoch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DashboardView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether everybody in the organization sees it.
    pub is_shared: bool,
    /// Whether it is one's own.
    pub is_own: bool,
    /// Whether the caller may change and remove it.
    pub may_change: bool,
    /// Its range: the last hours; null: whoever looks at it chooses.
    pub last_hours: Option<u32>,
    /// Conditions for all tiles that have conditions, besides their own; null: they need the scope
    /// `read`.
    #[serde(rename = "where")]
    #[schema(value_type = Option<Vec<Vec<Object>>>)]
    pub conditions: Option<Conditions>,
    /// In order.
    pub tiles: Vec<TileView>,
    /// Grows with each change. Send it with yours.
    pub version: i64,
    /// Id of the user or the key that made it.
    pub created_by: String,
    /// Name of the user who made it; null: a key made it, or the user is gone.
    pub owner_name: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it was changed.
    pub updated_at: i64,
}

/// A tile.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TileView {
    /// What is asked.
    pub kind: TileKind,
    /// Its title; may be empty.
    pub title: String,
    /// How wide it is.
    pub size: TileSize,
    /// The parameters of the question by name; null: the question needs the scope `read`.
    #[schema(value_type = Option<Object>)]
    pub parameters: Option<Map<String, Value>>,
}

impl TileView {
    fn new(tile: Tile, is_open: bool) -> Self {
        Self {
            kind: tile.kind,
            // A title may say who the question is about.
            title: if is_open { tile.title } else { String::new() },
            size: tile.size,
            parameters: is_open.then_some(tile.parameters),
        }
    }
}

/// As `by` sees it in a list.
pub fn listed(
    (dashboard, owner_name): (ListedDashboard, Option<String>),
    by: &Principal,
) -> ListedDashboardView {
    ListedDashboardView {
        is_own: dashboard.owner_id == by.id(),
        id: dashboard.id,
        name: dashboard.name,
        is_shared: dashboard.is_shared,
        tiles: dashboard.tiles,
        owner_name,
        created_at: dashboard.created_at,
        updated_at: dashboard.updated_at,
    }
}

/// As `by` sees it. Without the scope `read`, what needs it is left out.
pub fn view(dashboard: Dashboard, by: &Principal) -> DashboardView {
    let Dashboard { row, content, .. } = dashboard;
    let sees_all = by.scopes().allow(Scope::Read);
    let hides_all = !sees_all && content.hides_all();
    let tile = |tile: Tile| {
        let is_open = sees_all || !hides_all && tile.is_for_masked();
        TileView::new(tile, is_open)
    };
    DashboardView {
        is_own: row.owner_id == by.id(),
        may_change: dashboard.may_change,
        last_hours: content.last_hours,
        conditions: (!hides_all).then_some(content.conditions),
        tiles: content.tiles.into_iter().map(tile).collect(),
        id: row.id,
        name: row.name,
        is_shared: row.is_shared,
        version: row.version,
        created_by: row.owner_id,
        owner_name: dashboard.owner_name,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

pub async fn list_dashboards(api: Data<Api>, ask: Asked<Analytics, ()>) -> Answered<DashboardList> {
    let by = ask.by.principal();
    let found = api.use_cases.dashboards(by).await?.into_iter();
    Ok(Found(DashboardList {
        dashboards: found.map(|dashboard| listed(dashboard, by)).collect(),
    }))
}

pub async fn get_dashboard(
    api: Data<Api>,
    ask: Asked<Analytics, OneDashboard>,
) -> Answered<DashboardView> {
    let by = ask.by.principal();
    let found = api.use_cases.dashboard(by, &ask.question.dashboard);
    Ok(Found(view(found.await?, by)))
}

pub async fn create_dashboard(
    api: Data<Api>,
    sent: Sent<Writes<Analytics>, SaveDashboard>,
) -> Result<OrConflict<Made<DashboardView>>, ApiError> {
    let draft = sent.body.new_draft()?;
    let by = writer(&sent.by);
    let made = api.use_cases.add_dashboard(&by, draft).await?;
    Ok(OrConflict(Made(view(made, sent.by.principal()))))
}

pub async fn change_dashboard(
    api: Data<Api>,
    request: HttpRequest,
    ask: Asked<Writes<Analytics>, OneDashboard>,
    body: Unread<SaveDashboard>,
) -> Result<Changed<DashboardView>, ApiError> {
    let sent: SaveDashboard = body::json(&request, body.payload, MAX_BODY, true).await?;
    let (by, id) = (writer(&ask.by), &ask.question.dashboard);
    let changed = api
        .use_cases
        .change_dashboard(&by, id, sent.change()?)
        .await?;
    Ok(Changed(view(changed, ask.by.principal())))
}

pub async fn remove_dashboard(
    api: Data<Api>,
    ask: Asked<Writes<Analytics>, OneDashboard>,
) -> Result<Done, ApiError> {
    let (by, id) = (writer(&ask.by), &ask.question.dashboard);
    api.use_cases.remove_dashboard(&by, id).await?;
    Ok(Done)
}
