use sea_orm::{PaginatorTrait, TransactionTrait};

use crow_types::SessionRecord;

use super::*;
use crate::entity::{embeddings as vectors, interaction_products};
use crate::interactions::stored::claim;
use crate::interactions::tests::{acme, closed, interaction, write};
use crate::interactions::{InteractionFilter, list};
use crate::tests::{Database, on_both, session};
use crate::usage::{Days, by_day};

on_both!(
    what_is_stored_together_is_as_if_stored_alone,
    who_holds_a_session_does_not_hold_up_the_others,
);

fn putting(interaction: Interaction) -> Putting {
    let embedding = Embedding {
        model: "m".to_owned(),
        vector: vec![1],
    };
    Putting {
        interaction,
        embedding: Some(embedding),
        next: None,
    }
}

async fn what_is_stored_together_is_as_if_stored_alone(database: Database) {
    let db = &database.db;
    let lease = database.lease().await;
    let [new, known, outdated, theirs] =
        [("a", 0), ("b", 1), ("c", 2), ("d", 0)].map(|(id, revision)| closed(id, revision));
    let open = session("e");
    let sessions = [&new, &known, &outdated, &theirs, &open];
    write(&database, &lease, sessions.map(Clone::clone).to_vec()).await;
    put(db, &interaction(&known, 1)).await.unwrap();

    let of_revision = |session: &SessionRecord, revision: i64, product: &str| Interaction {
        product_ids: Some(format!("[\"{product}\"]")),
        ..interaction(session, revision)
    };
    let foreign = Interaction {
        organization_id: "other".to_owned(),
        ..interaction(&theirs, 0)
    };
    let all = [
        of_revision(&new, 0, "first"),
        // Two messages of one session.
        of_revision(&new, 1, "second"),
        of_revision(&known, 2, "later"),
        of_revision(&outdated, 1, "never"),
        foreign,
        of_revision(&open, 0, "never"),
    ];
    let all = all.map(putting);
    let puts = put_all(db, &all.each_ref()).await.unwrap();
    let expected = [
        Put::Stored,
        Put::Stored,
        Put::Stored,
        Put::Outdated,
        Put::Erased,
        Put::Erased,
    ];
    assert_eq!(puts, expected);

    let stored = list(db, &acme(), &InteractionFilter::default(), None, 10).await;
    let mut stored: Vec<(String, i64, String)> = stored
        .unwrap()
        .into_iter()
        .map(|it| (it.id, it.revision, it.product_ids.unwrap()))
        .collect();
    stored.sort();
    let row = |session: &SessionRecord, revision, product: &str| {
        (session.id.clone(), revision, format!("[\"{product}\"]"))
    };
    assert_eq!(stored, [row(&new, 1, "second"), row(&known, 2, "later")]);
    let mut products = interaction_products::Entity::find()
        .all(&db.read)
        .await
        .unwrap();
    products.sort_by(|one, other| one.interaction_id.cmp(&other.interaction_id));
    let products: Vec<&str> = products.iter().map(|it| it.product_id.as_str()).collect();
    assert_eq!(products, ["second", "later"]);
    let vectors = vectors::Entity::find().count(&db.read).await.unwrap();
    let announced = claim(db, Timestamp(i64::MAX), Timestamp(i64::MAX), 10).await;
    let mut announced: Vec<String> = announced
        .unwrap()
        .into_iter()
        .map(|it| it.message_id)
        .collect();
    announced.sort();
    let names = [format!("{}-1", new.id), format!("{}-2", known.id)];
    assert_eq!((vectors, announced), (2, names.to_vec()));
    let used = by_day(db, &acme(), Days { from: 0, to: 1 }).await.unwrap();
    assert_eq!(used.get(&0).map(|day| day.interactions), Some(2));
}

async fn who_holds_a_session_does_not_hold_up_the_others(database: Database) {
    let db = &database.db;
    if db.is_sqlite() {
        // Nobody holds a row while another one writes.
        return;
    }
    let lease = database.lease().await;
    let [held, free] = ["a", "b"].map(|id| closed(id, 0));
    write(&database, &lease, vec![held.clone(), free.clone()]).await;
    let both = [&held, &free].map(|session| putting(interaction(session, 0)));
    let erasing = db.lookups.begin().await.unwrap();
    let lock = format!(
        "select id from sessions where id = '{}' for update",
        held.id
    );
    erasing.execute_unprepared(&lock).await.unwrap();
    put_all(db, &both.each_ref()).await.unwrap_err();
    assert_eq!(put(db, both[1].clone()).await.unwrap(), Put::Stored);
    erasing.rollback().await.unwrap();
    assert_eq!(put(db, both[0].clone()).await.unwrap(), Put::Stored);
}
