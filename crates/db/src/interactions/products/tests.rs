use crow_types::{OrganizationId, SessionRecord, Timestamp};

use super::*;
use crate::ai::retries;
use crate::audit_log::Actor;
use crate::erasure::{self, Mode, Request, Subject};
use crate::interactions::tallies::{days, tallies};
use crate::interactions::tests::{acme, closed, interaction, retried, write};
use crate::interactions::{Put, forget, put, reported, reword};
use crate::tests::{Database, on_both};

on_both!(
    each_product_has_its_own_figures_in_each_revision,
    products_go_with_their_interaction,
    what_an_older_release_has_written_gets_its_products_once,
    what_an_older_release_has_replaced_gets_its_own_products,
    thirty_thousand_combinations_are_counted,
);

const DAY: i64 = 86_400_000;

/// Somebody looks at the lamp three times, buys the kettle, and the mug is named somewhere.
fn purchase(session: &SessionRecord, revision: i64) -> Interaction {
    let evidence = r#"{"products": [
        {"id": "lamp", "views": 3, "viewedMs": 9, "added": false, "bought": false},
        {"id": "ket'tle", "productId": "ket\"tle", "views": 1, "added": true, "bought": true}
    ]}"#;
    Interaction {
        intent: Some("purchase".to_owned()),
        product_ids: Some(r#"["ket\"tle","lamp","mug"]"#.to_owned()),
        evidence: Some(evidence.to_owned()),
        ..interaction(session, revision)
    }
}

