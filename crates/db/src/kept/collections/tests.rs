use super::*;
use crate::erasure::{self, Mode, Request, Subject};
use crate::kept::tests::{acme, ann, filled, listed};
use crate::read::KeptFilter;
use crate::tests::{Database, on_both};

on_both!(
    a_collection_lists_sessions_of_its_organization_only,
    an_erased_session_leaves_its_collections,
);

fn row(id: &str, name: &str) -> CollectionRow {
    CollectionRow {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        name: name.to_owned(),
        note: String::new(),
        created_by: "ann".to_owned(),
        created_at: 1,
        updated_at: 1,
    }
}

async fn put(db: &Db, collection: &str, session: &str) -> Added {
    let row = CollectedRow {
        collection_id: collection.to_owned(),
        session_id: session.to_owned(),
        organization_id: "acme".to_owned(),
        added_by: "ann".to_owned(),
        added_at: 1,
    };
    add(db, &ann(), row).await.unwrap()
}

fn of(collection: &str) -> KeptFilter {
    KeptFilter {
        collection: Some(collection.to_owned()),
        ..KeptFilter::default()
    }
}

/// Name and number of sessions of each collection.
async fn counted(db: &Db, session: Option<&str>) -> Vec<(String, i64)> {
    let found = list(db, &acme(), session).await.unwrap();
    found.into_iter().map(|it| (it.name, it.sessions)).collect()
}

async fn a_collection_lists_sessions_of_its_organization_only(database: Database) {
    filled(&database).await;
    let db = &database.db;
    let by = ann();
    assert_eq!(
        insert(db, &by, row("c", "Checkout")).await.unwrap(),
        Saved::Done
    );
    assert_eq!(
        insert(db, &by, row("d", "Checkout")).await.unwrap(),
        Saved::NameTaken
    );
    assert_eq!(
        insert(db, &by, row("d", "Demo")).await.unwrap(),
        Saved::Done
    );
    assert_eq!(
        change(db, &by, &row("d", "Checkout")).await.unwrap(),
        Saved::NameTaken
    );
    assert_eq!(
        change(db, &by, &row("e", "Else")).await.unwrap(),
        Saved::Gone
    );
    assert_eq!(
        change(db, &by, &row("d", "Demos")).await.unwrap(),
        Saved::Done
    );
    for (collection, session, added) in [
        ("c", "a", Added::Done),
        ("c", "a", Added::Done),
        ("c", "o", Added::Done),
        ("d", "a", Added::Done),
        ("c", "r", Added::Unknown),
        ("none", "a", Added::Unknown),
    ] {
        assert_eq!(
            put(db, collection, session).await,
            added,
            "{collection} {session}"
        );
    }
    let expected = |of: &[(&str, i64)]| -> Vec<(String, i64)> {
        of.iter()
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    };
    assert_eq!(
        counted(db, None).await,
        expected(&[("Checkout", 2), ("Demos", 1)])
    );
    assert_eq!(counted(db, Some("o")).await, expected(&[("Checkout", 2)]));
    assert_eq!(listed(db, of("c")).await, ["a", "o"]);
    let rival = OrganizationId::new("rival").unwrap();
    assert_eq!(list(db, &rival, None).await.unwrap(), []);
    assert_eq!(find(db, &rival, "c").await.unwrap(), None);
    assert!(!take_out(db, &by, &rival, "c", "a").await.unwrap());

    assert!(take_out(db, &by, &acme(), "c", "o").await.unwrap());
    assert!(!take_out(db, &by, &acme(), "c", "o").await.unwrap());
    assert!(remove(db, &by, &row("c", "Checkout")).await.unwrap());
    assert!(!remove(db, &by, &row("c", "Checkout")).await.unwrap());
    let [left, noted] = database
        .numbers(
            "select (select count(*) from collection_sessions), \
             (select count(*) from audit_log where action like 'collection.%')",
        )
        .await;
    // Two created, one changed, three added, one taken out, one removed.
    assert_eq!((left, noted), (1, 8));
}

async fn an_erased_session_leaves_its_collections(database: Database) {
    filled(&database).await;
    let db = &database.db;
    assert_eq!(
        insert(db, &ann(), row("c", "All")).await.unwrap(),
        Saved::Done
    );
    for session in ["a", "b"] {
        assert_eq!(put(db, "c", session).await, Added::Done);
    }
    let run = async |session: &str, mode| {
        let organization = acme();
        let request = Request {
            organization: &organization,
            subject: &Subject::Sessions(vec![session.to_owned()]),
            mode,
            requested_by: &ann(),
        };
        let erasure = erasure::erase(db, &request).await.unwrap();
        let remaining = erasure::remaining(db, &erasure).await.unwrap();
        assert_eq!(remaining, erasure::Remaining::default());
    };
    run("sdk-a", Mode::RemoveEvents).await;
    assert_eq!(counted(db, None).await[0].1, 2, "it is still a session");
    run("sdk-a", Mode::Anonymize).await;
    assert_eq!(listed(db, of("c")).await, ["b"]);
    assert_eq!(put(db, "c", "a").await, Added::Unknown);
    run("sdk-b", Mode::Erase).await;
    assert_eq!(counted(db, None).await[0].1, 0);
}
