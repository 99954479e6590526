use sea_orm::ConnectionTrait;

use crow_types::{EndReason, Sequence};

use super::*;
use crate::flush::{self, Flush};
use crate::garbage;
use crate::leases::Lease;
use crate::tests::{Database, chunk, on_both, session};

on_both!(
    an_archive_takes_the_place_of_the_chunks,
    an_archive_that_is_being_swept_is_not_committed,
    a_session_that_changed_meanwhile_is_left_alone,
    an_archive_whose_answer_was_lost_is_not_replaced_by_its_repetition,
    a_flush_whose_answer_was_lost_does_not_bring_chunks_back,
    another_owner_writes_nothing,
    only_finished_sessions_that_are_quiet_are_archived,
    a_session_that_failed_rests_and_counts_as_stuck,
    an_unreadable_session_does_not_hide_the_others,
);

fn ids_of(found: Result<Vec<Candidate>>) -> Vec<String> {
    let found = found.unwrap().into_iter();
    found.map(|candidate| candidate.id).collect()
}

fn closed(id: &str, updated_at: i64) -> SessionRecord {
    SessionRecord {
        end_reason: Some(EndReason::Ended),
        due_at: None,
        updated_at,
        ..session(id)
    }
}

pub(super) fn flush_of(
    lease: &Lease,
    sessions: Vec<SessionRecord>,
    chunks: Vec<ChunkRecord>,
) -> Flush {
    Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 1,
        sessions,
        events: Vec::new(),
        steps: crate::analytics::NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks,
        outbox: Vec::new(),
    }
}

fn frame(session: &str, index: i64) -> ChunkRecord {
    ChunkRecord {
        id: format!("{session}-frame-{index}"),
        chunk_index: index,
        r2_key: "sessions/archive".to_owned(),
        ..chunk(session, 0)
    }
}

async fn archive_of(database: &Database, lease: &Lease) -> Archive {
    note(&database.db, "sessions/archive").await.unwrap();
    Archive {
        partition: lease.partition,
        epoch: lease.epoch,
        session_id: "a".to_owned(),
        updated_at: 100,
        replaced: chunks_of(&database.db, "a").await.unwrap(),
        chunks: vec![frame("a", -2), frame("a", -1)],
        key: None,
    }
}

async fn indexes(database: &Database) -> Vec<i64> {
    let chunks = chunks_of(&database.db, "a").await.unwrap();
    chunks.iter().map(|chunk| chunk.chunk_index).collect()
}

async fn written(database: &Database) -> (Lease, Flush) {
    let lease = database.lease().await;
    let of_another = ChunkRecord {
        r2_key: "packs/0/another".to_owned(),
        ..chunk("b", 0)
    };
    let chunks = vec![chunk("a", 0), chunk("a", 1), of_another];
    let flush = flush_of(&lease, vec![closed("a", 100), closed("b", 100)], chunks);
    flush::commit(&database.db, &flush).await.unwrap();
    (lease, flush)
}

