use std::collections::BTreeSet;
use std::time::Duration;

use crow_testkit::interrupt::within;
use crow_testkit::wait::eventually;
use crow_types::{Sequence, SessionErrorRecord, SessionRecord, Timestamp};

use super::*;
use crate::analytics::NewSteps;
use crate::flush::{self, Flush};
use crate::issues::{Decision, Status, decide};
use crate::leases::Lease;
use crate::tests::{Database, on_both, session};
use crate::webhooks::deliveries::Target;

on_both!(
    a_rule_is_claimed_by_one_process_and_one_of_an_organization_at_a_time,
    state_issues_and_messages_are_stored_together_however_often_it_is_interrupted,
    a_new_issue_is_told_once_also_when_it_arrives_late,
    an_issue_with_another_version_of_its_fingerprint_is_not_told_again,
    issues_are_told_once_also_when_two_people_change_a_rule,
    a_regression_is_told_once_for_each_time_that_it_was_resolved,
    a_changed_rule_ends_an_evaluation_and_keeps_or_begins_its_state,
    occurrences_are_counted_by_spans,
);

const NOW: i64 = 1_000_000_000_000;
const DEADLINE: Duration = Duration::from_secs(20);

fn org(name: &str) -> OrganizationId {
    OrganizationId::new(name).unwrap()
}

fn rule(organization: &str, id: &str) -> AlertRow {
    AlertRow {
        id: id.to_owned(),
        organization_id: organization.to_owned(),
        name: id.to_owned(),
        rule: "{}".to_owned(),
        targets: r#"[{"kind":"webhook","id":"w1"},{"kind":"webhook","id":"w2"}]"#.to_owned(),
        tells_resolved: true,
        is_enabled: true,
        created_by: "usr".to_owned(),
        created_at: NOW,
        updated_at: NOW,
        firing_since: None,
        fired_at: None,
        value: None,
        threshold: None,
        evaluated_at: None,
        failure: None,
        due_at: NOW,
        claimed_until: 0,
        epoch: 0,
    }
}

async fn add(db: &Db, row: AlertRow, watched: Option<Watched>) {
    assert!(insert(db, &Actor::system(), row, watched).await.unwrap());
}

fn told(fingerprint: &str) -> Told {
    Told {
        fingerprint: fingerprint.to_owned(),
        resolved_at: 0,
    }
}

fn outcome(fingerprint: &str) -> Evaluated {
    let message = |target: &str| NewDelivery {
        target: Target::Webhook(target.to_owned()),
        event: "issue.new",
        content: "{}".to_owned(),
    };
    Evaluated {
        value: Some(1.5),
        told: vec![told(fingerprint)],
        messages: vec![message("w1"), message("w2")],
        due_at: NOW + 60_000,
        ..Evaluated::default()
    }
}

async fn a_rule_is_claimed_by_one_process_and_one_of_an_organization_at_a_time(database: Database) {
    let db = &database.db;
    add(db, rule("acme", "a1"), None).await;
    add(db, rule("acme", "a2"), None).await;
    add(db, rule("rival", "r1"), None).await;
    let off = AlertRow {
        is_enabled: false,
        ..rule("third", "off")
    };
    add(db, off, None).await;
    let claimed = async |now: i64| claim(db, now).await.unwrap().map(|row| row.id);
    assert_eq!(claimed(NOW - 1).await, None, "it is not due");
    let first = claim(db, NOW).await.unwrap().unwrap();
    assert_eq!(first.id, "a1");
    assert_eq!(claimed(NOW).await.as_deref(), Some("r1"));
    assert_eq!(claimed(NOW).await, None, "one of acme is evaluated");
    // The process of `a1` dies.
    let later = NOW + CLAIM;
    let again = claim(db, later).await.unwrap().unwrap();
    assert_eq!((again.id.as_str(), again.epoch), ("a1", first.epoch + 1));
    assert!(!settle(db, &first, &outcome("1:a"), later).await.unwrap());
    assert!(settle(db, &again, &outcome("1:a"), later).await.unwrap());
    let stored = find(db, &org("acme"), "a1").await.unwrap().unwrap();
    assert_eq!((stored.fired_at, stored.value), (Some(later), Some(1.5)));
    assert_eq!(find(db, &org("rival"), "a1").await.unwrap(), None);
    assert_eq!(claimed(later).await.as_deref(), Some("a2"));
}

