//! A process that dies after it stored a report and before it acknowledged it, and an erasure of that time.

use std::pin::pin;

use futures::StreamExt;

use crow_bus::queue::{Delivery, Queue};

use super::*;

const NAME: &str = "of an erased time";

pub(super) async fn a_report_that_is_delivered_again_stays_erased(
    world: &World,
    query: &Bus,
    own: &Bus,
) {
    let message = InteractionMessage {
        timestamp: 100,
        report: Some(NAME.to_owned()),
        ..post("")
    };
    let before = world.all().await.len();
    Report::Interaction(message).publish(query).await.unwrap();
    let taken = Queue::open(own, WorkQueue::Interactions).await.unwrap();

    let killed = next(&taken).await;
    assert_eq!(process(world, &killed).await, Outcome::Stored);
    assert_eq!(world.all().await.len(), before + 1);
    let published_at = killed.published_at();
    drop(killed);
    world.erase_all(&Subject::Time { from: 100, to: 101 }).await;
    assert_eq!(world.all().await.len(), before);

    let again = next(&taken).await;
    assert_eq!(again.published_at(), published_at);
    assert_eq!(process(world, &again).await, Outcome::Gone);
    assert_eq!(world.all().await.len(), before);
    again.settle().await.unwrap();
}

/// The next delivery of the report. Others have been stored, and not acknowledged.
async fn next(queue: &Queue) -> Delivery {
    loop {
        let batch = queue.batch(1, DEADLINE).await.unwrap();
        let delivery = pin!(batch).next().await.unwrap().unwrap();
        let message: InteractionMessage = serde_json::from_slice(delivery.payload()).unwrap();
        if message.report.as_deref() == Some(NAME) {
            return delivery;
        }
        delivery.settle().await.unwrap();
    }
}

async fn process(world: &World, delivery: &Delivery) -> Outcome {
    let (payload, published_at) = (delivery.payload(), delivery.published_at());
    let queue = WorkQueue::Interactions;
    let processed = world.worker.process_published(queue, payload, published_at);
    processed.await.unwrap()
}
