use super::*;
use crate::interactions::tests::{acme, closed, interaction};
use crate::interactions::{Interaction, InteractionFilter, list, reported};
use crate::tests::{Database, on_both};

on_both!(large_organizations_have_indexes_as_long_as_they_are_large);

const OF: Vectors<'static> = Vectors {
    model: "model/1",
    dimension: 4,
};

/// Ids of what has a word.
async fn found(database: &Database) -> Vec<String> {
    let filter = InteractionFilter {
        words: vec!["lamp".to_owned()],
        ..InteractionFilter::default()
    };
    let rows = list(&database.db, &acme(), &filter, None, 10).await;
    rows.unwrap().into_iter().map(|row| row.id).collect()
}

async fn large_organizations_have_indexes_as_long_as_they_are_large(database: Database) {
    database.with_partitions(1).await;
    let db = &database.db;
    for (organization, count) in [("acme", 4), ("rival", 1)] {
        for number in 0..count {
            let report = Interaction {
                id: format!("{organization}-{number}"),
                organization_id: organization.to_owned(),
                session_row: None,
                timestamp: number,
                ..interaction(&closed("a", 0), 0)
            };
            let now = crow_types::Timestamp::now();
            reported::put(db, &report, now).await.unwrap();
        }
    }
    let before = found(&database).await;
    assert_eq!(before.len(), 4);
    // Which ones depends on the extensions that this server has.
    let extensions = Extensions::of(db).await.unwrap();
    assert_eq!(extensions.is_none(), db.is_sqlite());
    let round = complete(db, OF, 4).await.unwrap().unwrap();
    let extensions = Extensions::of(db).await.unwrap();
    let usable = extensions.map_or(0, |it| {
        let both = [it.vectors, it.trigrams];
        both.iter().filter(|it| it.schema().is_some()).count()
    });
    assert_eq!(
        round,
        Round {
            made: usable,
            removed: 0
        }
    );
    assert_eq!(found(&database).await, before);

    // It is small now, but not so small that the index goes.
    database
        .execute("delete from interactions where id = 'acme-0'")
        .await;
    let round = complete(db, OF, 4).await.unwrap().unwrap();
    assert_eq!(round, Round::default());
    assert_eq!(found(&database).await.len(), 3);
    let most = "delete from interactions where id in ('acme-1', 'acme-2')";
    database.execute(most).await;
    let round = complete(db, OF, 4).await.unwrap().unwrap();
    assert_eq!(
        round,
        Round {
            made: 0,
            removed: usable
        }
    );
    assert_eq!(found(&database).await.len(), 1);
}