/// How many issues a rule has told, and how many messages there are.
const EFFECTS: &str = "select (select count(*) from alert_issues), \
    (select count(*) from webhook_deliveries), \
    (select count(*) from alerts where fired_at is not null)";

async fn state_issues_and_messages_are_stored_together_however_often_it_is_interrupted(
    database: Database,
) {
    let db = &database.db;
    add(db, rule("acme", "a1"), None).await;
    let mut interruptions = 0;
    // Each process dies one step later than the one before.
    for steps in 1..1_000_i32 {
        let now = NOW + i64::from(steps) * CLAIM;
        // The row is locked until the database has rolled back what was dropped.
        let row = eventually("the rule", DEADLINE, async || claim(db, now).await.unwrap());
        let row = row.await;
        let done = within(
            steps.unsigned_abs() as usize,
            settle(db, &row, &outcome("1:a"), now),
        )
        .await;
        // In one statement: the commit of what was dropped may be on its way.
        let [told, messages, fired] = database.numbers(EFFECTS).await;
        let is_done = i64::from(messages > 0);
        assert_eq!((told, fired), (is_done, is_done), "all or nothing");
        assert_eq!(messages % 2, 0, "both targets or none");
        if let Some(settled) = done {
            assert!(settled.unwrap() && is_done == 1);
            break;
        }
        interruptions += 1;
    }
    assert!(interruptions > 0, "none was interrupted");
}

fn visit(id: &str) -> SessionRecord {
    SessionRecord {
        error_count: 1,
        ..session(id)
    }
}

fn error(session: &str, fingerprint: &str, at: i64, occurrences: i64) -> SessionErrorRecord {
    SessionErrorRecord {
        session_id: session.to_owned(),
        fingerprint: fingerprint.to_owned(),
        first_at: at,
        last_at: at,
        occurrences,
        kind: "TypeError".to_owned(),
        message: format!("message of {session}"),
        culprit: "pay".to_owned(),
        page: "/cart".to_owned(),
        app_release: String::new(),
        event_id: format!("{session}-{at}"),
    }
}

async fn occurs(db: &Db, lease: &Lease, errors: Vec<SessionErrorRecord>) {
    let ids: BTreeSet<String> = errors.iter().map(|it| it.session_id.clone()).collect();
    let flush = Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 1,
        sessions: ids.into_iter().map(|id| visit(&id)).collect(),
        events: Vec::new(),
        steps: NewSteps::default(),
        errors,
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    };
    flush::commit(db, &flush).await.unwrap();
}

/// What a rule does not know, by fingerprint.
async fn unknown(db: &Db, id: &str, watched: Watched) -> Vec<Told> {
    let of = org("acme");
    issues::unknown(db, &of, id, watched).await.unwrap()
}

/// Evaluates a rule as a process that starts with nothing in memory.
async fn tell(db: &Db, id: &str, watched: Watched, now: i64) -> Vec<String> {
    let row = claim(db, now).await.unwrap().unwrap();
    assert_eq!(row.id, id);
    let found = unknown(db, id, watched).await;
    let outcome = Evaluated {
        told: found.clone(),
        due_at: now,
        ..Evaluated::default()
    };
    assert!(settle(db, &row, &outcome, now).await.unwrap());
    found.into_iter().map(|it| it.fingerprint).collect()
}

