//! What other services report.

use std::time::Duration;

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_bus::reported::CctvBatchQueueMessage;
use crow_bus::streams::{self, WorkQueue};
use crow_bus::{interactions::InteractionMessage, queue::Queue};
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::wait::eventually;
use futures::StreamExt;

use super::fixture::{SYSTEM_SECRET, World};
use super::signed_in::Browser;

const PATH: &str = "/api/v1/interactions/create-interaction";
const RECOVERY: Duration = Duration::from_secs(10);

fn service<'a>(world: &'a World, key: Option<&str>) -> Browser<'a> {
    let mut service = Browser::new(world);
    service.headers = vec![("authorization", format!("Bearer {SYSTEM_SECRET}"))];
    let named = key.map(|key| ("idempotency-key", key.to_owned()));
    service.headers.extend(named);
    service
}

async fn report(service: &Browser<'_>, body: &Value) -> (u16, Value) {
    service.change(Method::POST, PATH, Some(body.clone())).await
}

fn post() -> Value {
    json!({
        "organizationId": "acme", "sourceType": "social", "data": "{\"text\":\"Nice lamp\"}", "timestamp": 7,
    })
}

fn batch() -> Value {
    json!({
        "organizationId": "acme", "sourceType": "cctv", "sessionId": "rec-1", "cameraId": "door", "batchIndex": 0,
        "frameAnalyses": [{"frameIndex": 0, "timestamp": 5, "description": "A hand"}],
        "batchStartTimestamp": 5, "batchEndTimestamp": 6,
    })
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[actix_web::test]
async fn what_a_service_reports_is_durable_in_its_queue_once() {
    let mut world = World::new().await;
    let nats = NatsServer::start(NatsOptions::default()).await.unwrap();
    let bus = World::bus_at(nats.url()).await;
    eventually("the streams", RECOVERY, async || {
        streams::ensure(&bus).await.ok()
    })
    .await;
    world.api.use_cases.bus = bus.clone();
    let (status, first) = report(&service(&world, None), &post()).await;
    assert_eq!(status, 202, "{first}");
    assert_eq!(report(&service(&world, None), &post()).await.1, first);
    let changed = with(post(), "timestamp", 8.into());
    let named = service(&world, Some("n-1"));
    let (_, second) = report(&named, &post()).await;
    assert_ne!(first, second);
    assert_eq!(report(&named, &changed).await.1, second, "named by its key");
    let (status, third) = report(&service(&world, None), &batch()).await;
    assert_eq!(status, 202, "{third}");
    report(&service(&world, None), &batch()).await;

    let mut waiting = Vec::new();
    for queue in WorkQueue::ALL {
        let queue = Queue::open(&bus, queue).await.unwrap();
        let batch = queue.batch(10, Duration::from_secs(1)).await.unwrap();
        let found: Vec<Vec<u8>> = batch
            .map(|delivery| delivery.unwrap().payload().to_vec())
            .collect()
            .await;
        waiting.push(found);
    }
    assert_eq!(waiting[0].len(), 2);
    assert_eq!(waiting[1].len(), 1);
    let message: InteractionMessage = serde_json::from_slice(&waiting[0][0]).unwrap();
    assert_eq!(message.data, "{\"text\":\"Nice lamp\"}");
    let frames: CctvBatchQueueMessage = serde_json::from_slice(&waiting[1][0]).unwrap();
    assert_eq!(frames.frame_analyses[0].description, "A hand");
}

#[actix_web::test]
async fn a_bad_report_is_refused_with_its_field_and_nothing_is_promised_without_a_bus() {
    let world = World::new().await;
    let anonymous = service(&world, None);
    let many = json!({"frameIndex": 0, "timestamp": 5, "description": "x"});
    let many = Value::from(vec![many; 1_001]);
    for (body, field) in [
        (
            with(post(), "organizationId", "a b".into()),
            "organizationId",
        ),
        (with(post(), "sourceType", "mail".into()), "sourceType"),
        (with(post(), "sessionId", "a b".into()), "sessionId"),
        (with(post(), "data", "".into()), "data"),
        (with(post(), "data", "x".repeat(300_000).into()), "data"),
        (with(post(), "timestamp", (-1).into()), "timestamp"),
        (with(post(), "timestamp", i64::MAX.into()), "timestamp"),
        (with(post(), "cameraId", "door".into()), "cameraId"),
        (
            with(post(), "color", "red".into()),
            "the body: `color` is not a known field",
        ),
        (
            with(post(), "timestamp", "soon".into()),
            "the body: `timestamp` has a value of the wrong type",
        ),
        (json!({"organizationId": "acme"}), "the body: lacks a field"),
        (
            json!({"organizationId": "acme", "sourceType": "web"}),
            "data",
        ),
        (with(batch(), "data", "{}".into()), "data"),
        (with(batch(), "sourceType", "web".into()), "sourceType"),
        (with(batch(), "sessionId", Value::Null), "sessionId"),
        (with(batch(), "batchIndex", (-1).into()), "batchIndex"),
        (
            with(batch(), "batchEndTimestamp", 4.into()),
            "batchIndex, batchEndTimestamp",
        ),
        (with(batch(), "frameAnalyses", json!([])), "frameAnalyses"),
        (with(batch(), "frameAnalyses", many), "frameAnalyses"),
    ] {
        let (status, answer) = report(&anonymous, &body).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400, "{answer}");
        assert!(message.starts_with(field), "{message}");
        // Nothing of what would be taken instead.
        for schema in ["expected", "cctv", "i64"] {
            assert!(!message.contains(schema), "{message}");
        }
    }
    let long = service(&world, Some(&"x".repeat(129)));
    assert_eq!(report(&long, &post()).await.0, 400);
    let large = with(post(), "data", "x".repeat(1 << 20).into());
    assert_eq!(report(&anonymous, &large).await.0, 413);
    assert_eq!(report(&anonymous, &post()).await.0, 503);
}
