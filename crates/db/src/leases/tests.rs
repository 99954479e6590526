use std::time::Duration;

use crow_testkit::wait::eventually;

use super::*;
use crate::tests::{Database, LONG, on_both};

on_both!(
    partitions_are_taken_once_renewed_and_given_back,
    an_expired_lease_goes_to_another_keeper_with_a_larger_epoch,
    a_lease_begins_at_the_checkpoint,
    keepers_that_take_at_the_same_time_share_nothing,
    the_share_is_fair_among_those_alive,
    an_expired_lease_that_nobody_took_is_renewed,
);

const SOON: i64 = 200;
const DEADLINE: Duration = Duration::from_secs(5);

async fn take(db: &Db, keeper: &str, ttl_ms: i64, limit: usize) -> Result<Vec<Lease>> {
    acquire(db, keeper, ttl_ms, limit, &BTreeSet::new()).await
}

async fn keeps(db: &Db, keeper: &str, lease: &Lease) -> bool {
    let held = renew(db, keeper, LONG, &[lease.partition].into()).await;
    held.unwrap().get(&lease.partition) == Some(&lease.epoch)
}

fn partitions(leases: &[Lease]) -> Vec<u16> {
    leases.iter().map(|lease| lease.partition.0).collect()
}

async fn partitions_are_taken_once_renewed_and_given_back(database: Database) {
    let db = &database.db;
    database.with_partitions(4).await;

    let mine = take(db, "a", LONG, 3).await.unwrap();
    assert_eq!(partitions(&mine), [0, 1, 2]);
    assert!(mine.iter().all(|lease| lease.epoch == Epoch(1)));
    let all = (0..4).map(Partition).collect();
    assert!(acquire(db, "b", LONG, 4, &all).await.unwrap().is_empty());
    let rest = take(db, "b", LONG, 4).await.unwrap();
    assert_eq!(partitions(&rest), [3]);
    assert!(take(db, "b", LONG, 4).await.unwrap().is_empty());

    assert!(keeps(db, "a", &mine[0]).await);
    assert!(!keeps(db, "b", &mine[0]).await, "not its own");
    release(db, "b", &mine[1]).await.unwrap();
    assert!(take(db, "b", LONG, 4).await.unwrap().is_empty());

    release(db, "a", &mine[1]).await.unwrap();
    assert!(!keeps(db, "a", &mine[1]).await);
    let freed = take(db, "b", LONG, 4).await.unwrap();
    assert_eq!(partitions(&freed), [1]);
    assert_eq!(freed[0].epoch, Epoch(2));
}

async fn an_expired_lease_goes_to_another_keeper_with_a_larger_epoch(database: Database) {
    let db = &database.db;
    database.with_partitions(1).await;
    let first = take(db, "a", SOON, 1).await.unwrap()[0];
    assert!(take(db, "b", LONG, 1).await.unwrap().is_empty());

    let second = eventually("the lease to expire", DEADLINE, async || {
        take(db, "b", LONG, 1).await.unwrap().first().copied()
    })
    .await;

    assert!(second.epoch > first.epoch);
    assert!(!keeps(db, "a", &first).await);
    release(db, "a", &first).await.unwrap();
    assert!(keeps(db, "b", &second).await, "a zombie released it");
    // Its own earlier life is as foreign as another keeper.
    let earlier = Lease {
        epoch: first.epoch,
        ..second
    };
    assert!(!keeps(db, "b", &earlier).await);
}

async fn an_expired_lease_that_nobody_took_is_renewed(database: Database) {
    let db = &database.db;
    database.with_partitions(1).await;
    let lease = take(db, "a", SOON, 1).await.unwrap()[0];
    eventually("the lease to expire", DEADLINE, async || {
        let sql = format!(
            "select count(*) from partitions where lease_until < {}",
            db.clock()
        );
        let [expired] = database.numbers(&sql).await;
        (expired == 1).then_some(())
    })
    .await;
    assert!(keeps(db, "a", &lease).await);
    assert!(take(db, "b", LONG, 1).await.unwrap().is_empty());
}

async fn a_lease_begins_at_the_checkpoint(database: Database) {
    let db = &database.db;
    let lease = database.lease().await;
    assert_eq!((lease.checkpoint, lease.stream_created), (Sequence(0), 0));
    let flush = crate::flush::Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(12),
        stream_created: 34,
        sessions: Vec::new(),
        events: Vec::new(),
        steps: crate::analytics::NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    };
    crate::flush::commit(db, &flush).await.unwrap();
    release(db, "keeper", &lease).await.unwrap();

    let next = take(db, "other", LONG, 1).await.unwrap()[0];

    assert_eq!((next.checkpoint, next.stream_created), (Sequence(12), 34));
}

async fn keepers_that_take_at_the_same_time_share_nothing(database: Database) {
    let db = &database.db;
    database.with_partitions(16).await;
    let mut takers = tokio::task::JoinSet::new();
    for number in 0..8 {
        let db = db.clone();
        takers.spawn(async move {
            let name = format!("keeper-{number}");
            take(&db, &name, LONG, 16).await.unwrap()
        });
    }
    let leases = takers.join_all().await.concat();
    let mut taken = partitions(&leases);
    taken.sort_unstable();
    assert_eq!(taken, (0..16).collect::<Vec<u16>>());
}

async fn the_share_is_fair_among_those_alive(database: Database) {
    let db = &database.db;
    let count = PartitionCount::new(8).unwrap();
    assert_eq!(heartbeat(db, "a", LONG, count).await.unwrap(), 8);
    assert_eq!(heartbeat(db, "b", LONG, count).await.unwrap(), 4);
    assert_eq!(heartbeat(db, "c", LONG, count).await.unwrap(), 2);
    assert_eq!(heartbeat(db, "b", LONG, count).await.unwrap(), 3);
    assert_eq!(heartbeat(db, "a", LONG, count).await.unwrap(), 3);
    leave(db, "b").await.unwrap();
    assert_eq!(heartbeat(db, "a", LONG, count).await.unwrap(), 4);

    // One that dies counts until its time is over, by the database's clock.
    heartbeat(db, "c", SOON, count).await.unwrap();
    eventually("the dead keeper to be forgotten", DEADLINE, async || {
        (heartbeat(db, "a", LONG, count).await.unwrap() == 8).then_some(())
    })
    .await;
}

#[test]
fn shares_add_up_and_differ_by_at_most_one() {
    for (count, keepers) in [(8, 3), (4, 3), (2, 5), (32, 7), (1, 1)] {
        let shares: Vec<usize> = (0..keepers)
            .map(|rank| share_of(count, keepers, rank))
            .collect();
        assert_eq!(shares.iter().sum::<usize>(), count);
        assert!(shares.iter().max().unwrap() - shares.iter().min().unwrap() <= 1);
    }
}
