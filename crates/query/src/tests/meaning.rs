use std::time::Duration;

use serde_json::{Value, json};

use crow_ai::{Embedder, EmbeddingsConfig, EmbeddingsKind};
use crow_auth::Scope;
use crow_db::audit_log::Actor;
use crow_db::embeddings::Embedding;
use crow_db::interactions::{Interaction, Putting, put};
use crow_db::products::{self, ProductRow};
use crow_embedding::{MODEL, Vector, embed};
use crow_testkit::scripted::{Scripted, ScriptedServer, Seen};
use crow_testkit::wait::eventually;
use crow_types::{EndReason, OrganizationId, SessionRecord};

use super::fixture::{World, session};
use super::rest::get_json;
use crate::config::QueryConfig;
use crate::scheduler::Scheduler;

const DEADLINE: Duration = Duration::from_secs(30);

const LIST: &str = "/api/v1/interactions/organization/acme";

async fn add(world: &World, organization: &str, id: &str, at: i64, summary: &str) {
    let vector = embed(summary).unwrap();
    add_with(world, organization, (id, at, summary), (MODEL, &vector)).await;
}

async fn add_with(
    world: &World,
    organization: &str,
    (id, at, summary): (&str, i64, &str),
    (model, vector): (&str, &Vector),
) {
    let session = SessionRecord {
        end_reason: Some(EndReason::Idle),
        ended_at: Some(at),
        due_at: None,
        ..session(organization, id, at)
    };
    world.add(vec![session.clone()], vec![], vec![]).await;
    let interaction = Interaction {
        id: session.id.clone(),
        organization_id: organization.to_owned(),
        source_type: "web".to_owned(),
        session_id: Some(session.session_id),
        session_row: Some(session.id),
        revision: 0,
        data: "{}".to_owned(),
        summary: Some(summary.to_owned()),
        summary_source: None,
        intent: Some("browse".to_owned()),
        confidence: None,
        tags: None,
        product_ids: None,
        evidence: None,
        words: summary.to_lowercase(),
        timestamp: at,
        created_at: at,
    };
    let embedding = Embedding {
        model: model.to_owned(),
        vector: vector.to_bytes(),
    };
    let putting = Putting {
        embedding: Some(embedding),
        ..Putting::from(&interaction)
    };
    put(&world.db, putting).await.unwrap();
}

async fn shop() -> (World, String) {
    let world = World::new().await;
    for (organization, id, at, summary) in [
        ("acme", "lamp", 1, "Viewed a brass desk lamp."),
        (
            "acme",
            "kettle",
            2,
            "Viewed a steel kettle that boils water.",
        ),
        ("acme", "boots", 3, "Viewed waterproof boots for hiking."),
        ("rival", "light", 4, "Viewed a light for reading."),
    ] {
        add(&world, organization, id, at, summary).await;
    }
    let key = world.key("acme", Scope::Read).await;
    (world, key)
}

