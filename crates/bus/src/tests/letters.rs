use futures::StreamExt;

use super::*;
use crate::dead_letters::LetterKind;
use crate::interactions::{self, InteractionMessage};
use crate::published;
use crate::{dead_letters, notices, undelivered};
use crow_types::{Sequence, Timestamp};

async fn keep(fixture: &Fixture, sequence: u64, reason: &str, payload: &'static str) {
    let payload = Bytes::from_static(payload.as_bytes());
    dead_letters::keep(&fixture.bus, P0, Sequence(sequence), reason, payload)
        .await
        .unwrap();
}

async fn payloads(fixture: &Fixture, limit: usize) -> Vec<Bytes> {
    let letters = dead_letters::list(&fixture.bus, limit).await.unwrap();
    letters.into_iter().map(|letter| letter.payload).collect()
}

#[tokio::test]
async fn a_dead_letter_kept_twice_is_there_once_with_all_that_is_known() {
    let fixture = Fixture::start().await;
    assert!(
        dead_letters::list(&fixture.bus, 10)
            .await
            .unwrap()
            .is_empty()
    );

    keep(&fixture, 7, "it is damaged", "a").await;
    keep(&fixture, 7, "it is damaged", "a").await;

    let letters = dead_letters::list(&fixture.bus, 10).await.unwrap();
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert_eq!(letter.reason, "it is damaged");
    assert_eq!(letter.subject, "crow.events.0");
    assert_eq!((letter.sequence, letter.attempts), (7, 1));
    assert!(letter.stored_at > 1_600_000_000_000);
    assert_eq!(letter.payload, "a");
}

#[tokio::test]
async fn every_bad_batch_of_one_message_is_kept() {
    let fixture = Fixture::start().await;
    keep(&fixture, 7, "reason", "a").await;
    keep(&fixture, 7, "reason", "b").await;
    assert_eq!(payloads(&fixture, 10).await, ["b", "a"]);
}

#[tokio::test]
async fn dead_letters_are_listed_newest_first_shown_and_dropped() {
    let fixture = Fixture::start().await;
    for (sequence, payload) in [(1, "a"), (2, "b"), (3, "c")] {
        keep(&fixture, sequence, "reason", payload).await;
    }
    assert_eq!(payloads(&fixture, 2).await, ["c", "b"]);
    let shown = dead_letters::show(&fixture.bus, 2).await.unwrap().unwrap();
    assert_eq!(shown.payload, "b");
    assert!(dead_letters::show(&fixture.bus, 9).await.unwrap().is_none());

    assert!(dead_letters::drop_letter(&fixture.bus, 2).await.unwrap());
    assert!(!dead_letters::drop_letter(&fixture.bus, 2).await.unwrap());
    assert_eq!(payloads(&fixture, 10).await, ["c", "a"]);
    // The first one and all of them.
    assert!(dead_letters::drop_letter(&fixture.bus, 1).await.unwrap());
    assert!(dead_letters::drop_letter(&fixture.bus, 3).await.unwrap());
    assert!(payloads(&fixture, 10).await.is_empty());
}

#[tokio::test]
async fn a_retried_dead_letter_is_back_where_it_came_from_and_gone_here() {
    let fixture = Fixture::start().await;
    keep(&fixture, 1, "reason", "again").await;

    assert!(dead_letters::retry(&fixture.bus, 1).await.unwrap());
    assert!(!dead_letters::retry(&fixture.bus, 1).await.unwrap());

    assert!(payloads(&fixture, 10).await.is_empty());
    let stream = fixture
        .bus
        .jetstream
        .get_stream("CROW_EVENTS_0")
        .await
        .unwrap();
    assert_eq!(stream.get_raw_message(1).await.unwrap().payload, "again");
    assert_eq!(fixture.stored().await, 1);
}

#[tokio::test]
async fn an_announcement_published_twice_is_queued_once() {
    let fixture = Fixture::start().await;
    let mut message = announcement("row-0");
    interactions::publish(&fixture.bus, &message).await.unwrap();
    interactions::publish(&fixture.bus, &message).await.unwrap();
    let queued = fixture.stream(streams::INTERACTIONS).await.state.messages;
    assert_eq!(queued, 1);

    message.completion_id = "row-1".to_owned();
    interactions::publish(&fixture.bus, &message).await.unwrap();
    let stream = fixture
        .bus
        .jetstream
        .get_stream(streams::INTERACTIONS)
        .await
        .unwrap();
    assert_eq!(stream.cached_info().state.messages, 2);
    let raw = stream.get_raw_message(2).await.unwrap().payload;
    let read: InteractionMessage = serde_json::from_slice(&raw).unwrap();
    assert_eq!(read, message);
}

