use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_db::interactions::{Interaction, put};
use crow_types::{EndReason, SessionRecord};

use super::fixture::{World, session};
use super::rest::get_json;
use super::walk::browser;

const LIST: &str = "/api/v1/interactions/organization/acme";

fn closed(organization: &str, id: &str, at: i64) -> SessionRecord {
    SessionRecord {
        end_reason: Some(EndReason::Idle),
        ended_at: Some(at),
        due_at: None,
        ..session(organization, id, at)
    }
}

pub async fn add(world: &World, organization: &str, id: &str, at: i64) {
    let product_ids = format!(r#"["lamp-{id}"]"#);
    add_about(
        world,
        organization,
        id,
        at,
        [&product_ids, r#"{"claims":[]}"#],
    )
    .await;
}

/// With the ids of its products, and its evidence.
pub async fn add_about(
    world: &World,
    organization: &str,
    id: &str,
    at: i64,
    [product_ids, evidence]: [&str; 2],
) {
    let session = closed(organization, id, at);
    let interaction = Interaction {
        id: session.id.clone(),
        organization_id: organization.to_owned(),
        source_type: "web".to_owned(),
        session_id: Some(session.session_id.clone()),
        session_row: Some(session.id.clone()),
        revision: 0,
        data: r#"{"revision":0}"#.to_owned(),
        summary: Some(format!("Viewed \"Lamp {id}\".")),
        summary_source: Some("rules/1".to_owned()),
        intent: Some("browse".to_owned()),
        confidence: Some(0.4),
        tags: Some(r#"["error"]"#.to_owned()),
        product_ids: Some(product_ids.to_owned()),
        evidence: Some(evidence.to_owned()),
        words: format!("viewed lamp {id} error"),
        timestamp: at,
        created_at: at,
    };
    world.add(vec![session], vec![], vec![]).await;
    put(&world.db, &interaction).await.unwrap();
}

fn ids(page: &Value) -> Vec<&str> {
    let list = page["interactions"].as_array().unwrap();
    list.iter().map(|it| it["id"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn interactions_come_in_pages_by_filter_and_only_to_their_organization() {
    let world = World::new().await;
    for (organization, id, at) in [("acme", "a", 1), ("acme", "b", 2), ("rival", "c", 3)] {
        add(&world, organization, id, at).await;
    }
    let key = world.key("acme", Scope::Read).await;
    let (status, page) = get_json(&world, &key, &format!("{LIST}?limit=1")).await;
    assert_eq!((status, ids(&page)), (200, vec!["b"]));
    let cursor = page["nextCursor"].as_str().unwrap();
    let (_, page) = get_json(&world, &key, &format!("{LIST}?limit=1&cursor={cursor}")).await;
    assert_eq!((ids(&page), &page["nextCursor"]), (vec!["a"], &Value::Null));
    let made = &page["interactions"][0];
    assert_eq!(made["summary"], "Viewed \"Lamp a\".");
    assert_eq!(made["summarySource"], "rules/1");
    assert_eq!(
        (&made["untrusted"], &made["hasSession"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(made["productIds"], serde_json::json!(["lamp-a"]));
    assert_eq!(made["evidence"]["claims"], serde_json::json!([]));

    for (query, expected) in [
        ("q=LAMP%20b", vec!["b"]),
        ("q=nothing", vec![]),
        (
            "product=lamp-a&tag=error&intent=browse&sourceType=web&confidence=0.4",
            vec!["a"],
        ),
        ("confidence=0.5", vec![]),
        ("from=2&to=3", vec!["b"]),
    ] {
        let (status, page) = get_json(&world, &key, &format!("{LIST}?{query}")).await;
        assert_eq!((status, ids(&page)), (200, expected), "{query}");
    }
    let (_, counts) = get_json(&world, &key, &format!("{LIST}/summary?from=2")).await;
    assert_eq!(
        counts,
        serde_json::json!({"web": 1, "cctv": 0, "social": 0, "total": 1})
    );

    let rival = "/api/v1/interactions/organization/rival";
    assert_eq!(get_json(&world, &key, rival).await.0, 404);
    assert_eq!(
        get_json(&world, &key, &format!("{rival}/summary")).await.0,
        404
    );
    for (query, field) in [
        ("sourceType=x", "sourceType"),
        ("intent=x", "intent"),
        ("confidence=2", "confidence"),
        ("limit=0", "limit"),
        ("q=1+2+3+4+5+6+7+8+9+10+11", "q"),
    ] {
        let (status, body) = get_json(&world, &key, &format!("{LIST}?{query}")).await;
        let message = body["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400, "{query}");
        assert!(message.starts_with(&format!("{field}:")), "{message}");
    }
}

#[actix_web::test]
async fn a_range_is_analyzed() {
    let world = World::new().await;
    for (organization, id, at) in [("acme", "a", 1), ("acme", "b", 2), ("rival", "c", 3)] {
        add(&world, organization, id, at).await;
    }
    let member = browser(&world, "user member").await;
    let path = format!("{LIST}/analyze");
    let ask = async |body: Value| member.change(Method::POST, &path, Some(body)).await;
    let (status, analysis) = ask(json!({"from": 0, "to": "1970-01-01T00:01:00Z"})).await;
    assert_eq!(status, 200, "{analysis}");
    assert_eq!(analysis["source"], "rules/1");
    assert_eq!(analysis["numbers"]["total"], 2);
    assert_eq!(analysis["numbers"]["previousTotal"], 0);
    assert_eq!(analysis["numbers"]["days"], json!([{"at": 0, "count": 2}]));
    let lamp = json!({
        "id": "lamp-a", "count": 1, "views": 0, "added": 0, "purchased": 0, "abandoned": 0,
    });
    assert_eq!(analysis["numbers"]["products"][0], lamp);
    assert_eq!(
        analysis["summary"],
        "2 interactions in this range, none in the range before. 0 with a purchase (0.0 %), \
         0 left with a cart or in the checkout (0.0 %)."
    );
    let (_, later) = ask(json!({"from": 2, "to": 4, "sourceType": "web"})).await;
    let numbers = &later["numbers"];
    assert_eq!(
        (&numbers["total"], &numbers["previousTotal"]),
        (&json!(1), &json!(1))
    );
    let (_, cctv) = ask(json!({"from": 0, "to": 4, "sourceType": "cctv"})).await;
    assert_eq!(cctv["numbers"]["total"], 0);
    assert_eq!(ask(json!({})).await.0, 200);
    for (body, field) in [
        (json!({"from": 4, "to": 4}), "from"),
        (json!({"from": "soon"}), "from"),
        (json!({"sourceType": "x"}), "sourceType"),
        (json!({"color": 1}), "the body"),
        // serde would take it for the fields in their order.
        (json!([null, null]), "the body"),
    ] {
        let (status, answer) = ask(body).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400, "{answer}");
        assert!(message.starts_with(&format!("{field}:")), "{message}");
    }
}
