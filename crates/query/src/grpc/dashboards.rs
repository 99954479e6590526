use serde_json::{Map, Value};
use tonic::{Request, Response, Status};

use crow_proto::api;
use crow_proto::api::dashboard_service_server::DashboardService;
use crow_web::grpc::status;

use super::conditions::{conditions, shown};
use super::words::{self, malformed, word};
use crate::api::Api;
use crate::ask::dashboards::SaveDashboard;
use crate::ask::values::Name;
use crate::dashboards::{Tile, TileSize};
use crate::door::{Read, Writes};
use crate::error::Result;
use crate::rest::dashboards::{DashboardView, ListedDashboardView, TileView, listed, view};
use crate::rest::kept::writer;

/// `crow.v1.DashboardService`.
#[derive(Clone)]
pub struct Dashboards {
    api: Api,
}

impl Dashboards {
    /// Uses the same use cases as REST.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }
}

type Answer<T> = std::result::Result<Response<T>, Status>;

#[tonic::async_trait]
impl DashboardService for Dashboards {
    async fn list_dashboards(
        &self,
        request: Request<api::ListDashboardsRequest>,
    ) -> Answer<api::ListDashboardsResponse> {
        let door = &self.api.door;
        let (by, _asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let by = by.principal();
        let found = self.api.use_cases.dashboards(by).await.map_err(status)?;
        let views = found.into_iter().map(|one| listed(one, by));
        Ok(Response::new(api::ListDashboardsResponse {
            dashboards: views.map(line).collect(),
        }))
    }

    async fn get_dashboard(
        &self,
        request: Request<api::GetDashboardRequest>,
    ) -> Answer<api::Dashboard> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let (by, id) = (by.principal(), Name(asked.dashboard_id));
        let found = self.api.use_cases.dashboard(by, &id).await;
        Ok(Response::new(whole(view(found.map_err(status)?, by))))
    }

    async fn create_dashboard(
        &self,
        request: Request<api::CreateDashboardRequest>,
    ) -> Answer<api::Dashboard> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let sent = sent(asked.dashboard, None);
        let draft = sent.and_then(SaveDashboard::new_draft).map_err(status)?;
        let by = writer(&by);
        let made = self.api.use_cases.add_dashboard(&by, draft).await;
        let made = view(made.map_err(status)?, by.principal);
        Ok(Response::new(whole(made)))
    }

    async fn change_dashboard(
        &self,
        request: Request<api::ChangeDashboardRequest>,
    ) -> Answer<api::Dashboard> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let id = Name(asked.dashboard_id);
        let sent = sent(asked.dashboard, asked.version);
        let change = sent.and_then(SaveDashboard::change).map_err(status)?;
        let by = writer(&by);
        let changed = self.api.use_cases.change_dashboard(&by, &id, change);
        let changed = view(changed.await.map_err(status)?, by.principal);
        Ok(Response::new(whole(changed)))
    }

    async fn remove_dashboard(
        &self,
        request: Request<api::RemoveDashboardRequest>,
    ) -> Answer<api::RemoveDashboardResponse> {
        let door = &self.api.door;
        let (by, asked) = door
            .open::<Writes<Read>, _>(request)
            .await
            .map_err(status)?;
        let (by, id) = (writer(&by), Name(asked.dashboard_id));
        let removed = self.api.use_cases.remove_dashboard(&by, &id).await;
        removed.map_err(status)?;
        Ok(Response::new(api::RemoveDashboardResponse {}))
    }
}

/// What the body of REST says.
fn sent(draft: Option<api::DashboardDraft>, version: Option<i64>) -> Result<SaveDashboard> {
    let draft = draft.unwrap_or_default();
    Ok(SaveDashboard {
        name: draft.name,
        is_shared: draft.is_shared,
        last_hours: draft.last_hours,
        conditions: conditions(draft.conditions)?,
        tiles: draft.tiles.into_iter().map(tile).collect::<Result<_>>()?,
        version,
    })
}

fn tile(given: api::Tile) -> Result<Tile> {
    let size = match given.size.is_empty() {
        true => TileSize::default(),
        false => words::read("tiles.size", given.size)?,
    };
    Ok(Tile {
        kind: words::read("tiles.kind", given.kind)?,
        title: given.title,
        size,
        parameters: parameters(&given.parameters_json)?,
    })
}

fn parameters(json: &str) -> Result<Map<String, Value>> {
    if json.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_str(json).map_err(|error| malformed("tiles.parameters_json", &error))
}

fn line(view: ListedDashboardView) -> api::ListedDashboard {
    api::ListedDashboard {
        id: view.id,
        name: view.name,
        is_shared: view.is_shared,
        is_own: view.is_own,
        tiles: view.tiles,
        owner_name: view.owner_name.unwrap_or_default(),
        created_at: view.created_at,
        updated_at: view.updated_at,
    }
}

fn whole(view: DashboardView) -> api::Dashboard {
    api::Dashboard {
        id: view.id,
        name: view.name,
        is_shared: view.is_shared,
        is_own: view.is_own,
        may_change: view.may_change,
        last_hours: view.last_hours,
        conditions: view.conditions.map(shown),
        tiles: view.tiles.into_iter().map(shown_tile).collect(),
        version: view.version,
        created_by: view.created_by,
        owner_name: view.owner_name.unwrap_or_default(),
        created_at: view.created_at,
        updated_at: view.updated_at,
    }
}

fn shown_tile(view: TileView) -> api::Tile {
    let parameters = view.parameters.map(Value::Object);
    api::Tile {
        kind: word(view.kind),
        title: view.title,
        size: word(view.size),
        parameters_json: parameters.map(|json| json.to_string()).unwrap_or_default(),
    }
}
