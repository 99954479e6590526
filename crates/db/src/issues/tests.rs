use crow_types::{OrganizationId, Sequence, SessionErrorRecord, SessionRecord, Timestamp};

use super::*;
use crate::analytics::NewSteps;
use crate::audit_log::Actor;
use crate::erasure::{self, Mode, Request, Subject};
use crate::flush::{self, Flush};
use crate::leases::Lease;
use crate::tests::{Database, on_both, session};

mod assigned;
mod limits;
mod people;
mod sums;

on_both!(
    occurrences_are_counted_once_by_session_and_person,
    a_flush_that_is_committed_twice_counts_once,
    what_is_erased_is_not_counted_and_the_last_session_takes_the_issue,
    an_anonymized_session_has_no_errors,
    the_list_is_filtered_ordered_and_cut_into_pages,
    organizations_do_not_see_each_other,
    a_resolved_issue_comes_back,
    one_issue_says_where_it_occurs,
    a_trend_has_what_happened_in_each_part,
);

const X: &str = "1:aa";
const Y: &str = "1:bb";
const ALL: Range = Range {
    from: 0,
    to: i64::MAX / 4,
};

fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

fn visit(id: &str, visitor: &str) -> SessionRecord {
    SessionRecord {
        visitor_id: Some(visitor.to_owned()),
        browser: Some(format!("browser of {visitor}")),
        error_count: 1,
        ..session(id)
    }
}

fn error(session: &str, fingerprint: &str, at: i64, occurrences: i64) -> SessionErrorRecord {
    SessionErrorRecord {
        session_id: session.to_owned(),
        fingerprint: fingerprint.to_owned(),
        first_at: at,
        last_at: at + occurrences - 1,
        occurrences,
        kind: "TypeError".to_owned(),
        message: format!("message of {session} at {at}"),
        culprit: format!("pay in {fingerprint}.js"),
        page: "/cart".to_owned(),
        app_release: String::new(),
        event_id: format!("{session}-{at}"),
    }
}

fn flush_of(lease: &Lease, sessions: Vec<SessionRecord>, errors: Vec<SessionErrorRecord>) -> Flush {
    Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 1,
        sessions,
        events: Vec::new(),
        steps: NewSteps::default(),
        errors,
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    }
}

async fn add(
    database: &Database,
    lease: &Lease,
    sessions: Vec<SessionRecord>,
    errors: Vec<SessionErrorRecord>,
) {
    let flush = flush_of(lease, sessions, errors);
    flush::commit(&database.db, &flush).await.unwrap();
}

async fn all_with(database: &Database, filter: &IssueFilter) -> Vec<IssueRow> {
    let page = (IssueOrder::LastSeen, None, 10);
    list(&database.db, &acme(), ALL, filter, page)
        .await
        .unwrap()
}

async fn all(database: &Database) -> Vec<IssueRow> {
    all_with(database, &IssueFilter::default()).await
}

fn counts(row: &IssueRow) -> (&str, i64, i64, i64) {
    (&row.fingerprint, row.occurrences, row.sessions, row.people)
}

async fn occurrences_are_counted_once_by_session_and_person(database: Database) {
    let lease = database.lease().await;
    let sessions = || vec![visit("a", "ann"), visit("b", "ann"), visit("c", "bob")];
    let errors = vec![
        error("a", X, 50, 2),
        error("b", X, 10, 1),
        error("c", X, 20, 1),
        error("c", Y, 30, 1),
    ];
    add(&database, &lease, sessions(), errors).await;
    // Later ones, and one that came late.
    let errors = vec![error("a", X, 60, 3), error("c", X, 5, 1)];
    add(&database, &lease, sessions(), errors).await;

    let found = all(&database).await;
    assert_eq!(
        found.iter().map(counts).collect::<Vec<_>>(),
        [(X, 8, 3, 2), (Y, 1, 1, 1)]
    );
    let x = &found[0];
    assert_eq!((x.first_at, x.last_at), (5, 62));
    assert_eq!(x.message, "message of a at 60");
    assert_eq!((x.status, x.is_regressed), (Status::Open, false));
    let detail = detail(&database.db, &acme(), ALL, X, 10).await.unwrap();
    let last = detail.sessions.iter().find(|it| it.session_row == "c");
    let last = last.unwrap();
    assert_eq!((last.first_at, last.last_at, last.occurrences), (5, 20, 2));
    assert_eq!(last.event_id, "c-20", "a late one is not the last");
}

