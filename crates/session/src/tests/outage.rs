//! What a keeper does while something outside is down for good, or a row is unreadable.

use std::time::Instant;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, TransactionTrait};
use secrecy::ExposeSecret;

use super::*;
use crow_bus::health;

/// A stopping process is killed after 25 seconds.
const GRACE: Duration = Duration::from_secs(25);

async fn with_short_drain() -> Fixture {
    Fixture::with(1, |config| config.session.drain_ms = 1_500).await
}

async fn sql(fixture: &Fixture) -> DatabaseConnection {
    let url = fixture.config.database.url.expose_secret();
    Database::connect(url).await.unwrap()
}

/// In a thread of its own: stopping waits.
async fn stop_in_time(keeper: RunningKeeper) {
    let began = Instant::now();
    tokio::task::spawn_blocking(move || keeper.stop())
        .await
        .unwrap();
    assert!(began.elapsed() < GRACE, "{:?}", began.elapsed());
}

/// Everything that was published is stored once, by the next keeper.
async fn nothing_is_lost(fixture: &Fixture, events: i64) {
    let _next = RunningKeeper::start(fixture);
    fixture.session_with("s", events).await;
}

#[tokio::test]
async fn a_keeper_stops_in_time_without_a_store() {
    let fixture = with_short_drain().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..1).await;
    fixture.session_with("s", 1).await;
    let objects = fixture.config.storage.url.strip_prefix("file://").unwrap();
    let aside = format!("{objects}-aside");
    std::fs::rename(objects, &aside).unwrap();
    std::fs::write(objects, "no folder").unwrap();
    fixture.publish_clicks("s", 1..3).await;

    stop_in_time(keeper).await;

    std::fs::remove_file(objects).unwrap();
    std::fs::rename(&aside, objects).unwrap();
    nothing_is_lost(&fixture, 3).await;
}

#[tokio::test]
async fn a_keeper_stops_in_time_without_a_database() {
    let fixture = with_short_drain().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..1).await;
    fixture.session_with("s", 1).await;
    let other = sql(&fixture).await;
    let lock = other.begin().await.unwrap();
    lock.execute_unprepared("update partitions set id = id")
        .await
        .unwrap();
    fixture.publish_clicks("s", 1..3).await;

    stop_in_time(keeper).await;

    lock.rollback().await.unwrap();
    nothing_is_lost(&fixture, 3).await;
}

#[tokio::test]
async fn a_keeper_stops_in_time_without_a_bus() {
    let mut fixture = with_short_drain().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..2).await;
    fixture.session_with("s", 2).await;
    fixture.nats.pause().unwrap();

    stop_in_time(keeper).await;

    fixture.nats.resume().unwrap();
    nothing_is_lost(&fixture, 2).await;
}

#[tokio::test]
async fn a_session_that_cannot_be_read_does_not_stop_its_partition() {
    let fixture = Fixture::start().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("bad", 0..1).await;
    fixture.session_with("bad", 1).await;
    keeper.stop();
    sql(&fixture)
        .await
        .execute_unprepared("update sessions set end_reason = 'of a later version'")
        .await
        .unwrap();

    let _next = RunningKeeper::start(&fixture);
    fixture.publish_clicks("bad", 1..2).await;
    fixture.publish_clicks("s", 0..2).await;

    fixture.session_with("s", 2).await;
    let letters = eventually("the dead letter", DEADLINE, async || {
        let letters = health::dead_letters(&fixture.bus).await.ok()?;
        (letters.events > 0).then_some(letters.events)
    })
    .await;
    assert_eq!(letters, 1);
}
