use std::sync::Arc;

use tokio::sync::Semaphore;

use super::*;
use crate::flush::{Failed, Flusher};
use crate::given_up::GivenUp;
use crate::issue_rules::IssueRules;
use crate::keeper::{Keeper, Owned, Parts};
use crate::outside::Real;
use crow_db::leases::{self, Lease};
use crow_session_core::ChunkPlan;
use crow_session_core::{FlushPlan, FlushReason};
use crow_types::{Line, LineKind, OutboxRecord, Sequence};

fn flusher(fixture: &Fixture, lease: Lease, stream_created: i64) -> Flusher {
    Flusher {
        db: fixture.db.clone(),
        store: fixture.store(),
        keyring: fixture.keyring(),
        outside: Arc::new(Real::new(&fixture.bus, P0)),
        lease,
        stream_created,
        announced: Arc::default(),
        event_rows: crate::EventRowsConfig::None,
        troubles: crow_runtime::Troubles::default(),
        packing: Arc::new(Semaphore::new(1)),
        issue_rules: IssueRules::default(),
    }
}

/// A flush of three messages with a session, an event and an announcement.
fn plan() -> FlushPlan {
    let session = SessionRecord {
        id: "row".to_owned(),
        organization_id: "acme".to_owned(),
        session_id: "s".to_owned(),
        windows: "{}".to_owned(),
        event_count: 1,
        ..SessionRecord::default()
    };
    let event = Line {
        window: "w".to_owned(),
        kind: LineKind::Event,
        seq: Some(0),
        index: 0,
        at: 1,
        data: bytes::Bytes::from_static(b"{\"id\":\"event\",\"type\":\"click\"}"),
    };
    let chunk = ChunkPlan {
        session_id: "row".to_owned(),
        chunk_index: 0,
        window_id: "w".to_owned(),
        lines: Arc::new(vec![event]),
        replay_event_count: 0,
        has_full_snapshot: false,
    };
    let announcement = OutboxRecord {
        id: "row-0".to_owned(),
        partition: 0,
        session_id: "row".to_owned(),
        revision: 0,
        created_at: 1,
    };
    FlushPlan {
        reason: FlushReason::Age,
        checkpoint: Sequence(3),
        sessions: vec![session],
        chunks: vec![chunk],
        outbox: vec![announcement],
        bytes: 0,
    }
}

#[tokio::test]
async fn a_flush_prepared_under_an_old_epoch_changes_nothing() {
    let fixture = Fixture::start().await;
    fixture.publish_clicks("s", 0..3).await;
    let created = fixture.stream().await.created;
    let db = &fixture.db;
    let old = leases::acquire(db, "frozen", 60_000, 1, &std::collections::BTreeSet::new())
        .await
        .unwrap()[0];
    leases::release(db, "frozen", &old).await.unwrap();
    let new = leases::acquire(db, "owner", 60_000, 1, &std::collections::BTreeSet::new())
        .await
        .unwrap()[0];
    assert!(new.epoch > old.epoch);

    let zombie = flusher(&fixture, old, created).run(plan(), Vec::new());
    assert_eq!(zombie.await, Err(Failed::LeaseLost));

    assert!(fixture.visits("s").await.is_empty());
    let unsent = crow_db::outbox::unsent(db, &[P0], None, 10).await.unwrap();
    assert!(unsent.is_empty());
    assert_eq!(fixture.stream().await.first, Sequence(1), "purged unread");

    let owner = flusher(&fixture, new, created).run(plan(), Vec::new());
    assert_eq!(owner.await, Ok(()));
    assert_eq!(fixture.visits("s").await.len(), 1);
    assert_eq!(fixture.stream().await.first, Sequence(4));
}

fn keeper(fixture: &Fixture) -> (Owned, Shutdown) {
    let (owned, shutdown) = (Owned::default(), Shutdown::new());
    let parts = Parts {
        db: fixture.db.clone(),
        store: fixture.store(),
        keyring: fixture.keyring(),
        bus: fixture.bus.clone(),
        config: fixture.config.session.clone(),
        announced: Arc::default(),
        erased: Arc::default(),
        troubles: crow_runtime::Troubles::default(),
        given_up: GivenUp::default(),
        packing: Arc::new(Semaphore::new(1)),
        issue_rules: IssueRules::default(),
    };
    let keeper = Keeper::new(parts, owned.clone());
    shutdown.spawn("keeper", keeper.run(shutdown.clone()));
    (owned, shutdown)
}

async fn owns(owned: &Owned, count: usize) {
    let what = format!("a keeper to own {count} partitions");
    eventually(&what, DEADLINE, async || {
        (owned.list().len() == count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn keepers_divide_the_partitions_and_take_over() {
    let fixture = Fixture::with(4, |_config| ()).await;
    let (first, stop_first) = keeper(&fixture);
    owns(&first, 4).await;

    let (second, stop_second) = keeper(&fixture);
    owns(&first, 2).await;
    owns(&second, 2).await;
    let both = [first.list(), second.list()].concat();
    assert_eq!(
        both.iter().collect::<std::collections::BTreeSet<_>>().len(),
        4
    );

    stop_first.start();
    assert!(stop_first.finish(DEADLINE).await);
    owns(&second, 4).await;
    fixture.publish_clicks("s", 0..3).await;
    fixture.session_with("s", 3).await;
    stop_second.start();
    assert!(stop_second.finish(DEADLINE).await);
}

#[tokio::test]
async fn sqlite_takes_one_keeper() {
    let fixture = Fixture::start().await;
    let first = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..1).await;
    fixture.session_with("s", 1).await;
    let refused = crate::run(fixture.config.clone(), Shutdown::new()).await;
    let refused = format!("{:#}", refused.unwrap_err());
    assert!(refused.contains("another session keeper"), "{refused}");
    assert!(refused.contains("Postgres"), "{refused}");
    first.stop();
    RunningKeeper::start(&fixture).stop();
}

#[tokio::test]
async fn a_keeper_that_died_is_replaced_when_its_lease_is_over() {
    let fixture = Fixture::start().await;
    let first = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..3).await;
    fixture.session_with("s", 3).await;
    first.kill();
    let second = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 3..6).await;
    fixture.session_with("s", 6).await;
    second.stop();
}
