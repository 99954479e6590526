//! An event id counts once, in whatever batch it comes again.

use super::archive::{archived, end, with_archive};
use super::*;

/// A batch with a number of its own and the event of another.
async fn publish_again(fixture: &Fixture, number: u64, event: u64, at: i64) {
    let mut batch = clicks("s", number);
    batch.events[0].id = format!("e{event}");
    batch.events[0].timestamp = at;
    fixture.publish(EncodedMessage::of_batch(batch)).await;
}

#[tokio::test]
async fn an_event_counts_once_after_a_restart_and_in_an_archive() {
    let fixture = with_archive().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..2).await;
    fixture.session_with("s", 2).await;
    keeper.kill();

    let keeper = RunningKeeper::start(&fixture);
    publish_again(&fixture, 2, 0, Timestamp::now().0).await;
    fixture.publish_clicks("s", 3..4).await;
    fixture.session_with("s", 3).await;
    end(&fixture, "s", 4).await;
    let (visit, chunks) = archived(&fixture, 3).await;
    assert!(chunks.iter().all(|chunk| chunk.event_ids.is_empty()));
    keeper.kill();

    let _keeper = RunningKeeper::start(&fixture);
    let at = visit.ended_at.unwrap();
    publish_again(&fixture, 5, 1, at).await;
    publish_again(&fixture, 6, 6, at).await;
    let visit = fixture.session_with("s", 4).await;
    let ids: Vec<String> = fixture
        .stored_events(&visit)
        .await
        .into_iter()
        .map(|it| it.id)
        .collect();
    assert_eq!(ids.len(), 4);
    assert_eq!(
        rows_of_events(&fixture).await,
        0,
        "there are none by default"
    );
}

#[tokio::test]
async fn events_become_rows_if_that_is_wanted() {
    let fixture = Fixture::with(1, |config| {
        config.session.event_rows = crate::EventRowsConfig::Key;
    })
    .await;
    let keeper = RunningKeeper::start(&fixture);
    let mut scroll = clicks("s", 0);
    scroll.events[0].r#type = "scroll".to_owned();
    fixture.publish(EncodedMessage::of_batch(scroll)).await;
    fixture.publish_clicks("s", 1..3).await;
    let visit = fixture.session_with("s", 3).await;
    keeper.stop();
    let rows = rows::first_events(&fixture.db, &visit.id, 0, 10)
        .await
        .unwrap();
    let mut stored = fixture.stored_events(&visit).await;
    stored.retain(|event| event.r#type == "click");
    let same = |event: &EventRecord| EventRecord {
        created_at: 0,
        ..event.clone()
    };
    assert_eq!(rows.iter().map(same).collect::<Vec<_>>(), stored);
}

async fn rows_of_events(fixture: &Fixture) -> usize {
    let mut rows = 0;
    for visit in fixture.visits("s").await {
        rows += rows::first_events(&fixture.db, &visit.id, 0, 10)
            .await
            .unwrap()
            .len();
    }
    rows
}
