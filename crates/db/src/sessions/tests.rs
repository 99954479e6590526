use std::collections::BTreeSet;

use crow_types::{EndReason, Sequence};

use super::*;
use crate::flush::{Flush, commit};
use crate::tests::{Database, chunk, on_both, session};

on_both!(
    due_sessions_are_open_ones_of_the_partition_oldest_first,
    all_visits_of_a_session_id_are_loaded_and_no_other_tenants,
    events_in_chunks_are_known,
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
        sessions,
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
    let of = |id: &str| EventRowId(format!("0000000000000000{id}"));
    let bits = |ids: &[&str]| {
        let ids = ids.iter().map(|id| EventRowId::bits(&of(id).0));
        ids.flat_map(u64::to_be_bytes).collect()
    };
    let with = |index: i64, replay_event_count: i64, event_ids: Vec<u8>| ChunkRecord {
        event_ids,
        event_count: 2,
        replay_event_count,
        ..chunk("a", index)
    };
    let chunks = vec![
        with(0, 0, bits(&["0000000000000001", "00000000000000a2"])),
        with(1, 1, bits(&["0000000000000003"])),
        // Of an earlier release, and one without interactions.
        with(2, 1, Vec::new()),
        with(3, 2, Vec::new()),
    ];
    write(&database, vec![session("a")], chunks).await;
    let organization = OrganizationId::new("acme").unwrap();
    let known = async |session: &str, ids: &[&str]| {
        let session = SessionId::new(session).unwrap();
        let ids: Vec<_> = ids.iter().map(|id| of(id)).collect();
        let known = known_events(&database.db, &organization, &session, &ids);
        let known = known.await.unwrap();
        let mut found: Vec<String> = known.ids.into_iter().collect();
        found.sort_unstable();
        let unsaid: Vec<i64> = known.unsaid.iter().map(|chunk| chunk.chunk_index).collect();
        (found, unsaid)
    };
    let asked = ["0000000000000003", "00000000000000a2", "00000000000000a3"];
    let expected = asked[..2].iter().map(|id| of(id).0).collect();
    assert_eq!(known("sdk-a", &asked).await, (expected, vec![2]));
    assert_eq!(known("another", &asked).await, (vec![], vec![]));
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
