use async_nats::jetstream::stream::{DiscardPolicy, RetentionPolicy, StorageType};

use super::*;
use crate::{notifications, stored};

#[tokio::test]
async fn ensuring_the_streams_twice_changes_nothing() {
    let fixture = Fixture::with(BusConfig::default(), 2).await;
    fixture.publish_each(0..3).await;
    let names = [
        "CROW_EVENTS_0",
        "CROW_EVENTS_1",
        streams::INTERACTIONS,
        streams::CCTV,
        streams::DEAD_LETTERS,
        notifications::STREAM,
        stored::STREAM,
    ];
    let mut before = Vec::new();
    for name in names {
        before.push(fixture.stream(name).await);
    }

    streams::ensure_with_notifications(&fixture.bus)
        .await
        .unwrap();
    streams::ensure_stored(&fixture.bus).await.unwrap();

    for (name, before) in names.into_iter().zip(before) {
        let after = fixture.stream(name).await;
        assert_eq!(after.created, before.created, "{name} was made anew");
        assert_eq!(after.state.messages, before.state.messages, "{name}");
        assert_eq!(after.config.max_bytes, before.config.max_bytes, "{name}");
    }
}

#[tokio::test]
async fn a_keeper_gives_consumers_its_settings_and_a_gateway_does_not() {
    let fixture = Fixture::start().await;
    let consumers = [
        (streams::INTERACTIONS, streams::INTERACTION_CONSUMER),
        (streams::CCTV, streams::INTERACTION_CONSUMER),
        (notifications::STREAM, streams::notifications::CONSUMER),
    ];
    let found = async || {
        let mut found = Vec::new();
        for (stream, consumer) in consumers {
            let stream = fixture.bus.jetstream.get_stream(stream).await.unwrap();
            let info = stream.consumer_info(consumer).await.unwrap();
            found.push((info.created, info.config.ack_wait.as_secs()));
        }
        found
    };
    let before = found().await;
    let config = BusConfig {
        completion_retry_ms: 90_000,
        cctv_retry_ms: 150_000,
        ..BusConfig::default()
    };
    let other = connect(&fixture.nats, config, 1).await;

    streams::ensure(&other).await.unwrap();
    assert_eq!(found().await, before);

    streams::ensure_with_notifications(&other).await.unwrap();
    let changed = before.iter().zip([90, 150, 90]);
    let changed: Vec<_> = changed.map(|(it, seconds)| (it.0, seconds)).collect();
    assert_eq!(found().await, changed, "the same consumers");
}

#[tokio::test]
async fn fewer_partitions_than_the_server_has_are_refused_with_the_reason() {
    let fixture = Fixture::with(BusConfig::default(), 4).await;
    let smaller = connect(&fixture.nats, BusConfig::default(), 2).await;

    let error = streams::ensure(&smaller).await.unwrap_err();

    assert!(matches!(
        error,
        Error::PartitionMismatch {
            expected: 2,
            found: Partition(3)
        }
    ));
    assert!(!error.is_retryable());
    let text = error.to_string();
    assert!(text.contains("partition 3") && text.contains("2 partitions"));
    assert!(text.contains("use the old number or a new NATS store"));
}

