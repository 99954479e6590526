use super::*;
use crate::products::{list, words};
use crate::tests::{Database, on_both};

on_both!(
    an_import_is_claimed_once_and_stores_its_products_once,
    who_lost_the_claim_stores_nothing,
    an_organization_has_one_import_at_a_time,
    a_cancelled_import_stores_nothing,
    an_import_that_never_ends_is_given_up,
);

const START: &str = "https://shop.example/sitemap.xml";

fn organization(name: &str) -> OrganizationId {
    OrganizationId::new(name).unwrap()
}

fn somebody() -> Actor {
    Actor {
        kind: "user",
        id: "u1".to_owned(),
        address: None,
    }
}

async fn begun(database: &Database, name: &str, now: i64) -> SiteImport {
    let begun = start(&database.db, &somebody(), &organization(name), START, now).await;
    match begun.unwrap() {
        Started::Begun(row) => *row,
        Started::Busy => panic!("another import is open"),
    }
}

async fn claimed(database: &Database, now: i64) -> Option<Claim> {
    claim(&database.db, now).await.unwrap()
}

async fn stored(database: &Database, name: &str) -> SiteImport {
    let newest = newest(&database.db, &organization(name)).await;
    newest.unwrap().unwrap()
}

async fn ids(database: &Database, name: &str) -> Vec<String> {
    let filter = crate::products::ProductFilter::default();
    let rows = list(&database.db, &organization(name), &filter, None, 100).await;
    rows.unwrap().into_iter().map(|row| row.id).collect()
}

fn found(organization: &str, id: &str, sku: Option<&str>) -> Found {
    let row = ProductRow {
        organization_id: organization.to_owned(),
        id: id.to_owned(),
        sku: sku.map(str::to_owned),
        name: format!("Product {id}"),
        description: None,
        category: None,
        price_minor: None,
        currency: None,
        url: None,
        path: None,
        image_url: None,
        words: String::new(),
        created_at: 5,
        updated_at: 5,
    };
    Found {
        row: ProductRow {
            words: words(&row),
            ..row
        },
        url: format!("https://shop.example/{id}"),
        number: 1,
    }
}

async fn an_import_is_claimed_once_and_stores_its_products_once(database: Database) {
    let row = begun(&database, "acme", 1_000).await;
    let first = claimed(&database, 1_000).await.unwrap();
    assert_eq!(
        (first.id.as_str(), first.url.as_str()),
        (row.id.as_str(), START)
    );
    assert_eq!(claimed(&database, 1_001).await, None);

    let mut progress = Progress {
        pages_found: 3,
        pages_read: 2,
        ..Progress::default()
    };
    for number in 0..MOST_PROBLEMS + 5 {
        progress.note(Problem {
            url: format!("https://shop.example/{number}"),
            product: None,
            field: None,
            message: "gone".to_owned(),
        });
    }
    assert!(renew(&database.db, &first, &progress, 2_000).await.unwrap());
    let shown = stored(&database, "acme").await;
    assert_eq!((shown.state.as_str(), shown.pages_read), ("running", 2));
    assert_eq!((shown.refused, shown.problems().len()), (105, 100));

    let all = vec![
        found("acme", "a", Some("s")),
        found("acme", "b", Some("s")),
        found("acme", "c", None),
    ];
    let finished = finish(
        &database.db,
        &first,
        all.clone(),
        Progress::default(),
        3_000,
    );
    let imported = finished.await.unwrap().unwrap();
    assert_eq!((imported.created, imported.refused.len()), (2, 1));
    let done = stored(&database, "acme").await;
    assert_eq!(
        (
            done.state.as_str(),
            done.created,
            done.refused,
            done.finished_at
        ),
        ("done", 2, 1, Some(3_000))
    );
    let problem = &done.problems()[0];
    assert_eq!(problem.url, "https://shop.example/b");
    assert_eq!(problem.field.as_deref(), Some("sku"));

    // As after a lost answer.
    let again = finish(&database.db, &first, all, Progress::default(), 4_000);
    assert_eq!(again.await.unwrap(), None);
    assert_eq!(stored(&database, "acme").await, done);
    assert_eq!(ids(&database, "acme").await, ["a", "c"]);
    assert!(ids(&database, "other").await.is_empty());
}

