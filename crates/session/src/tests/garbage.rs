use prost::Message as _;

use super::*;
use crate::SweepOptions;
use crow_bus::dead_letters;
use crow_proto::events::Message;

fn joined(batches: Vec<Batch>) -> EncodedMessage {
    let message = Message {
        batches,
        ..Message::default()
    };
    EncodedMessage(message.encode_to_vec().into())
}

async fn reasons(fixture: &Fixture) -> Vec<String> {
    let letters = dead_letters::list(&fixture.bus, 100).await.unwrap();
    letters
        .into_iter()
        .rev()
        .map(|letter| letter.reason)
        .collect()
}

#[tokio::test]
async fn what_cannot_be_read_goes_to_the_dead_letters_and_the_partition_goes_on() {
    let fixture = Fixture::start().await;
    let _keeper = RunningKeeper::start(&fixture);
    let nested = EncodedMessage::of_compressed(joined(vec![clicks("s", 0)]).0);
    let nested = zstd::encode_all(nested.0.as_ref(), 1).unwrap();
    let store = fixture.store();
    store
        .put("inbox/short", Bytes::from_static(b"x"))
        .await
        .unwrap();

    fixture.publish(joined(vec![clicks("s", 0)])).await;
    let bad = [
        EncodedMessage(Bytes::from_static(b"\xff\xff\xff no protobuf")),
        EncodedMessage::of_compressed(Bytes::from_static(b"no zstd")),
        EncodedMessage::of_compressed(nested.into()),
        EncodedMessage::of_claim("inbox/nothing".to_owned(), 7),
        EncodedMessage::of_claim("inbox/short".to_owned(), 7),
    ];
    for message in bad {
        fixture.publish(message).await;
    }
    fixture.publish(joined(vec![clicks("s", 1)])).await;

    fixture.session_with("s", 2).await;
    let expected = [
        "not a message of crow.events.v1",
        "compressed message is damaged",
        "compressed message inside a compressed message",
        "the object of the claim check does not exist",
        "the object of the claim check has another size",
    ];
    assert_eq!(reasons(&fixture).await, expected);
    let letters = dead_letters::list(&fixture.bus, 100).await.unwrap();
    assert_eq!(letters[4].payload, &b"\xff\xff\xff no protobuf"[..]);
    assert_eq!(
        (letters[4].sequence, letters[4].subject.as_str()),
        (2, "crow.events.0")
    );
}

#[tokio::test]
async fn bad_batches_do_not_cost_the_good_ones_of_their_message() {
    let fixture = Fixture::start().await;
    let _keeper = RunningKeeper::start(&fixture);
    let mut no_session = clicks("s", 100);
    no_session.session_id = "not an id".to_owned();
    let mut no_name = clicks("s", 101);
    no_name.batch_id = String::new();
    let mut unknown_kind = clicks("s", 102);
    unknown_kind.kind = 77;
    let batches = vec![
        no_session.clone(),
        clicks("s", 0),
        no_name,
        clicks("s", 1),
        unknown_kind,
    ];

    fixture.publish(joined(batches)).await;

    fixture.session_with("s", 2).await;
    let expected = [
        "session_id is not an id",
        "batch_id is empty",
        "kind is unknown",
    ];
    assert_eq!(reasons(&fixture).await, expected);
    let letters = dead_letters::list(&fixture.bus, 100).await.unwrap();
    assert_eq!(letters[2].payload, joined(vec![no_session]).0, "alone");
}

#[tokio::test]
async fn a_bad_batch_too_large_for_a_letter_does_not_stop_the_partition() {
    let fixture = Fixture::start().await;
    let _keeper = RunningKeeper::start(&fixture);
    let mut bad = clicks("s", 100);
    bad.session_id = "not an id".to_owned();
    bad.exit_context = vec![b' '; fixture.bus.max_message_bytes() + 4_096].into();
    let object: Bytes = zstd::encode_all(joined(vec![bad, clicks("s", 0)]).0.as_ref(), 1)
        .unwrap()
        .into();
    let store = fixture.store();
    store.put("inbox/large", object.clone()).await.unwrap();
    let claim = EncodedMessage::of_claim("inbox/large".to_owned(), object.len() as u64);

    fixture.publish(claim.clone()).await;
    fixture.publish_clicks("s", 1..2).await;

    fixture.session_with("s", 2).await;
    let letters = dead_letters::list(&fixture.bus, 100).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].payload == claim.0, "the letter is the pointer");
    assert_eq!(
        store.get("inbox/large").await.unwrap(),
        object,
        "needed by the letter"
    );
}

#[tokio::test]
async fn the_object_of_a_claim_check_goes_when_its_effects_are_committed() {
    let fixture = Fixture::start().await;
    let _keeper = RunningKeeper::start(&fixture);
    let object: Bytes = zstd::encode_all(joined(vec![clicks("s", 0)]).0.as_ref(), 1)
        .unwrap()
        .into();
    let store = fixture.store();
    store.put("inbox/a", object.clone()).await.unwrap();

    fixture
        .publish(EncodedMessage::of_claim(
            "inbox/a".to_owned(),
            object.len() as u64,
        ))
        .await;

    fixture.session_with("s", 1).await;
    eventually("the object to be deleted", DEADLINE, async || {
        store.list("inbox").await.unwrap().is_empty().then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_inbox_is_swept_when_nobody_can_wait_for_it() {
    const DAY: i64 = 86_400_000;
    let fixture = Fixture::start().await;
    let store = fixture.store();
    let at = |days: i64| crow_storage::keys::new_inbox(Timestamp::now().plus(-days * DAY));
    let (old, young) = (at(15), at(13));
    for key in [&old, &young] {
        store.put(key, Bytes::from_static(b"x")).await.unwrap();
    }
    let sweep = async |is_dry_run| {
        let options = SweepOptions {
            is_dry_run,
            ..SweepOptions::default()
        };
        crate::sweep_all(&fixture.db, &store, &fixture.bus, options).await
    };
    assert_eq!(sweep(true).await.unwrap().inbox, 1);
    assert_eq!(store.list("inbox").await.unwrap().len(), 2);
    assert_eq!(sweep(false).await.unwrap().inbox, 1);
    assert_eq!(store.list("inbox").await.unwrap(), [young]);
}
