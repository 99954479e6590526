use std::fs;
use std::path::Path;

use super::recorder::Counters;
use super::*;
use crate::reader::{Delivery, Reader, purge_through, stream_state};
use crow_types::Sequence;

async fn created(fixture: &Fixture) -> i64 {
    stream_state(&fixture.bus, P0).await.unwrap().created
}

async fn reader_at(fixture: &Fixture, next: u64) -> Reader {
    Reader::new(&fixture.bus, P0, created(fixture).await, Sequence(next))
}

/// Reads as the keeper does: after an error the same call is made again.
async fn next(reader: &mut Reader) -> Option<Delivery> {
    let end = Instant::now() + RECOVERY;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let outcome = tokio::time::timeout(left, reader.next()).await;
        match outcome.expect("the reader is silent") {
            Ok(delivery) => return delivery,
            Err(_error) => crow_testkit::wait::quiet_for(Duration::from_millis(50)).await,
        }
        assert!(Instant::now() < end, "the reader does not recover");
    }
}

/// Reads this many messages, which must follow each other; their batch names.
async fn read(reader: &mut Reader, count: usize) -> Vec<usize> {
    let mut names = Vec::new();
    for _message in 0..count {
        let expected = reader.position();
        let delivery = next(reader).await.expect("the stream did not go back");
        assert_eq!(delivery.sequence, expected);
        names.extend(
            names_in(&delivery.payload)
                .iter()
                .map(|name| name.parse::<usize>().unwrap()),
        );
    }
    names
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test]
async fn reads_everything_in_order_over_a_restart() {
    let mut fixture = Fixture::start().await;
    fixture.publish_each(0..200).await;
    let mut reader = reader_at(&fixture, 1).await;
    assert_eq!(read(&mut reader, 150).await, (0..150).collect::<Vec<_>>());

    fixture.nats.kill().unwrap();
    fixture.nats.start_again().await.unwrap();
    fixture.publish_each(200..300).await;

    let restarted = Instant::now();
    assert_eq!(read(&mut reader, 150).await, (150..300).collect::<Vec<_>>());
    assert!(restarted.elapsed() < RECOVERY);
}

#[tokio::test]
async fn waits_at_the_end_and_goes_on_after_a_restart_and_a_pause() {
    let mut fixture = Fixture::start().await;
    let mut reader = reader_at(&fixture, 1).await;
    fixture.publish_each(0..1).await;
    assert_eq!(read(&mut reader, 1).await, [0]);

    fixture.nats.kill().unwrap();
    let reading = tokio::spawn(async move { (next(&mut reader).await, reader) });
    fixture.nats.start_again().await.unwrap();
    fixture.publish_each(1..2).await;
    let (delivery, mut reader) = reading.await.unwrap();
    assert_eq!(names_in(&delivery.unwrap().payload), ["1"]);

    fixture.nats.pause().unwrap();
    // Longer than two heartbeats, so that the reader notices.
    let silent = tokio::time::timeout(Duration::from_secs(4), reader.next()).await;
    assert!(!matches!(silent, Ok(Ok(_))), "nothing can have been read");
    fixture.nats.resume().unwrap();
    fixture.publish_each(2..3).await;
    assert_eq!(read(&mut reader, 1).await, [2]);
}

