use std::pin::pin;

use futures::StreamExt;

use super::letters::announcement;
use super::*;
use crate::interactions;
use crate::queue::Queue;
use crate::streams::WorkQueue;

#[tokio::test]
async fn a_message_that_is_not_settled_does_not_hold_up_those_after_it() {
    let fixture = Fixture::start().await;
    let queue = Queue::open(&fixture.bus, WorkQueue::Interactions).await;
    let batch = queue.unwrap().batch(10, RECOVERY * 3).await.unwrap();
    let mut batch = pin!(batch);
    let mut taken = Vec::new();
    for id in ["slow-0", "next-0"] {
        let message = announcement(id);
        interactions::publish(&fixture.bus, &message).await.unwrap();
        let delivery = tokio::time::timeout(RECOVERY, batch.next()).await;
        let delivery = delivery.unwrap().unwrap().unwrap();
        assert_eq!(delivery.payload(), serde_json::to_vec(&message).unwrap());
        taken.push(delivery);
    }
    for delivery in taken {
        delivery.settle().await.unwrap();
    }
    let left = fixture.stream(streams::INTERACTIONS).await.state.messages;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_message_that_is_kept_is_not_delivered_again() {
    let config = BusConfig {
        completion_retry_ms: 2_000,
        ..BusConfig::default()
    };
    let fixture = Fixture::with(config, 1).await;
    let queue = Queue::open(&fixture.bus, WorkQueue::Interactions).await;
    let batch = queue.unwrap().batch(3, RECOVERY * 3).await.unwrap();
    let mut batch = pin!(batch);
    let mut taken = Vec::new();
    for id in ["kept-0", "left-0"] {
        let message = announcement(id);
        interactions::publish(&fixture.bus, &message).await.unwrap();
        taken.push(batch.next().await.unwrap().unwrap());
    }
    // Both were delivered at the same time, so without this both would come again.
    let again = loop {
        taken[0].keep().await.unwrap();
        match tokio::time::timeout(Duration::from_millis(100), batch.next()).await {
            Ok(again) => break again.unwrap().unwrap(),
            Err(_none_yet) => {}
        }
    };
    assert_eq!(again.payload(), taken[1].payload());
}