async fn a_flush_that_is_committed_twice_counts_once(database: Database) {
    let lease = database.lease().await;
    let flush = flush_of(&lease, vec![visit("a", "ann")], vec![error("a", X, 1, 2)]);
    flush::commit(&database.db, &flush).await.unwrap();
    flush::commit(&database.db, &flush).await.unwrap();
    assert_eq!(counts(&all(&database).await[0]), (X, 2, 1, 1));
}

async fn erase(database: &Database, subject: Subject, mode: Mode) {
    let request = Request {
        organization: &acme(),
        subject: &subject,
        mode,
        requested_by: &Actor::system(),
    };
    erasure::erase(&database.db, &request).await.unwrap();
}

async fn two_sessions(database: &Database) {
    let lease = database.lease().await;
    let errors = vec![
        error("a", X, 10, 2),
        error("b", X, 20, 1),
        error("b", Y, 30, 1),
    ];
    let sessions = vec![visit("a", "ann"), visit("b", "bob")];
    add(database, &lease, sessions, errors).await;
}

async fn what_is_erased_is_not_counted_and_the_last_session_takes_the_issue(database: Database) {
    two_sessions(&database).await;
    let ignored = Decision {
        status: Some(Status::Ignored),
        ..Decision::default()
    };
    let decided = decide(&database.db, &Actor::system(), &acme(), X, &ignored).await;
    assert_eq!(decided.unwrap(), Decided::Done);

    erase(&database, Subject::Visitor("bob".to_owned()), Mode::Erase).await;
    let found = all(&database).await;
    assert_eq!(found.iter().map(counts).collect::<Vec<_>>(), [(X, 2, 1, 1)]);
    assert_eq!(
        found[0].message, "message of a at 10",
        "nothing of the other is shown"
    );

    erase(
        &database,
        Subject::Sessions(vec!["a".to_owned()]),
        Mode::Erase,
    )
    .await;
    assert!(all(&database).await.is_empty());
    assert!(find(&database.db, &acme(), ALL, X).await.unwrap().is_none());
    let [left] = database
        .numbers("select count(*) from session_errors")
        .await;
    assert_eq!(left, 0);
    // What people decided names no visitor, and goes with the organization.
    let [left] = database.numbers("select count(*) from issues").await;
    assert_eq!(left, 1);
    erase(&database, Subject::Organization, Mode::Erase).await;
    let [left] = database.numbers("select count(*) from issues").await;
    assert_eq!(left, 0);
}

async fn an_anonymized_session_has_no_errors(database: Database) {
    two_sessions(&database).await;
    erase(
        &database,
        Subject::Visitor("ann".to_owned()),
        Mode::Anonymize,
    )
    .await;
    let found = all(&database).await;
    assert_eq!(
        found.iter().map(counts).collect::<Vec<_>>(),
        [(Y, 1, 1, 1), (X, 1, 1, 1)]
    );
}

