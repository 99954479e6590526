//! The bus on a real nats-server that is killed, paused, filled, wiped and set back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use prost::Message as _;

use crow_proto::events::{Batch, Message};
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::wait::eventually;
use crow_types::{Partition, PartitionCount};

use crate::publisher::{EncodedMessage, EventPublisher};
use crate::{Bus, BusConfig, Error, streams};

mod cluster;
mod layout;
mod letters;
mod notifications;
mod publishing;
mod queue;
mod reading;
mod recorder;

const P0: Partition = Partition(0);

/// How long anything may take to work again by itself.
const RECOVERY: Duration = Duration::from_secs(10);

struct Fixture {
    nats: NatsServer,
    bus: Bus,
}

impl Fixture {
    /// A server with the streams of one partition.
    async fn start() -> Self {
        Self::with(BusConfig::default(), 1).await
    }

    async fn with(config: BusConfig, partitions: u16) -> Self {
        let nats = NatsServer::start(NatsOptions::default()).await.unwrap();
        let bus = connect(&nats, config, partitions).await;
        streams::ensure_with_notifications(&bus).await.unwrap();
        streams::ensure_stored(&bus).await.unwrap();
        Self { nats, bus }
    }

    fn publisher(&self) -> EventPublisher {
        EventPublisher::start(&self.bus)
    }

    /// Publishes batches with these names, one message each.
    async fn publish_each(&self, names: impl IntoIterator<Item = usize>) {
        let publisher = self.publisher();
        for name in names {
            publish_until_stored(&publisher, &name.to_string()).await;
        }
    }

    /// How many messages the partition's stream holds.
    async fn stored(&self) -> u64 {
        self.stream(&streams::events_stream(P0))
            .await
            .state
            .messages
    }

    async fn stream(&self, name: &str) -> async_nats::jetstream::stream::Info {
        let stream = self.bus.jetstream.get_stream(name).await.unwrap();
        stream.cached_info().clone()
    }

    /// Kills the server, deletes its store and starts it; the streams are made anew.
    async fn lose_everything(&mut self) {
        self.nats.kill().unwrap();
        self.nats.wipe().unwrap();
        self.nats.start_again().await.unwrap();
        self.ensure_streams().await;
    }

    async fn ensure_streams(&self) {
        eventually("the streams", RECOVERY, async || {
            streams::ensure_with_notifications(&self.bus).await.ok()
        })
        .await;
    }
}

async fn connect(nats: &NatsServer, mut config: BusConfig, partitions: u16) -> Bus {
    config.url = nats.url();
    let partitions = PartitionCount::new(partitions).unwrap();
    let bus = Bus::connect("test", &config, partitions).await.unwrap();
    eventually("the connection", RECOVERY, async || {
        bus.is_connected().then_some(())
    })
    .await;
    bus
}

fn batch(name: &str) -> EncodedMessage {
    batch_of(name, 0)
}

/// A batch of about this many bytes.
fn batch_of(name: &str, bytes: usize) -> EncodedMessage {
    EncodedMessage::of_batch(Batch {
        organization_id: "acme".to_owned(),
        session_id: "s".to_owned(),
        batch_id: name.to_owned(),
        exit_context: vec![b' '; bytes].into(),
        ..Batch::default()
    })
}

/// Tries as the SDK does.
async fn publish_until_stored(publisher: &EventPublisher, name: &str) {
    eventually("a publish to be acknowledged", RECOVERY, async || {
        publisher.publish(P0, batch(name)).await.ok()
    })
    .await;
}

fn names_in(payload: &Bytes) -> Vec<String> {
    let message = Message::decode(payload.clone()).unwrap();
    message.batches.into_iter().map(|b| b.batch_id).collect()
}

/// The error of a publish, which must come within a second.
async fn refused(publisher: &EventPublisher, what: &str) -> Arc<Error> {
    let started = Instant::now();
    let outcome = publisher.publish(P0, batch("refused")).await;
    let took = started.elapsed();
    assert!(took < Duration::from_secs(1), "{what}: took {took:?}");
    outcome.expect_err(what)
}
