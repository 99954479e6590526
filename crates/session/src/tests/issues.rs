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

#[tokio::test]
async fn rules_of_the_organization_group_errors() {
    use crow_db::audit_log::Actor;
    use crow_db::settings::{self, Change};
    use crow_types::settings::{IssueRule, OrganizationSettings};

    let fixture = Fixture::start().await;
    let organization = &OrganizationId::new("acme").unwrap();
    let rule = |release: &str| IssueRule {
        release: Some(release.to_owned()),
        fingerprint: "all of a release".to_owned(),
        ..IssueRule::default()
    };
    let settings = &OrganizationSettings {
        issue_rules: vec![rule("0.*"), rule("1.*")],
        ..OrganizationSettings::default()
    };
    let change = Change {
        organization,
        settings,
        from_version: 0,
        by: &Actor::system(),
        at: Timestamp::now(),
    };
    let changed = settings::change(&fixture.db, change).await.unwrap();
    assert!(changed.is_some());
    let keeper = RunningKeeper::start(&fixture);
    for (number, text) in [(0, "no"), (1, "another"), (2, "a third")] {
        let mut batch = failed("s", number, 10 + number);
        let data = STACK.replace(r#""no""#, &format!(r#""{text}""#));
        batch.events[0].data = Bytes::from(if number == 2 {
            data.replace("1.2", "2.0")
        } else {
            data
        });
        fixture.publish(EncodedMessage::of_batch(batch)).await;
    }
    fixture.session_with("s", 3).await;
    keeper.stop();
    let mut found: Vec<(String, i64)> = found(&fixture)
        .await
        .into_iter()
        .map(|row| {
            let version = row.fingerprint.split(':').next().unwrap_or_default();
            (version.to_owned(), row.occurrences)
        })
        .collect();
    found.sort();
    assert_eq!(found, [("2".to_owned(), 1), ("c2".to_owned(), 2)]);
}