#[tokio::test]
async fn limits_of_the_streams_are_those_of_the_configuration() {
    let config = BusConfig {
        partition_max_bytes: 3 << 20,
        dead_letter_days: 5,
        ..BusConfig::default()
    };
    let fixture = Fixture::with(config, 1).await;

    let events = fixture.stream("CROW_EVENTS_0").await.config;
    assert_eq!(events.subjects, ["crow.events.0"]);
    assert_eq!(events.max_bytes, 3 << 20);
    assert_eq!(events.retention, RetentionPolicy::Limits);
    assert_eq!(events.discard, DiscardPolicy::New);
    assert_eq!(events.storage, StorageType::File);
    assert_eq!(events.num_replicas, 1);
    assert!(events.max_age.is_zero(), "events must not expire unread");

    let interactions = fixture.stream(streams::INTERACTIONS).await.config;
    assert_eq!(interactions.retention, RetentionPolicy::WorkQueue);
    assert_eq!(interactions.duplicate_window, Duration::from_secs(120));

    let cctv = fixture.stream(streams::CCTV).await.config;
    assert_eq!(cctv.retention, RetentionPolicy::WorkQueue);
    assert_eq!(cctv.max_bytes, 3 << 19);

    let told = fixture.stream(notifications::STREAM).await.config;
    assert_eq!(told.retention, RetentionPolicy::WorkQueue);
    assert_eq!(told.discard, DiscardPolicy::Old, "it holds nobody up");
    assert_eq!(told.max_bytes, notifications::MAX_BYTES);

    let stored = fixture.stream(stored::STREAM).await.config;
    assert_eq!(stored.retention, RetentionPolicy::Limits, "many read it");
    assert_eq!(stored.discard, DiscardPolicy::Old, "it holds nobody up");
    assert_eq!(stored.max_bytes, stored::MAX_BYTES);
    assert_eq!(stored.max_age, Duration::from_secs(3 * 86_400));

    let letters = fixture.stream(streams::DEAD_LETTERS).await.config;
    assert_eq!(letters.max_age, Duration::from_secs(5 * 86_400));
    assert_eq!(letters.retention, RetentionPolicy::Limits);
}

#[tokio::test]
async fn a_server_without_room_for_the_streams_is_refused_with_what_to_do() {
    let options = NatsOptions {
        max_file_store: Some(1 << 30),
        ..NatsOptions::default()
    };
    let nats = NatsServer::start(options).await.unwrap();
    let bus = connect(&nats, BusConfig::default(), 2).await;

    let error = streams::ensure(&bus).await.unwrap_err();

    assert!(matches!(error, Error::NoRoom), "{error:?}");
    assert!(!error.is_retryable());
    assert!(error.to_string().contains("max_file_store"));
}

#[tokio::test]
async fn a_server_without_room_for_stored_interactions_has_the_other_streams() {
    let config = BusConfig {
        partition_max_bytes: 16 << 20,
        ..BusConfig::default()
    };
    let options = NatsOptions {
        // Room for three and a half streams of 16 MiB, the advisories and the notifications.
        max_file_store: Some(96 << 20),
        ..NatsOptions::default()
    };
    let nats = NatsServer::start(options).await.unwrap();
    let bus = connect(&nats, config, 1).await;

    streams::ensure_with_notifications(&bus).await.unwrap();
    let error = streams::ensure_stored(&bus).await.unwrap_err();

    assert!(matches!(error, Error::NoRoom), "{error:?}");
}

/// The server counts the room of a stream while another process creates it.
#[tokio::test]
async fn processes_that_create_the_streams_at_the_same_time_share_the_room() {
    let config = BusConfig {
        partition_max_bytes: 16 << 20,
        ..BusConfig::default()
    };
    for _server in 0..5 {
        let options = NatsOptions {
            // The work queue of frames takes half as much as the others.
            max_file_store: Some(12 * (8 << 20)),
            ..NatsOptions::default()
        };
        let nats = NatsServer::start(options).await.unwrap();
        let mut buses = Vec::new();
        for _process in 0..4 {
            buses.push(connect(&nats, config.clone(), 2).await);
        }
        let ensured = futures::future::join_all(buses.iter().map(streams::ensure)).await;
        for outcome in ensured {
            outcome.unwrap();
        }
    }
}

#[tokio::test]
async fn an_unusable_time_out_is_refused_by_name() {
    let config = BusConfig {
        publish_timeout_ms: 5_000,
        ..BusConfig::default()
    };
    let partitions = PartitionCount::new(1).unwrap();
    let error = Bus::connect("test", &config, partitions).await.unwrap_err();
    assert!(error.to_string().contains("bus.publish_timeout_ms"));
}
