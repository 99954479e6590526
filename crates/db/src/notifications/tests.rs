use crow_testkit::interrupt::within;
use crow_types::notification::News;

use super::*;
use crate::audit_log::Actor;
use crate::tests::{Database, on_both};
use crate::users::{self, Change, Changed, UserRow};

on_both!(
    owners_and_admins_of_the_organization_are_told_and_nobody_else,
    a_message_that_is_interrupted_at_each_step_is_one_notification,
    a_role_and_its_notification_are_one_transaction,
    pages_and_marks_are_of_one_user,
    what_is_too_old_or_too_much_goes,
    whoever_completes_an_erasure_tells_of_it,
);

/// How many notifications Ann and Bob have.
const EACH: &str = "select count(*) filter (where user_id = 'ann'), \
    count(*) filter (where user_id = 'bob') from notifications";

/// Outlives every future.
fn acme() -> &'static OrganizationId {
    Box::leak(Box::new(OrganizationId::new("acme").unwrap()))
}

async fn user(db: &Db, organization: &str, id: &str, role: &str) {
    let row = UserRow {
        id: id.to_owned(),
        organization_id: organization.to_owned(),
        email: format!("{id}@shop.example"),
        name: id.to_owned(),
        role: role.to_owned(),
        password_hash: String::new(),
        created_at: 7,
        disabled_at: None,
    };
    assert!(users::insert(db, &Actor::system(), row).await.unwrap());
}

/// Two admins, a member and an admin who may not sign in; and the admin of another organization.
async fn people(db: &Db) {
    user(db, "acme", "ann", "owner").await;
    user(db, "acme", "bob", "admin").await;
    user(db, "acme", "eve", "member").await;
    user(db, "acme", "off", "admin").await;
    user(db, "rival", "ron", "owner").await;
    let disabled = Change {
        is_disabled: Some(true),
        ..Change::default()
    };
    let by = Actor::system();
    let changed = users::change(db, &by, acme(), "off", disabled, Timestamp(8)).await;
    assert!(matches!(changed.unwrap(), Changed::Done(_)));
}

fn erased(erasure: &str, at: i64) -> Notification {
    let news = News::ErasureComplete {
        erasure,
        mode: "erase",
    };
    Notification::new("acme", Audience::Admins, &news, Timestamp(at))
}

