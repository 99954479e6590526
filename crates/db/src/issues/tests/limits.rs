//! How much is stored.

use super::*;

on_both!(a_session_has_a_limited_number_of_issues);

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