async fn a_new_issue_is_told_once_also_when_it_arrives_late(database: Database) {
    let db = &database.db;
    let lease = database.lease().await;
    occurs(
        db,
        &lease,
        vec![error("s1", "1:aa", NOW, 1), error("s1", "1:cc", NOW, 1)],
    )
    .await;
    add(db, rule("acme", "a1"), Some(Watched::New)).await;
    let new = Watched::New;
    assert!(
        tell(db, "a1", new, NOW + 1).await.is_empty(),
        "they are old"
    );
    // One of them again, and one that happened long ago and arrives now.
    let late = error("s2", "1:bb", NOW - 86_400_000, 1);
    occurs(db, &lease, vec![error("s2", "1:aa", NOW, 1), late]).await;
    occurs(db, &lease, vec![error("s3", "1:dd", NOW + 5, 1)]).await;
    assert_eq!(tell(db, "a1", new, NOW + 2).await, ["1:bb", "1:dd"]);
    assert!(tell(db, "a1", new, NOW + 3).await.is_empty());
    let said = issues::said(db, &org("acme"), "1:bb").await.unwrap();
    assert_eq!(said.unwrap().message, "message of s2");
    let foreign = issues::said(db, &org("rival"), "1:bb").await.unwrap();
    assert_eq!(foreign, None);
    // It is gone, and with it what the rule knows.
    database
        .execute("delete from session_errors where fingerprint = '1:bb'")
        .await;
    assert_eq!(issues::remove_gone(db).await.unwrap(), 1);
    assert!(tell(db, "a1", new, NOW + 4).await.is_empty());
}

async fn an_issue_with_another_version_of_its_fingerprint_is_not_told_again(database: Database) {
    let (db, of, new) = (&database.db, org("acme"), Watched::New);
    let lease = database.lease().await;
    // The messages differ in a number.
    occurs(db, &lease, vec![error("s1", "1:aa", NOW, 1)]).await;
    add(db, rule("acme", "a1"), Some(new)).await;
    let elsewhere = SessionErrorRecord {
        culprit: "ship".to_owned(),
        ..error("s2", "2:bb", NOW, 1)
    };
    let by_rule = error("s2", "c2:cc", NOW, 1);
    let by_old_keeper = error("s2", "1:dd", NOW, 1);
    let again = error("s2", "2:aa", NOW, 1);
    occurs(db, &lease, vec![elsewhere, by_rule, by_old_keeper, again]).await;
    let found = unknown(db, "a1", new).await;
    let split = renamed::split(db, &of, "a1", found.clone()).await.unwrap();
    assert_eq!(split.renamed, [told("2:aa"), told("c2:cc")]);
    assert_eq!(split.new, [told("1:dd"), told("2:bb")]);
    // A rule that knows nothing.
    let other = renamed::split(db, &of, "a2", found).await.unwrap();
    assert_eq!((other.renamed.len(), other.new.len()), (0, 4));

    let row = claim(db, NOW + 1).await.unwrap().unwrap();
    let outcome = Evaluated {
        renamed: split.renamed,
        due_at: NOW + 1,
        ..Evaluated::default()
    };
    assert!(settle(db, &row, &outcome, NOW + 1).await.unwrap());
    let stored = find(db, &of, "a1").await.unwrap().unwrap();
    assert_eq!(stored.fired_at, None, "nothing is told");
    assert_eq!(unknown(db, "a1", new).await, split.new);
}

async fn issues_are_told_once_also_when_two_people_change_a_rule(database: Database) {
    let (db, by, new) = (&database.db, &Actor::system(), Watched::New);
    let lease = database.lease().await;
    occurs(db, &lease, vec![error("s1", "1:aa", NOW, 1)]).await;
    add(db, rule("acme", "a1"), Some(new)).await;
    // One reads the rule to give it a name, another one makes a rule about a number of it.
    let renamed = AlertRow {
        name: "other".to_owned(),
        ..find(db, &org("acme"), "a1").await.unwrap().unwrap()
    };
    let number = AlertRow {
        rule: r#"{"number":"sessions"}"#.to_owned(),
        ..renamed.clone()
    };
    assert!(change(db, by, &number, None).await.unwrap());
    assert!(change(db, by, &renamed, Some(new)).await.unwrap());
    assert!(unknown(db, "a1", new).await.is_empty(), "they are old");
}

