//! A commit between the look-up of events and their use.

use crow_db::sessions;
use crow_proto::events::{Batch, Event};
use crow_session_core::Config;

use super::keeper::SimKeeper;
use super::owner::Owner;
use super::shared::Shared;
use super::tasks::Done;
use super::traffic::Names;

/// One more than a session keeps in memory.
const EVENTS: usize = 20_001;

fn batch(seq: u64, now: i64, ids: impl Iterator<Item = usize>) -> Batch {
    let event = |id| Event {
        id: format!("e{id}"),
        r#type: "click".to_owned(),
        timestamp: now,
        ..Event::default()
    };
    Batch {
        organization_id: "acme".to_owned(),
        session_id: "s0".to_owned(),
        window_id: "w".to_owned(),
        seq: Some(seq),
        batch_id: format!("b{seq}"),
        received_at: now,
        events: ids.map(event).collect(),
        ..Batch::default()
    }
}

/// The driver does not learn of it yet.
async fn finish(owner: &mut Owner, task: usize) {
    let mut task = owner.tasks[task].task.take().unwrap();
    assert_eq!(task.finish().await, Done::Finished);
}

#[tokio::test]
async fn an_event_is_looked_up_again_after_a_commit() {
    let shared = Shared::new(Config {
        flush_bytes: 3_000_000,
        ..Config::default()
    })
    .await;
    let now = shared.now().0;
    let publish = |batch| shared.with_streams(|streams| streams[0].publish(vec![batch], now));
    let mut keeper = SimKeeper::new("a");
    keeper.balance(&shared).await;
    let owner = keeper.owners.values_mut().next().unwrap();
    owner.work_off().await;
    let commits = shared.commits();

    publish(batch(0, now, 0..EVENTS));
    owner.read(1);
    // It is opened, and its session is loaded.
    for _task in 0..2 {
        assert_eq!(owner.tasks.len(), 1);
        finish(owner, 0).await;
        owner.go_on();
    }
    // The only task is the flush.
    assert_eq!((owner.tasks.len(), shared.commits()), (1, commits));

    publish(batch(1, now, 0..1));
    owner.read(1);
    finish(owner, 1).await;
    owner.go_on();
    assert_eq!(owner.tasks.len(), 2, "the flush and the look-up");
    finish(owner, 1).await;
    assert_eq!(shared.commits(), commits, "the look-up found no row");
    finish(owner, 0).await;
    assert_eq!(shared.commits(), commits + 1);
    owner.go_on();
    owner.work_off().await;
    shared.wait(60_000);
    owner.go_on();
    owner.work_off().await;
    assert!(owner.is_committed(&shared));

    let keys = Names::plain().keys();
    let visits = sessions::load(&shared.db, &keys[..1], 1).await.unwrap();
    assert_eq!(visits[0].event_count, EVENTS as i64);
}
