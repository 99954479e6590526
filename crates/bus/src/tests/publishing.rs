use std::collections::BTreeSet;

use futures::future::join_all;

use super::*;
use crate::reader::{Reader, stream_state};
use crow_types::Sequence;

#[tokio::test]
async fn concurrent_batches_share_messages_and_each_is_answered() {
    const BATCHES: u64 = 600;
    let fixture = Fixture::start().await;
    let publisher = fixture.publisher();

    let names: Vec<String> = (0..BATCHES).map(|n| n.to_string()).collect();
    let answers = join_all(names.iter().map(|name| publisher.publish(P0, batch(name)))).await;

    assert!(answers.iter().all(Result::is_ok));
    let messages = fixture.stored().await;
    assert!(messages < BATCHES / 4, "{messages} messages");
    let stream = fixture.bus.jetstream.get_stream("CROW_EVENTS_0").await;
    let stream = stream.unwrap();
    let mut found = Vec::new();
    for sequence in 1..=messages {
        let message = stream.get_raw_message(sequence).await.unwrap();
        found.extend(names_in(&message.payload));
    }
    assert_eq!(found, names, "in the order of arrival, each once");
}

#[tokio::test]
async fn a_group_stops_growing_at_its_size_limit() {
    let fixture = Fixture::start().await;
    let publisher = fixture.publisher();

    let batches = (0..30).map(|n| publisher.publish(P0, batch_of(&n.to_string(), 300_000)));
    let answers = join_all(batches).await;

    assert!(answers.iter().all(Result::is_ok));
    // Three of them fit into a mebibyte.
    assert!(fixture.stored().await >= 10);
    assert!(fixture.stored().await < 30);
}

#[tokio::test]
async fn a_killed_server_is_an_error_within_a_second_and_works_again_by_itself() {
    let mut fixture = Fixture::start().await;
    let publisher = fixture.publisher();
    publish_until_stored(&publisher, "before").await;

    fixture.nats.kill().unwrap();

    let all = join_all((0..50).map(|_| refused(&publisher, "the server is dead"))).await;
    assert!(all.iter().all(|error| error.is_retryable()));
    fixture.nats.start_again().await.unwrap();
    publish_until_stored(&publisher, "after").await;
    assert_eq!(fixture.stored().await, 2, "nothing was buffered silently");
}

#[tokio::test]
async fn a_hung_server_is_an_error_within_a_second_and_works_again_by_itself() {
    let mut fixture = Fixture::start().await;
    let publisher = fixture.publisher();
    publish_until_stored(&publisher, "before").await;

    fixture.nats.pause().unwrap();

    // More than the client's own queue takes.
    for _round in 0..2 {
        join_all((0..400).map(|_| refused(&publisher, "the server hangs"))).await;
    }
    fixture.nats.resume().unwrap();
    publish_until_stored(&publisher, "after").await;
}

#[tokio::test]
async fn a_full_stream_says_so_and_works_again_after_a_purge() {
    let config = BusConfig {
        partition_max_bytes: 256 << 10,
        ..BusConfig::default()
    };
    let fixture = Fixture::with(config, 1).await;
    let publisher = fixture.publisher();

    let mut stored = 0;
    let error = loop {
        let started = Instant::now();
        let outcome = publisher.publish(P0, batch_of("b", 20_000)).await;
        assert!(started.elapsed() < Duration::from_secs(1));
        match outcome {
            Ok(()) => stored += 1,
            Err(error) => break error,
        }
        assert!(stored < 20, "the stream takes more than it may hold");
    };
    assert!(matches!(*error, Error::Full), "{error}");
    let resting = refused(&publisher, "the lane rests").await;
    assert!(matches!(*resting, Error::Busy), "{resting}");

    let stream = fixture.bus.jetstream.get_stream("CROW_EVENTS_0").await;
    stream.unwrap().purge().await.unwrap();
    publish_until_stored(&publisher, "after").await;
    assert_eq!(fixture.stored().await, 1, "what was refused is not there");
}

