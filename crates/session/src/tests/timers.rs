use super::*;
use crow_types::EndReason;

const IDLE: u32 = 2_000;

async fn with_short_idle_time() -> Fixture {
    Fixture::with(1, |config| config.session.idle_timeout_ms = IDLE).await
}

async fn closed(fixture: &Fixture, session: &str) -> SessionRecord {
    eventually("the session to end", DEADLINE, async || {
        let mut visits = fixture.visits(session).await;
        assert!(visits.len() <= 1, "{session} was split");
        visits.pop().filter(|visit| visit.end_reason.is_some())
    })
    .await
}

#[tokio::test]
async fn a_keeper_that_was_down_ends_no_session_whose_events_still_wait() {
    let fixture = with_short_idle_time().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..1).await;
    let visit = fixture.session_with("s", 1).await;
    let due_at = visit.due_at.unwrap();
    keeper.stop();

    // The user goes on, past the due time that the row has.
    let mut number = 1;
    while Timestamp::now().0 < due_at + 500 {
        fixture.publish_clicks("s", number..number + 1).await;
        number += 1;
        crow_testkit::wait::quiet_for(Duration::from_millis(300)).await;
    }
    let _keeper = RunningKeeper::start(&fixture);

    fixture.session_with("s", number.cast_signed()).await;
    let visit = closed(&fixture, "s").await;
    assert_eq!(visit.event_count, number.cast_signed());
    assert_eq!((visit.generation, visit.revision), (0, 0), "it ended once");
    assert_eq!(visit.end_reason, Some(EndReason::Idle));
    assert!(visit.last_activity_at > due_at);
}

#[tokio::test]
async fn a_session_that_became_due_while_the_keeper_was_down_ends_soon_after_its_start() {
    let fixture = with_short_idle_time().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..1).await;
    let visit = fixture.session_with("s", 1).await;
    keeper.kill();
    eventually("the due time", DEADLINE, async || {
        (Timestamp::now().0 > visit.due_at.unwrap()).then_some(())
    })
    .await;

    let _keeper = RunningKeeper::start(&fixture);

    let started = std::time::Instant::now();
    let visit = closed(&fixture, "s").await;
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(visit.end_reason, Some(EndReason::Idle));
    eventually("the announcement", DEADLINE, async || {
        let unsent = crow_db::outbox::unsent(&fixture.db, &[P0], None, 10).await;
        unsent.unwrap().is_empty().then_some(())
    })
    .await;
}
