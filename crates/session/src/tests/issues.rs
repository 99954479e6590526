//! Errors of events become issues, each event once.

use crow_db::issues::{self, IssueFilter, IssueOrder, IssueRow, Range};

use super::*;

const STACK: &str = r#"{"name":"TypeError","message":"no","stack":"TypeError: no\n    at pay (https://shop.example/main-4f3a2b1c.js:1:2)","release":"1.2"}"#;

/// An error in another build of the page, whose event is `event`.
fn failed(session: &str, number: u64, event: u64) -> Batch {
    let mut batch = clicks(session, number);
    let error = &mut batch.events[0];
    error.id = format!("e{event}");
    error.r#type = "error".to_owned();
    error.data = Bytes::from(STACK.replace("4f3a2b1c", &format!("4f3a2b{event:02}")));
    batch
}

async fn found(fixture: &Fixture) -> Vec<IssueRow> {
    let acme = OrganizationId::new("acme").unwrap();
    let range = Range {
        from: 0,
        to: Timestamp::now().0 + 60_000,
    };
    let page = (IssueOrder::LastSeen, None, 10);
    let filter = IssueFilter::default();
    issues::list(&fixture.db, &acme, range, &filter, page)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_error_counts_once_through_crashes_and_retries() {
    let fixture = Fixture::start().await;
    let keeper = RunningKeeper::start(&fixture);
    for batch in [failed("s", 0, 10), failed("s", 1, 11), clicks("s", 2)] {
        fixture.publish(EncodedMessage::of_batch(batch)).await;
    }
    fixture.session_with("s", 3).await;
    keeper.kill();

    let keeper = RunningKeeper::start(&fixture);
    // The same batch, its event in another batch, and a new one.
    for batch in [failed("s", 1, 11), failed("s", 3, 10), failed("s", 4, 12)] {
        fixture.publish(EncodedMessage::of_batch(batch)).await;
    }
    fixture.session_with("s", 4).await;
    keeper.stop();
    let found = found(&fixture).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let one = &found[0];
    assert_eq!((one.occurrences, one.sessions, one.people), (3, 1, 1));
    assert_eq!(
        (one.kind.as_str(), one.release.as_str()),
        ("TypeError", "1.2")
    );
    assert_eq!(one.culprit, "pay in main-4f3a2b12.js");
}
