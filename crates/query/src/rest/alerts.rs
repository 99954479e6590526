//! Rules of alerts.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::alerts::AlertRow;
use crow_web::ApiError;

use crate::alerting::rule::{Rule, Target};
use crate::api::Api;
use crate::ask::alerts::{OneAlert, SaveAlert};
use crate::door::{Admin, Read};
use crate::rest::answers::{Answered, Changed, Done, Found, Made, OrConflict};
use crate::rest::asked::{Asked, Body, Sent};
use crate::rest::body;
use crate::rest::described::Unread;

/// Body limit in bytes. The steps of a funnel are the longest part.
const MAX_BODY: usize = 64 << 10;

impl Body for SaveAlert {
    const MOST: usize = MAX_BODY;
    const MUST_BE_TYPED: bool = true;
}

/// Alerts of an organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertList {
    /// Oldest first.
    pub alerts: Vec<AlertView>,
    /// Whether users can be told by mail.
    pub can_mail: bool,
}

/// An alert. Times are milliseconds since the epoch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is watched; null: another version of CROW wrote it.
    pub rule: Option<Rule>,
    /// Whom to tell.
    pub targets: Vec<Target>,
    /// Whether to tell when the condition does not hold any more.
    pub tells_resolved: bool,
    /// Whether it is evaluated.
    pub is_enabled: bool,
    /// `ok` or `firing`. An alert about issues is always `ok`.
    #[schema(value_type = String)]
    pub state: &'static str,
    /// Since when the condition holds; null: it does not.
    pub firing_since: Option<i64>,
    /// When it was told last; null: never.
    pub fired_at: Option<i64>,
    /// What was counted last.
    pub value: Option<f64>,
    /// What it was compared with.
    pub threshold: Option<f64>,
    /// When it was evaluated last; null: not yet.
    pub evaluated_at: Option<i64>,
    /// Why the last evaluation failed; null: it did not.
    pub failure: Option<String>,
    /// Id of the user or the key that made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: i64,
    /// When it was changed.
    pub updated_at: i64,
}

impl From<AlertRow> for AlertView {
    fn from(row: AlertRow) -> Self {
        Self {
            rule: serde_json::from_str(&row.rule).ok(),
            targets: serde_json::from_str(&row.targets).unwrap_or_default(),
            state: match row.firing_since {
                Some(_) => "firing",
                None => "ok",
            },
            id: row.id,
            name: row.name,
            tells_resolved: row.tells_resolved,
            is_enabled: row.is_enabled,
            firing_since: row.firing_since,
            fired_at: row.fired_at,
            value: row.value,
            threshold: row.threshold,
            evaluated_at: row.evaluated_at,
            failure: row.failure,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

pub async fn list_alerts(api: Data<Api>, ask: Asked<Read, ()>) -> Answered<AlertList> {
    let rows = api.alerting.rules(ask.organization()).await?;
    Ok(Found(AlertList {
        alerts: rows.into_iter().map(AlertView::from).collect(),
        can_mail: api.alerting.can_mail(),
    }))
}

pub async fn create_alert(
    api: Data<Api>,
    sent: Sent<Admin, SaveAlert>,
) -> Result<OrConflict<Made<AlertView>>, ApiError> {
    let by = sent.by.actor();
    let organization = sent.organization().clone();
    let added = api
        .alerting
        .add_rule(&organization, &by, sent.body.into())
        .await?;
    Ok(OrConflict(Made(added.into())))
}

pub async fn change_alert(
    api: Data<Api>,
    request: HttpRequest,
    ask: Asked<Admin, OneAlert>,
    body: Unread<SaveAlert>,
) -> Result<Changed<AlertView>, ApiError> {
    let sent: SaveAlert = body::json(&request, body.payload, MAX_BODY, true).await?;
    let (by, id) = (ask.by.actor(), &ask.question.alert.0);
    let changed = api
        .alerting
        .change_rule(ask.organization(), &by, id, sent.into())
        .await?;
    Ok(Changed(changed.into()))
}

pub async fn remove_alert(api: Data<Api>, ask: Asked<Admin, OneAlert>) -> Result<Done, ApiError> {
    let (by, id) = (ask.by.actor(), &ask.question.alert.0);
    api.alerting
        .remove_rule(ask.organization(), &by, id)
        .await?;
    Ok(Done)
}
