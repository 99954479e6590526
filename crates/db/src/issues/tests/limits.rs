//! How much is stored.

use super::*;

on_both!(
    a_session_has_a_limited_number_of_issues,
    a_release_is_known_for_a_limited_time,
);

async fn a_session_has_a_limited_number_of_issues(database: Database) {
    let lease = database.lease().await;
    let sessions = || {
        let many = SessionRecord {
            error_count: 300,
            ..visit("a", "ann")
        };
        vec![many, visit("b", "bob")]
    };
    let of_flush = |range: std::ops::Range<i64>| -> Vec<SessionErrorRecord> {
        let one = |at: i64| error("a", &format!("1:{at:04}"), at, 1);
        range.map(one).collect()
    };
    add(&database, &lease, sessions(), of_flush(0..200)).await;
    let mut errors = of_flush(200..300);
    errors.push(error("b", X, 900, 1));
    add(&database, &lease, sessions(), errors).await;
    // One that is known counts on.
    add(&database, &lease, sessions(), of_flush(255..260)).await;
    let stored = database
        .numbers(
            "select count(*), max(first_at), max(case when fingerprint = '1:0255' \
             then occurrences else 0 end) from session_errors where session_id = 'a'",
        )
        .await;
    assert_eq!(stored, [256, 255, 2]);
    let [other] = database
        .numbers("select count(*) from session_errors where session_id = 'b'")
        .await;
    assert_eq!(other, 1);
}

async fn a_release_is_known_for_a_limited_time(database: Database) {
    const DAY: i64 = 24 * 3_600_000;
    let lease = database.lease().await;
    let now = Timestamp::now().0;
    let fail = async |session: &str, at: i64, release: &str| {
        let failed = SessionErrorRecord {
            app_release: release.to_owned(),
            ..error(session, X, at, 1)
        };
        add(
            &database,
            &lease,
            vec![visit(session, session)],
            vec![failed],
        )
        .await;
        find(&database.db, &acme(), ALL, X).await.unwrap().unwrap()
    };
    fail("a", now - 100 * DAY, "old").await;
    fail("b", now - 80 * DAY, "new").await;
    let resolved = Decision {
        status: Some(Status::Resolved),
        is_in_next_release: true,
        ..Decision::default()
    };
    let decided = decide(&database.db, &Actor::system(), &acme(), X, &resolved).await;
    assert_eq!(decided.unwrap(), Decided::Done);
    let found = fail("c", now + DAY, "new").await;
    assert_eq!(found.status, Status::Resolved);
    let found = fail("d", now + DAY, "old").await;
    assert_eq!(found.status, Status::Open);
}
