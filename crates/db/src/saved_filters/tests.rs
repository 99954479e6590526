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
    let db = &database.db;
    assert_eq!(insert(db, row("ann", "a"), 3).await.unwrap(), Saved::Done);
    let again = SavedFilterRow {
        id: "other".to_owned(),
        ..row("ann", "a")
    };
    assert_eq!(insert(db, again, 3).await.unwrap(), Saved::NameTaken);
    let many = (0..8).map(|number| insert(db, row("ann", &number.to_string()), 3));
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
    assert_eq!(insert(db, row("bob", "a"), 3).await.unwrap(), Saved::Done);
    let acme = OrganizationId::new("acme").unwrap();
    assert_eq!(list(db, &acme, "ann").await.unwrap().len(), 3);

    // Another page has names of its own, and of those who want one name at once one gets it.
    let of_vitals = SavedFilterRow {
        id: "vitals".to_owned(),
        page: "vitals".to_owned(),
        ..row("bob", "a")
    };
    assert_eq!(insert(db, of_vitals.clone(), 9).await.unwrap(), Saved::Done);
    for name in ["b", "c"] {
        let saved = insert(db, row("bob", name), 9).await.unwrap();
        assert_eq!(saved, Saved::Done);
    }
    let renamed = |name: &str| SavedFilterRow {
        name: "one".to_owned(),
        ..row("bob", name)
    };
    let rows = [renamed("a"), renamed("b"), renamed("c")];
    let changed = join_all(rows.iter().map(|row| change(db, row))).await;
    let changed = changed.into_iter().map(Result::unwrap);
    let done = changed.filter(|it| *it == Changed::Done);
    assert_eq!(done.count(), 1);
    let renamed = SavedFilterRow {
        name: "one".to_owned(),
        ..of_vitals
    };
    assert_eq!(change(db, &renamed).await.unwrap(), Changed::Done);
}
