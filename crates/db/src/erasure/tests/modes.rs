//! What stays of sessions that are not removed as a whole.

use crow_types::EventRecord;

use super::*;
use crate::analytics::{Question, scan};
use crate::erasure::rows::tables;

on_both!(
    an_anonymized_session_is_counted_and_names_nobody,
    an_open_session_ends_when_it_is_anonymized,
    a_name_that_comes_back_is_removed_again,
    removed_events_leave_the_session,
);

/// Two finished sessions of ada, and one of bob.
async fn filled(database: Database) -> Database {
    let lease = database.lease().await;
    let of = |id: &str, user: &str| SessionRecord {
        user_id: Some(user.to_owned()),
        visitor_id: Some(format!("browser-of-{user}")),
        session_id: format!("sdk-{user}-{id}"),
        traits: Some(format!("{{\"mail\":\"{user}@example.org\"}}")),
        ip_address: Some(format!("address-of-{user}")),
        user_agent: Some(format!("agent of {user}")),
        exit_context: Some(format!("{{\"by\":\"{user}\"}}")),
        referrer: Some(format!("https://mail.example/?to={user}")),
        initial_url: Some(format!("https://shop.example/of/{user}@example.org")),
        exit_url: Some(format!("https://shop.example/end#{user}")),
        urls: format!("https://shop.example/b?q={user}\n"),
        windows: format!("{{\"{user}\":{{}}}}"),
        country: Some("DE".to_owned()),
        started_at: 100,
        last_event_at: 110,
        event_count: 7,
        pageview_count: 3,
        chunk_count: 1,
        has_replay: true,
        end_reason: Some(EndReason::Idle),
        ..session(id)
    };
    let with_user = |session: &str, user: &str| EventRecord {
        url: Some(format!("https://shop.example/x?u={user}")),
        ..event(session, &format!("event-{session}"), 101)
    };
    let events = vec![with_user("a", "ada"), with_user("c", "bob")];
    let flush = Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(5),
        stream_created: 1,
        sessions: vec![of("a", "ada"), of("b", "ada"), of("c", "bob")],
        steps: NewSteps::of_records(&events),
        errors: Vec::new(),
        events,
        keys: ["a", "b", "c"].map(key).into(),
        chunks: ["a", "b", "c"].map(|id| chunk_in("pack", id)).into(),
        outbox: vec![announcement("a", 0, 1)],
    };
    flush::commit(&database.db, &flush).await.unwrap();
    database
}

fn ada() -> Subject {
    Subject::User("ada".to_owned())
}

/// How many rows of a session's tables have a text in any column.
async fn rows_with(database: &Database, text: &str) -> usize {
    let mut found = 0;
    for (table, _column) in tables() {
        let sql = format!("select * from {table}");
        let statement = Statement::from_string(database.db.write.get_database_backend(), sql);
        let rows = database.db.write.query_all_raw(statement).await.unwrap();
        let has_text = |row: &sea_orm::QueryResult| {
            row.column_names().iter().any(|name| {
                let as_text = row.try_get_by::<Option<String>, _>(name.as_str());
                let as_bytes = row.try_get_by::<Option<Vec<u8>>, _>(name.as_str());
                let text_in = as_text.ok().flatten().is_some_and(|it| it.contains(text));
                let bytes_in = as_bytes
                    .ok()
                    .flatten()
                    .is_some_and(|it| it.windows(text.len()).any(|part| part == text.as_bytes()));
                text_in || bytes_in
            })
        };
        found += rows.iter().filter(|row| has_text(row)).count();
    }
    found
}

