use futures::future::join_all;

use super::*;
use crate::tests::{Database, on_both};

on_both!(of_many_filters_that_are_saved_at_once_no_more_than_allowed_stay);

fn row(owner: &str, name: &str) -> SavedFilterRow {
    SavedFilterRow {
        id: format!("{owner}-{name}"),
        organization_id: "acme".to_owned(),
        owner_id: owner.to_owned(),
        name: name.to_owned(),
        page: "sessions".to_owned(),
        query: "errors=true".to_owned(),
        is_shared: false,
        created_at: 1,
        updated_at: 1,
    }
}

async fn of_many_filters_that_are_saved_at_once_no_more_than_allowed_stay(database: Database) {
    let (db, by) = (&database.db, &Actor::system());
    assert_eq!(
        insert(db, by, row("ann", "a"), 3).await.unwrap(),
        Saved::Done
    );
    let again = SavedFilterRow {
        id: "other".to_owned(),
        ..row("ann", "a")
    };
    assert_eq!(insert(db, by, again, 3).await.unwrap(), Saved::NameTaken);
    let many = (0..8).map(|number| insert(db, by, row("ann", &number.to_string()), 3));
    let saved: Vec<Saved> = join_all(many)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let count = |wanted: Saved| saved.iter().filter(|it| **it == wanted).count();
    assert_eq!(
        (count(Saved::Done), count(Saved::TooMany)),
        (2, 6),
        "{saved:?}"
    );
    assert_eq!(
        insert(db, by, row("bob", "a"), 3).await.unwrap(),
        Saved::Done
    );
    let acme = OrganizationId::new("acme").unwrap();
    assert_eq!(list(db, &acme, "ann").await.unwrap().len(), 3);

    // Another page has names of its own, and of those who want one name at once one gets it.
    let of_vitals = SavedFilterRow {
        id: "vitals".to_owned(),
        page: "vitals".to_owned(),
        ..row("bob", "a")
    };
    assert_eq!(
        insert(db, by, of_vitals.clone(), 9).await.unwrap(),
        Saved::Done
    );
    for name in ["b", "c"] {
        let saved = insert(db, by, row("bob", name), 9).await.unwrap();
        assert_eq!(saved, Saved::Done);
    }
    let now = Timestamp(2);
    let rename = Change {
        name: Some("one"),
        ..Change::default()
    };
    let is_done = |changed: &Result<Changed>| matches!(changed.as_ref().unwrap(), Changed::Done(_));
    let rows = ["a", "b", "c"].map(|name| row("bob", name));
    let changed = join_all(rows.iter().map(|row| change(db, by, row, rename, now))).await;
    assert_eq!(changed.iter().filter(|it| is_done(it)).count(), 1);
    assert!(is_done(&change(db, by, &of_vitals, rename, now).await));

    // Whoever changes the query read the filter while it was shared.
    let shared = SavedFilterRow {
        is_shared: true,
        ..row("eve", "shared")
    };
    insert(db, by, shared.clone(), 9).await.unwrap();
    let hide = Change {
        is_shared: Some(false),
        ..Change::default()
    };
    let ask = Change {
        query: Some("bot=true"),
        ..Change::default()
    };
    for part in [hide, ask] {
        assert!(is_done(&change(db, by, &shared, part, now).await));
    }
    let found = find(db, &acme, &shared.id).await.unwrap().unwrap();
    assert_eq!((found.is_shared, found.query.as_str()), (false, "bot=true"));
}
