use super::*;
use crate::tests::{Database, on_both};

on_both!(
    products_are_created_replaced_and_removed,
    ids_and_skus_are_taken_once_in_an_organization,
    pages_are_in_the_order_of_names,
    an_import_says_what_changed_and_leaves_out_what_is_wrong,
    changes_at_the_same_time_see_each_other,
);

fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

fn row(id: &str, sku: Option<&str>, name: &str) -> ProductRow {
    let row = ProductRow {
        organization_id: "acme".to_owned(),
        id: id.to_owned(),
        sku: sku.map(str::to_owned),
        name: name.to_owned(),
        description: None,
        category: Some("Lamps".to_owned()),
        price_minor: Some(12_900),
        currency: Some("EUR".to_owned()),
        url: None,
        path: Some(format!("/p/{id}")),
        image_url: None,
        words: String::new(),
        created_at: 1,
        updated_at: 1,
    };
    ProductRow {
        words: words(&row),
        ..row
    }
}

fn somebody() -> Actor {
    Actor::system_named("test")
}

async fn add(database: &Database, row: &ProductRow) -> Change {
    create(&database.db, &somebody(), row).await.unwrap()
}

async fn ids(database: &Database, filter: &ProductFilter) -> Vec<String> {
    let rows = list(&database.db, &acme(), filter, None, 10).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

async fn products_are_created_replaced_and_removed(database: Database) {
    let (db, by) = (&database.db, somebody());
    let lamp = row("lamp", Some("L1"), "Brass lamp");
    assert_eq!(add(&database, &lamp).await, Change::Done);
    assert_eq!(get(db, &acme(), "lamp").await.unwrap(), Some(lamp.clone()));
    let other = OrganizationId::new("other").unwrap();
    assert_eq!(get(db, &other, "lamp").await.unwrap(), None);
    let changed = ProductRow {
        name: "Lamp of brass".to_owned(),
        price_minor: None,
        currency: None,
        updated_at: 2,
        ..lamp
    };
    assert_eq!(replace(db, &by, &changed).await.unwrap(), Change::Done);
    assert_eq!(
        get(db, &acme(), "lamp").await.unwrap(),
        Some(changed.clone())
    );
    let foreign = ProductRow {
        organization_id: "other".to_owned(),
        ..changed
    };
    assert_eq!(replace(db, &by, &foreign).await.unwrap(), Change::Unknown);
    let now = Timestamp(3);
    assert_eq!(
        remove(db, &by, &other, "lamp", now).await.unwrap(),
        Change::Unknown
    );
    assert_eq!(
        remove(db, &by, &acme(), "lamp", now).await.unwrap(),
        Change::Done
    );
    assert_eq!(get(db, &acme(), "lamp").await.unwrap(), None);
}

async fn ids_and_skus_are_taken_once_in_an_organization(database: Database) {
    let (lamp, kettle) = (
        row("lamp", Some("S1"), "Lamp"),
        row("kettle", None, "Kettle"),
    );
    for product in [&lamp, &kettle] {
        assert_eq!(add(&database, product).await, Change::Done);
    }
    assert_eq!(add(&database, &lamp).await, Change::IdTaken);
    assert_eq!(
        add(&database, &row("x", Some("S1"), "X")).await,
        Change::SkuTaken
    );
    let taken = row("kettle", Some("S1"), "Kettle");
    let replaced = replace(&database.db, &somebody(), &taken).await.unwrap();
    assert_eq!(replaced, Change::SkuTaken);
    let foreign = ProductRow {
        organization_id: "other".to_owned(),
        ..lamp
    };
    assert_eq!(add(&database, &foreign).await, Change::Done);
}

async fn pages_are_in_the_order_of_names(database: Database) {
    for (id, name) in [("c", "Alpha"), ("a", "Beta"), ("b", "Alpha")] {
        add(&database, &row(id, None, name)).await;
    }
    let everything = ProductFilter::default();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = list(&database.db, &acme(), &everything, after.as_ref(), 1)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        seen.push(last.id.clone());
        after = Some(ProductKey {
            name: last.name.clone(),
            id: last.id.clone(),
        });
    }
    assert_eq!(seen, ["b", "c", "a"]);
    let words = |words: &[&str]| ProductFilter {
        words: words.iter().map(|it| (*it).to_owned()).collect(),
        ..ProductFilter::default()
    };
    assert_eq!(
        ids(&database, &words(&["ALPHA", "lamps"])).await,
        ["b", "c"]
    );
    assert!(ids(&database, &words(&["alph_"])).await.is_empty());
    let category = |name: &str| ProductFilter {
        category: Some(name.to_owned()),
        ..ProductFilter::default()
    };
    assert_eq!(ids(&database, &category("Lamps")).await.len(), 3);
    assert!(ids(&database, &category("Hats")).await.is_empty());
}

async fn an_import_says_what_changed_and_leaves_out_what_is_wrong(database: Database) {
    add(&database, &row("lamp", Some("S1"), "Lamp")).await;
    add(&database, &row("kettle", None, "Kettle")).await;
    let rows = vec![
        // The SKU moves.
        row("lamp", None, "Lamp"),
        row("hat", Some("S1"), "Hat"),
        row("kettle", None, "Kettle"),
        row("hat", None, "Hat"),
        row("cap", Some("S1"), "Cap"),
    ];
    let import = async |rows| {
        import(&database.db, &somebody(), "acme", rows, 9)
            .await
            .unwrap()
    };
    let imported = import(rows.clone()).await;
    let expected = Imported {
        created: 1,
        updated: 1,
        unchanged: 1,
        refused: vec![(3, Refused::Twice), (4, Refused::SkuTaken)],
    };
    assert_eq!(imported, expected);
    assert_eq!(import(rows[..3].to_vec()).await.unchanged, 3);
    let everything = ProductFilter::default();
    assert_eq!(ids(&database, &everything).await, ["hat", "kettle", "lamp"]);
    let hat = get(&database.db, &acme(), "hat").await.unwrap().unwrap();
    assert_eq!(hat.sku.as_deref(), Some("S1"));
}

async fn changes_at_the_same_time_see_each_other(database: Database) {
    let (db, by) = (&database.db, somebody());
    let rows: Vec<ProductRow> = (0..300)
        .map(|number| row(&format!("p{number}"), None, "Lamp"))
        .collect();
    let imports = (0..6).map(|_| import(db, &by, "acme", rows.clone(), 9));
    let imports = futures::future::join_all(imports).await;
    let counts = imports.into_iter().map(|imported| {
        let imported = imported.unwrap();
        (imported.created, imported.unchanged)
    });
    let (created, unchanged) = counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert_eq!((created, unchanged), (300, 5 * 300));

    let same_sku: Vec<ProductRow> = (0..6)
        .map(|number| row(&format!("q{number}"), Some("S1"), "Lamp"))
        .collect();
    let creations = same_sku.iter().map(|row| create(db, &by, row));
    let mut changes: Vec<Change> = futures::future::join_all(creations)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    changes.sort_by_key(|change| *change != Change::Done);
    let taken = [Change::SkuTaken; 5];
    assert_eq!(changes[0], Change::Done);
    assert_eq!(changes[1..], taken);
}