#[tokio::test]
async fn an_announcement_that_nobody_acknowledges_becomes_a_dead_letter() {
    let config = BusConfig {
        completion_retry_ms: 200,
        ..BusConfig::default()
    };
    let mut fixture = Fixture::with(config, 1).await;
    let message = announcement("row-0");
    interactions::publish(&fixture.bus, &message).await.unwrap();
    let stream = fixture.bus.jetstream.get_stream(streams::INTERACTIONS);
    let stored = stream.await.unwrap().get_raw_message(1).await.unwrap();
    let published_at = published::published_at(None, stored.time.unix_timestamp_nanos());

    // A consumer that takes it, and dies each time. The server tells once nobody asks twice.
    let stream = fixture.bus.jetstream.get_stream(streams::INTERACTIONS);
    let consumer: async_nats::jetstream::consumer::PullConsumer = stream
        .await
        .unwrap()
        .get_consumer(streams::INTERACTION_CONSUMER)
        .await
        .unwrap();
    let mut deliveries = 0;
    let letters = eventually("the dead letter", RECOVERY * 3, async || {
        let mut taken = consumer.fetch().max_messages(1).messages().await.ok()?;
        while let Some(Ok(_never_acknowledged)) = taken.next().await {
            deliveries += 1;
        }
        // It is moved once, whatever restarts in between.
        if deliveries == 4 {
            fixture.nats.kill().ok()?;
            fixture.nats.start_again().await.ok()?;
            deliveries += 1;
        }
        undelivered::bury(&fixture.bus).await.ok()?;
        let letters = dead_letters::list(&fixture.bus, 10).await.ok()?;
        (!letters.is_empty()).then_some(letters)
    })
    .await;

    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].kind, LetterKind::Completions);
    assert_eq!((letters[0].attempts, letters[0].sequence), (4, 1));
    assert_eq!(letters[0].subject, interactions::SUBJECT);
    assert!(letters[0].reason.contains("not acknowledged"));
    assert_eq!(letters[0].published_at, published_at);
    let queue = || async { fixture.stream(streams::INTERACTIONS).await.state.messages };
    assert_eq!(queue().await, 0);

    assert!(
        dead_letters::retry(&fixture.bus, letters[0].id)
            .await
            .unwrap()
    );
    assert_eq!(queue().await, 1);
    let mut again = consumer.fetch().max_messages(1).messages().await.unwrap();
    let again = again.next().await.unwrap().unwrap();
    let read: InteractionMessage = serde_json::from_slice(&again.payload).unwrap();
    assert_eq!(read, message);
    let stored_ns = again.info().unwrap().published.unix_timestamp_nanos();
    let carried = published::published_at(again.headers.as_ref(), stored_ns);
    assert_eq!(carried, published_at, "not the time of the retry");
}

pub(super) fn announcement(id: &str) -> InteractionMessage {
    InteractionMessage {
        organization_id: "acme".to_owned(),
        source_type: "web".to_owned(),
        session_id: "s".to_owned(),
        data: "{}".to_owned(),
        summary: None,
        timestamp: 1,
        completion_id: id.to_owned(),
        report: None,
    }
}