/// Ids of the notifications of a user, newest first.
async fn ids(db: &Db, organization: &str, user: &str) -> Vec<String> {
    let organization = OrganizationId::new(organization).unwrap();
    let rows = list(db, &organization, user, None, 1_000).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

async fn owners_and_admins_of_the_organization_are_told_and_nobody_else(database: Database) {
    let db = &database.db;
    people(db).await;
    assert_eq!(add(db, &erased("e1", 5)).await.unwrap(), 2);
    assert_eq!(add(db, &erased("e1", 6)).await.unwrap(), 0, "a repeat");
    for (organization, user, told) in [
        ("acme", "ann", true),
        ("acme", "bob", true),
        ("acme", "eve", false),
        ("acme", "off", false),
        ("rival", "ron", false),
        ("rival", "ann", false),
    ] {
        let expected: &[&str] = if told { &["erasure-e1"] } else { &[] };
        assert_eq!(
            ids(db, organization, user).await,
            expected,
            "{user} of {organization}"
        );
    }
    // A user of another organization is not told, whoever asks for it.
    let stray = Notification {
        audience: Audience::User("ron".to_owned()),
        ..erased("e2", 7)
    };
    assert_eq!(add(db, &stray).await.unwrap(), 0);
    assert!(ids(db, "rival", "ron").await.is_empty());
    let row = &list(db, acme(), "ann", None, 1).await.unwrap()[0];
    assert_eq!((row.kind.as_str(), row.created_at), ("erasure_complete", 5));
    assert_eq!(row.fields, r#"{"erasureId":"e1","mode":"erase"}"#);
}

async fn a_message_that_is_interrupted_at_each_step_is_one_notification(database: Database) {
    let db = &database.db;
    people(db).await;
    let mut interruptions = 0;
    for number in 1..50 {
        interruptions += interrupt_at_each_step(&database, number).await;
        let told = erased(&format!("e{number}"), 5);
        assert_eq!(add(db, &told).await.unwrap(), 0, "delivered again");
        if interruptions > 0 {
            break;
        }
    }
    assert!(interruptions > 0, "none was interrupted");
    assert!(
        ids(db, "acme", "bob")
            .await
            .contains(&"erasure-e1".to_owned())
    );
}

/// Stores notification `number` until nothing interrupts it; returns how often something did.
async fn interrupt_at_each_step(database: &Database, number: i64) -> usize {
    let told = erased(&format!("e{number}"), 5);
    for steps in 1..1_000 {
        let outcome = within(steps, add(&database.db, &told)).await;
        // In one statement: the commit of what was dropped may be on its way.
        let [ann, bob] = database.numbers(EACH).await;
        assert!(ann == bob && ann <= number, "all are told once, or nobody");
        if let Some(added) = outcome {
            assert!([0, 2].contains(&added.unwrap()));
            assert_eq!(ann, number);
            return steps - 1;
        }
    }
    panic!("it never ends");
}

async fn a_role_and_its_notification_are_one_transaction(database: Database) {
    let db = &database.db;
    people(db).await;
    let change = async |user: &str, role: &'static str, at: i64| {
        let change = Change {
            role: Some(role),
            ..Change::default()
        };
        let by = Actor::system();
        let changed = users::change(db, &by, acme(), user, change, Timestamp(at)).await;
        changed.unwrap()
    };
    assert!(matches!(
        change("eve", "member", 10).await,
        Changed::Done(_)
    ));
    assert!(ids(db, "acme", "eve").await.is_empty(), "nothing changed");
    assert!(matches!(change("eve", "admin", 11).await, Changed::Done(_)));
    assert_eq!(ids(db, "acme", "eve").await, ["role-eve-11"]);
    let row = &list(db, acme(), "eve", None, 1).await.unwrap()[0];
    assert_eq!(row.fields, r#"{"from":"member","to":"admin"}"#);
    // The last owner stays, and is told nothing.
    assert_eq!(change("ann", "member", 12).await, Changed::LastOwner);
    assert!(ids(db, "acme", "ann").await.is_empty());
}

async fn pages_and_marks_are_of_one_user(database: Database) {
    let db = &database.db;
    people(db).await;
    for (erasure, at) in [("e1", 5), ("e2", 6), ("e3", 6)] {
        add(db, &erased(erasure, at)).await.unwrap();
    }
    let first = list(db, acme(), "ann", None, 2).await.unwrap();
    let shown: Vec<&str> = first.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(shown, ["erasure-e3", "erasure-e2"]);
    let after = NotificationKey {
        created_at: first[1].created_at,
        id: first[1].id.clone(),
    };
    let rest = list(db, acme(), "ann", Some(&after), 2).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].id, "erasure-e1");

    let (rival, now) = (OrganizationId::new("rival").unwrap(), Timestamp(100));
    let unread = async |user: &str| count_unread(db, acme(), user).await.unwrap();
    assert!(!read(db, &rival, "ann", "erasure-e1", now).await.unwrap());
    assert!(!read(db, acme(), "eve", "erasure-e1", now).await.unwrap());
    assert!(!read(db, acme(), "ann", "none", now).await.unwrap());
    assert_eq!(unread("ann").await, 3);
    assert!(read(db, acme(), "ann", "erasure-e1", now).await.unwrap());
    let again = Timestamp(200);
    assert!(read(db, acme(), "ann", "erasure-e1", again).await.unwrap());
    let rows = list(db, acme(), "ann", None, 9).await.unwrap();
    assert_eq!(rows[2].read_at, Some(100), "the first time stays");

    add(db, &erased("e4", 7)).await.unwrap();
    let seen = Some(Timestamp(6));
    read_all(db, acme(), "ann", seen, now).await.unwrap();
    assert_eq!(unread("ann").await, 1, "what came later is unread");
    read_all(db, acme(), "ann", None, now).await.unwrap();
    assert_eq!((unread("ann").await, unread("bob").await), (0, 4));
}

async fn what_is_too_old_or_too_much_goes(database: Database) {
    let db = &database.db;
    user(db, "acme", "ann", "owner").await;
    let most = i64::try_from(MOST).unwrap();
    for at in 0..most + 2 {
        add(db, &erased(&format!("{at:04}"), at)).await.unwrap();
    }
    let left = ids(db, "acme", "ann").await;
    assert_eq!(left.len() as u64, MOST);
    assert_eq!(left[0], format!("erasure-{:04}", most + 1));
    assert_eq!(left.last().unwrap(), "erasure-0002");
    // Of the rest, those from before 90 days ago.
    let now = Timestamp(KEPT_MS + most);
    assert_eq!(remove_old(db, now).await.unwrap(), MOST - 2);
    assert_eq!(ids(db, "acme", "ann").await.len(), 2);
}

async fn whoever_completes_an_erasure_tells_of_it(database: Database) {
    let db = &database.db;
    user(db, "acme", "ann", "owner").await;
    let told = erased("e1", 5);
    for _run in 0..2 {
        let complete = crate::erasure::complete(db, "e1", Timestamp(5), Some(&told));
        complete.await.unwrap();
    }
    assert_eq!(ids(db, "acme", "ann").await, ["erasure-e1"]);
}
