use futures::future::join_all;

use super::*;
use crate::tests::{Database, on_both};

on_both!(
    of_two_editors_one_is_told_and_nothing_is_lost,
    dashboards_are_seen_counted_and_noted,
);

fn by(id: &str) -> Actor {
    Actor {
        kind: "user",
        id: id.to_owned(),
        address: None,
    }
}

fn row(owner: &str, id: &str) -> DashboardRow {
    DashboardRow {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        owner_id: owner.to_owned(),
        name: id.to_owned(),
        is_shared: false,
        content: "{}".to_owned(),
        tiles: 0,
        version: 1,
        created_at: 1,
        updated_at: 1,
    }
}

fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

async fn of_two_editors_one_is_told_and_nothing_is_lost(database: Database) {
    let db = &database.db;
    assert_eq!(
        insert(db, &by("ann"), row("ann", "d")).await.unwrap(),
        Made::Done
    );
    let edit = |name: &str| DashboardRow {
        name: name.to_owned(),
        is_shared: true,
        ..row("ann", "d")
    };
    let (ann, bob) = (edit("of ann"), edit("of bob"));
    let by_both = [("ann", &ann), ("bob", &bob)].map(async |(who, row)| {
        let changed = change(db, &by(who), row).await.unwrap();
        (changed == Changed::Done).then(|| row.name.clone())
    });
    let stored: Vec<String> = join_all(by_both).await.into_iter().flatten().collect();
    let found = find(db, &acme(), "carl", "d").await.unwrap().unwrap();
    assert_eq!((stored, found.version), (vec![found.name.clone()], 2));
    let foreign = DashboardRow {
        organization_id: "rival".to_owned(),
        ..found.clone()
    };
    assert_eq!(
        change(db, &by("eve"), &foreign).await.unwrap(),
        Changed::Other
    );
    assert!(!remove(db, &by("eve"), &foreign).await.unwrap());
    assert!(remove(db, &by("ann"), &found).await.unwrap());
    assert_eq!(
        change(db, &by("ann"), &found).await.unwrap(),
        Changed::Other
    );
    let [created, shared, removed, all] = database
        .numbers(
            "select sum(case when action = 'dashboard.created' then 1 else 0 end), \
             sum(case when action = 'dashboard.shared' then 1 else 0 end), \
             sum(case when action = 'dashboard.removed' then 1 else 0 end), count(*) from audit_log",
        )
        .await;
    assert_eq!((created, shared, removed, all), (1, 1, 1, 3));
}

async fn dashboards_are_seen_counted_and_noted(database: Database) {
    let db = &database.db;
    let shared = DashboardRow {
        is_shared: true,
        tiles: 3,
        ..row("bob", "shared")
    };
    for row in [row("ann", "own"), row("bob", "hidden"), shared] {
        assert_eq!(insert(db, &by("ann"), row).await.unwrap(), Made::Done);
    }
    let seen = list(db, &acme(), "ann").await.unwrap();
    let seen: Vec<_> = seen.iter().map(|it| (it.id.as_str(), it.tiles)).collect();
    assert_eq!(seen, [("own", 0), ("shared", 3)]);
    assert_eq!(find(db, &acme(), "ann", "hidden").await.unwrap(), None);
    let rival = OrganizationId::new("rival").unwrap();
    assert_eq!(list(db, &rival, "ann").await.unwrap(), []);
    assert_eq!(find(db, &rival, "bob", "shared").await.unwrap(), None);

    let ann = by("ann");
    let many = (2..=MOST_OF_OWNER).map(|number| insert(db, &ann, row("ann", &number.to_string())));
    let made = join_all(many).await.into_iter().map(Result::unwrap);
    assert!(made.into_iter().all(|it| it == Made::Done));
    let more = insert(db, &ann, row("ann", "more")).await.unwrap();
    assert_eq!(more, Made::TooManyOfOwner);

    // Of the organization only shared ones count, also when a change shares one.
    let others = (1..MOST).map(|number| {
        let shared = DashboardRow {
            is_shared: true,
            ..row(&format!("owner {number}"), &format!("of others {number}"))
        };
        shared.into_active_model()
    });
    Entity::insert_many(others)
        .exec_without_returning(&db.write)
        .await
        .unwrap();
    let carl = by("carl");
    let share = |id: &str| DashboardRow {
        is_shared: true,
        ..row("carl", id)
    };
    let full = insert(db, &carl, share("one more")).await.unwrap();
    assert_eq!(full, Made::TooMany);
    let private = insert(db, &carl, row("carl", "private")).await.unwrap();
    assert_eq!(private, Made::Done);
    let changed = change(db, &carl, &share("private")).await.unwrap();
    assert_eq!(changed, Changed::TooMany);
    let found = find(db, &acme(), "carl", "private").await.unwrap().unwrap();
    assert_eq!((found.is_shared, found.version), (false, 1));
    let hide = row("bob", "shared");
    assert_eq!(change(db, &by("bob"), &hide).await.unwrap(), Changed::Done);
    let changed = change(db, &carl, &share("private")).await.unwrap();
    assert_eq!(changed, Changed::Done);
}