#[tokio::test]
async fn an_announcement_whose_advisory_was_lost_becomes_a_dead_letter() {
    let config = BusConfig {
        completion_retry_ms: 200,
        ..BusConfig::default()
    };
    let fixture = Fixture::with(config, 1).await;
    let stream = |name: &'static str| fixture.bus.jetstream.get_stream(name);
    let consumer: async_nats::jetstream::consumer::PullConsumer = stream(streams::INTERACTIONS)
        .await
        .unwrap()
        .get_consumer(streams::INTERACTION_CONSUMER)
        .await
        .unwrap();
    let publish = async |id| {
        let message = announcement(id);
        interactions::publish(&fixture.bus, &message).await.unwrap();
    };
    publish("lost-0").await;
    eventually("the advisory", RECOVERY * 3, async || {
        let mut taken = consumer.fetch().max_messages(1).messages().await.ok()?;
        while let Some(Ok(_never_acknowledged)) = taken.next().await {}
        let advisories = fixture.stream(streams::ADVISORIES).await.state.messages;
        (advisories > 0).then_some(())
    })
    .await;
    let advisories = stream(streams::ADVISORIES).await.unwrap();
    advisories.purge().await.unwrap();

    let mut left_over = undelivered::LeftOver::of(streams::WorkQueue::Interactions);
    assert_eq!(left_over.bury(&fixture.bus).await.unwrap(), 0, "at once");
    // This one is delivered, and may be acknowledged at any time.
    publish("slow-0").await;
    let mut taken = consumer.fetch().max_messages(1).messages().await.unwrap();
    let slow = taken.next().await.unwrap().unwrap();
    assert_eq!(left_over.bury(&fixture.bus).await.unwrap(), 1);
    assert_eq!(left_over.bury(&fixture.bus).await.unwrap(), 0);
    let letters = dead_letters::list(&fixture.bus, 10).await.unwrap();
    assert_eq!((letters[0].sequence, letters[0].attempts), (1, 4));
    let queued = fixture.stream(streams::INTERACTIONS).await.state.messages;
    assert_eq!(queued, 1, "the delivered one stays");
    slow.ack().await.unwrap();
}

#[tokio::test]
async fn notices_reach_every_listener_also_after_a_restart() {
    let mut fixture = Fixture::start().await;
    let other = connect(&fixture.nats, BusConfig::default(), 1).await;
    let mut here = notices::subscribe(&fixture.bus, notices::KEY_REVOKED)
        .await
        .unwrap();
    let mut there = notices::subscribe(&other, notices::KEY_REVOKED)
        .await
        .unwrap();
    // What one connection sends is handled in order; the other one has to have subscribed.
    other.client.flush().await.unwrap();
    stream_round_trip(&other).await;

    let tell = |text: &'static str| {
        notices::publish(
            &fixture.bus,
            notices::KEY_REVOKED,
            Bytes::from_static(text.as_bytes()),
        )
    };
    tell("one").await.unwrap();
    for listener in [&mut here, &mut there] {
        let heard = tokio::time::timeout(RECOVERY, listener.next()).await;
        assert_eq!(heard.unwrap().unwrap(), "one");
    }

    fixture.nats.kill().unwrap();
    fixture.nats.start_again().await.unwrap();
    eventually("a notice after the restart", RECOVERY, async || {
        let tell = notices::publish(
            &fixture.bus,
            notices::KEY_REVOKED,
            Bytes::from_static(b"two"),
        );
        tell.await.ok()?;
        let heard = tokio::time::timeout(Duration::from_millis(200), there.next()).await;
        (heard.ok()?? == "two").then_some(())
    })
    .await;
}

/// Returns when the server has handled everything that this connection sent before.
async fn stream_round_trip(bus: &Bus) {
    crate::reader::stream_state(bus, P0).await.unwrap();
}

#[tokio::test]
async fn a_page_of_letters_goes_on_below_its_last_and_holds_only_what_is_wanted() {
    let fixture = Fixture::start().await;
    for sequence in 1..=5 {
        keep(&fixture, sequence, "reason", "x").await;
    }
    let is_odd = |letter: &dead_letters::DeadLetter| letter.id % 2 == 1;
    let ids = |page: &dead_letters::LetterPage| -> Vec<u64> {
        page.letters.iter().map(|letter| letter.id).collect()
    };
    let first = dead_letters::page(&fixture.bus, None, 2, is_odd)
        .await
        .unwrap();
    assert_eq!((ids(&first), first.next), (vec![5, 3], Some(3)));
    let second = dead_letters::page(&fixture.bus, first.next, 2, is_odd)
        .await
        .unwrap();
    assert_eq!((ids(&second), second.next), (vec![1], None));
}

