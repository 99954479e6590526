use super::*;
use crate::erasure::{self, Mode, Request, Subject};
use crate::interactions::tests::{acme, closed, write};
use crate::tests::{Database, on_both};

on_both!(
    an_answer_is_found_until_it_expires_and_only_by_its_organization,
    answers_go_with_their_session_and_none_comes_back,
    tokens_are_counted_before_a_call_and_corrected_after_it,
    old_calls_and_answers_are_removed,
);

fn answer_of(key: &str, session_row: Option<&str>) -> AnswerRow {
    AnswerRow {
        organization_id: "acme".to_owned(),
        key: key.to_owned(),
        session_row: session_row.map(str::to_owned),
        answer: "{}".to_owned(),
        expires_at: 100,
    }
}

fn call(id: &str, at: i64) -> CallRow {
    CallRow {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        at,
        task: "summary".to_owned(),
        model: "m".to_owned(),
        outcome: "answered".to_owned(),
        input_tokens: 20,
        output_tokens: 10,
        latency_ms: 5,
    }
}

async fn found(db: &Db, key: &str) -> bool {
    answer(db, "acme", key, Timestamp(99))
        .await
        .unwrap()
        .is_some()
}

async fn erase(db: &Db, subject: &Subject, mode: Mode) {
    let request = Request {
        organization: &acme(),
        subject,
        mode,
        requested_by: &crate::audit_log::Actor::system(),
    };
    erasure::erase(db, &request).await.unwrap();
}

async fn an_answer_is_found_until_it_expires_and_only_by_its_organization(database: Database) {
    let db = &database.db;
    keep(db, answer_of("k", None)).await.unwrap();
    keep(db, answer_of("k", None)).await.unwrap();
    let at = async |organization: &str, now| {
        let found = answer(db, organization, "k", Timestamp(now)).await;
        found.unwrap().is_some()
    };
    assert!(at("acme", 99).await);
    assert!(!at("acme", 100).await, "expired");
    assert!(!at("rival", 99).await, "of another organization");
}

async fn answers_go_with_their_session_and_none_comes_back(database: Database) {
    let lease = database.lease().await;
    let db = &database.db;
    let sessions = ["a", "b", "c"].map(|id| closed(id, 0));
    write(&database, &lease, sessions.to_vec()).await;
    let [a, b, c] = sessions.map(|session| session.id);
    for row in [&a, &b, &c] {
        keep(db, answer_of(row, Some(row))).await.unwrap();
        assert!(found(db, row).await);
    }
    erase(db, &Subject::Sessions(vec![a.clone()]), Mode::Erase).await;
    erase(db, &Subject::Sessions(vec![b.clone()]), Mode::Anonymize).await;
    assert!(crate::interactions::forget(db, "acme", &c).await.is_ok());
    for row in [&a, &b, &c] {
        assert!(!found(db, row).await, "{row}");
    }
    // The model answers after the erasure.
    for row in [&a, &b] {
        keep(db, answer_of(row, Some(row))).await.unwrap();
        assert!(!found(db, row).await, "{row}");
    }
}

async fn tokens_are_counted_before_a_call_and_corrected_after_it(database: Database) {
    let db = &database.db;
    let now = Timestamp(3 * DAY + 7);
    let counted = async |id: &str, tokens| {
        let call = call(id, now.0);
        reserve(db, &call, tokens, 100).await.unwrap()
    };
    assert!(!counted("0", 101).await);
    assert_eq!(used(db, "acme", now).await.unwrap(), 0);
    assert!(counted("1", 60).await);
    assert!(!counted("0", 41).await, "together more than 100");
    assert!(counted("2", 40).await);
    assert_eq!(used(db, "acme", now).await.unwrap(), 100);
    assert_eq!(used(db, "rival", now).await.unwrap(), 0);

    // What a process leaves that dies now.
    let unfinished = |id: &str| CallRow {
        outcome: UNFINISHED.to_owned(),
        ..call(id, now.0)
    };
    let begun = calls(db, "acme", Timestamp(0), 10).await.unwrap();
    assert_eq!(begun, [unfinished("1"), unfinished("2")]);

    for _time in 0..2 {
        note(db, &call("1", now.0), 60, 30).await.unwrap();
        assert_eq!(used(db, "acme", now).await.unwrap(), 70);
    }
    let noted = calls(db, "acme", Timestamp(0), 10).await.unwrap();
    assert_eq!(noted, [call("1", now.0), unfinished("2")]);
    assert_eq!(calls(db, "rival", Timestamp(0), 10).await.unwrap(), []);
    assert!(counted("3", 30).await);
    // The next day begins with nothing.
    let tomorrow = call("4", 4 * DAY);
    assert!(reserve(db, &tomorrow, 100, 100).await.unwrap());
}

async fn old_calls_and_answers_are_removed(database: Database) {
    let db = &database.db;
    for (id, at) in [("old", DAY), ("new", 5 * DAY)] {
        assert!(reserve(db, &call(id, at), 9, 10).await.unwrap());
        note(db, &call(id, at), 9, 9).await.unwrap();
    }
    keep(db, answer_of("k", None)).await.unwrap();
    expire(db, Timestamp(99), Timestamp(5 * DAY)).await.unwrap();
    let left = calls(db, "acme", Timestamp(0), 10).await.unwrap();
    assert_eq!(left, [call("new", 5 * DAY)]);
    assert_eq!(used(db, "acme", Timestamp(DAY)).await.unwrap(), 0);
    assert_eq!(used(db, "acme", Timestamp(5 * DAY)).await.unwrap(), 9);
    assert!(found(db, "k").await);
    expire(db, Timestamp(100), Timestamp(0)).await.unwrap();
    assert!(!found(db, "k").await);
}