/// Somebody puts the lamp into the cart and leaves.
fn cart(session: &SessionRecord, revision: i64) -> Interaction {
    let evidence = r#"{"products": [{"id": "lamp", "views": 1, "added": true, "bought": false}]}"#;
    Interaction {
        product_ids: Some(r#"["lamp"]"#.to_owned()),
        evidence: Some(evidence.to_owned()),
        ..interaction(session, revision)
    }
}

/// Interactions, views, added, purchased, abandoned.
type Figures = [i64; 5];

async fn figures_of(database: &Database, range: &TallyRange<'_>) -> Vec<(String, Figures)> {
    let found = sums(&database.db, range, 10).await.unwrap();
    let figures = found.into_iter().map(|it| {
        let figures = [
            it.interactions,
            it.views,
            it.added,
            it.purchased,
            it.abandoned,
        ];
        (it.product_id, figures)
    });
    figures.collect()
}

async fn figures(database: &Database) -> Vec<(String, Figures)> {
    let organization = acme();
    let range = TallyRange {
        organization: &organization,
        from: 0,
        to: 100,
        source_type: None,
    };
    figures_of(database, &range).await
}

fn named<const N: usize>(all: [(&str, Figures); N]) -> Vec<(String, Figures)> {
    all.map(|(id, figures)| (id.to_owned(), figures)).to_vec()
}

async fn stored(database: &Database) -> i64 {
    let [count] = database
        .numbers("select count(*) from interaction_products")
        .await;
    count
}

async fn each_product_has_its_own_figures_in_each_revision(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let (a, b, robot) = (closed("a", 0), closed("b", 0), closed("c", 0));
    let all = vec![a.clone(), b.clone(), robot.clone()];
    write(&database, &lease, all).await;
    for _delivery in 0..2 {
        put(db, &purchase(&a, 0)).await.unwrap();
    }
    let alone = named([
        ("ket\"tle", [1, 1, 1, 1, 0]),
        ("lamp", [1, 3, 0, 0, 0]),
        ("mug", [1, 0, 0, 0, 0]),
    ]);
    assert_eq!(figures(&database).await, alone);
    let bot = Interaction {
        intent: Some(BOT.to_owned()),
        ..purchase(&robot, 0)
    };
    put(db, &bot).await.unwrap();
    put(db, retried(&cart(&b, 0), Some(Timestamp(10))))
        .await
        .unwrap();
    let both = named([
        ("lamp", [2, 4, 1, 0, 1]),
        ("ket\"tle", [1, 1, 1, 1, 0]),
        ("mug", [1, 0, 0, 0, 0]),
    ]);
    assert_eq!(figures(&database).await, both);

    // Ranges, sources and other organizations.
    let (organization, other) = (acme(), OrganizationId::new("other").unwrap());
    let range = TallyRange {
        organization: &organization,
        from: 7,
        to: 8,
        source_type: Some("web"),
    };
    assert_eq!(figures_of(&database, &range).await, both);
    for nothing in [
        TallyRange {
            organization: &other,
            ..range.clone()
        },
        TallyRange {
            source_type: Some("cctv"),
            ..range.clone()
        },
        TallyRange {
            to: 7,
            from: 0,
            ..range
        },
    ] {
        assert_eq!(figures_of(&database, &nothing).await, []);
    }

    // A model leaves out what was only seen in passing.
    let claim = retries::claim(db, "acme", Timestamp(100), Timestamp(1_000)).await;
    let claim = claim.unwrap().unwrap();
    let reworded = Interaction {
        product_ids: Some("[]".to_owned()),
        evidence: None,
        ..cart(&b, 0)
    };
    let put_words = reword(db, &claim, &reworded, None).await.unwrap();
    assert_eq!((put_words, figures(&database).await), (Put::Stored, alone));
    // Late data: it was the lamp that was bought.
    let session = closed("a", 1);
    write(&database, &lease, vec![session.clone()]).await;
    let evidence = r#"{"products": [{"id": "lamp", "views": 4, "added": true, "bought": true}]}"#;
    let later = Interaction {
        evidence: Some(evidence.to_owned()),
        ..cart(&session, 1)
    };
    put(db, &later).await.unwrap();
    put(db, &purchase(&a, 0)).await.unwrap();
    assert_eq!(
        figures(&database).await,
        named([("lamp", [1, 4, 1, 1, 0])]),
        "what the earlier revision said is gone"
    );
}

async fn products_go_with_their_interaction(database: Database) {
    let db = &database.db;
    let (organization, requested_by) = (acme(), Actor::system_named("visitor"));
    let erase = async |subject: &Subject, mode: Mode| {
        let request = Request {
            organization: &organization,
            subject,
            mode,
            requested_by: &requested_by,
        };
        erasure::erase(db, &request).await.unwrap()
    };
    for (name, mode) in [("a", Mode::Erase), ("b", Mode::Anonymize)] {
        // The erasure before has taken it over.
        let lease = database.lease().await;
        let session = closed(name, 0);
        write(&database, &lease, vec![session.clone()]).await;
        put(db, &purchase(&session, 0)).await.unwrap();
        assert_eq!(stored(&database).await, 3);
        let subject = Subject::Sessions(vec![session.session_id.clone()]);
        let erasure = erase(&subject, mode).await;
        assert_eq!(stored(&database).await, 0, "{mode:?}");
        let remaining = erasure::remaining(db, &erasure).await.unwrap();
        assert_eq!(remaining, erasure::Remaining::default());
        put(db, &purchase(&session, 0)).await.unwrap();
        assert_eq!(stored(&database).await, 0, "{mode:?}");
    }
    let lease = database.lease().await;
    let session = closed("c", 0);
    write(&database, &lease, vec![session.clone()]).await;
    put(db, &purchase(&session, 0)).await.unwrap();
    assert!(forget(db, "acme", &session.id).await.unwrap());
    assert_eq!(stored(&database).await, 0);

    for (name, timestamp) in [("erased", 5), ("expired", 6), ("old", 9), ("kept", 9)] {
        let report = Interaction {
            id: name.to_owned(),
            session_row: None,
            session_id: Some(name.to_owned()),
            timestamp,
            ..cart(&closed(name, 0), 0)
        };
        for _delivery in 0..2 {
            let put = reported::put(db, &report, Timestamp(1)).await.unwrap();
            assert_eq!(put, Put::Stored);
        }
    }
    assert_eq!(stored(&database).await, 4);
    let subject = Subject::Sessions(vec!["erased".to_owned()]);
    erase(&subject, Mode::Erase).await;
    let expired = reported::expire(db, &organization, Timestamp(9), 10).await;
    assert_eq!((expired.unwrap(), stored(&database).await), (1, 2));
    // As an older release removes one.
    database
        .execute("delete from interactions where id = 'old'")
        .await;
    assert_eq!(stored(&database).await, 1);
    erase(&Subject::Organization, Mode::Erase).await;
    assert_eq!(stored(&database).await, 0);
}

async fn what_an_older_release_has_written_gets_its_products_once(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let (a, b, robot) = (closed("a", 0), closed("b", 0), closed("c", 0));
    let all = vec![a.clone(), b.clone(), robot.clone()];
    write(&database, &lease, all).await;
    let bot = Interaction {
        intent: Some(BOT.to_owned()),
        ..purchase(&robot, 0)
    };
    for row in [purchase(&a, 0), cart(&b, 0), bot] {
        put(db, &row).await.unwrap();
    }
    let written = figures(&database).await;
    database
        .execute("delete from interaction_products where interaction_id <> 'a'")
        .await;
    database
        .execute("update interaction_products set views = 7 where product_id = 'mug'")
        .await;
    for _round in 0..2 {
        let (mut after, mut pages) = (String::new(), 0);
        while let Some(last) = complete(db, &after, 2).await.unwrap() {
            (after, pages) = (last, pages + 1);
        }
        assert_eq!(pages, 2);
        let mut found = figures(&database).await;
        // Rows that are there stay as they are.
        assert_eq!(found[2], ("mug".to_owned(), [1, 7, 0, 0, 0]));
        found[2].1[1] = 0;
        assert_eq!(found, written);
    }
}

async fn what_an_older_release_has_replaced_gets_its_own_products(database: Database) {
    let (db, lease) = (&database.db, database.lease().await);
    let (a, b, c) = (closed("a", 0), closed("b", 0), closed("c", 0));
    write(&database, &lease, vec![a.clone(), b.clone(), c.clone()]).await;
    for row in [purchase(&a, 0), cart(&b, 0), cart(&c, 0)] {
        put(db, &row).await.unwrap();
    }
    // It leaves the rows as they are: those of a purchase, and of two carts.
    let evidence = cart(&a, 1).evidence.unwrap();
    for changed in [
        format!("product_ids = '[\"lamp\"]', evidence = '{evidence}' where id = 'a'"),
        "product_ids = '[]', evidence = null where id = 'b'".to_owned(),
        "timestamp = timestamp + 1 where id = 'c'".to_owned(),
    ] {
        let update = format!("update interactions set revision = 1, {changed}");
        database.execute(&update).await;
    }
    let mut after = String::new();
    while let Some(last) = complete(db, &after, 2).await.unwrap() {
        after = last;
    }
    assert_eq!(stored(&database).await, 5, "they are not looked at");
    let mut after = String::new();
    while let Some(last) = correct(db, &after, 2).await.unwrap() {
        after = last;
    }
    let expected = named([("lamp", [2, 2, 2, 0, 2])]);
    assert_eq!(figures(&database).await, expected);
    let times = "select count(*) from interaction_products p join interactions i \
        on i.id = p.interaction_id and i.timestamp = p.timestamp";
    assert_eq!(database.numbers(times).await, [2]);
}

#[tokio::test]
async fn two_processes_that_add_the_same_products_wait_for_each_other() {
    let database = crate::tests::postgres().await;
    let (db, lease) = (&database.db, database.lease().await);
    let session = closed("a", 0);
    write(&database, &lease, vec![session.clone()]).await;
    put(db, &purchase(&session, 0)).await.unwrap();
    database.execute("delete from interaction_products").await;
    // As in `add` of the other process.
    let other = db.begin(PUTTING).await.unwrap();
    let held = hold(&other, "acme", "a").await.unwrap().unwrap();
    replace(&other, &held).await.unwrap();
    let committing = async {
        database.somebody_waits().await;
        other.commit().await.unwrap();
    };
    let (completed, ()) = tokio::join!(complete(db, "", 10), committing);
    assert_eq!(completed.unwrap().as_deref(), Some("a"));
    assert_eq!(stored(&database).await, 3);
}

async fn thirty_thousand_combinations_are_counted(database: Database) {
    // Each of 400 days has each of 75 tags, and each interaction is about another pair of products.
    database
        .execute(
            r#"with recursive n(i) as (select 0 union all select i + 1 from n where i < 29999)
            insert into interactions (id, organization_id, source_type, revision, data, intent, tags,
            product_ids, words, timestamp, created_at)
            select 'i' || i, 'acme', 'web', 0, '{}', 'cart', '["t' || (i / 400) || '"]',
            '["lamp","p' || i || '"]', '', (i % 400) * cast(86400000 as bigint), 0 from n"#,
        )
        .await;
    for (id, seen) in [("'lamp'", "1, true"), ("'p' || substr(id, 2)", "0, false")] {
        let insert = format!(
            "insert into interaction_products (interaction_id, product_id, organization_id, source_type, \
             timestamp, views, added, purchased) \
             select id, {id}, organization_id, source_type, timestamp, {seen}, false from interactions"
        );
        database.execute(&insert).await;
    }
    let organization = acme();
    let range = TallyRange {
        organization: &organization,
        from: 0,
        to: 400 * DAY,
        source_type: None,
    };
    let found = figures_of(&database, &range).await;
    let expected = named([
        ("lamp", [30_000, 30_000, 30_000, 0, 30_000]),
        ("p0", [1, 0, 0, 0, 0]),
        ("p1", [1, 0, 0, 0, 0]),
    ]);
    assert_eq!((found.len(), &found[..3]), (10, &expected[..]));

    let by_tags = tallies(&database.db, &range).await.unwrap().unwrap();
    let total: i64 = by_tags.iter().map(|tally| tally.count).sum();
    assert_eq!((by_tags.len(), total), (75, 30_000));
    let by_day = days(&database.db, &range).await.unwrap().unwrap();
    assert_eq!(by_day.len(), 400);
    assert!(
        (0..)
            .zip(&by_day)
            .all(|(day, it)| (it.day, it.count) == (day, 75))
    );
}
