use std::collections::BTreeSet;

use crow_types::{EndReason, Sequence};

use super::*;
use crate::flush::{Flush, commit};
use crate::tests::{Database, chunk, on_both, session};

on_both!(
    due_sessions_are_open_ones_of_the_partition_oldest_first,
    all_visits_of_a_session_id_are_loaded_and_no_other_tenants,
    events_in_chunks_are_known,
    events_of_an_earlier_release_are_known,
    a_value_of_another_type_does_not_hide_the_others,
);

async fn write(database: &Database, sessions: Vec<SessionRecord>, chunks: Vec<ChunkRecord>) {
    let lease = database.lease().await;
    let flush = Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 1,
        events: Vec::new(),
        steps: crate::analytics::NewSteps::default(),
        errors: Vec::new(),
        sessions,
        keys: Vec::new(),
        chunks,
        outbox: Vec::new(),
    };
    commit(&database.db, &flush).await.unwrap();
}

fn ids(found: Vec<SessionRecord>) -> Vec<String> {
    found.into_iter().map(|record| record.id).collect()
}

async fn due_sessions_are_open_ones_of_the_partition_oldest_first(database: Database) {
    let due_at = |id: &str, at| SessionRecord {
        due_at: Some(at),
        ..session(id)
    };
    let sessions = vec![
        due_at("late", 300),
        due_at("early", 100),
        due_at("middle", 200),
        due_at("future", 301),
        SessionRecord {
            end_reason: Some(EndReason::Idle),
            due_at: None,
            ..session("closed")
        },
        SessionRecord {
            partition: 1,
            ..due_at("elsewhere", 50)
        },
    ];
    write(&database, sessions, Vec::new()).await;
    let due = async |limit| {
        let found = due(&database.db, Partition(0), Timestamp(300), limit).await;
        ids(found.unwrap().0)
    };
    assert_eq!(due(10).await, ["early", "middle", "late"]);
    assert_eq!(due(2).await, ["early", "middle"]);
}

async fn all_visits_of_a_session_id_are_loaded_and_no_other_tenants(database: Database) {
    let visit = |id: &str, organization: &str, session_id: &str, generation| SessionRecord {
        organization_id: organization.to_owned(),
        session_id: session_id.to_owned(),
        generation,
        ..session(id)
    };
    let sessions = vec![
        visit("second", "acme", "x", 1),
        visit("first", "acme", "x", 0),
        visit("foreign", "rival", "x", 0),
        visit("other", "acme", "y", 0),
    ];
    write(&database, sessions, Vec::new()).await;
    let organization = OrganizationId::new("acme").unwrap();
    let key = |id: &str| (organization.clone(), SessionId::new(id).unwrap());

    let found = load(&database.db, &[key("x")], 10).await.unwrap();
    assert_eq!(ids(found), ["first", "second"]);
    let newest = load(&database.db, &[key("x"), key("y")], 1).await;
    let newest: BTreeSet<String> = ids(newest.unwrap()).into_iter().collect();
    assert_eq!(newest, ["other", "second"].map(str::to_owned).into());

    // More keys than one statement takes.
    let mut keys: Vec<_> = (0..1_200).map(|n| key(&format!("nobody-{n}"))).collect();
    keys.push(key("y"));
    assert_eq!(ids(load(&database.db, &keys, 10).await.unwrap()), ["other"]);
    assert!(load(&database.db, &[], 10).await.unwrap().is_empty());
}

async fn events_in_chunks_are_known(database: Database) {
    let with = |index: i64, replay_event_count: i64, ids: &[u64]| ChunkRecord {
        event_ids: ids.iter().flat_map(|id| id.to_be_bytes()).collect(),
        event_count: 2,
        replay_event_count,
        ..chunk("a", index)
    };
    let frame = with(-1, 1, &[]);
    // The last one has no interactions.
    let chunks = vec![
        with(0, 0, &[1, 0xa2]),
        with(1, 1, &[3]),
        frame,
        with(2, 2, &[]),
    ];
    write(&database, vec![session("a")], chunks).await;
    let organization = OrganizationId::new("acme").unwrap();
    let known = async |session: &str| {
        let session = SessionId::new(session).unwrap();
        let known = known_events(&database.db, &organization, &session);
        let mut known = known.await.unwrap();
        known.ids.sort_unstable();
        let archived = known.archived.iter().map(|chunk| chunk.chunk_index);
        (known.ids, archived.collect::<Vec<_>>())
    };
    assert_eq!(known("sdk-a").await, (vec![1, 3, 0xa2], vec![-1]));
    assert_eq!(known("another").await, (vec![], vec![]));
}

/// They have a row for every event.
async fn events_of_an_earlier_release_are_known(database: Database) {
    let old = ChunkRecord {
        event_count: 2,
        replay_event_count: 1,
        ..chunk("a", 0)
    };
    write(&database, vec![session("a")], vec![old]).await;
    let row = "insert into events (id, session_id, type, window_id, timestamp, data, created_at) \
        values ('00000000000000000000000000000007', 'a', 'click', 'w', 1, 'null', 1)";
    database.execute(row).await;
    let organization = OrganizationId::new("acme").unwrap();
    let session = SessionId::new("sdk-a").unwrap();
    let known = known_events(&database.db, &organization, &session);
    assert_eq!(known.await.unwrap().ids, [7]);
}

/// A later release may have made the column optional.
async fn a_value_of_another_type_does_not_hide_the_others(database: Database) {
    let due_at = |id: &str| SessionRecord {
        due_at: Some(100),
        ..session(id)
    };
    write(&database, vec![due_at("good"), due_at("bad")], Vec::new()).await;
    database.make_null("last_event_at", "bad").await;
    let db = &database.db;

    let found = due(db, Partition(0), Timestamp(300), 10).await;
    let (found, unreadable) = found.unwrap();
    assert_eq!(ids(found), ["good"]);
    assert!(unreadable.iter().eq(["bad"]));
    let (found, unreadable) = by_row_ids(db, &["good", "bad"]).await.unwrap();
    assert_eq!(ids(found), ["good"]);
    assert_eq!(unreadable, ["bad"]);
    let one = by_row_id(db, "bad").await;
    assert!(matches!(one, Err(Error::Unreadable(_))), "{one:?}");
}
