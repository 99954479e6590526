//! Who sees to an issue.

use sea_orm::ConnectionTrait;

use super::*;
use crate::users::{self, Change, Changed};

on_both!(
    an_issue_stays_ignored_and_can_be_assigned,
    who_may_not_see_issues_sees_to_none,
);

fn user(id: &str, organization: &str) -> users::UserRow {
    users::UserRow {
        id: id.to_owned(),
        organization_id: organization.to_owned(),
        email: format!("{id}@{organization}.example"),
        name: id.to_owned(),
        role: "member".to_owned(),
        password_hash: String::new(),
        created_at: 1,
        disabled_at: None,
    }
}

async fn an_issue_stays_ignored_and_can_be_assigned(database: Database) {
    two_sessions(&database).await;
    let db = &database.db;
    let by = Actor::system();
    assert!(users::insert(db, &by, user("u1", "acme")).await.unwrap());
    assert!(users::insert(db, &by, user("u2", "rival")).await.unwrap());
    let to = |user: Option<&str>| Decision {
        assignee: Some(user.map(str::to_owned)),
        ..Decision::default()
    };
    let decide = async |decision: Decision| decide(db, &by, &acme(), X, &decision).await.unwrap();
    assert_eq!(decide(to(Some("u1"))).await, Decided::Done);
    for unknown in ["u2", "none"] {
        assert_eq!(decide(to(Some(unknown))).await, Decided::UnknownAssignee);
    }
    let ignored = Decision {
        status: Some(Status::Ignored),
        ..Decision::default()
    };
    assert_eq!(decide(ignored).await, Decided::Done);
    let found = find(db, &acme(), ALL, X).await.unwrap().unwrap();
    assert_eq!(found.status, Status::Ignored);
    assert_eq!(
        found.assignee.as_deref(),
        Some("u1"),
        "the other decision stays"
    );
    let mine = IssueFilter {
        assignee: Some("u1".to_owned()),
        ..IssueFilter::default()
    };
    assert_eq!(all_with(&database, &mine).await.len(), 1);
    assert_eq!(decide(to(None)).await, Decided::Done);
    assert!(all_with(&database, &mine).await.is_empty());
    let [noted] = database
        .numbers("select count(*) from audit_log where action like 'issue.%'")
        .await;
    assert_eq!(noted, 3);
}

/// Both write the audit log first, so neither waits for the other in a circle.
#[tokio::test]
async fn a_user_who_is_being_disabled_is_not_assigned() {
    let database = crate::tests::postgres().await;
    two_sessions(&database).await;
    let by = Actor::system();
    let added = users::insert(&database.db, &by, user("u1", "acme")).await;
    assert!(added.unwrap());
    let disabling = database.db.begin("disabling").await.unwrap();
    crate::audit_log::audit(&disabling, &by, "acme", "user.disabled", "u1", Timestamp(1))
        .await
        .unwrap();
    let db = database.db.clone();
    let deciding = tokio::spawn(async move {
        let decision = Decision {
            status: Some(Status::Ignored),
            assignee: Some(Some("u1".to_owned())),
            ..Decision::default()
        };
        decide(&db, &Actor::system(), &acme(), X, &decision).await
    });
    database.somebody_waits().await;
    disabling
        .execute_unprepared("update users set disabled_at = 1 where id = 'u1'")
        .await
        .unwrap();
    disabling.commit().await.unwrap();
    let decided = deciding.await.unwrap();
    assert_eq!(decided.unwrap(), Decided::UnknownAssignee);
    let left = database
        .numbers(
            "select (select count(*) from issues), \
             (select count(*) from audit_log where action like 'issue.%')",
        )
        .await;
    assert_eq!(left, [0, 0], "a refused decision leaves nothing");
}

async fn who_may_not_see_issues_sees_to_none(database: Database) {
    two_sessions(&database).await;
    let db = &database.db;
    let by = Actor::system();
    for id in ["u1", "u2"] {
        assert!(users::insert(db, &by, user(id, "acme")).await.unwrap());
    }
    let assign = async |fingerprint: &str, to: &str| {
        let decision = Decision {
            assignee: Some(Some(to.to_owned())),
            ..Decision::default()
        };
        let decided = decide(db, &by, &acme(), fingerprint, &decision).await;
        decided.unwrap()
    };
    let assigned = async |to: &str| {
        let filter = IssueFilter {
            assignee: Some(to.to_owned()),
            ..IssueFilter::default()
        };
        all_with(&database, &filter).await.len()
    };
    let change = async |change: Change<'static>| {
        let changed = users::change(db, &by, &acme(), "u1", change, Timestamp::now()).await;
        assert!(matches!(changed.unwrap(), Changed::Done(_)));
    };
    assert_eq!(assign(Y, "u2").await, Decided::Done);
    for (role, is_disabled) in [("member", true), ("marketing", false)] {
        assert_eq!(assign(X, "u1").await, Decided::Done);
        assert_eq!(assigned("u1").await, 1);
        let gone = Change {
            role: Some(role),
            is_disabled: Some(is_disabled),
        };
        change(gone).await;
        assert_eq!(assigned("u1").await, 0, "{role}");
        assert_eq!(assign(X, "u1").await, Decided::UnknownAssignee);
        let back = Change {
            role: Some("member"),
            is_disabled: Some(false),
        };
        change(back).await;
        assert_eq!(assigned("u1").await, 0, "it was taken for good");
    }
    assert_eq!(assigned("u2").await, 1, "others keep theirs");
}
