use super::*;
use crate::archive::tests::flush_of;
use crate::archive::{chunks_of, note};
use crate::flush;
use crate::garbage;
use crate::leases::Lease;
use crate::tests::{Database, chunk, on_both, session};

on_both!(
    frames_take_the_place_of_the_first_chunks,
    a_merge_of_chunks_that_are_gone_writes_nothing,
    a_merge_by_an_earlier_owner_writes_nothing,
    a_merge_whose_object_is_being_swept_writes_nothing,
    a_session_that_failed_rests,
);

const OBJECT: &str = "packs/0/merged";

/// An open session with three chunks.
async fn written(database: &Database) -> Lease {
    let lease = database.lease().await;
    let chunks = (0..3).map(|index| chunk("a", index)).collect();
    let flush = flush_of(&lease, vec![session("a")], chunks);
    flush::commit(&database.db, &flush).await.unwrap();
    lease
}

async fn found(database: &Database, chunks: u32) -> Vec<Mergeable> {
    let all = Timestamp(i64::MAX);
    candidates(&database.db, Partition(0), chunks, all, 10)
        .await
        .unwrap()
}

async fn merge_of(database: &Database, lease: &Lease) -> Compaction {
    note(&database.db, OBJECT).await.unwrap();
    let mut replaced = chunks_of(&database.db, "a").await.unwrap();
    replaced.truncate(2);
    let frame = ChunkRecord {
        id: "a-merged".to_owned(),
        chunk_index: FIRST_INDEX,
        r2_key: OBJECT.to_owned(),
        ..chunk("a", 0)
    };
    let session = Merged {
        session_id: "a".to_owned(),
        replaced,
        frames: vec![frame],
        key: None,
    };
    Compaction {
        partition: lease.partition,
        epoch: lease.epoch,
        sessions: vec![session],
    }
}

async fn indexes(database: &Database) -> Vec<i64> {
    let chunks = chunks_of(&database.db, "a").await.unwrap();
    let mut indexes: Vec<_> = chunks.iter().map(|chunk| chunk.chunk_index).collect();
    indexes.sort_unstable();
    indexes
}

async fn frames_take_the_place_of_the_first_chunks(database: Database) {
    let lease = written(&database).await;
    let expected = Mergeable {
        session_id: "a".to_owned(),
        last_index: 1,
    };
    assert_eq!(found(&database, 2).await, [expected]);
    assert!(found(&database, CHUNKS).await.is_empty());
    let too_new = candidates(&database.db, Partition(0), 2, Timestamp(0), 10).await;
    assert!(too_new.unwrap().is_empty());

    let merge = merge_of(&database, &lease).await;
    assert_eq!(
        commit(&database.db, &merge).await.unwrap(),
        Outcome::Archived
    );

    assert_eq!(indexes(&database).await, [FIRST_INDEX, 2]);
    assert!(found(&database, 2).await.is_empty());
    // The pack is looked at again, and the object is not.
    let sql = "select count(*), sum(case when r2_key = 'packs/0/merged' then 1 else 0 end) \
               from object_garbage";
    assert_eq!(database.numbers(sql).await, [1, 0]);
}

async fn a_merge_of_chunks_that_are_gone_writes_nothing(database: Database) {
    let lease = written(&database).await;
    let merge = merge_of(&database, &lease).await;
    // As an archive or an erasure does.
    let sql = "delete from replay_chunks where session_id = 'a' and chunk_index = 1";
    database.execute(sql).await;

    let outcome = commit(&database.db, &merge).await.unwrap();

    assert_eq!(outcome, Outcome::Changed);
    assert_eq!(indexes(&database).await, [0, 2]);
}

async fn a_merge_by_an_earlier_owner_writes_nothing(database: Database) {
    let lease = written(&database).await;
    let mut merge = merge_of(&database, &lease).await;
    merge.epoch.0 -= 1;
    let lost = commit(&database.db, &merge).await;
    assert!(matches!(lost, Err(Error::LeaseLost)), "{lost:?}");
    assert_eq!(indexes(&database).await, [0, 1, 2]);
}

async fn a_merge_whose_object_is_being_swept_writes_nothing(database: Database) {
    let lease = written(&database).await;
    let merge = merge_of(&database, &lease).await;
    let marked = garbage::mark_for_removal(&database.db, &[OBJECT.to_owned()]).await;
    assert_eq!(marked.unwrap(), [OBJECT]);
    let outcome = commit(&database.db, &merge).await.unwrap();
    assert_eq!(outcome, Outcome::Changed);
    assert_eq!(indexes(&database).await, [0, 1, 2]);
}

async fn a_session_that_failed_rests(database: Database) {
    let lease = written(&database).await;
    let note_failure = async |at: Timestamp| {
        failures::failed(&database.db, Partition(0), "a", "damaged", at)
            .await
            .unwrap()
    };
    assert_eq!(note_failure(Timestamp::now()).await, 1);
    failures::forget_obsolete(&database.db, &[Partition(0)])
        .await
        .unwrap();
    assert!(found(&database, 2).await.is_empty());
    assert_eq!(note_failure(Timestamp(0)).await, 2);
    assert_eq!(found(&database, 2).await.len(), 1);
    let merge = merge_of(&database, &lease).await;
    commit(&database.db, &merge).await.unwrap();
    assert_eq!(note_failure(Timestamp(0)).await, 1, "a merge forgets them");
}