async fn the_list_is_filtered_ordered_and_cut_into_pages(database: Database) {
    let lease = database.lease().await;
    let of_release = |error: SessionErrorRecord, release: &str, page: &str| SessionErrorRecord {
        app_release: release.to_owned(),
        page: page.to_owned(),
        ..error
    };
    let errors = vec![
        of_release(error("a", X, 100, 9), "1.0", "/cart"),
        of_release(error("a", Y, 500, 1), "2.0", "/pay_now"),
        of_release(error("b", Y, 400, 1), "2.0", "/pay_now"),
        of_release(error("b", "1:cc", 300, 1), "", "/payXnow"),
    ];
    let sessions = vec![visit("a", "ann"), visit("b", "bob")];
    add(&database, &lease, sessions, errors).await;
    let names = |rows: &[IssueRow]| -> Vec<String> {
        rows.iter().map(|row| row.fingerprint.clone()).collect()
    };
    for (order, expected) in [
        (IssueOrder::LastSeen, [Y, "1:cc", X]),
        (IssueOrder::Count, [X, Y, "1:cc"]),
        (IssueOrder::People, [Y, "1:cc", X]),
    ] {
        let mut after: Option<IssueKey> = None;
        let mut found = Vec::new();
        loop {
            let filter = IssueFilter::default();
            let page = (order, after.as_ref(), 1);
            let rows = list(&database.db, &acme(), ALL, &filter, page)
                .await
                .unwrap();
            let Some(row) = rows.into_iter().next() else {
                break;
            };
            after = Some(row.key.clone());
            found.push(row);
        }
        assert_eq!(names(&found), expected, "{order:?}");
    }
    let text = |text: &str| Some(text.to_owned());
    for (filter, expected) in [
        (
            IssueFilter {
                text: text("MESSAGE of b"),
                ..IssueFilter::default()
            },
            vec![Y, "1:cc"],
        ),
        (
            IssueFilter {
                text: text("%"),
                ..IssueFilter::default()
            },
            vec![],
        ),
        (
            IssueFilter {
                release: text("2.0"),
                ..IssueFilter::default()
            },
            vec![Y],
        ),
        (
            IssueFilter {
                page: text("pay_now"),
                ..IssueFilter::default()
            },
            vec![Y],
        ),
        (
            IssueFilter {
                status: Some(Status::Ignored),
                ..IssueFilter::default()
            },
            vec![],
        ),
        (
            IssueFilter {
                assignee: text("nobody"),
                ..IssueFilter::default()
            },
            vec![],
        ),
    ] {
        assert_eq!(
            names(&all_with(&database, &filter).await),
            expected,
            "{filter:?}"
        );
    }
    let early = Range { from: 90, to: 300 };
    let page = (IssueOrder::LastSeen, None, 10);
    let found = list(&database.db, &acme(), early, &IssueFilter::default(), page).await;
    assert_eq!(names(&found.unwrap()), [X]);
}

async fn organizations_do_not_see_each_other(database: Database) {
    let lease = database.lease().await;
    let of_rival = SessionRecord {
        organization_id: "rival".to_owned(),
        ..visit("r", "ann")
    };
    let sessions = vec![visit("a", "ann"), of_rival];
    let errors = vec![
        error("a", X, 10, 1),
        error("r", X, 20, 5),
        error("r", Y, 20, 5),
    ];
    add(&database, &lease, sessions, errors).await;
    let found = all(&database).await;
    assert_eq!(found.iter().map(counts).collect::<Vec<_>>(), [(X, 1, 1, 1)]);
    assert_eq!(found[0].message, "message of a at 10");
    assert!(find(&database.db, &acme(), ALL, Y).await.unwrap().is_none());
    let resolved = Decision {
        status: Some(Status::Resolved),
        ..Decision::default()
    };
    let rival = OrganizationId::new("rival").unwrap();
    let by = Actor::system();
    let decided = decide(&database.db, &by, &rival, X, &resolved).await;
    assert_eq!(decided.unwrap(), Decided::Done);
    let decided = decide(&database.db, &by, &acme(), Y, &resolved).await;
    assert_eq!(decided.unwrap(), Decided::Unknown);
    assert_eq!(all(&database).await[0].status, Status::Open);
    let sessions = detail(&database.db, &acme(), ALL, X, 10)
        .await
        .unwrap()
        .sessions;
    assert_eq!(sessions.len(), 1);
}

