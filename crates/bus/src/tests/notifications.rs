use crow_types::Timestamp;
use crow_types::notification::{Audience, News, Notification};
use futures::StreamExt;

use super::*;
use crate::notifications;

#[tokio::test]
async fn a_notification_is_delivered_until_it_is_settled() {
    let config = BusConfig {
        completion_retry_ms: 500,
        ..BusConfig::default()
    };
    let fixture = Fixture::with(config, 1).await;
    let told = Notification::new(
        "acme",
        Audience::Admins,
        &News::DeadLetters,
        Timestamp::now(),
    );
    notifications::publish(&fixture.bus, &told).await.unwrap();
    notifications::publish(&fixture.bus, &told).await.unwrap();
    let waiting = fixture.stream(notifications::STREAM).await.state.messages;
    assert_eq!(waiting, 1, "a repeat within minutes is stored once");
    let queue = notifications::open(&fixture.bus).await.unwrap();
    let next = async || {
        let batch = queue.batch(1, RECOVERY).await.unwrap();
        let mut batch = std::pin::pin!(batch);
        batch.next().await.unwrap().unwrap()
    };
    let first = next().await;
    assert_eq!(Notification::read(first.payload()).unwrap(), told);
    drop(first);
    let again = next().await;
    assert_eq!(Notification::read(again.payload()).unwrap(), told);
    again.settle().await.unwrap();
    let waiting = fixture.stream(notifications::STREAM).await.state.messages;
    assert_eq!(waiting, 0);
}
