use std::pin::pin;

use futures::StreamExt;

use super::*;
use crate::eraser::Eraser;
use crow_bus::dead_letters;
use crow_bus::interactions::{InteractionMessage, oldest_waiting};
use crow_bus::queue::{Delivery, Queue};
use crow_bus::reported::Report;
use crow_bus::streams::WorkQueue;
use crow_db::audit_log::Actor;
use crow_db::erasure::{self, Mode, Receipt, Request, Subject};

async fn report(fixture: &Fixture, name: &str, timestamp: i64) {
    let message = InteractionMessage {
        organization_id: "acme".to_owned(),
        source_type: "social".to_owned(),
        session_id: String::new(),
        data: "{}".to_owned(),
        summary: None,
        timestamp,
        completion_id: String::new(),
        report: Some(name.to_owned()),
    };
    let report = Report::Interaction(message);
    report.publish(&fixture.bus).await.unwrap();
}

async fn take(fixture: &Fixture) -> Delivery {
    let queue = Queue::open(&fixture.bus, WorkQueue::Interactions).await;
    let batch = queue.unwrap().batch(1, DEADLINE).await.unwrap();
    pin!(batch).next().await.unwrap().unwrap()
}

/// One is a dead letter, one was delivered and waits for the next delivery, and one was not delivered.
#[tokio::test]
async fn reports_of_an_erased_time_leave_the_queue_and_the_dead_letters() {
    let fixture = Fixture::start().await;
    for (name, timestamp) in [("dead", 10), ("taken", 15), ("waiting", 19)] {
        report(&fixture, name, timestamp).await;
    }
    take(&fixture).await.refuse("test").await.unwrap();
    let taken = take(&fixture).await;
    let acme = OrganizationId::new("acme").unwrap();
    let request = Request {
        organization: &acme,
        subject: &Subject::Time { from: 10, to: 20 },
        mode: Mode::Erase,
        requested_by: &Actor::system_named("test"),
    };
    let erasure = erasure::erase(&fixture.db, &request).await.unwrap();
    report(&fixture, "outside", 20).await;

    let eraser = Eraser::new(fixture.db.clone(), fixture.store(), fixture.bus.clone());
    let settled = Timestamp::now().plus(60_000);
    for _look in 0..2 {
        eraser.finish_some(settled).await.unwrap();
    }
    let erasure = erasure::get(&fixture.db, "acme", &erasure.id).await;
    let receipts = erasure.unwrap().unwrap().receipts;
    let receipt = |store: &str, count: u64| Receipt {
        store: store.to_owned(),
        found: count,
        removed: count,
        verified_at: Some(settled.0),
    };
    assert_eq!(receipts[4], receipt("dead_letters", 1));
    assert_eq!(receipts[5], receipt("announcements", 2));
    let letters = dead_letters::list(&fixture.bus, 10).await.unwrap();
    assert!(letters.is_empty(), "{letters:?}");

    drop(taken);
    let left = take(&fixture).await;
    let message: InteractionMessage = serde_json::from_slice(left.payload()).unwrap();
    assert_eq!(message.report.as_deref(), Some("outside"));
    left.settle().await.unwrap();
    assert_eq!(oldest_waiting(&fixture.bus).await.unwrap(), None);
}
