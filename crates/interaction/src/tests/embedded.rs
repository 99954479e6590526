use crow_db::embeddings::{Scan, Vectors, page};
use crow_db::interactions::put;
use crow_embedding::{DIMENSION, MODEL, embed};

use super::*;
use crate::embedded::complete;

async fn vectors(world: &World) -> Vectors {
    let (organization, filter) = (acme(), InteractionFilter::default());
    let scan = Scan {
        organization: &organization,
        model: MODEL,
        dimension: DIMENSION,
        filter: &filter,
    };
    page(&world.worker.db, scan, None, 100).await.unwrap()
}

/// Each row's vector is that of its words.
async fn all_fit(world: &World, count: usize) {
    let (vectors, rows) = (vectors(world).await, world.all().await);
    assert_eq!((vectors.owners().count(), rows.len()), (count, count));
    for (owner, bytes) in vectors.owners().zip(vectors.vectors.chunks(DIMENSION)) {
        let row = rows.iter().find(|row| row.id == owner).unwrap();
        assert_eq!(bytes, embed(&row.words).unwrap().to_bytes());
    }
}

#[tokio::test]
async fn a_row_has_its_vector_at_once_and_one_of_an_older_release_gets_it() {
    let world = World::on_sqlite().await;
    let message = bytes(&announced(&world.plan.visit(0).session, 0));
    let queue = WorkQueue::Interactions;
    let outcome = world.worker.process(queue, &message).await.unwrap();
    assert_eq!(outcome, Outcome::Stored);
    all_fit(&world, 1).await;

    // As an older release replaces it: without a vector.
    let row = world.all().await.remove(0);
    let newer = Interaction {
        revision: row.revision + 1,
        words: "a brass lamp".to_owned(),
        ..row
    };
    put(&world.worker.db, &newer).await.unwrap();
    assert_eq!(vectors(&world).await, Vectors::default());
    complete(&world.worker.db).await.unwrap();
    all_fit(&world, 1).await;
}
