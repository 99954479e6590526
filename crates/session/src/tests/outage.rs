//! What a keeper does while something outside is down for good, or a row is unreadable.

use std::time::Instant;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, TransactionTrait};
use secrecy::ExposeSecret;

use super::*;
use crow_bus::{health, stored};

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

/// Two partitions, and the port where the keeper says whether it is ready.
async fn with_readiness() -> (Fixture, u16) {
    let port = crow_testkit::port::free_port();
    let with_port = |config: &mut Config| config.session.listen.set_port(port);
    (Fixture::with(2, with_port).await, port)
}

/// Waits until `/health/ready` says that the first partition is given up. What it says is public.
async fn is_given_up(port: u16) {
    let url = format!("http://127.0.0.1:{port}/health/ready");
    let told = eventually("the partition to be given up", DEADLINE, async || {
        let answer = crow_testkit::http::client().get(&url).send().await.ok()?;
        let (status, told) = (answer.status(), answer.text().await.ok()?);
        (status == 503 && told.contains("partition 0")).then_some(told)
    });
    let told = told.await;
    assert!(told.contains("\"given up\":\"fails"), "{told}");
    assert!(told.contains("partition 0: the database rejects"), "{told}");
    for secret in ["secret", "sqlite", "crow.db", "select", "insert"] {
        assert!(!told.contains(secret), "{told}");
    }
}

/// The other partition continues.
async fn other_partition_continues(fixture: &Fixture) {
    let batch = EncodedMessage::of_batch(clicks("other", 0));
    eventually("a publish to be acknowledged", DEADLINE, async || {
        let publisher = &fixture.publisher;
        publisher.publish(Partition(1), batch.clone()).await.ok()
    })
    .await;
    fixture.session_with("other", 1).await;
}

#[tokio::test]
async fn a_flush_that_can_never_be_committed_gives_up_its_partition_only() {
    let (fixture, port) = with_readiness().await;
    let other = sql(&fixture).await;
    let refuse = "create trigger refused before insert on sessions when new.session_id = 'bad' \
                  begin select raise(abort, 'secret of the statement'); end";
    other.execute_unprepared(refuse).await.unwrap();
    let keeper = RunningKeeper::start(&fixture);

    fixture.publish_clicks("bad", 0..1).await;
    is_given_up(port).await;
    other_partition_continues(&fixture).await;
    keeper.stop();

    // Once a person has mended the cause, the next keeper stores it.
    other
        .execute_unprepared("drop trigger refused")
        .await
        .unwrap();
    let _next = RunningKeeper::start(&fixture);
    fixture.session_with("bad", 1).await;
}

#[tokio::test]
async fn a_look_up_that_can_never_work_gives_up_its_partition() {
    let (fixture, port) = with_readiness().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("bad", 0..1).await;
    fixture.session_with("bad", 1).await;
    keeper.stop();
    let other = sql(&fixture).await;
    let lose = "alter table replay_chunks rename to secret_chunks";
    other.execute_unprepared(lose).await.unwrap();

    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("bad", 1..2).await;
    is_given_up(port).await;
    keeper.stop();

    let find = "alter table secret_chunks rename to replay_chunks";
    other.execute_unprepared(find).await.unwrap();
    let _next = RunningKeeper::start(&fixture);
    fixture.session_with("bad", 2).await;
}

#[tokio::test]
async fn a_session_that_cannot_be_read_does_not_hold_up_the_announcements_of_others() {
    let fixture = Fixture::start().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("bad", 0..1).await;
    fixture.session_with("bad", 1).await;
    keeper.stop();
    let other = sql(&fixture).await;
    for statement in [
        "update sessions set end_reason = 'of a later version', status = 'closed'",
        "insert into outbox (id, partition, session_id, revision, created_at) \
         select id || '-0', 0, id, 0, 1 from sessions",
    ] {
        other.execute_unprepared(statement).await.unwrap();
    }

    let _next = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..1).await;
    let end = Batch {
        kind: Kind::End.into(),
        events: Vec::new(),
        ..clicks("s", 1)
    };
    fixture.publish(EncodedMessage::of_batch(end)).await;

    let unsent = eventually("the announcement", DEADLINE, async || {
        fixture.visits("s").await.pop()?.end_reason?;
        let unsent = crow_db::outbox::unsent(&fixture.db, &[P0], None, 10)
            .await
            .unwrap();
        (unsent.len() == 1).then_some(unsent)
    })
    .await;
    let of_bad = format!("{}-0", unsent[0].session_id);
    assert_eq!(
        unsent[0].id, of_bad,
        "it waits for a version that can read it"
    );
    let good = fixture.visits("s").await.pop().unwrap();
    assert_ne!(unsent[0].session_id, good.id);
}

async fn can_announce(fixture: &Fixture) -> bool {
    let published = stored::publish(&fixture.bus, "1", "{}".to_owned()).await;
    published.is_ok()
}

#[tokio::test]
async fn a_keeper_makes_the_stream_of_stored_interactions() {
    let fixture = Fixture::start().await;
    assert!(!can_announce(&fixture).await);
    let _keeper = RunningKeeper::start(&fixture);
    eventually("the stream", DEADLINE, async || {
        can_announce(&fixture).await.then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_keeper_works_without_room_for_the_stream_of_stored_interactions() {
    let options = NatsOptions {
        // Room for three and a half streams of 64 MiB, the advisories and the notifications.
        max_file_store: Some(256 << 20),
        ..NatsOptions::default()
    };
    let fixture = Fixture::on(options, 1, |_config| ()).await;
    let _keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..1).await;
    fixture.session_with("s", 1).await;
    assert!(!can_announce(&fixture).await);
}
