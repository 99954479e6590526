use futures::future::join_all;

use super::*;
use crate::tests::{Database, on_both};

on_both!(of_many_changes_each_keeps_what_the_others_changed);

fn by(id: &str) -> Actor {
    Actor {
        kind: "user",
        id: id.to_owned(),
        address: None,
    }
}

fn row(owner: &str, name: &str) -> CohortRow {
    CohortRow {
        id: format!("{owner}-{name}"),
        organization_id: "acme".to_owned(),
        owner_id: owner.to_owned(),
        name: name.to_owned(),
        definition: "{}".to_owned(),
        is_shared: true,
        created_at: 1,
        updated_at: 1,
    }
}

async fn of_many_changes_each_keeps_what_the_others_changed(database: Database) {
    let (db, ann, now) = (&database.db, by("ann"), Timestamp(2));
    let acme = OrganizationId::new("acme").unwrap();
    for name in ["a", "b", "c", "d"] {
        let saved = insert(db, &ann, row("ann", name), 10).await.unwrap();
        assert_eq!(saved, Saved::Done);
    }
    let other = CohortRow {
        id: "other".to_owned(),
        ..row("ann", "a")
    };
    let taken = insert(db, &ann, other, 10).await.unwrap();
    assert_eq!(taken, Saved::NameTaken);

    // All want one name at once, and one gets it.
    let rename = Change {
        name: Some("one"),
        ..Change::default()
    };
    let rows = ["a", "b", "c", "d"].map(|name| row("ann", name));
    let renamed = rows.iter().map(|row| change(db, &ann, row, rename, now));
    let renamed = join_all(renamed).await.into_iter().map(Result::unwrap);
    let done = renamed.filter(|it| matches!(it, Changed::Done(_)));
    assert_eq!(done.count(), 1);

    // Whoever changes the definition read the cohort while it was shared.
    let hide = Change {
        is_shared: Some(false),
        ..Change::default()
    };
    let define = Change {
        definition: Some("[]"),
        ..Change::default()
    };
    let read = row("ann", "b");
    for part in [hide, define] {
        let changed = change(db, &ann, &read, part, now).await.unwrap();
        assert!(matches!(changed, Changed::Done(_)), "{changed:?}");
    }
    let found = find(db, &acme, &read.id).await.unwrap().unwrap();
    assert_eq!((found.is_shared, found.definition.as_str()), (false, "[]"));

    // One's own come first.
    let bob = by("bob");
    insert(db, &bob, row("bob", "z"), 10).await.unwrap();
    let seen = list(db, &acme, "bob").await.unwrap();
    assert_eq!((seen[0].id.as_str(), seen.len()), ("bob-z", 4));

    let foreign = CohortRow {
        organization_id: "rival".to_owned(),
        ..found.clone()
    };
    assert!(!remove(db, &by("eve"), &foreign).await.unwrap());
    let gone = change(db, &by("eve"), &foreign, define, now).await.unwrap();
    assert_eq!(gone, Changed::Gone);
    assert!(remove(db, &ann, &found).await.unwrap());
    let noted = database
        .numbers::<6>(
            "select sum(case when action = 'cohort.created' then 1 else 0 end), \
             sum(case when action = 'cohort.shared' then 1 else 0 end), \
             sum(case when action = 'cohort.changed' then 1 else 0 end), \
             sum(case when action = 'cohort.unshared' then 1 else 0 end), \
             sum(case when action = 'cohort.removed' then 1 else 0 end), count(*) from audit_log",
        )
        .await;
    assert_eq!(noted, [5, 5, 2, 1, 1, 14]);
}