#[tokio::test]
async fn a_missing_stream_is_an_error_within_a_second() {
    let fixture = Fixture::start().await;
    let publisher = fixture.publisher();
    fixture
        .bus
        .jetstream
        .delete_stream("CROW_EVENTS_0")
        .await
        .unwrap();

    refused(&publisher, "there is no stream").await;

    fixture.ensure_streams().await;
    publish_until_stored(&publisher, "after").await;
}

#[tokio::test]
async fn a_partition_that_hangs_holds_up_no_other() {
    const P1: Partition = Partition(1);
    let fixture = Fixture::with(BusConfig::default(), 2).await;
    let publisher = fixture.publisher();
    // In place of the stream somebody who takes everything and answers nothing.
    let stream = streams::events_stream(P1);
    fixture.bus.jetstream.delete_stream(stream).await.unwrap();
    let subject = streams::events_subject(P1);
    let _silent = fixture.bus.client.subscribe(subject).await.unwrap();
    fixture.bus.client.flush().await.unwrap();

    let hanging = async {
        let error = publisher.publish(P1, batch("hanging")).await.unwrap_err();
        assert!(matches!(*error, Error::TimedOut), "{error}");
    };
    let others = async {
        for n in 0..20 {
            let answer = publisher.publish(P0, batch(&n.to_string())).await;
            answer.unwrap();
        }
    };
    let mut hanging = std::pin::pin!(hanging);
    tokio::select! {
        biased;
        () = &mut hanging => panic!("the others waited for the one that hangs"),
        () = others => {}
    }
    assert_eq!(fixture.stored().await, 20);
    hanging.await;
}

#[tokio::test]
async fn the_largest_message_goes_through_and_a_larger_one_is_refused() {
    let fixture = Fixture::start().await;
    let publisher = fixture.publisher();
    let max = fixture.bus.max_message_bytes();

    let larger = EncodedMessage(vec![0x0a; max + 1].into());
    let error = publisher.publish(P0, larger).await.unwrap_err();
    assert!(matches!(*error, Error::TooLarge { size } if size == max + 1));
    assert!(!error.is_retryable());

    let largest = EncodedMessage(vec![0x0a; max].into());
    publisher.publish(P0, largest).await.unwrap();
    let state = stream_state(&fixture.bus, P0).await.unwrap();
    let mut reader = Reader::new(&fixture.bus, P0, state.created, Sequence(1));
    let read = tokio::time::timeout(RECOVERY, reader.next()).await;
    assert_eq!(read.unwrap().unwrap().unwrap().payload.len(), max);
}

#[tokio::test]
async fn what_was_acknowledged_survives_kills_in_the_middle() {
    let mut fixture = Fixture::start().await;
    let publisher = fixture.publisher();
    let sending = async {
        let mut acknowledged = BTreeSet::new();
        for round in 0..60 {
            let names: Vec<String> = (0..10).map(|n| format!("{round}-{n}")).collect();
            let answers =
                join_all(names.iter().map(|name| publisher.publish(P0, batch(name)))).await;
            let pairs = names.into_iter().zip(answers);
            acknowledged.extend(pairs.filter(|(_, answer)| answer.is_ok()).map(|(n, _)| n));
            crow_testkit::wait::quiet_for(Duration::from_millis(10)).await;
        }
        publish_until_stored(&publisher, "last").await;
        acknowledged
    };
    let killing = async {
        for _kill in 0..2 {
            crow_testkit::wait::quiet_for(Duration::from_millis(150)).await;
            fixture.nats.kill().unwrap();
            fixture.nats.start_again().await.unwrap();
        }
    };
    let (acknowledged, ()) = tokio::join!(sending, killing);

    let state = stream_state(&fixture.bus, P0).await.unwrap();
    let mut reader = Reader::new(&fixture.bus, P0, state.created, Sequence(1));
    let mut found = BTreeSet::new();
    while !found.contains("last") {
        let message = reader.next().await.unwrap().unwrap();
        found.extend(names_in(&message.payload));
    }
    assert!(!acknowledged.is_empty());
    assert!(acknowledged.is_subset(&found));
}
