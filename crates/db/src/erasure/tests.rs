use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::*;
use crate::analytics::NewSteps;
use crate::archive::{self, Archive};
use crate::flush::{self, Flush};
use crate::leases::{self, Lease};
use crate::tests::{Database, LONG, announcement, chunk, event, on_both, session};
use crow_types::stores::{Kind, PLACES};
use crow_types::{ChunkRecord, EndReason, Sequence, SessionKeyRecord, SessionRecord};

mod deaths;
mod modes;

on_both!(
    keys_rows_and_tombstones_change_together,
    only_what_is_meant_is_erased,
    a_keeper_that_held_something_cannot_commit_it,
    an_archive_that_was_under_way_is_not_committed,
    a_dry_run_counts_and_changes_nothing,
    each_store_has_a_receipt,
    every_table_is_in_the_list_of_places,
    a_row_id_takes_over_the_partition_of_its_session,
    what_was_on_its_way_is_erased_later,
    rows_that_come_back_are_removed_again,
    a_later_visit_that_was_not_erased_goes_on,
);

fn organization() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

async fn run(db: &Db, subject: &Subject) -> Erasure {
    run_as(db, subject, Mode::Erase).await
}

async fn run_as(db: &Db, subject: &Subject, mode: Mode) -> Erasure {
    let organization = organization();
    let request = Request {
        organization: &organization,
        subject,
        mode,
        requested_by: &crate::audit_log::Actor::system_named("key"),
    };
    erase(db, &request).await.unwrap()
}

fn key(session: &str) -> SessionKeyRecord {
    SessionKeyRecord {
        session_id: session.to_owned(),
        organization_id: "acme".to_owned(),
        organization_key: 1,
        wrapped: vec![7],
    }
}

fn chunk_in(object: &str, session: &str) -> ChunkRecord {
    ChunkRecord {
        r2_key: object.to_owned(),
        ..chunk(session, 0)
    }
}

/// Three sessions in one pack; `a` and `b` are of ada, and `c` is of another organization.
fn flush_of(lease: &Lease) -> Flush {
    let of = |id: &str, user: &str, organization: &str, started_at: i64| SessionRecord {
        user_id: Some(user.to_owned()),
        visitor_id: Some(format!("v-{id}")),
        organization_id: organization.to_owned(),
        session_id: format!("sdk-{id}"),
        traits: Some(format!("{{\"mail\":\"{user}@example.org\",\"age\":7}}")),
        started_at,
        last_event_at: started_at + 10,
        ..session(id)
    };
    let events = vec![event("a", "e1", 1), event("c", "e2", 1)];
    Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(5),
        stream_created: 1,
        sessions: vec![
            of("a", "ada", "acme", 100),
            of("b", "ada", "acme", 200),
            of("c", "ada", "other", 100),
        ],
        steps: NewSteps::of_records(&events),
        errors: Vec::new(),
        events,
        keys: ["a", "b", "c"].map(key).into(),
        chunks: ["a", "b", "c"].map(|id| chunk_in("pack", id)).into(),
        outbox: vec![announcement("a", 0, 1)],
    }
}

async fn filled() -> impl AsyncFn(Database) -> (Database, Lease) {
    async |database: Database| {
        let lease = database.lease().await;
        let flush = flush_of(&lease);
        flush::commit(&database.db, &flush).await.unwrap();
        (database, lease)
    }
}