async fn who_lost_the_claim_stores_nothing(database: Database) {
    begun(&database, "acme", 1_000).await;
    let first = claimed(&database, 1_000).await.unwrap();
    let late = 1_000 + CLAIM;
    assert_eq!(claimed(&database, late).await, None);
    let second = claimed(&database, late + 1).await.unwrap();
    let nothing = Progress::default();
    assert!(!renew(&database.db, &first, &nothing, late).await.unwrap());
    let all = || vec![found("acme", "a", None)];
    let lost = finish(&database.db, &first, all(), nothing.clone(), late);
    assert_eq!(lost.await.unwrap(), None);
    assert!(
        !fail(&database.db, &first, "no", &nothing, late)
            .await
            .unwrap()
    );
    assert!(ids(&database, "acme").await.is_empty());
    let kept = finish(&database.db, &second, all(), nothing, late + 2);
    assert!(kept.await.unwrap().is_some());
    assert_eq!(ids(&database, "acme").await, ["a"]);
}

async fn an_organization_has_one_import_at_a_time(database: Database) {
    let acme = organization("acme");
    let starts = (0..4).map(|now| start(&database.db, &OWN, &acme, START, now));
    let outcomes = futures::future::join_all(starts).await;
    let is_begun = |it: &&Result<Started>| matches!(it, Ok(Started::Begun(_)));
    assert_eq!(outcomes.iter().filter(is_begun).count(), 1, "{outcomes:?}");
    begun(&database, "other", 100).await;
    // The oldest first, each once.
    let first = claimed(&database, 200).await.unwrap();
    let second = claimed(&database, 200).await.unwrap();
    assert_eq!(
        (first.organization.as_str(), second.organization.as_str()),
        ("acme", "other")
    );
    let nothing = Progress::default();
    assert!(
        fail(&database.db, &first, "it is gone", &nothing, 300)
            .await
            .unwrap()
    );
    let failed = stored(&database, "acme").await;
    assert_eq!(failed.failure.as_deref(), Some("it is gone"));
    let next = begun(&database, "acme", 400).await;
    assert_eq!(stored(&database, "acme").await, next);
}

static OWN: std::sync::LazyLock<Actor> = std::sync::LazyLock::new(somebody);

async fn a_cancelled_import_stores_nothing(database: Database) {
    let acme = organization("acme");
    assert!(!cancel(&database.db, &OWN, &acme, 1).await.unwrap());
    begun(&database, "acme", 1_000).await;
    let claim = claimed(&database, 1_000).await.unwrap();
    let other = organization("other");
    assert!(!cancel(&database.db, &OWN, &other, 1_001).await.unwrap());
    assert!(cancel(&database.db, &OWN, &acme, 1_001).await.unwrap());
    assert!(!cancel(&database.db, &OWN, &acme, 1_002).await.unwrap());
    let nothing = Progress::default();
    assert!(!renew(&database.db, &claim, &nothing, 1_003).await.unwrap());
    let all = vec![found("acme", "a", None)];
    let late = finish(&database.db, &claim, all, nothing, 1_003);
    assert_eq!(late.await.unwrap(), None);
    assert!(ids(&database, "acme").await.is_empty());
    assert_eq!(stored(&database, "acme").await.state, "cancelled");
    assert_eq!(claimed(&database, 1_000_000).await, None);
}

async fn an_import_that_never_ends_is_given_up(database: Database) {
    begun(&database, "acme", 0).await;
    let mut now = 0;
    for _start in 0..MOST_STARTS {
        now += CLAIM + 1;
        assert!(claimed(&database, now).await.is_some());
    }
    assert_eq!(claimed(&database, now + CLAIM + 1).await, None);
    let given_up = stored(&database, "acme").await;
    assert_eq!(given_up.state, "failed");
    assert!(given_up.failure.unwrap().contains("interrupted"));
}

#[test]
fn the_address_of_a_problem_is_cut() {
    let mut progress = Progress::default();
    progress.note(Problem {
        url: format!("{}é", "a".repeat(MOST_URL - 1)),
        product: None,
        field: None,
        message: "it is long".to_owned(),
    });
    assert_eq!(progress.problems[0].url, "a".repeat(MOST_URL - 1));
}
