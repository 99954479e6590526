use bytes::Bytes;
use futures::StreamExt;
use prost::Message as _;

use crow_bus::{BusConfig, streams};
use crow_proto::events::{Batch, Message};
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::wait::eventually;
use crow_types::{PartitionCount, Sequence};

use super::*;

const DEADLINE: Duration = Duration::from_secs(20);

async fn keep(bus: &Bus, sequence: u64, organization: &str) {
    let message = Message {
        batches: vec![Batch {
            organization_id: organization.to_owned(),
            ..Batch::default()
        }],
        ..Message::default()
    };
    let payload = Bytes::from(message.encode_to_vec());
    dead_letters::keep(bus, Partition(0), Sequence(sequence), "damaged", payload)
        .await
        .unwrap();
}

/// The organizations that are told, in the order of the queue.
async fn told(bus: &Bus, count: usize) -> Vec<String> {
    let queue = notifications::open(bus).await.unwrap();
    let batch = queue.batch(count, DEADLINE).await.unwrap();
    let mut batch = std::pin::pin!(batch);
    let mut told = Vec::new();
    while let Some(delivery) = batch.next().await {
        let delivery = delivery.unwrap();
        let read = Notification::read(delivery.payload()).unwrap();
        assert_eq!(
            (&read.audience, &*read.kind),
            (&Audience::Admins, "dead_letters")
        );
        told.push(read.organization_id);
        delivery.settle().await.unwrap();
    }
    told
}

/// With the users of a cluster, so the service proves that its permissions suffice.
#[tokio::test]
async fn each_organization_with_new_dead_letters_is_told_once() {
    let users = crow_testkit::paths::workspace_root().join("deploy/nats-users.conf");
    let options = NatsOptions {
        users: Some(users),
        ..NatsOptions::default()
    };
    let nats = NatsServer::start(options).await.unwrap();
    let connect = async |user: &str| {
        let config = BusConfig {
            url: nats.url_of(user),
            partition_max_bytes: 64 << 20,
            ..BusConfig::default()
        };
        let one = PartitionCount::new(1).unwrap();
        Bus::connect(user, &config, one).await.unwrap()
    };
    let (keeper, query) = (connect("crow-session").await, connect("crow-query").await);
    eventually("the streams", DEADLINE, async || {
        streams::ensure_with_notifications(&keeper).await.ok()
    })
    .await;
    eventually("the connection", DEADLINE, async || {
        query.is_connected().then_some(())
    })
    .await;

    for (sequence, organization) in [(1, "acme"), (2, "acme"), (3, "rival")] {
        keep(&keeper, sequence, organization).await;
    }
    let now = Timestamp::now();
    assert_eq!(tell(&keeper, 0, now).await.unwrap(), 3);
    assert_eq!(told(&query, 2).await, ["acme", "rival"]);
    // Another keeper begins at the beginning, and the server knows its messages.
    assert_eq!(tell(&keeper, 0, now).await.unwrap(), 3);
    keep(&keeper, 4, "third").await;
    assert_eq!(tell(&keeper, 3, now).await.unwrap(), 4);
    assert_eq!(told(&query, 1).await, ["third"]);
}
