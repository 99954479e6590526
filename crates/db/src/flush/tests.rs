use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crow_types::{EndReason, Epoch, Sequence};

use super::*;
use crate::garbage;
use crate::leases::{self, Lease};
use crate::tests::{Database, LONG, announcement, chunk, event, older, on_both, session, sqlite};

on_both!(
    one_transaction_writes_everything,
    the_same_flush_twice_changes_nothing,
    a_later_flush_updates_the_session_and_keeps_when_it_was_created,
    an_old_epoch_writes_nothing,
    a_lease_that_another_keeper_took_writes_nothing,
    thousands_of_rows_fit_into_one_flush,
    an_event_without_a_session_is_found,
    a_chunk_without_a_session_rolls_everything_back,
    an_announcement_without_a_session_rolls_everything_back,
    another_partition_is_left_alone,
);

fn flush(lease: &Lease) -> Flush {
    let events = vec![
        event("a", "e1", 1),
        event("a", "e2", 2),
        event("b", "e3", 3),
    ];
    Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(5),
        stream_created: 77,
        sessions: vec![session("a"), session("b")],
        steps: NewSteps::of_records(&events),
        errors: Vec::new(),
        events,
        keys: Vec::new(),
        chunks: vec![chunk("a", 0), chunk("b", 0)],
        outbox: vec![announcement("b", 0, 1)],
    }
}

const WRITTEN: [i64; 5] = [2, 3, 2, 1, 5];
const NOTHING: [i64; 5] = [0; 5];

async fn one_transaction_writes_everything(database: Database) {
    let lease = database.lease().await;
    let mut flush = flush(&lease);
    flush.sessions[1].end_reason = Some(EndReason::Ended);
    flush.sessions[1].due_at = None;
    flush.sessions[1].traits = Some("{\"plan\":\"grün\"}".to_owned());

    commit(&database.db, &flush).await.unwrap();

    assert_eq!(database.counts().await, WRITTEN);
    let [created] = database
        .numbers("select stream_created from partitions where id = 0")
        .await;
    assert_eq!(created, 77);
    let stored = crate::sessions::by_row_id(&database.db, "b").await.unwrap();
    assert_eq!(stored.as_ref(), Some(&flush.sessions[1]));
    let events = crate::sessions::first_events(&database.db, "a", 0, 10).await;
    let events = events.unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].id, "e1");
    assert_eq!(events[0].data, "{\"n\":1}");
    assert_eq!(events[0].url.as_deref(), Some("https://shop.example/"));
}

async fn the_same_flush_twice_changes_nothing(database: Database) {
    let flush = flush(&database.lease().await);
    commit(&database.db, &flush).await.unwrap();
    commit(&database.db, &flush).await.unwrap();
    assert_eq!(database.counts().await, WRITTEN);
    let stored = crate::sessions::by_row_id(&database.db, "a").await.unwrap();
    assert_eq!(stored.as_ref(), Some(&flush.sessions[0]));
}

async fn a_later_flush_updates_the_session_and_keeps_when_it_was_created(database: Database) {
    let mut flush = flush(&database.lease().await);
    commit(&database.db, &flush).await.unwrap();
    flush.checkpoint = Sequence(9);
    flush.sessions.truncate(1);
    flush.sessions[0].event_count = 42;
    flush.sessions[0].created_at = 500;
    flush.id = "the next".to_owned();
    flush.sessions[0].updated_at = 500;
    flush.events = vec![event("a", "e2", 2), event("a", "e4", 4)];
    flush.chunks = vec![chunk("a", 1)];
    flush.outbox.clear();

    commit(&database.db, &flush).await.unwrap();

    assert_eq!(database.counts().await, [2, 4, 3, 1, 9]);
    let stored = crate::sessions::by_row_id(&database.db, "a").await.unwrap();
    let stored = stored.unwrap();
    assert_eq!((stored.event_count, stored.updated_at), (42, 500));
    assert_eq!(stored.created_at, 1);
}

async fn an_old_epoch_writes_nothing(database: Database) {
    let mut flush = flush(&database.lease().await);
    flush.epoch = older(flush.epoch);
    let error = commit(&database.db, &flush).await.unwrap_err();
    assert!(matches!(error, Error::LeaseLost), "{error}");
    assert!(!error.is_retryable());
    assert_eq!(database.counts().await, NOTHING);
}

