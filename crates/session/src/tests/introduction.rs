use super::*;

/// No flush by age comes while the test runs.
const NEVER: u32 = 3_600_000;

#[tokio::test]
async fn a_new_session_is_in_lists_before_its_flush_and_counts_once_after_a_crash() {
    let fixture = Fixture::with(1, |config| config.session.flush_age_ms = NEVER).await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..3).await;
    let visit = eventually("the row of the session", DEADLINE, async || {
        fixture.visits("s").await.pop()
    })
    .await;
    assert_eq!((visit.event_count, visit.chunk_count), (0, 0));
    assert_eq!(visit.end_reason, None);
    assert_eq!(
        stored_objects(&fixture).await,
        0,
        "no object was written for it"
    );

    // The effects were only in its memory.
    keeper.kill();
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 3..4).await;
    fixture.publish_clicks("t", 0..1).await;
    eventually("the row of another session", DEADLINE, async || {
        fixture.visits("t").await.pop()
    })
    .await;
    keeper.stop();

    let stored = fixture.session_with("s", 4).await;
    assert_eq!(stored.id, visit.id);
    fixture.session_with("t", 1).await;
}

async fn stored_objects(fixture: &Fixture) -> usize {
    fixture.store().list("packs").await.unwrap().len()
}
