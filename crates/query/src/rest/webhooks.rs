//! Webhooks, and the messages for them. No answer has a secret, except when it is made.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::webhooks::EndpointRow;
use crow_db::webhooks::deliveries::{DeliveryKey, DeliveryRow};
use crow_web::ApiError;

use crate::alerting::endpoints::Kind;
use crate::api::Api;
use crate::ask::alerts::{
    AddWebhook, ChangeWebhook, ListDeliveries, OneDelivery, OneWebhook, RotateWebhook,
};
use crate::cursor;
use crate::door::{Admin, Read};
use crate::rest::answers::{Answered, Changed, Done, Found, Made, OrConflict};
use crate::rest::asked::{Asked, Body, Sent};
use crate::rest::body;
use crate::rest::described::Unread;
use crate::use_cases::Page;

/// Body limit in bytes. A URL is the longest part.
const MAX_BODY: usize = 8 << 10;
const HOUR_MS: i64 = 3_600_000;

impl Body for AddWebhook {
    const MOST: usize = MAX_BODY;
    const MUST_BE_TYPED: bool = true;
}

/// Webhooks of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookList {
    /// Oldest first.
    pub webhooks: Vec<WebhookView>,
}

/// A webhook. Times are milliseconds since the epoch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookView {
    /// Its id.
    pub id: String,
    /// How it is spoken to.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The part of its URL that is no secret.
    pub shown_url: String,
    /// Whether it gets messages.
    pub is_enabled: bool,
    /// Since when every attempt has failed; null: the last one arrived, or there was none.
    pub failing_since: Option<i64>,
    /// When it was disabled, by somebody or after five days of failures; null: it is enabled.
    pub disabled_at: Option<i64>,
    /// When it was added.
    pub created_at: i64,
    /// When it was changed.
    pub updated_at: i64,
}

