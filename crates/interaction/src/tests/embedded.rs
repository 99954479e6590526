use serde_json::{Value, json};

use crow_ai::{Embedder, EmbeddingsConfig, EmbeddingsKind};
use crow_db::embeddings::{Between, End, Scan, Vectors, page};
use crow_db::interactions::put;
use crow_embedding::{DIMENSION, MODEL, embed};
use crow_testkit::scripted::Seen;

use super::*;

const REMOTE: &str = "remote/m-1/3";

async fn vectors_of(world: &World, model: &str, dimension: usize) -> Vectors {
    let (organization, filter) = (acme(), InteractionFilter::default());
    let scan = Scan {
        organization: &organization,
        model,
        dimension,
        filter: &filter,
    };
    let all = Between::default();
    page(&world.worker.db, scan, &all, End::First, 100)
        .await
        .unwrap()
}

async fn vectors(world: &World) -> Vectors {
    vectors_of(world, MODEL, DIMENSION).await
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

async fn tell(worker: &Worker, session: &SessionRecord) {
    let message = bytes(&announced(session, 0));
    let outcome = worker.process(WorkQueue::Interactions, &message).await;
    assert_eq!(outcome.unwrap(), Outcome::Stored);
}

#[tokio::test]
async fn a_row_has_its_vector_at_once_and_one_of_an_older_release_gets_it() {
    let world = World::on_sqlite().await;
    tell(&world.worker, &world.plan.visit(0).session).await;
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
    let Worker { db, embeddings, .. } = &world.worker;
    embeddings.complete(db).await.unwrap();
    all_fit(&world, 1).await;
}

fn with_remote(world: &World, server: &ScriptedServer) -> Worker {
    let _installed = crow_testkit::http::client();
    let config = EmbeddingsConfig {
        kind: EmbeddingsKind::Remote,
        url: server.url(),
        model: "m-1".to_owned(),
        dimension: 3,
        ..EmbeddingsConfig::default()
    };
    let worker = world.worker.clone();
    worker.with_embedder(Embedder::new(&config).unwrap())
}

fn texts_in(seen: &Seen) -> Vec<Value> {
    let body: Value = serde_json::from_str(&seen.body).unwrap();
    body["input"].as_array().unwrap().clone()
}

fn embeds(seen: &Seen) -> Scripted {
    let count = texts_in(seen).len();
    let data = (0..count).map(|index| json!({"index": index, "embedding": [1.0, -0.5, 0.0]}));
    Scripted::ok(json!({"data": data.collect::<Vec<_>>()}).to_string())
}

#[tokio::test]
async fn a_remote_model_that_fails_holds_up_no_message_and_its_vectors_follow() {
    let world = World::on_sqlite().await;
    let server = ScriptedServer::start(|number, seen| match number {
        0 => Scripted::status(503, "not now"),
        _ => embeds(seen),
    })
    .await;
    let worker = with_remote(&world, &server);
    tell(&worker, &world.plan.visit(0).session).await;
    assert_eq!(server.seen().len(), 0, "nothing waits for it");
    let words = world.all().await.remove(0).words;
    assert_eq!(vectors_of(&world, REMOTE, 3).await, Vectors::default());

    worker.embeddings.add_waiting(&worker.db).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 2, "asked again after the failure");
    assert!(words.starts_with(texts_in(&seen[1])[0].as_str().unwrap().trim_end()));
    let stored = vectors_of(&world, REMOTE, 3).await;
    assert_eq!(stored.owners().count(), 1);
    let expected = [127, -64, 0].map(i8::cast_unsigned);
    assert_eq!(stored.vectors, expected);

    // What was erased while it waited is not sent.
    let session = world.plan.visit(1).session;
    tell(&worker, &session).await;
    world.erase(&session).await;
    worker.embeddings.add_waiting(&worker.db).await.unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn another_model_replaces_all_vectors_and_what_it_refuses_is_left_out() {
    let world = World::on_sqlite().await;
    for number in 0..3 {
        tell(&world.worker, &world.plan.visit(number).session).await;
    }
    all_fit(&world, 3).await;
    let refused = world.all().await.remove(1);
    let id = refused.id.clone();
    let newer = Interaction {
        revision: refused.revision + 1,
        words: "refuse this".to_owned(),
        ..refused
    };
    put(&world.worker.db, &newer).await.unwrap();
    let server = ScriptedServer::start(|_number, seen| {
        if texts_in(seen).iter().any(|text| text == "refuse this") {
            return Scripted::status(400, "no");
        }
        embeds(seen)
    })
    .await;
    let worker = with_remote(&world, &server);
    worker.embeddings.complete(&worker.db).await.unwrap();
    worker.embeddings.add_waiting(&worker.db).await.unwrap();
    let stored = vectors_of(&world, REMOTE, 3).await;
    assert_eq!(stored.owners().count(), 2);
    assert!(stored.owners().all(|owner| owner != id));
    assert_eq!(vectors(&world).await, Vectors::default());

    // And back.
    let Worker { db, embeddings, .. } = &world.worker;
    embeddings.complete(db).await.unwrap();
    all_fit(&world, 3).await;
    assert_eq!(vectors_of(&world, REMOTE, 3).await, Vectors::default());
}

#[tokio::test]
async fn what_a_remote_model_refuses_holds_up_nothing() {
    let world = World::on_sqlite().await;
    let server = ScriptedServer::start(|_number, seen| {
        if texts_in(seen).iter().any(|text| text == "refuse this") {
            return Scripted::status(400, "no");
        }
        embeds(seen)
    })
    .await;
    let worker = with_remote(&world, &server);
    for number in 0..13 {
        tell(&worker, &world.plan.visit(number).session).await;
    }
    for row in world.all().await.into_iter().skip(1) {
        let newer = Interaction {
            revision: row.revision + 1,
            words: "refuse this".to_owned(),
            ..row
        };
        put(&worker.db, &newer).await.unwrap();
    }
    // A pause after each would take many minutes.
    let added = worker.embeddings.add_waiting(&worker.db);
    tokio::time::timeout(DEADLINE, added)
        .await
        .expect("nothing waits")
        .unwrap();
    assert_eq!(vectors_of(&world, REMOTE, 3).await.owners().count(), 1);
    assert_eq!(server.seen().len(), 1 + 13, "together, then one by one");
}