async fn a_resolved_issue_comes_back(database: Database) {
    let lease = database.lease().await;
    let now = Timestamp::now().0;
    let of_release = |session: &str, at: i64, release: &str| SessionErrorRecord {
        app_release: release.to_owned(),
        ..error(session, X, at, 1)
    };
    let visits = || vec![visit("a", "ann"), visit("b", "bob"), visit("c", "cy")];
    let occurs = async |session: &str, at: i64, release: &str| {
        let errors = vec![of_release(session, at, release)];
        add(&database, &lease, visits(), errors).await;
    };
    let resolve = async |is_in_next_release: bool| {
        let resolved = Decision {
            status: Some(Status::Resolved),
            is_in_next_release,
            ..Decision::default()
        };
        let by = Actor::system();
        let decided = decide(&database.db, &by, &acme(), X, &resolved).await;
        assert_eq!(decided.unwrap(), Decided::Done);
    };
    let state = async || {
        let found = find(&database.db, &acme(), ALL, X).await.unwrap().unwrap();
        (found.status, found.is_regressed, found.is_in_next_release)
    };
    let later = now + 3_600_000;
    occurs("a", now - 10_000, "1.0").await;
    let another = SessionErrorRecord {
        app_release: "2.0".to_owned(),
        ..error("a", Y, now - 9_000, 1)
    };
    add(&database, &lease, visits(), vec![another]).await;
    resolve(false).await;
    assert_eq!(state().await, (Status::Resolved, false, false));
    // A phone that was offline.
    occurs("c", now - 5_000, "0.9").await;
    assert_eq!(state().await, (Status::Resolved, false, false));
    occurs("b", later, "1.0").await;
    assert_eq!(state().await, (Status::Open, true, false), "same release");

    resolve(true).await;
    assert_eq!(state().await, (Status::Resolved, false, true));
    // An open page of a release in which something else had failed.
    occurs("c", later, "2.0").await;
    assert_eq!(state().await, (Status::Resolved, false, true));
    occurs("c", later, "2.0.1").await;
    assert_eq!(state().await, (Status::Open, true, true));
    let open = IssueFilter {
        status: Some(Status::Open),
        ..IssueFilter::default()
    };
    assert_eq!(all_with(&database, &open).await.len(), 2);
    // Resolved again, with that release known.
    resolve(true).await;
    assert_eq!(state().await, (Status::Resolved, false, true));
    occurs("a", later, "").await;
    assert_eq!(
        state().await,
        (Status::Open, true, true),
        "without a release"
    );
    // The session that brought it back goes.
    erase(
        &database,
        Subject::Sessions(vec!["a".to_owned()]),
        Mode::Erase,
    )
    .await;
    assert_eq!(state().await, (Status::Resolved, false, true));
}

async fn one_issue_says_where_it_occurs(database: Database) {
    two_sessions(&database).await;
    let detail = detail(&database.db, &acme(), ALL, X, 1).await.unwrap();
    let part = |value: &str, occurrences: i64| Part {
        value: value.to_owned(),
        sessions: 1,
        occurrences,
    };
    assert_eq!(
        detail.browsers,
        [part("browser of ann", 2), part("browser of bob", 1)]
    );
    assert_eq!(detail.pages[0].sessions, 2);
    assert_eq!(detail.releases[0].value, "");
    assert_eq!(detail.sessions.len(), 1);
    assert_eq!(detail.sessions[0].session_row, "b");
    assert_eq!(detail.sessions[0].session_id, "sdk-b");
}

async fn a_trend_has_what_happened_in_each_part(database: Database) {
    two_sessions(&database).await;
    let range = Range { from: 11, to: 35 };
    let found = find(&database.db, &acme(), range, X).await.unwrap();
    assert!(found.is_some());
    let trend = found.unwrap().trend;
    // All of a session count at its last one.
    assert_eq!((trend.len(), trend[0], trend[9]), (24, 2, 1));
    assert_eq!(trend.iter().sum::<i64>(), 3);
}
