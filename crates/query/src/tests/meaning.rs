use serde_json::{Value, json};

use crow_auth::Scope;
use crow_db::embeddings::Embedding;
use crow_db::interactions::{Interaction, put_with};
use crow_embedding::{MODEL, embed};
use crow_types::{EndReason, SessionRecord};

use super::fixture::{World, session};
use super::rest::get_json;

const LIST: &str = "/api/v1/interactions/organization/acme";

async fn add(world: &World, organization: &str, id: &str, at: i64, summary: &str) {
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
        model: MODEL,
        vector: embed(summary).unwrap().to_bytes().to_vec(),
    };
    put_with(&world.db, &interaction, Some(&embedding))
        .await
        .unwrap();
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
