use tonic::{Request, Response, Status};

use crow_proto::api;
use crow_proto::api::alert_service_server::AlertService;
use crow_web::grpc::status;

use super::questions::{count, cursor};
use crate::alerting::rule::{Target, TargetKind};
use crate::api::Api;
use crate::ask::alerts::ListDeliveries;
use crate::ask::values::Name;
use crate::cursor::encode;
use crate::door::Read;
use crate::error::{Error, Result};
use crate::rest::alerts::AlertView;
use crate::rest::webhooks::{DeliveryView, WebhookView};

/// `crow.v1.AlertService`.
#[derive(Clone)]
pub struct Alerts {
    api: Api,
}

impl Alerts {
    /// Uses the same use cases as REST.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }
}

#[tonic::async_trait]
impl AlertService for Alerts {
    async fn list_alerts(
        &self,
        request: Request<api::ListAlertsRequest>,
    ) -> std::result::Result<Response<api::ListAlertsResponse>, Status> {
        let door = &self.api.door;
        let (by, _asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let rows = self.api.alerting.rules(by.organization()).await;
        let rows = rows.map_err(status)?.into_iter();
        Ok(Response::new(api::ListAlertsResponse {
            alerts: rows.map(AlertView::from).map(alert).collect(),
        }))
    }

    async fn list_webhooks(
        &self,
        request: Request<api::ListWebhooksRequest>,
    ) -> std::result::Result<Response<api::ListWebhooksResponse>, Status> {
        let door = &self.api.door;
        let (by, _asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let rows = self.api.alerting.endpoints(by.organization()).await;
        let rows = rows.map_err(status)?.into_iter();
        Ok(Response::new(api::ListWebhooksResponse {
            webhooks: rows.map(WebhookView::from).map(webhook).collect(),
        }))
    }

    async fn list_deliveries(
        &self,
        request: Request<api::ListDeliveriesRequest>,
    ) -> std::result::Result<Response<api::ListDeliveriesResponse>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = ListDeliveries::try_from(asked).map_err(status)?;
        let after = asked.after.as_ref().map(|cursor| &cursor.0);
        let page = (after, asked.limit.get());
        let alerting = &self.api.alerting;
        let found = alerting.deliveries(by.organization(), &asked.webhook.0, page);
        let page = found.await.map_err(status)?;
        let items = page.items.into_iter().map(DeliveryView::from);
        Ok(Response::new(api::ListDeliveriesResponse {
            deliveries: items.map(delivery).collect(),
            next_page_token: page.next.as_ref().map(encode).unwrap_or_default(),
        }))
    }
}

impl TryFrom<api::ListDeliveriesRequest> for ListDeliveries {
    type Error = Error;

    fn try_from(asked: api::ListDeliveriesRequest) -> Result<Self> {
        Ok(Self {
            webhook: Name(asked.webhook_id),
            limit: count("page_size", asked.page_size)?,
            after: cursor(&asked.page_token)?,
        })
    }
}

fn alert(view: AlertView) -> api::Alert {
    let rule = view.rule.as_ref();
    let rule = rule.and_then(|rule| serde_json::to_string(rule).ok());
    api::Alert {
        id: view.id,
        name: view.name,
        rule_json: rule.unwrap_or_default(),
        targets: view.targets.into_iter().map(target).collect(),
        tells_resolved: view.tells_resolved,
        is_enabled: view.is_enabled,
        state: view.state.to_owned(),
        firing_since: view.firing_since,
        fired_at: view.fired_at,
        value: view.value,
        threshold: view.threshold,
        evaluated_at: view.evaluated_at,
        failure: view.failure,
    }
}

fn target(target: Target) -> api::AlertTarget {
    let kind = match target.kind {
        TargetKind::Webhook => "webhook",
        TargetKind::User => "user",
    };
    api::AlertTarget {
        kind: kind.to_owned(),
        id: target.id,
    }
}

fn webhook(view: WebhookView) -> api::Webhook {
    api::Webhook {
        id: view.id,
        kind: view.kind.as_str().to_owned(),
        name: view.name,
        shown_url: view.shown_url,
        is_enabled: view.is_enabled,
        failing_since: view.failing_since,
        disabled_at: view.disabled_at,
    }
}

fn delivery(view: DeliveryView) -> api::Delivery {
    api::Delivery {
        id: view.id,
        alert_id: view.alert_id,
        event: view.event,
        state: view.state,
        attempts: view.attempts,
        status: view.status,
        failure: view.failure,
        created_at: view.created_at,
        next_at: view.next_at,
        finished_at: view.finished_at,
    }
}
