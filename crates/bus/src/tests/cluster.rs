//! The bus on three nodes.

use crow_testkit::nats::cluster::{NODES, NatsCluster};

use super::*;

/// Elections of NATS take up to nine seconds, and the machine may be busy.
const RESUMES: Duration = Duration::from_secs(40);

async fn connect_to(cluster: &NatsCluster) -> Bus {
    let config = BusConfig {
        url: cluster.url(),
        replicas: NODES,
        partition_max_bytes: 16 << 20,
        ..BusConfig::default()
    };
    let partitions = PartitionCount::new(1).unwrap();
    let bus = Bus::connect("test", &config, partitions).await.unwrap();
    eventually("the streams", RESUMES, async || {
        streams::ensure(&bus).await.ok()
    })
    .await;
    bus
}

/// The index of the node that the bus talks to.
async fn node_of(bus: &Bus) -> usize {
    eventually("a connection", RESUMES, async || {
        let name = bus.client.server_info().server_name;
        let node = name.strip_prefix("node-").and_then(|n| n.parse().ok());
        node.filter(|_| bus.is_connected())
    })
    .await
}

#[tokio::test]
async fn a_publisher_leaves_a_node_that_lost_the_others() {
    let mut cluster = NatsCluster::start().await.unwrap();
    let bus = connect_to(&cluster).await;
    let publisher = EventPublisher::start(&bus);
    publish_until_stored(&publisher, "before").await;
    let lost = node_of(&bus).await;

    cluster.cut_from_nodes(lost, true).unwrap();
    eventually("a batch to be stored", RESUMES, async || {
        let is_elsewhere = node_of(&bus).await != lost;
        let is_stored = publisher.publish(P0, batch("after")).await.is_ok();
        (is_elsewhere && is_stored).then_some(())
    })
    .await;
    cluster.cut_from_nodes(lost, false).unwrap();
    cluster.wait_until_healthy().await.unwrap();
}

#[tokio::test]
async fn a_publisher_leaves_a_node_that_is_silent() {
    let mut cluster = NatsCluster::start().await.unwrap();
    let bus = connect_to(&cluster).await;
    let publisher = EventPublisher::start(&bus);
    let silent = node_of(&bus).await;

    cluster.cut_from_clients(silent, true).unwrap();
    eventually("a batch to be stored", RESUMES, async || {
        publisher.publish(P0, batch("after")).await.ok()
    })
    .await;
    assert_ne!(node_of(&bus).await, silent);
}
