use std::collections::BTreeSet;

use crow_types::{EndReason, Sequence};

use super::*;
use crate::flush::{Flush, commit};
use crate::tests::{Database, event, on_both, session};

on_both!(
    due_sessions_are_open_ones_of_the_partition_oldest_first,
    all_visits_of_a_session_id_are_loaded_and_no_other_tenants,
    events_that_have_rows_are_known,
    a_value_of_another_type_does_not_hide_the_others,
);

async fn write(database: &Database, sessions: Vec<SessionRecord>, events: usize) {
    let lease = database.lease().await;
    let flush = Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 1,
        events: (0..events)
            .map(|n| event(&sessions[0].id, &format!("e{n}"), 1))
            .collect(),
        sessions,
        chunks: Vec::new(),
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
    write(&database, sessions, 0).await;
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
    write(&database, sessions, 0).await;
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

async fn events_that_have_rows_are_known(database: Database) {
    write(&database, vec![session("a")], 1_500).await;
    let organization = OrganizationId::new("acme").unwrap();
    let known = async |session: &str, ids: std::ops::Range<i64>| {
        let session = SessionId::new(session).unwrap();
        let ids: Vec<_> = ids.map(|n| EventRowId(format!("e{n}"))).collect();
        known_events(&database.db, &organization, &session, &ids)
            .await
            .unwrap()
    };
    let found = known("sdk-a", 1_000..4_000).await;
    assert_eq!(found.len(), 500);
    assert!(found.contains("e1499") && !found.contains("e1500"));
    assert!(known("sdk-a", 0..0).await.is_empty());
    assert!(known("another", 1_000..4_000).await.is_empty());
}

/// A later release may have made the column optional.
async fn a_value_of_another_type_does_not_hide_the_others(database: Database) {
    let due_at = |id: &str| SessionRecord {
        due_at: Some(100),
        ..session(id)
    };
    write(&database, vec![due_at("good"), due_at("bad")], 0).await;
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
