//! Each state of an interaction is announced, under one name, whoever dies.

use std::collections::BTreeSet;

use async_nats::jetstream;
use crow_bus::stored::{STREAM, SUBJECT};
use crow_testkit::interrupt::within;
use serde_json::Value;

use super::*;
use crate::stored::announce;

const MINUTE: i64 = 60_000;
/// More steps than it takes to announce.
const MOST: usize = 5_000;

pub(super) async fn each_state_is_announced_under_one_name(
    world: &World,
    nats: &NatsServer,
    bus: &Bus,
    own: &Bus,
) {
    eventually("the stream", DEADLINE, async || {
        streams::ensure_stored(bus).await.ok()
    })
    .await;
    let db = &world.worker.db;
    let stored = world.all().await;
    // A process that stored them died before it announced any. This one dies at each step. What it has taken
    // is due again later.
    let mut now = Timestamp::now();
    for steps in 1..MOST {
        now = now.plus(MINUTE);
        if within(steps, announce(db, own, now)).await.is_some() {
            break;
        }
    }
    now = now.plus(MINUTE);
    while announce(db, own, now).await.unwrap() > 0 {}
    let expected: BTreeSet<String> = stored
        .iter()
        .map(|it| format!("{}-{}", it.id, it.revision))
        .collect();
    assert_eq!(announced_names(nats).await, expected);

    // Other parts of this test have to do with these.
    let used = models::shoppers(world).into_iter().take(2);
    let used: Vec<_> = used.collect();
    let session = (0..SESSIONS)
        .map(|number| world.plan.visit(number).session)
        .find(|it| used.iter().all(|(session, _story)| session.id != it.id))
        .unwrap();
    let message = bytes(&announced(&session, 1));
    for _delivery in 0..2 {
        let processed = world.worker.process(WorkQueue::Interactions, &message);
        assert_eq!(processed.await.unwrap(), Outcome::Stored);
        let later = Timestamp::now().plus(MINUTE);
        while announce(db, own, later).await.unwrap() > 0 {}
        let mut expected = expected.clone();
        expected.insert(format!("{}-1", session.id));
        assert_eq!(announced_names(nats).await, expected, "a revision, once");
    }
}

/// The names in the stream. None is there twice, and none of them quotes a visitor.
async fn announced_names(nats: &NatsServer) -> BTreeSet<String> {
    let client = async_nats::connect(nats.url()).await.unwrap();
    let stream = jetstream::new(client).get_stream(STREAM).await.unwrap();
    let state = &stream.cached_info().state;
    let (first, last) = (state.first_sequence.max(1), state.last_sequence);
    let mut names = BTreeSet::new();
    for sequence in first..=last {
        let message = stream.get_raw_message(sequence).await.unwrap();
        assert_eq!(message.subject.as_str(), SUBJECT);
        let said: Value = serde_json::from_slice(&message.payload).unwrap();
        assert_eq!(said["organizationId"], "acme");
        assert!(!said.to_string().contains("Love the"), "{said}");
        let name = said["messageId"].as_str().unwrap().to_owned();
        let header = message.headers.get("Nats-Msg-Id").unwrap();
        assert_eq!(header.as_str(), name);
        assert!(names.insert(name), "it is there twice: {said}");
    }
    names
}
