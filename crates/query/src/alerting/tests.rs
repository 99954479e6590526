//! Rules over stored sessions, and messages to a real receiver.

use serde_json::{Value, json};

use crow_db::alerts::{self, AlertRow};
use crow_db::audit_log::Actor;
use crow_db::webhooks::deliveries::{self, Attempt, DeliveryRow, Way};
use crow_outbound::OutboundConfig;
use crow_testkit::site::{Reply, Site};
use crow_types::{EventRecord, OrganizationId, SessionRecord, Timestamp};

use super::Alerting;
use super::endpoints::{Kind, NewEndpoint};
use super::rule::{Comparison, Number, Rule, Target, TargetKind};
use super::rules::Draft;
use crate::ask::conditions::Conditions;
use crate::config::WebhookConfig;
use crate::tests::fixture::{World, event, session};

mod hostile;
mod judged;
mod rules;
mod sending;

const MINUTE: i64 = 60_000;

pub(super) fn delivery(id: &str) -> DeliveryRow {
    DeliveryRow {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        target_kind: "webhook".to_owned(),
        target_id: "whk".to_owned(),
        alert_id: None,
        event: "test".to_owned(),
        content: "{}".to_owned(),
        state: "pending".to_owned(),
        attempts: 0,
        next_at: 0,
        claimed_until: 0,
        epoch: 0,
        status: None,
        failure: None,
        created_at: 0,
        finished_at: None,
    }
}

fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

/// Reaches this receiver, and nothing else that is not public.
fn alerting(world: &World, site: &Site) -> Alerting {
    let config = WebhookConfig {
        allow_http: true,
        outbound: OutboundConfig {
            allowed_networks: vec!["127.0.0.1/32".parse().unwrap()],
            allowed_ports: vec![site.address.port()],
        },
    };
    let made = Alerting::new(&world.api.analytics, &World::keyring(&world.db), &config);
    made.unwrap().with_links_to("https://crow.example/")
}

async fn endpoint(alerting: &Alerting, kind: Kind, url: String) -> (Target, Option<String>) {
    let new = NewEndpoint {
        kind,
        name: "pager".to_owned(),
        url,
    };
    let (row, secret) = alerting
        .add_endpoint(&acme(), &Actor::system(), new)
        .await
        .unwrap();
    let target = Target {
        kind: TargetKind::Webhook,
        id: row.id,
    };
    (target, secret)
}

async fn add(alerting: &Alerting, rule: Rule, targets: &[Target]) -> AlertRow {
    let draft = Draft {
        name: "Shop <!here>".to_owned(),
        rule,
        targets: targets.to_vec(),
        tells_resolved: true,
        is_enabled: true,
    };
    alerting
        .add_rule(&acme(), &Actor::system(), draft)
        .await
        .unwrap()
}

fn rule(number: Number) -> Rule {
    Rule {
        number,
        condition: None,
        threshold: None,
        minimum: None,
        window_minutes: None,
        event_type: None,
        event_name: None,
        issue_id: None,
        steps: None,
        conditions: Conditions::default(),
        event_conditions: Conditions::default(),
    }
}

/// One turn of a rule, as a process that has nothing in memory; what it told.
async fn turn(alerting: &Alerting, id: &str, now: i64) -> Vec<String> {
    let db = &alerting.db;
    let row = alerts::claim(db, now).await.unwrap().unwrap();
    assert_eq!(row.id, id);
    let outcome = alerting.evaluate(&row, now).await;
    assert_eq!(outcome.failure, None);
    assert!(alerts::settle(db, &row, &outcome, now).await.unwrap());
    outcome
        .messages
        .iter()
        .map(|it| it.event.to_owned())
        .collect()
}

/// Sends what is due; returns the request and what came of it.
async fn send(alerting: &Alerting, now: i64) -> (DeliveryRow, Attempt) {
    let db = &alerting.db;
    let row = deliveries::claim(db, Way::Http, now)
        .await
        .unwrap()
        .unwrap();
    let attempt = alerting.attempt(&row, now).await.unwrap();
    assert!(deliveries::settle(db, &row, &attempt, now).await.unwrap());
    (row, attempt)
}

fn body(request: &str) -> Value {
    let (_head, body) = request.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

async fn fails(world: &World, id: &str, at: i64, message: &str) {
    let visit = SessionRecord {
        error_count: 1,
        ..session("acme", id, at)
    };
    let data = json!({ "name": "TypeError", "message": message, "stack": "" });
    let error = EventRecord {
        url: Some("https://shop.example/cart".to_owned()),
        data: data.to_string(),
        ..event(id, &format!("e{id}"), "error", at)
    };
    world.add(vec![visit], vec![error], vec![]).await;
}
