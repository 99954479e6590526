use crow_types::Sequence;

use super::*;
use crate::flush::{Flush, commit};
use crate::tests::{Database, announcement, on_both, session};

on_both!(unsent_announcements_come_oldest_first_until_they_are_marked);

async fn unsent_ids(database: &Database, partition: u16, limit: u64) -> Vec<String> {
    let rows = unsent(&database.db, &[Partition(partition)], None, limit).await;
    rows.unwrap().into_iter().map(|row| row.id).collect()
}

async fn unsent_announcements_come_oldest_first_until_they_are_marked(database: Database) {
    let db = &database.db;
    let lease = database.lease().await;
    let flush = Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 1,
        sessions: vec![session("s")],
        events: Vec::new(),
        steps: crate::analytics::NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: vec![
            announcement("s", 2, 30),
            announcement("s", 0, 10),
            announcement("s", 1, 20),
        ],
    };
    commit(db, &flush).await.unwrap();
    assert_eq!(unsent_ids(&database, 0, 10).await, ["s-0", "s-1", "s-2"]);
    assert_eq!(unsent_ids(&database, 0, 2).await, ["s-0", "s-1"]);
    let first = unsent(db, &[Partition(0)], None, 1)
        .await
        .unwrap()
        .remove(0);
    let behind = unsent(db, &[Partition(0)], Some(&first), 10).await.unwrap();
    let behind: Vec<String> = behind.into_iter().map(|row| row.id).collect();
    assert_eq!(behind, ["s-1", "s-2"]);
    assert!(unsent_ids(&database, 1, 10).await.is_empty());
    assert!(unsent(db, &[], None, 10).await.unwrap().is_empty());

    mark_sent(db, vec!["s-0".to_owned(), "s-2".to_owned()])
        .await
        .unwrap();
    mark_sent(db, Vec::new()).await.unwrap();
    assert_eq!(unsent_ids(&database, 0, 10).await, ["s-1"]);
    // The answer to the commit was lost: it is made again, and nothing is sent again.
    commit(db, &flush).await.unwrap();
    assert_eq!(unsent_ids(&database, 0, 10).await, ["s-1"]);

    let now = Timestamp::now();
    assert_eq!(forget_sent(db, now.plus(-60_000)).await.unwrap(), 0);
    assert_eq!(forget_sent(db, now.plus(60_000)).await.unwrap(), 2);
    assert_eq!(
        unsent_ids(&database, 0, 10).await,
        ["s-1"],
        "never the unsent"
    );
}