async fn an_archive_takes_the_place_of_the_chunks(database: Database) {
    let db = &database.db;
    let (lease, _flush) = written(&database).await;
    let archive = archive_of(&database, &lease).await;
    let packs: Vec<String> = archive
        .replaced
        .iter()
        .map(|chunk| chunk.r2_key.clone())
        .collect();

    assert_eq!(commit(db, &archive).await.unwrap(), Outcome::Archived);

    assert_eq!(indexes(&database).await, [-2, -1]);
    let left = candidates(db, Partition(0), Timestamp(100), 10).await;
    assert_eq!(left.unwrap().len(), 1, "the other session");
    let now = Timestamp::now();
    let mut garbage = garbage::due(db, now, 10).await.unwrap();
    garbage.sort_unstable();
    let mut expected = packs.clone();
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(garbage, expected);
    assert!(
        garbage::due(db, now.plus(-60_000), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let keys = ["sessions/archive".to_owned(), "x".to_owned()];
    let referenced = garbage::referenced(db, &keys);
    assert_eq!(
        referenced.await.unwrap(),
        ["sessions/archive".to_owned()].into()
    );
    garbage::forget(db, &packs).await.unwrap();
    assert!(garbage::due(db, now, 10).await.unwrap().is_empty());

    // Late data comes, and the session is archived again.
    let late = flush_of(&lease, vec![closed("a", 200)], vec![chunk("a", 2)]);
    flush::commit(db, &late).await.unwrap();
    assert_eq!(indexes(&database).await, [-2, -1, 2]);
    let again = Archive {
        updated_at: 200,
        chunks: vec![ChunkRecord {
            id: "again".to_owned(),
            ..frame("a", -1)
        }],
        ..archive_of(&database, &lease).await
    };
    assert_eq!(commit(db, &again).await.unwrap(), Outcome::Archived);
    assert_eq!(indexes(&database).await, [-1]);
}

async fn a_session_that_changed_meanwhile_is_left_alone(database: Database) {
    let (lease, _flush) = written(&database).await;
    let archive = archive_of(&database, &lease).await;
    // In the same millisecond, so that the time does not tell.
    let late = flush_of(&lease, vec![closed("a", 100)], vec![chunk("a", 2)]);
    flush::commit(&database.db, &late).await.unwrap();
    assert_eq!(
        commit(&database.db, &archive).await.unwrap(),
        Outcome::Changed
    );

    let later = flush_of(&lease, vec![closed("a", 101)], Vec::new());
    flush::commit(&database.db, &later).await.unwrap();
    let archive = archive_of(&database, &lease).await;
    assert_eq!(
        commit(&database.db, &archive).await.unwrap(),
        Outcome::Changed
    );
    assert_eq!(indexes(&database).await, [0, 1, 2]);
    let garbage = garbage::due(&database.db, Timestamp::now(), 10).await;
    assert_eq!(
        garbage.unwrap(),
        ["sessions/archive"],
        "it was not committed"
    );
}

async fn an_archive_whose_answer_was_lost_is_not_replaced_by_its_repetition(database: Database) {
    let (lease, _flush) = written(&database).await;
    let first = archive_of(&database, &lease).await;
    let repetition = Archive {
        chunks: vec![ChunkRecord {
            id: "again".to_owned(),
            r2_key: "sessions/again".to_owned(),
            ..frame("a", -1)
        }],
        ..first.clone()
    };
    note(&database.db, "sessions/again").await.unwrap();
    assert_eq!(
        commit(&database.db, &first).await.unwrap(),
        Outcome::Archived
    );

    assert_eq!(
        commit(&database.db, &repetition).await.unwrap(),
        Outcome::Changed
    );

    assert_eq!(indexes(&database).await, [-2, -1]);
    let garbage = garbage::due(&database.db, Timestamp::now(), 10).await;
    assert!(garbage.unwrap().contains(&"sessions/again".to_owned()));
}

async fn a_flush_whose_answer_was_lost_does_not_bring_chunks_back(database: Database) {
    let (lease, flush) = written(&database).await;
    let archive = archive_of(&database, &lease).await;
    commit(&database.db, &archive).await.unwrap();

    flush::commit(&database.db, &flush).await.unwrap();

    assert_eq!(indexes(&database).await, [-2, -1]);
}

async fn another_owner_writes_nothing(database: Database) {
    let (lease, _flush) = written(&database).await;
    let archive = Archive {
        epoch: Epoch(lease.epoch.0 - 1),
        ..archive_of(&database, &lease).await
    };
    let error = commit(&database.db, &archive).await.unwrap_err();
    assert!(matches!(error, Error::LeaseLost), "{error}");
    assert_eq!(indexes(&database).await, [0, 1]);
}

async fn only_finished_sessions_that_are_quiet_are_archived(database: Database) {
    let lease = database.lease().await;
    let sessions = vec![
        closed("early", 100),
        closed("late", 300),
        SessionRecord {
            updated_at: 100,
            ..session("open")
        },
    ];
    let flush = flush_of(&lease, sessions, Vec::new());
    flush::commit(&database.db, &flush).await.unwrap();
    let found = candidates(&database.db, Partition(0), Timestamp(200), 10).await;
    assert_eq!(ids_of(found), ["early"]);
    let elsewhere = candidates(&database.db, Partition(1), Timestamp(200), 10).await;
    assert!(elsewhere.unwrap().is_empty());
}

async fn an_archive_that_is_being_swept_is_not_committed(database: Database) {
    let db = &database.db;
    let (lease, _flush) = written(&database).await;
    let archive = archive_of(&database, &lease).await;
    let keys = ["sessions/archive".to_owned()];
    assert_eq!(garbage::mark_for_removal(db, &keys).await.unwrap(), keys);

    assert_eq!(commit(db, &archive).await.unwrap(), Outcome::Changed);

    assert_eq!(indexes(&database).await, [0, 1]);
    // And the other way round.
    let archive = archive_of(&database, &lease).await;
    assert_eq!(commit(db, &archive).await.unwrap(), Outcome::Archived);
    assert!(
        garbage::mark_for_removal(db, &keys)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn a_session_that_failed_rests_and_counts_as_stuck(database: Database) {
    let db = &database.db;
    let _written = written(&database).await;
    let all = [Partition(0)];
    let awake = async || ids_of(candidates(db, Partition(0), Timestamp(100), 10).await);
    let long_ago = Timestamp::now().plus(-3_600_000);

    for expected in 1..failures::STUCK {
        let count = failures::failed(db, Partition(0), "a", "lost", long_ago).await;
        assert_eq!(count.unwrap(), expected);
        assert_eq!(awake().await.len(), 2, "its rest is over");
    }
    assert_eq!(failures::stuck(db, &all).await.unwrap(), 0);
    failures::failed(db, Partition(0), "a", "lost", Timestamp::now())
        .await
        .unwrap();

    assert_eq!(awake().await, ["b"]);
    assert_eq!(failures::stuck(db, &all).await.unwrap(), 1);
    assert_eq!(failures::stuck(db, &[Partition(1)]).await.unwrap(), 0);
    failures::forget_obsolete(db, &all).await.unwrap();
    assert_eq!(failures::stuck(db, &all).await.unwrap(), 1);

    let lease = database.lease().await;
    let archive = archive_of(&database, &lease).await;
    assert_eq!(commit(db, &archive).await.unwrap(), Outcome::Archived);
    assert_eq!(failures::stuck(db, &all).await.unwrap(), 0);
    failures::forget_obsolete(db, &all).await.unwrap();
    // It changes, and is a candidate at once.
    let late = flush_of(&lease, vec![closed("a", 100)], vec![chunk("a", 2)]);
    flush::commit(db, &late).await.unwrap();
    assert_eq!(awake().await.len(), 2);
}

async fn an_unreadable_session_does_not_hide_the_others(database: Database) {
    let db = &database.db;
    let _written = written(&database).await;
    db.write
        .execute_unprepared("update sessions set end_reason = 'newer' where id = 'a'")
        .await
        .unwrap();

    let found = candidates(db, Partition(0), Timestamp(100), 10).await;

    let readable: Vec<bool> = found
        .unwrap()
        .iter()
        .map(|found| found.session.is_ok())
        .collect();
    assert_eq!(readable.len(), 2);
    assert_eq!(
        readable.iter().filter(|is_readable| **is_readable).count(),
        1
    );
}