async fn left(database: &Database) -> Vec<String> {
    let statement = Statement::from_string(
        database.db.write.get_database_backend(),
        "select id from sessions order by id",
    );
    let rows = database.db.write.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

async fn keys_rows_and_tombstones_change_together(database: Database) {
    let (database, _lease) = filled().await(database).await;
    let erasure = run(&database.db, &Subject::User("ada".to_owned())).await;
    assert_eq!((erasure.sessions, erasure.kind.as_str()), (2, "user"));
    assert_eq!(left(&database).await, ["c"]);
    let counts: [i64; 8] = database
        .numbers(
            "select (select count(*) from session_keys), (select count(*) from replay_chunks), \
             (select count(*) from events), (select count(*) from session_facts), \
             (select count(*) from outbox), (select count(*) from tombstones), \
             (select count(*) from object_garbage), (select count(*) from audit_log)",
        )
        .await;
    assert_eq!(counts, [1, 1, 1, 1, 0, 3, 1, 1]);
    let remaining = remaining(&database.db, &erasure).await.unwrap();
    assert_eq!(remaining, Remaining::default());
    assert_eq!(
        objects_of(&database.db, &erasure.id).await.unwrap(),
        ["pack"]
    );

    let told = unannounced(&database.db, &erasure.id, 10).await.unwrap();
    let rows: Vec<String> = told.iter().map(|(row, _session)| row.clone()).collect();
    assert_eq!(told[0], ("a".to_owned(), "sdk-a".to_owned()));
    announced(&database.db, &erasure.id, &rows).await.unwrap();
    assert!(
        unannounced(&database.db, &erasure.id, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(!dump(&database, "ada").await, "the record names the person");
    assert!(
        !dump(&database, "sdk-a").await,
        "the record names the session"
    );
}

/// Whether the record of erasures holds a text.
async fn dump(database: &Database, text: &str) -> bool {
    let [found] = database
        .numbers(&format!(
            "select (select count(*) from erasures where requested_by like '%{text}%' or kind like '%{text}%') + \
             (select count(*) from erased_sessions where session_id like '%{text}%') + \
             (select count(*) from tombstones where digest like '%{text}%') + \
             (select count(*) from audit_log where subject like '%{text}%')"
        ))
        .await;
    found > 0
}

async fn only_what_is_meant_is_erased(database: Database) {
    let (database, _lease) = filled().await(database).await;
    let db = &database.db;
    let property = |name: &str, value: &str| Subject::Property {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    for (subject, found) in [
        (Subject::Sessions(vec!["sdk-a".to_owned()]), 1),
        (Subject::Sessions(vec!["b".to_owned()]), 1),
        (
            Subject::Sessions(vec!["sdk-c".to_owned(), "c".to_owned()]),
            0,
        ),
        (Subject::User("ad".to_owned()), 0),
        (Subject::Visitor("v-a".to_owned()), 1),
        (Subject::Visitor("v".to_owned()), 0),
        (Subject::Time { from: 110, to: 200 }, 1),
        (Subject::Time { from: 111, to: 200 }, 0),
        (Subject::Time { from: 0, to: 201 }, 2),
        (property("mail", "ada@example.org"), 2),
        (property("mail", "ada"), 0),
        (property("age", "7"), 2),
        (property("none", "7"), 0),
        (Subject::Organization, 2),
    ] {
        let counted = find(db, &organization(), &subject, Mode::Erase)
            .await
            .unwrap();
        assert_eq!(counted.sessions, found, "{subject:?}");
    }
    run(db, &Subject::Organization).await;
    assert_eq!(left(&database).await, ["c"]);
}

async fn a_keeper_that_held_something_cannot_commit_it(database: Database) {
    let (database, lease) = filled().await(database).await;
    let db = &database.db;
    run(db, &Subject::Sessions(vec!["sdk-a".to_owned()])).await;
    let mut late = flush_of(&lease);
    late.checkpoint = Sequence(9);
    let outcome = flush::commit(db, &late).await;
    // Which partitions are taken over depends on the session's.
    let of_session = Partition::of(
        &organization(),
        &SessionId::new("sdk-a").unwrap(),
        crow_types::PartitionCount::new(2).unwrap(),
    );
    if of_session == lease.partition {
        assert!(matches!(outcome, Err(Error::LeaseLost)), "{outcome:?}");
    }
    run(db, &Subject::User("ada".to_owned())).await;
    let outcome = flush::commit(db, &late).await;
    assert!(matches!(outcome, Err(Error::LeaseLost)), "{outcome:?}");
    let outcome = flush::introduce(db, &lease, &late.sessions).await;
    assert!(matches!(outcome, Err(Error::LeaseLost)), "{outcome:?}");
    assert_eq!(left(&database).await, ["c"]);

    // The next owner takes it at once, and goes on where the last commit ended.
    let taken = leases::acquire(db, "next", LONG, 2, &BTreeSet::new()).await;
    let taken = taken.unwrap();
    let again = taken.iter().find(|it| it.partition == lease.partition);
    let again = again.expect("its partition is free");
    assert!(again.epoch > lease.epoch);
    assert_eq!(again.checkpoint, Sequence(5));
}

async fn an_archive_that_was_under_way_is_not_committed(database: Database) {
    let (database, lease) = filled().await(database).await;
    let db = &database.db;
    archive::note(db, "archive").await.unwrap();
    let under_way = Archive {
        partition: lease.partition,
        epoch: lease.epoch,
        session_id: "a".to_owned(),
        updated_at: 100,
        replaced: archive::chunks_of(db, "a").await.unwrap(),
        chunks: vec![ChunkRecord {
            id: "frame".to_owned(),
            chunk_index: -1,
            ..chunk_in("archive", "a")
        }],
        key: None,
    };
    run(db, &Subject::User("ada".to_owned())).await;
    let outcome = archive::commit(db, &under_way).await;
    assert!(matches!(outcome, Err(Error::LeaseLost)), "{outcome:?}");
    // With the new lease, its session is gone.
    let taken = leases::acquire(db, "next", LONG, 2, &BTreeSet::new()).await;
    let taken = taken.unwrap();
    let again = taken.iter().find(|it| it.partition == lease.partition);
    let late = Archive {
        epoch: again.unwrap().epoch,
        ..under_way
    };
    let outcome = archive::commit(db, &late).await.unwrap();
    assert_eq!(outcome, archive::Outcome::Changed);
}

async fn a_dry_run_counts_and_changes_nothing(database: Database) {
    let (database, lease) = filled().await(database).await;
    let db = &database.db;
    let found = find(
        db,
        &organization(),
        &Subject::User("ada".to_owned()),
        Mode::Erase,
    )
    .await;
    let expected = Found {
        sessions: 2,
        chunks: 2,
    };
    assert_eq!(found.unwrap(), expected);
    assert_eq!(left(&database).await, ["a", "b", "c"]);
    let mut later = flush_of(&lease);
    later.checkpoint = Sequence(6);
    later.keys.clear();
    later.sessions[0].end_reason = Some(EndReason::Ended);
    flush::commit(db, &later).await.unwrap();
}

async fn each_store_has_a_receipt(database: Database) {
    let (database, _lease) = filled().await(database).await;
    let db = &database.db;
    let erasure = run(db, &Subject::User("ada".to_owned())).await;
    let stores: Vec<&str> = erasure
        .receipts
        .iter()
        .map(|it| it.store.as_str())
        .collect();
    assert_eq!(stores, Store::ALL.map(Store::as_str));
    let keys = &erasure.receipts[0];
    assert_eq!((keys.found, keys.removed), (2, 2));
    assert!(keys.verified_at.is_none(), "they are counted again");
    let objects = erasure.receipts[2].clone();
    assert_eq!(
        (objects.found, objects.removed, objects.verified_at),
        (1, 0, None)
    );

    let done = Receipt {
        removed: 1,
        verified_at: Some(9),
        ..objects
    };
    note(db, &erasure.id, &done).await.unwrap();
    assert_eq!(incomplete(db, 10).await.unwrap().len(), 1);
    complete(db, &erasure.id, Timestamp(10), None)
        .await
        .unwrap();
    assert!(incomplete(db, 10).await.unwrap().is_empty());
    assert_eq!(since(db, Timestamp(0)).await.unwrap().len(), 1);
    let stored = get(db, "acme", &erasure.id).await.unwrap().unwrap();
    assert_eq!(
        (stored.completed_at, &stored.receipts[2]),
        (Some(10), &done)
    );
    assert!(get(db, "other", &erasure.id).await.unwrap().is_none());

    let second = run(db, &Subject::Organization).await;
    let page = list(db, &organization(), None, 1).await.unwrap();
    assert_eq!(page[0].id, second.id);
    let after = ErasureKey {
        requested_at: page[0].requested_at,
        id: page[0].id.clone(),
    };
    let page = list(db, &organization(), Some(&after), 10).await.unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(page[0].id, erasure.id);
    assert!(db.forget_erased_pages().await.unwrap());
}

/// A new table fails this test until the list has it.
async fn every_table_is_in_the_list_of_places(database: Database) {
    database.with_partitions(1).await;
    let sql = match database.db.write.get_database_backend() {
        DbBackend::Sqlite => {
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
        }
        _postgres => {
            "select table_name::text from information_schema.tables where table_schema = current_schema()"
        }
    };
    let statement = Statement::from_string(database.db.write.get_database_backend(), sql);
    let rows = database.db.write.query_all_raw(statement).await.unwrap();
    let name = |row: &sea_orm::QueryResult| row.try_get_by_index::<String>(0).unwrap();
    let mut found: BTreeSet<String> = rows.iter().map(name).collect();
    assert!(found.remove("seaql_migrations"));
    let tables = PLACES.iter().filter(|place| place.kind == Kind::Table);
    let listed: BTreeSet<String> = tables.map(|place| place.name.to_owned()).collect();
    assert_eq!(found, listed);
}

/// The keeper of the session must lose its lease, although the row id would be in another partition.
async fn a_row_id_takes_over_the_partition_of_its_session(database: Database) {
    let lease = database.lease().await;
    let db = &database.db;
    let count = crow_types::PartitionCount::new(2).unwrap();
    // A row id that looks like the id of a session of the other partition.
    let of_other = |id: &String| {
        let session = SessionId::new(id.as_str()).unwrap();
        Partition::of(&organization(), &session, count) != lease.partition
    };
    let row = (0..).map(|n| format!("{n:032x}")).find(of_other).unwrap();
    let mut flush = flush_of(&lease);
    flush.sessions.truncate(1);
    flush.sessions[0].id.clone_from(&row);
    flush.sessions[0].partition = i64::from(lease.partition.0);
    flush.keys.clear();
    flush.chunks.clear();
    flush.outbox.clear();
    flush.events.clear();
    flush.steps = NewSteps::default();
    flush::commit(db, &flush).await.unwrap();

    let erasure = run(db, &Subject::Sessions(vec![row.clone()])).await;
    assert_eq!(erasure.sessions, 1);
    flush.id = "again".to_owned();
    let outcome = flush::commit(db, &flush).await;
    assert!(matches!(outcome, Err(Error::LeaseLost)), "{outcome:?}");
    assert!(left(&database).await.is_empty());
}

async fn what_was_on_its_way_is_erased_later(database: Database) {
    let (database, _lease) = filled().await(database).await;
    let db = &database.db;
    let erasure = run(db, &Subject::User("ada".to_owned())).await;
    let none = BTreeSet::new();
    let leases = leases::acquire(db, "next", LONG, 2, &none).await.unwrap();
    // A session of before was stored since, and one that she began afterwards.
    let mut late = flush_of(&leases[0]);
    late.keys.clear();
    late.outbox.clear();
    late.events.clear();
    late.steps = NewSteps::default();
    late.chunks = vec![chunk_in("late", "late")];
    late.sessions.truncate(2);
    for (session, id) in late.sessions.iter_mut().zip(["late", "new"]) {
        session.id = id.to_owned();
        session.session_id = format!("sdk-{id}");
    }
    late.sessions[1].started_at = erasure.requested_at + 1;
    flush::commit(db, &late).await.unwrap();

    assert_eq!(erase_rest(db, &erasure).await.unwrap(), 1);
    assert_eq!(left(&database).await, ["c", "new"]);
    let again = get(db, "acme", &erasure.id).await.unwrap().unwrap();
    assert_eq!(again.sessions, 3);
    let rows = |erasure: &Erasure| erasure.receipts[1].removed;
    assert!(rows(&again) > rows(&erasure), "the receipt counts them");
    assert_eq!(objects_of(db, &erasure.id).await.unwrap(), ["late", "pack"]);
    let [subjects] = database
        .numbers("select count(*) from erasures where subject <> ''")
        .await;
    assert_eq!(subjects, 0, "the record names nobody any more");
    // Once is enough.
    assert_eq!(erase_rest(db, &erasure).await.unwrap(), 0);
    assert_eq!(left(&database).await, ["c", "new"]);
}

async fn rows_that_come_back_are_removed_again(database: Database) {
    let (database, _lease) = filled().await(database).await;
    let db = &database.db;
    let erasure = run(db, &Subject::User("ada".to_owned())).await;
    let none = BTreeSet::new();
    let leases = leases::acquire(db, "old release", LONG, 2, &none)
        .await
        .unwrap();
    let mut back = flush_of(&leases[0]);
    back.keys.truncate(1);
    back.sessions.truncate(1);
    back.chunks.truncate(1);
    back.events.clear();
    back.outbox.clear();
    back.steps = NewSteps::default();
    flush::commit(db, &back).await.unwrap();
    let found = remaining(db, &erasure).await.unwrap();
    assert_eq!(found.keys, 1);
    assert!(found.rows >= 2, "{found:?}");
    remove_again(db, &erasure).await.unwrap();
    let found = remaining(db, &erasure).await.unwrap();
    assert_eq!(found, Remaining::default());
    assert_eq!(left(&database).await, ["c"]);
}

async fn a_later_visit_that_was_not_erased_goes_on(database: Database) {
    let lease = database.lease().await;
    let db = &database.db;
    let mut flush = flush_of(&lease);
    flush.sessions[1].session_id = "sdk-a".to_owned();
    flush.sessions[1].generation = 1;
    flush::commit(db, &flush).await.unwrap();
    let refuses = async |oldest_at: i64| {
        let all = crate::tombstones::Tombstones::load(db, None).await.unwrap();
        all.refuse(&crate::tombstones::Arriving {
            organization: "acme",
            session: "sdk-a",
            oldest_at,
            ..Default::default()
        })
    };
    // The first visit ended at 110, the second one began at 200.
    run(db, &Subject::Sessions(vec!["a".to_owned()])).await;
    assert_eq!(left(&database).await, ["b", "c"]);
    assert!(refuses(110).await);
    assert!(!refuses(200).await, "data of the visit that is left");
    run(db, &Subject::Sessions(vec!["b".to_owned()])).await;
    assert!(refuses(200).await && refuses(i64::MAX).await);
}