async fn a_regression_is_told_once_for_each_time_that_it_was_resolved(database: Database) {
    let db = &database.db;
    let lease = database.lease().await;
    let (of, regressed) = (org("acme"), Watched::Regressed);
    let resolve = async || {
        let decision = Decision {
            status: Some(Status::Resolved),
            ..Decision::default()
        };
        let by = Actor::system();
        decide(db, &by, &of, "1:aa", &decision).await.unwrap();
        // The next time is another one.
        let now = Timestamp::now();
        while Timestamp::now() == now {
            tokio::task::yield_now().await;
        }
    };
    let future = |days: i64| Timestamp::now().0 + days * 86_400_000;
    occurs(db, &lease, vec![error("s1", "1:aa", NOW, 1)]).await;
    resolve().await;
    add(db, rule("acme", "a1"), Some(regressed)).await;
    assert!(tell(db, "a1", regressed, NOW + 1).await.is_empty());
    occurs(db, &lease, vec![error("s2", "1:aa", future(1), 1)]).await;
    assert_eq!(tell(db, "a1", regressed, NOW + 2).await, ["1:aa"]);
    occurs(db, &lease, vec![error("s3", "1:aa", future(2), 1)]).await;
    assert!(tell(db, "a1", regressed, NOW + 3).await.is_empty());
    resolve().await;
    // It occurs after that, too, because its time is in the future.
    assert_eq!(tell(db, "a1", regressed, NOW + 4).await, ["1:aa"]);
    // A rule that is made now knows all that.
    add(db, rule("acme", "a2"), Some(regressed)).await;
    assert!(unknown(db, "a2", regressed).await.is_empty());
}

async fn a_changed_rule_ends_an_evaluation_and_keeps_or_begins_its_state(database: Database) {
    let (db, by) = (&database.db, &Actor::system());
    add(db, rule("acme", "a1"), None).await;
    let row = claim(db, NOW).await.unwrap().unwrap();
    let firing = Evaluated {
        firing_since: Some(NOW),
        due_at: NOW,
        ..Evaluated::default()
    };
    assert!(settle(db, &row, &firing, NOW).await.unwrap());
    let row = claim(db, NOW).await.unwrap().unwrap();
    let renamed = AlertRow {
        name: "other".to_owned(),
        ..rule("acme", "a1")
    };
    assert!(change(db, by, &renamed, None).await.unwrap());
    assert!(!settle(db, &row, &outcome("1:a"), NOW).await.unwrap());
    let read = async || find(db, &org("acme"), "a1").await.unwrap().unwrap();
    assert_eq!(read().await.firing_since, Some(NOW));
    let off = AlertRow {
        is_enabled: false,
        ..renamed.clone()
    };
    assert!(change(db, by, &off, None).await.unwrap());
    assert_eq!(read().await.firing_since, None);
    let foreign = AlertRow {
        organization_id: "rival".to_owned(),
        ..renamed
    };
    assert!(!change(db, by, &foreign, None).await.unwrap());
    assert!(!remove(db, by, &org("rival"), "a1", NOW).await.unwrap());

    crate::webhooks::insert(db, by, crate::webhooks::tests::endpoint("acme", "w1"))
        .await
        .unwrap();
    crate::webhooks::remove(db, by, &org("acme"), "w1", NOW)
        .await
        .unwrap();
    assert_eq!(read().await.targets, r#"[{"id":"w2","kind":"webhook"}]"#);
    assert!(remove(db, by, &org("acme"), "a1", NOW).await.unwrap());
}

async fn occurrences_are_counted_by_spans(database: Database) {
    let db = &database.db;
    let lease = database.lease().await;
    let errors = vec![
        error("s1", "1:aa", NOW - 1, 1),
        error("s2", "1:aa", NOW, 2),
        error("s3", "1:aa", NOW + 9, 3),
        error("s4", "1:aa", NOW + 29, 4),
        // It began after the spans.
        error("s5", "1:aa", NOW + 30, 5),
        // It goes on: its last occurrence is always after the spans.
        SessionErrorRecord {
            first_at: NOW + 1,
            ..error("s6", "1:aa", NOW + 1_000, 7)
        },
        SessionErrorRecord {
            first_at: NOW - 50,
            ..error("s7", "1:aa", NOW + 31, 8)
        },
        error("s5", "1:bb", NOW, 6),
    ];
    occurs(db, &lease, errors).await;
    let spans = (NOW, 10, 3);
    let counted = async |of: &str| {
        let of = org(of);
        issues::occurrences(db, &of, "1:aa", spans).await.unwrap()
    };
    assert_eq!(counted("acme").await, [5, 0, 19]);
    assert_eq!(counted("rival").await, [0, 0, 0]);
}