#[tokio::test]
async fn dropping_a_call_loses_no_message() {
    use futures::FutureExt;
    let fixture = Fixture::start().await;
    fixture.publish_each(0..100).await;
    let mut reader = reader_at(&fixture, 1).await;
    let mut names = Vec::new();
    while names.len() < 100 {
        if let Some(Ok(Some(delivery))) = reader.next().now_or_never() {
            names.extend(names_in(&delivery.payload));
        }
        let limit = Duration::from_micros(300 + 100 * (names.len() as u64 % 7));
        if let Ok(delivery) = tokio::time::timeout(limit * 20, reader.next()).await {
            names.extend(names_in(&delivery.unwrap().unwrap().payload));
        }
    }
    let expected: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_wiped_server_ends_the_reading_rather_than_skipping() {
    let mut fixture = Fixture::start().await;
    fixture.publish_each(0..10).await;
    let mut reader = reader_at(&fixture, 1).await;
    read(&mut reader, 10).await;

    fixture.lose_everything().await;
    fixture.publish_each(0..20).await;

    assert!(next(&mut reader).await.is_none());
    assert!(next(&mut reader).await.is_none(), "and stays that way");
}

#[tokio::test]
async fn a_stream_that_was_deleted_and_made_again_ends_the_reading() {
    let fixture = Fixture::start().await;
    fixture.publish_each(0..3).await;
    let mut reader = reader_at(&fixture, 1).await;
    read(&mut reader, 3).await;

    fixture
        .bus
        .jetstream
        .delete_stream("CROW_EVENTS_0")
        .await
        .unwrap();
    fixture.ensure_streams().await;
    fixture.publish_each(0..20).await;

    assert!(next(&mut reader).await.is_none());
}

/// A stream of ten messages that were read, of which the last five are lost.
async fn set_back() -> (Fixture, Reader, i64) {
    let mut fixture = Fixture::start().await;
    fixture.publish_each(0..5).await;
    let created = created(&fixture).await;
    fixture.nats.kill().unwrap();
    let folder = fixture.nats.dir().to_path_buf();
    let (store, saved) = (folder.join("store"), folder.join("saved"));
    copy_folder(&store, &saved);
    fixture.nats.start_again().await.unwrap();
    fixture.publish_each(5..10).await;
    let mut reader = reader_at(&fixture, 1).await;
    read(&mut reader, 10).await;

    fixture.nats.kill().unwrap();
    fixture.nats.wipe().unwrap();
    copy_folder(&saved, &store);
    fixture.nats.start_again().await.unwrap();
    (fixture, reader, created)
}

#[tokio::test]
async fn a_stream_with_fewer_messages_than_were_read_ends_the_reading_and_is_not_purged() {
    let (fixture, mut reader, created) = set_back().await;

    assert!(next(&mut reader).await.is_none());

    let state = stream_state(&fixture.bus, P0).await.unwrap();
    assert_eq!((state.created, state.last), (created, Sequence(5)));
    purge_through(&fixture.bus, P0, created, Sequence(10))
        .await
        .unwrap();
    assert_eq!(fixture.stored().await, 5);
}

#[tokio::test]
async fn a_stream_that_went_back_and_has_grown_again_ends_the_reading() {
    let (fixture, mut reader, _created) = set_back().await;
    fixture.publish_each(10..30).await;

    assert!(next(&mut reader).await.is_none());
}

#[tokio::test]
async fn purging_stops_at_the_checkpoint_and_spares_another_incarnation() {
    let fixture = Fixture::start().await;
    fixture.publish_each(0..5).await;
    let first_life = created(&fixture).await;
    purge_through(&fixture.bus, P0, first_life, Sequence(3))
        .await
        .unwrap();
    assert_eq!(fixture.stored().await, 2);
    purge_through(&fixture.bus, P0, first_life, Sequence(3))
        .await
        .unwrap();
    assert_eq!(fixture.stored().await, 2);

    fixture
        .bus
        .jetstream
        .delete_stream("CROW_EVENTS_0")
        .await
        .unwrap();
    fixture.ensure_streams().await;
    fixture.publish_each(0..5).await;
    purge_through(&fixture.bus, P0, first_life, Sequence(3))
        .await
        .unwrap();
    assert_eq!(fixture.stored().await, 5, "unread messages were deleted");
}

#[tokio::test]
async fn messages_that_vanished_are_counted_and_reading_goes_on() {
    let counters = Counters::default();
    let fixture = Fixture::start().await;
    fixture.publish_each(0..10).await;
    let mut reader = reader_at(&fixture, 3).await;
    let stream = fixture
        .bus
        .jetstream
        .get_stream("CROW_EVENTS_0")
        .await
        .unwrap();
    stream.purge().sequence(7).await.unwrap();

    let _recording = metrics::set_default_local_recorder(&counters);
    let delivery = next(&mut reader).await.unwrap();

    assert_eq!(delivery.sequence, Sequence(7));
    assert_eq!(counters.value("crow_bus_missing_messages_total"), 4);
    assert_eq!(read(&mut reader, 3).await, [7, 8, 9]);
    assert_eq!(counters.value("crow_bus_missing_messages_total"), 4);
}

#[tokio::test]
async fn messages_that_vanish_in_the_middle_are_counted_and_reading_goes_on() {
    let counters = Counters::default();
    let fixture = Fixture::start().await;
    fixture.publish_each(0..10).await;
    let mut reader = reader_at(&fixture, 1).await;
    let stream = fixture
        .bus
        .jetstream
        .get_stream("CROW_EVENTS_0")
        .await
        .unwrap();
    for sequence in [4, 5, 8] {
        stream.delete_message(sequence).await.unwrap();
    }

    let _recording = metrics::set_default_local_recorder(&counters);
    let mut found = Vec::new();
    for _message in 0..7 {
        let delivery = next(&mut reader).await.unwrap();
        found.push(delivery.sequence.0);
    }

    assert_eq!(found, [1, 2, 3, 6, 7, 9, 10]);
    assert_eq!(counters.value("crow_bus_missing_messages_total"), 3);
}

#[tokio::test]
async fn a_missing_stream_is_an_error_of_its_own() {
    let fixture = Fixture::start().await;
    let mut reader = reader_at(&fixture, 1).await;
    let jetstream = &fixture.bus.jetstream;
    jetstream.delete_stream("CROW_EVENTS_0").await.unwrap();

    let error = reader.next().await.err().unwrap();

    assert!(matches!(error, Error::NoStream { partition: P0 }));
    assert!(error.is_retryable());
}