fn ids(page: &Value) -> Vec<&str> {
    let list = page["interactions"].as_array().unwrap();
    list.iter().map(|it| it["id"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_question_in_other_words_finds_what_it_means() {
    let (world, key) = shop().await;
    for (question, wanted) in [
        ("lighting+for+my+table", "lamp"),
        ("pot+for+making+hot+tea", "kettle"),
        ("shoes+for+a+walk+in+the+mountains", "boots"),
    ] {
        let path = format!("{LIST}?q={question}");
        let (status, by_words) = get_json(&world, &key, &path).await;
        assert_eq!((status, ids(&by_words)), (200, vec![]), "{question}");
        for search in ["meaning", "both"] {
            let path = format!("{path}&search={search}&limit=1");
            let (status, found) = get_json(&world, &key, &path).await;
            assert_eq!((status, ids(&found)), (200, vec![wanted]), "{question}");
            let similarity = found["interactions"][0]["similarity"].as_f64().unwrap();
            assert!((0.2..1.0).contains(&similarity), "{similarity}");
            assert_eq!(found["nextCursor"], Value::Null);
        }
    }
}

#[actix_web::test]
async fn words_come_before_meaning_and_filters_hold_for_both() {
    let (world, key) = shop().await;
    let found = async |query: &str| {
        let (status, page) = get_json(&world, &key, &format!("{LIST}?{query}")).await;
        assert_eq!(status, 200, "{page}");
        page
    };
    // Both words occur in the kettle's, although it is about no light.
    let page = found("q=viewed+water&search=both&limit=100").await;
    assert_eq!(ids(&page)[..2], ["boots", "kettle"]);
    let page = found("q=desk+light&search=meaning").await;
    assert_eq!(ids(&page)[0], "lamp");
    assert!(!ids(&page).contains(&"light"), "of another organization");
    for filter in ["from=2", "to=1", "intent=cart", "sourceType=cctv"] {
        let page = found(&format!("q=desk+light&search=meaning&{filter}")).await;
        assert!(!ids(&page).contains(&"lamp"), "{filter}");
    }
    let page = found("q=desk+light&search=meaning&intent=browse&to=2").await;
    assert_eq!(ids(&page), ["lamp"]);
    // No word that the table knows.
    let page = found("q=%E2%80%AE&search=meaning").await;
    assert_eq!(page["interactions"], json!([]));
    // As before.
    let page = found("q=viewed&search=words&limit=1").await;
    assert_eq!(ids(&page), ["boots"]);
    assert!(page["nextCursor"].is_string());
    assert_eq!(page["interactions"][0].get("similarity"), None);
}

#[actix_web::test]
async fn a_ranked_answer_is_one_page() {
    let (world, key) = shop().await;
    let (_, page) = get_json(&world, &key, &format!("{LIST}?limit=1")).await;
    let cursor = page["nextCursor"].as_str().unwrap();
    for (query, field) in [
        ("search=meaning".to_owned(), "q"),
        ("search=both".to_owned(), "q"),
        ("q=lamp&search=meaning&limit=101".to_owned(), "limit"),
        (format!("q=lamp&search=both&cursor={cursor}"), "cursor"),
        ("q=lamp&search=fuzzy".to_owned(), "search"),
    ] {
        let (status, body) = get_json(&world, &key, &format!("{LIST}?{query}")).await;
        let message = body["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400, "{query}");
        assert!(message.starts_with(&format!("{field}:")), "{message}");
    }
}

/// German for a lamp and a kettle, and anything else.
fn direction(text: &str) -> [f32; 3] {
    let has = |words: [&str; 2]| words.iter().any(|word| text.to_lowercase().contains(word));
    match (has(["lamp", "licht"]), has(["kettle", "tee"])) {
        (true, _) => [1.0, 0.1, 0.0],
        (_, true) => [0.0, 1.0, 0.1],
        _ => [0.0, 0.0, -1.0],
    }
}

fn texts_in(seen: &Seen) -> Vec<String> {
    let body: Value = serde_json::from_str(&seen.body).unwrap();
    serde_json::from_value(body["input"].clone()).unwrap()
}

/// A model that knows German, and fails for texts with the word "down".
fn embeds(_number: usize, seen: &Seen) -> Scripted {
    let texts = texts_in(seen);
    if texts.iter().any(|text| text.contains("down")) {
        return Scripted::status(500, "not now");
    }
    let of =
        |(index, text): (usize, &String)| json!({"index": index, "embedding": direction(text)});
    let data: Vec<Value> = texts.iter().enumerate().map(of).collect();
    Scripted::ok(json!({"data": data}).to_string())
}

fn with_remote(world: &mut World, server: &ScriptedServer) {
    with_patient(world, server, EmbeddingsConfig::default().question_seconds);
}

fn with_patient(world: &mut World, server: &ScriptedServer, question_seconds: u64) {
    let config = EmbeddingsConfig {
        kind: EmbeddingsKind::Remote,
        url: server.url(),
        model: "m-1".to_owned(),
        dimension: 3,
        question_seconds,
        ..EmbeddingsConfig::default()
    };
    let embedder = Embedder::new(&config).unwrap();
    world.api.use_cases = world.api.use_cases.clone().with_embedder(embedder);
}

#[actix_web::test]
async fn a_remote_model_finds_its_own_vectors_and_words_when_it_fails() {
    let (mut world, key) = shop().await;
    let server = ScriptedServer::start(embeds).await;
    with_remote(&mut world, &server);
    let vector = |text: &str| Vector::from_direction(&direction(text)).unwrap();
    for (id, at, summary, model) in [
        ("lamp-2", 5, "Viewed a lamp.", "remote/m-1/3"),
        (
            "kettle-2",
            6,
            "Viewed a kettle, then went down.",
            "remote/m-1/3",
        ),
        // As similar, but by another model.
        ("lamp-3", 7, "Viewed a lamp.", "remote/m-2/3"),
    ] {
        add_with(&world, "acme", (id, at, summary), (model, &vector(summary))).await;
    }
    let found = async |query: &str| {
        let (status, page) = get_json(&world, &key, &format!("{LIST}?{query}")).await;
        assert_eq!(status, 200, "{page}");
        page
    };
    for _time in 0..2 {
        let page = found("q=licht&search=meaning").await;
        assert_eq!(ids(&page), ["lamp-2"]);
        assert_eq!(page.get("note"), None);
    }
    assert_eq!(server.seen().len(), 1, "the vector of a question is kept");
    let page = found("q=tee&search=meaning").await;
    assert_eq!(ids(&page), ["kettle-2"]);

    for search in ["meaning", "both"] {
        let page = found(&format!("q=down&search={search}")).await;
        assert_eq!(ids(&page), ["kettle-2"]);
        assert!(page["note"].as_str().unwrap().contains("not available"));
        assert_eq!(page["nextCursor"], Value::Null);
    }
    let page = found("q=down").await;
    assert_eq!((ids(&page), page.get("note")), (vec!["kettle-2"], None));
}

async fn add_product(world: &World, id: &str, name: &str) {
    let row = ProductRow {
        organization_id: "acme".to_owned(),
        id: id.to_owned(),
        sku: None,
        name: name.to_owned(),
        description: None,
        category: None,
        price_minor: None,
        currency: None,
        url: None,
        path: None,
        image_url: None,
        words: name.to_lowercase(),
        created_at: 1,
        updated_at: 1,
    };
    let by = Actor::system_named("test");
    products::create(&world.db, &by, &row).await.unwrap();
}

#[actix_web::test]
async fn a_remote_model_compares_products_once_it_has_all_of_them() {
    let mut world = World::new().await;
    let server = ScriptedServer::start(embeds).await;
    with_remote(&mut world, &server);
    let key = world.key("acme", Scope::Read).await;
    add_product(&world, "l", "Desk lamp").await;
    add_product(&world, "k", "Kettle").await;
    let found = async |query: &str| {
        let path = format!("/api/v1/products/organization/acme?search=meaning&q={query}");
        let (status, page) = get_json(&world, &key, &path).await;
        assert_eq!(status, 200, "{page}");
        let products = page["products"].as_array().unwrap().iter();
        let ids: Vec<String> = products
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect();
        (ids, page.get("note").is_some())
    };
    assert_eq!(found("licht").await, (vec!["l".to_owned()], false));
    assert_eq!(found("tee").await, (vec!["k".to_owned()], false));
    let asked: Vec<usize> = server.seen().iter().map(|it| texts_in(it).len()).collect();
    assert_eq!(asked, [1, 2, 1], "products are sent once");

    add_product(&world, "d", "Licht, down").await;
    assert_eq!(found("licht").await, (vec!["d".to_owned()], true));
    let last = server.seen().pop().unwrap();
    assert_eq!(texts_in(&last), ["Licht, down"], "only what is new is sent");
}

#[actix_web::test]
async fn a_search_waits_for_a_remote_model_without_a_turn() {
    let mut world = World::new().await;
    let server = ScriptedServer::start(|number, seen| {
        if texts_in(seen).iter().any(|text| text == "Desk lamp") {
            return Scripted::Silence;
        }
        embeds(number, seen)
    })
    .await;
    with_patient(&mut world, &server, 60);
    let config = QueryConfig {
        max_questions: 1,
        ..QueryConfig::default()
    };
    world.api.use_cases.scheduler = Scheduler::new(&config).unwrap();
    let key = world.key("acme", Scope::Read).await;
    add_product(&world, "l", "Desk lamp").await;

    let path = "/api/v1/products/organization/acme?search=meaning&q=licht";
    let search = get_json(&world, &key, path);
    let other = async {
        eventually("the catalogue is sent", DEADLINE, async || {
            (server.seen().len() == 2).then_some(())
        })
        .await;
        let rival = OrganizationId::new("rival").unwrap();
        let scheduler = &world.api.use_cases.scheduler;
        scheduler.ask(&rival, async { Ok(7) }).await
    };
    tokio::select! {
        _answer = search => panic!("the model is silent"),
        answer = other => assert_eq!(answer.unwrap(), 7),
    }
}