async fn an_anonymized_session_is_counted_and_names_nobody(database: Database) {
    let database = filled(database).await;
    let db = &database.db;
    assert!(rows_with(&database, "ada").await > 0);
    let bobs = rows_with(&database, "bob").await;
    let found = find(db, &organization(), &ada(), Mode::Anonymize).await;
    assert_eq!(found.unwrap().sessions, 2);

    let erasure = run_as(db, &ada(), Mode::Anonymize).await;

    assert_eq!((erasure.sessions, erasure.mode.as_str()), (2, "anonymize"));
    assert_eq!(rows_with(&database, "ada").await, 0);
    assert_eq!(rows_with(&database, "bob").await, bobs);
    let counts: [i64; 6] = database
        .numbers(
            "select (select count(*) from sessions), (select count(*) from session_keys), \
             (select count(*) from replay_chunks), (select count(*) from events), \
             (select count(*) from outbox), (select count(*) from session_facts)",
        )
        .await;
    assert_eq!(counts, [3, 1, 1, 1, 0, 3]);
    let row = crate::read::session(db, &organization(), "a")
        .await
        .unwrap();
    let row = row.unwrap();
    assert_eq!(row.removed.as_deref(), Some("identity"));
    assert_eq!(row.record.session_id, "a");
    assert_eq!((row.record.event_count, row.record.pageview_count), (7, 3));
    assert_eq!(row.record.country.as_deref(), Some("DE"));
    assert_eq!(
        row.record.initial_url.as_deref(),
        Some("https://shop.example/of/*")
    );
    assert_eq!(row.record.urls, "https://shop.example/b\n");

    let organization = organization();
    let question = Question {
        organization: &organization,
        from: 0,
        to: 1_000,
        active_since: None,
        user_id: None,
        with_steps: true,
        budget: None,
        whole: None,
        least_halvings: 0,
    };
    let mut pages = Vec::new();
    let mut visitors = BTreeSet::new();
    scan(db, &question, |session| {
        visitors.insert(session.facts.visitor);
        assert_eq!((session.facts.events, session.facts.country), (7, "DE"));
        let steps = session.steps;
        pages.extend(steps.list().iter().map(|step| steps.url(step).to_owned()));
    })
    .await
    .unwrap();
    pages.sort();
    assert_eq!(
        pages,
        ["https://shop.example/x", "https://shop.example/x?u=bob"]
    );
    assert_eq!(visitors.len(), 3, "each session is a visitor of its own");

    assert_eq!(remaining(db, &erasure).await.unwrap(), Remaining::default());
    let again = find(db, &organization, &ada(), Mode::Anonymize).await;
    assert_eq!(again.unwrap().sessions, 0);
    let all = Subject::Organization;
    let others = find(db, &organization, &all, Mode::Anonymize)
        .await
        .unwrap();
    assert_eq!(others.sessions, 1, "anonymous sessions are done");
    let mut tombstones = graves::Tombstones::load(db, None).await.unwrap();
    let late = |session| graves::Arriving {
        organization: "acme",
        session,
        ..Default::default()
    };
    assert!(tombstones.refuse(&late("sdk-ada-a")));
    assert!(!tombstones.refuse(&late("sdk-bob-c")));
    run_as(db, &Subject::Sessions(vec!["a".to_owned()]), Mode::Erase).await;
    assert_eq!(left(&database).await, ["b", "c"], "it can still be erased");
    tombstones = graves::Tombstones::load(db, None).await.unwrap();
    assert!(tombstones.refuse(&late("a")));
}

async fn an_open_session_ends_when_it_is_anonymized(database: Database) {
    let lease = database.lease().await;
    let flush = flush_of(&lease);
    flush::commit(&database.db, &flush).await.unwrap();
    run_as(&database.db, &ada(), Mode::Anonymize).await;
    let row = crate::read::session(&database.db, &organization(), "a").await;
    let row = row.unwrap().unwrap();
    assert!(!row.is_open);
    assert_eq!(row.record.end_reason, Some(EndReason::Erased));
    assert_eq!(row.record.ended_at, Some(110));
    let due = crate::sessions::due(&database.db, lease.partition, Timestamp(i64::MAX), 10).await;
    let due = due.unwrap().0;
    assert!(due.iter().all(|session| session.id == "c"), "{due:?}");
}

async fn a_name_that_comes_back_is_removed_again(database: Database) {
    let database = filled(database).await;
    let db = &database.db;
    let erasure = run_as(db, &ada(), Mode::Anonymize).await;
    let sql = "update sessions set ip_address = 'address-of-ada' where id = 'a'";
    db.write.execute_unprepared(sql).await.unwrap();
    let found = remaining(db, &erasure).await.unwrap();
    assert_eq!(found, Remaining { keys: 0, rows: 1 });
    remove_again(db, &erasure).await.unwrap();
    assert_eq!(remaining(db, &erasure).await.unwrap(), Remaining::default());
    assert_eq!(rows_with(&database, "ada").await, 0);
}

async fn removed_events_leave_the_session(database: Database) {
    let database = filled(database).await;
    let db = &database.db;
    let expired = Subject::Expired {
        before: 1_000,
        limit: 2,
    };
    let erasure = run_as(db, &expired, Mode::RemoveEvents).await;
    assert_eq!((erasure.sessions, erasure.kind.as_str()), (2, "retention"));
    let left = find(db, &organization(), &expired, Mode::RemoveEvents).await;
    assert_eq!(left.unwrap().sessions, 1);
    let counts: [i64; 6] = database
        .numbers(
            "select (select count(*) from sessions), (select count(*) from session_keys), \
             (select count(*) from replay_chunks), (select count(*) from session_facts), \
             (select count(*) from outbox), (select count(*) from tombstones)",
        )
        .await;
    assert_eq!(counts, [3, 1, 1, 3, 1, 0]);
    let row = crate::read::session(db, &organization(), "a")
        .await
        .unwrap();
    let row = row.unwrap();
    assert_eq!(row.removed.as_deref(), Some("events"));
    assert_eq!(row.record.user_id.as_deref(), Some("ada"));
    assert!(!row.record.has_replay);
    assert_eq!(remaining(db, &erasure).await.unwrap(), Remaining::default());
    let sql = "insert into ai_answers (organization_id, key, session_row, answer, expires_at) \
        values ('acme', 'k', 'a', '{}', 9)";
    db.write.execute_unprepared(sql).await.unwrap();
    let found = remaining(db, &erasure).await.unwrap();
    assert_eq!(found, Remaining { keys: 0, rows: 1 });
    remove_again(db, &erasure).await.unwrap();
    assert_eq!(remaining(db, &erasure).await.unwrap(), Remaining::default());
}