impl From<EndpointRow> for WebhookView {
    fn from(row: EndpointRow) -> Self {
        Self {
            kind: Kind::of(&row.kind),
            id: row.id,
            name: row.name,
            shown_url: row.shown_url,
            is_enabled: row.disabled_at.is_none(),
            failing_since: row.failing_since,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A webhook with its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewWebhook {
    /// The entry that lists show.
    #[serde(flatten)]
    pub view: WebhookView,
    /// What verifies signatures: `whsec_…`. It is shown only here; null for Slack.
    pub secret: Option<String>,
}

impl NewWebhook {
    fn new((row, secret): (EndpointRow, Option<String>)) -> Self {
        Self {
            view: row.into(),
            secret,
        }
    }
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryList {
    /// Newest first.
    pub deliveries: Vec<DeliveryView>,
    /// Send it as `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

impl From<Page<DeliveryRow, DeliveryKey>> for DeliveryList {
    fn from(page: Page<DeliveryRow, DeliveryKey>) -> Self {
        Self {
            deliveries: page.items.into_iter().map(DeliveryView::from).collect(),
            next_cursor: page.next.as_ref().map(cursor::encode),
        }
    }
}

/// A message for a webhook. Times are milliseconds since the epoch. What the other side answers is not
/// kept, only its status.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryView {
    /// Its id, which is the header `webhook-id`.
    pub id: String,
    /// Id of the alert; null of a test.
    pub alert_id: Option<String>,
    /// `alert.firing`, `alert.resolved`, `issue.new`, `issue.regressed` or `test`.
    pub event: String,
    /// `pending`, `delivered`, `exhausted` (no attempt arrived) or `cancelled`.
    pub state: String,
    /// Attempts that ended.
    pub attempts: i64,
    /// HTTP status of the last attempt; null: there was no answer.
    pub status: Option<i64>,
    /// Why the last attempt failed, or why there was none.
    pub failure: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it is tried next; null: not any more.
    pub next_at: Option<i64>,
    /// When it arrived, or the attempts ended.
    pub finished_at: Option<i64>,
}

impl From<DeliveryRow> for DeliveryView {
    fn from(row: DeliveryRow) -> Self {
        Self {
            next_at: row.finished_at.is_none().then_some(row.next_at),
            id: row.id,
            alert_id: row.alert_id,
            event: row.event,
            state: row.state,
            attempts: row.attempts,
            status: row.status,
            failure: row.failure,
            created_at: row.created_at,
            finished_at: row.finished_at,
        }
    }
}

pub async fn list_webhooks(api: Data<Api>, ask: Asked<Read, ()>) -> Answered<WebhookList> {
    let rows = api.alerting.endpoints(ask.organization()).await?;
    Ok(Found(WebhookList {
        webhooks: rows.into_iter().map(WebhookView::from).collect(),
    }))
}

pub async fn add_webhook(
    api: Data<Api>,
    sent: Sent<Admin, AddWebhook>,
) -> Result<OrConflict<Made<NewWebhook>>, ApiError> {
    let (by, organization) = (sent.by.actor(), sent.organization().clone());
    let added = api
        .alerting
        .add_endpoint(&organization, &by, sent.body.into())
        .await?;
    Ok(OrConflict(Made(NewWebhook::new(added))))
}

pub async fn change_webhook(
    api: Data<Api>,
    request: HttpRequest,
    ask: Asked<Admin, OneWebhook>,
    body: Unread<ChangeWebhook>,
) -> Result<Changed<WebhookView>, ApiError> {
    let sent: ChangeWebhook = body::json(&request, body.payload, MAX_BODY, true).await?;
    let (by, id) = (ask.by.actor(), &ask.question.webhook.0);
    let changed = api
        .alerting
        .change_endpoint(ask.organization(), &by, id, sent.change()?)
        .await?;
    Ok(Changed(changed.into()))
}

pub async fn remove_webhook(
    api: Data<Api>,
    ask: Asked<Admin, OneWebhook>,
) -> Result<Done, ApiError> {
    let (by, id) = (ask.by.actor(), &ask.question.webhook.0);
    api.alerting
        .remove_endpoint(ask.organization(), &by, id)
        .await?;
    Ok(Done)
}

pub async fn rotate_webhook_secret(
    api: Data<Api>,
    ask: Asked<Admin, RotateWebhook>,
) -> Result<Changed<NewWebhook>, ApiError> {
    let (by, asked) = (ask.by.actor(), &ask.question);
    let overlap = i64::try_from(asked.overlap.get()).unwrap_or_default() * HOUR_MS;
    let rotated = api
        .alerting
        .rotate_secret(ask.organization(), &by, &asked.webhook.0, overlap)
        .await?;
    Ok(Changed(NewWebhook::new(rotated)))
}

pub async fn test_webhook(
    api: Data<Api>,
    ask: Asked<Admin, OneWebhook>,
) -> Result<OrConflict<Done>, ApiError> {
    let (by, id) = (ask.by.actor(), &ask.question.webhook.0);
    api.alerting.test(ask.organization(), &by, id).await?;
    Ok(OrConflict(Done))
}

pub async fn list_deliveries(
    api: Data<Api>,
    ask: Asked<Read, ListDeliveries>,
) -> Answered<DeliveryList> {
    let asked = &ask.question;
    let after = asked.after.as_ref().map(|cursor| &cursor.0);
    let page = (after, asked.limit.get());
    let found = api
        .alerting
        .deliveries(ask.organization(), &asked.webhook.0, page)
        .await?;
    Ok(Found(found.into()))
}

pub async fn replay_delivery(
    api: Data<Api>,
    ask: Asked<Admin, OneDelivery>,
) -> Result<Done, ApiError> {
    let (by, asked) = (ask.by.actor(), &ask.question);
    let which = (asked.webhook.0.as_str(), asked.delivery.0.as_str());
    api.alerting.replay(ask.organization(), &by, which).await?;
    Ok(Done)
}