#[tokio::test]
async fn a_letter_knows_its_organization_when_its_payload_tells() {
    let fixture = Fixture::start().await;
    let message = |organizations: &[&str]| {
        let batch = |organization: &&str| Batch {
            organization_id: (*organization).to_owned(),
            ..Batch::default()
        };
        let message = Message {
            batches: organizations.iter().map(batch).collect(),
            ..Message::default()
        };
        Bytes::from(message.encode_to_vec())
    };
    let payloads = [
        message(&["acme", "acme"]),
        message(&["acme", "rival"]),
        Bytes::from_static(b"\xff damaged"),
    ];
    for (sequence, payload) in (1..).map(Sequence).zip(payloads) {
        dead_letters::keep(&fixture.bus, P0, sequence, "reason", payload)
            .await
            .unwrap();
    }
    let letters = dead_letters::list(&fixture.bus, 10).await.unwrap();
    let of: Vec<Option<String>> = letters
        .iter()
        .map(|letter| letter.organization().map(|name| name.as_str().to_owned()))
        .collect();
    assert_eq!(of, [None, None, Some("acme".to_owned())]);
}

#[tokio::test]
async fn a_recreated_consumer_delivers_what_seemed_to_be_left_over() {
    let config = BusConfig {
        completion_retry_ms: 200,
        ..BusConfig::default()
    };
    let fixture = Fixture::with(config, 1).await;
    let queue = fixture.bus.jetstream.get_stream(streams::INTERACTIONS);
    let queue = queue.await.unwrap();
    let consumer: async_nats::jetstream::consumer::PullConsumer = queue
        .get_consumer(streams::INTERACTION_CONSUMER)
        .await
        .unwrap();
    let message = announcement("again-0");
    interactions::publish(&fixture.bus, &message).await.unwrap();
    let settings = consumer.cached_info().config.clone();
    eventually("the last delivery", RECOVERY * 3, async || {
        let mut taken = consumer.fetch().max_messages(1).messages().await.ok()?;
        while let Some(Ok(_never_acknowledged)) = taken.next().await {}
        let advisories = fixture.stream(streams::ADVISORIES).await.state.messages;
        (advisories > 0).then_some(())
    })
    .await;

    let mut left_over = undelivered::LeftOver::of(streams::WorkQueue::Interactions);
    assert_eq!(left_over.bury(&fixture.bus).await.unwrap(), 0);
    queue
        .delete_consumer(streams::INTERACTION_CONSUMER)
        .await
        .unwrap();
    queue.create_consumer(settings).await.unwrap();
    assert_eq!(left_over.bury(&fixture.bus).await.unwrap(), 0);
    let queued = fixture.stream(streams::INTERACTIONS).await.state.messages;
    assert_eq!(queued, 1, "it will be delivered again");
}

#[tokio::test]
async fn recent_letters_are_those_since_the_last_look_and_of_this_time() {
    let mut fixture = Fixture::start().await;
    let batch = |organization: &str| {
        let batch = Batch {
            organization_id: organization.to_owned(),
            ..Batch::default()
        };
        Message {
            batches: vec![batch],
            ..Message::default()
        }
    };
    let keep_of = async |fixture: &Fixture, sequence: u64, organization: &str| {
        let payload = Bytes::from(batch(organization).encode_to_vec());
        dead_letters::keep(&fixture.bus, P0, Sequence(sequence), "reason", payload)
            .await
            .unwrap();
    };
    let recent = async |fixture: &Fixture, seen: u64, from: i64| {
        let found = dead_letters::recent(&fixture.bus, seen, Timestamp(from)).await;
        let found = found.unwrap();
        let names = found.letters.iter().map(|(it, _at)| it.as_str().to_owned());
        (found.newest, names.collect::<Vec<_>>())
    };
    assert_eq!(recent(&fixture, 0, 0).await, (0, vec![]));
    keep_of(&fixture, 1, "acme").await;
    keep(&fixture, 2, "reason", "of nobody").await;
    keep_of(&fixture, 3, "rival").await;
    let all = vec!["acme".to_owned(), "rival".to_owned()];
    assert_eq!(recent(&fixture, 0, 0).await, (3, all));
    assert_eq!(recent(&fixture, 1, 0).await, (3, vec!["rival".to_owned()]));
    assert_eq!(recent(&fixture, 3, 0).await, (3, vec![]));
    let tomorrow = Timestamp::now().0 + 86_400_000;
    assert_eq!(recent(&fixture, 0, tomorrow).await, (3, vec![]));

    fixture.lose_everything().await;
    keep_of(&fixture, 1, "acme").await;
    assert_eq!(recent(&fixture, 3, 0).await, (1, vec!["acme".to_owned()]));
}