async fn a_lease_that_another_keeper_took_writes_nothing(database: Database) {
    let lease = database.lease().await;
    let zombie = flush(&lease);
    leases::release(&database.db, "keeper", &lease)
        .await
        .unwrap();
    let taken = leases::acquire(
        &database.db,
        "other",
        LONG,
        1,
        &std::collections::BTreeSet::new(),
    )
    .await
    .unwrap();
    assert_eq!(taken[0].partition, lease.partition);

    let error = commit(&database.db, &zombie).await.unwrap_err();

    assert!(matches!(error, Error::LeaseLost), "{error}");
    assert_eq!(database.counts().await, NOTHING);
    // And the connection is fit for the owner's flush.
    commit(&database.db, &flush(&taken[0])).await.unwrap();
    assert_eq!(database.counts().await, WRITTEN);
}

async fn thousands_of_rows_fit_into_one_flush(database: Database) {
    let mut flush = flush(&database.lease().await);
    flush.sessions = (0..1_600).map(|n| session(&format!("s{n}"))).collect();
    flush.events = (0..5_000)
        .map(|n| event(&format!("s{}", n % 1_600), &format!("e{n}"), n))
        .collect();
    flush.chunks = (0..5_000).map(|n| chunk("s0", n)).collect();
    flush.outbox = (0..6_000).map(|n| announcement("s1", n, 1)).collect();

    commit(&database.db, &flush).await.unwrap();

    assert_eq!(database.counts().await, [1_600, 5_000, 5_000, 6_000, 5]);
}

async fn rolls_back(database: &Database, flush: &Flush) {
    let error = commit(&database.db, flush).await.unwrap_err();
    assert!(matches!(error, Error::Sql { .. }), "{error}");
    assert_eq!(database.counts().await, NOTHING);
}

/// Checking it for each event takes too long, and somebody can look.
async fn an_event_without_a_session_is_found(database: Database) {
    let mut flush = flush(&database.lease().await);
    flush.events.push(event("nobody", "e9", 9));
    commit(&database.db, &flush).await.unwrap();
    let found = garbage::events_without_session(&database.db).await.unwrap();
    assert_eq!(found, 1);
}

async fn a_chunk_without_a_session_rolls_everything_back(database: Database) {
    let mut flush = flush(&database.lease().await);
    flush.chunks.push(chunk("nobody", 0));
    rolls_back(&database, &flush).await;
    flush.chunks.pop();
    commit(&database.db, &flush).await.unwrap();
    assert_eq!(database.counts().await, WRITTEN);
}

async fn an_announcement_without_a_session_rolls_everything_back(database: Database) {
    let mut flush = flush(&database.lease().await);
    flush.outbox.push(announcement("nobody", 0, 1));
    rolls_back(&database, &flush).await;
}

async fn another_partition_is_left_alone(database: Database) {
    let flush = flush(&database.lease().await);
    commit(&database.db, &flush).await.unwrap();
    let other = database
        .numbers("select checkpoint, stream_created, epoch from partitions where id = 1")
        .await;
    assert_eq!(other, [0, 0, 0]);
}

/// SQLite takes the transaction back by itself then, which its driver does not know.
#[tokio::test]
async fn what_is_committed_after_the_disk_was_full_can_be_read() {
    let database = sqlite().await;
    let lease = database.lease().await;
    let mut large = flush(&lease);
    let events = (0..5_000).map(|at| event("a", &format!("e{at}"), at));
    large.events = events.collect();
    database.execute("pragma max_page_count = 1").await;
    commit(&database.db, &large).await.unwrap_err();
    database.execute("pragma max_page_count = 1000000").await;
    let mut of_another_owner = flush(&lease);
    of_another_owner.epoch = Epoch(lease.epoch.0 + 1);
    let given_up = commit(&database.db, &of_another_owner).await;
    assert!(matches!(given_up, Err(Error::LeaseLost)), "{given_up:?}");

    commit(&database.db, &large).await.unwrap();

    let counting = Statement::from_string(DbBackend::Sqlite, "select count(*) from events");
    let read = database.db.read.query_one_raw(counting).await.unwrap();
    let count: i64 = read.unwrap().try_get_by_index(0).unwrap();
    assert_eq!(count, 5_000);
}
