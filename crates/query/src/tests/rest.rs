use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, try_read_body};
use actix_web::{App, test};
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_types::SessionRecord;
use crow_web::request_scope;

use super::fixture::{World, event, rrweb, session};
use crate::rest;

/// The app's response to one request.
pub async fn get(
    world: &World,
    key: Option<&str>,
    path: &str,
) -> ServiceResponse<impl MessageBody + use<>> {
    let app = App::new()
        .configure(|cfg| rest::configure(cfg, &world.api))
        .wrap(rest::cors(&["https://dashboard.test".to_owned()]))
        .wrap(from_fn(request_scope));
    let app = init_service(app).await;
    let mut request = TestRequest::get()
        .uri(path)
        .insert_header(("origin", "https://dashboard.test"));
    if let Some(key) = key {
        request = request.insert_header(("authorization", format!("Bearer {key}")));
    }
    call_service(&app, request.to_request()).await
}

pub async fn get_json(world: &World, key: &str, path: &str) -> (u16, Value) {
    let response = get(world, Some(key), path).await;
    (
        response.status().as_u16(),
        test::read_body_json(response).await,
    )
}

pub async fn get_text(world: &World, key: &str, path: &str) -> (HeaderMap, String) {
    let response = get(world, Some(key), path).await;
    let headers = response.headers().clone();
    (
        headers,
        String::from_utf8(test::read_body(response).await.to_vec()).unwrap(),
    )
}

fn ids(page: &Value) -> Vec<&str> {
    page["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["id"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn a_key_reads_its_own_organization_and_nothing_else() {
    let world = World::new().await;
    world
        .add(
            vec![session("acme", "a", 1), session("rival", "b", 1)],
            vec![],
            vec![],
        )
        .await;
    let acme = world.key("acme", Scope::Read).await;
    let ingest = world.key("acme", Scope::Ingest).await;

    assert_eq!(
        get(&world, None, "/sessions/acme").await.status().as_u16(),
        401
    );
    let unknown = "crow_00000000000000000000000000000000000000000000";
    assert_eq!(
        get(&world, Some(unknown), "/sessions/acme")
            .await
            .status()
            .as_u16(),
        401
    );
    assert_eq!(
        get(&world, Some(&ingest), "/sessions/acme")
            .await
            .status()
            .as_u16(),
        403
    );
    let (status, page) = get_json(&world, &acme, "/sessions/acme").await;
    assert_eq!((status, ids(&page)), (200, vec!["a"]));

    let mut answers = Vec::new();
    let hidden = [
        "/sessions/rival",
        "/sessions/nobody",
        "/sessions/rival/b",
        "/sessions/acme/b",
        "/sessions/acme/sdk-b",
        "/sessions/acme/none",
        "/sessions/acme/b/events",
        "/sessions/acme/b/replay",
        "/sessions/acme/b/export",
        "/sessions/rival/b/replay?format=rrweb",
    ];
    for path in hidden {
        let (status, mut body) = get_json(&world, &acme, path).await;
        assert_eq!(status, 404, "{path}");
        body["error"]["requestId"].take();
        answers.push(body);
    }
    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "{answers:?}"
    );
}

#[actix_web::test]
async fn sessions_come_in_pages_and_by_filter() {
    let world = World::new().await;
    let named = SessionRecord {
        user_id: Some("ann".to_owned()),
        visitor_id: Some("v-1".to_owned()),
        live_until: Some(i64::MAX),
        ..session("acme", "c", 7)
    };
    let sessions = vec![
        session("acme", "a", 7),
        session("acme", "b", 7),
        named,
        session("acme", "d", 9),
    ];
    world.add(sessions, vec![], vec![]).await;
    let key = world.key("acme", Scope::Admin).await;

    let mut seen = Vec::new();
    let mut path = "/sessions/acme?limit=3".to_owned();
    loop {
        let (_, page) = get_json(&world, &key, &path).await;
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page["nextCursor"].as_str() else {
            break;
        };
        path = format!("/sessions/acme?limit=3&cursor={cursor}");
    }
    assert_eq!(seen, ["d", "c", "b", "a"]);
    let (_, page) = get_json(
        &world,
        &key,
        "/sessions/acme?userId=ann&visitorId=v-1&live=true&status=open&from=1970-01-01T00:00:00Z",
    )
    .await;
    assert_eq!(ids(&page), ["c"]);
    let of_c = &page["sessions"][0];
    assert_eq!(
        (&of_c["live"], &of_c["liveUntil"], &of_c["visitorId"]),
        (&json!(true), &json!(i64::MAX), &json!("v-1"))
    );
    let (_, page) = get_json(&world, &key, "/sessions/acme?live=false&status=open").await;
    assert_eq!(ids(&page), ["d", "b", "a"]);
    assert_eq!(page["sessions"][0]["live"], false);

    for (query, name) in [
        ("color=red", "color"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=nonsense", "cursor"),
        ("from=soon", "from"),
        ("text=", "text"),
        ("userId=%00", "userId"),
    ] {
        let (status, body) = get_json(&world, &key, &format!("/sessions/acme?{query}")).await;
        assert_eq!(
            (status, body["error"]["code"].as_str()),
            (400, Some("malformed")),
            "{query}"
        );
        assert!(
            body["error"]["message"].as_str().unwrap().contains(name),
            "{body}"
        );
    }
}

#[actix_web::test]
async fn a_session_shows_its_gaps_and_generations() {
    let world = World::new().await;
    let first = SessionRecord {
        session_id: "visit".to_owned(),
        ..session("acme", "one", 1)
    };
    let second = SessionRecord {
        session_id: "visit".to_owned(),
        generation: 1,
        ..session("acme", "two", 9)
    };
    world.add(vec![first, second], vec![], vec![]).await;
    let key = world.key("acme", Scope::Read).await;

    let (_, latest) = get_json(&world, &key, "/sessions/acme/visit").await;
    assert_eq!(latest["id"], "two");
    assert_eq!(latest["status"], "open");
    assert_eq!(latest["traits"]["plan"], "pro");
    assert_eq!(
        latest["gaps"],
        serde_json::json!([{"windowId": "w", "firstSeq": 2, "lastSeq": 3, "since": 9}])
    );
    assert_eq!(
        latest["windows"],
        serde_json::json!([{"windowId": "w", "nextSeq": 5, "missing": 2}])
    );
    assert_eq!(
        latest["generations"][1],
        serde_json::json!({"id": "one", "generation": 0, "startedAt": 1})
    );
    let (_, by_row) = get_json(&world, &key, "/sessions/acme/one").await;
    assert_eq!(by_row["generation"], 0);
}

#[actix_web::test]
async fn events_come_in_pages_and_by_type() {
    let world = World::new().await;
    let events = vec![
        event("a", "e1", "click", 3),
        event("a", "e2", "scroll", 3),
        event("a", "e3", "click", 3),
    ];
    world
        .add(vec![session("acme", "a", 1)], events, vec![])
        .await;
    let key = world.key("acme", Scope::Read).await;

    let (_, first) = get_json(&world, &key, "/sessions/acme/a/events?limit=2").await;
    assert_eq!(first["events"][0]["data"]["x"], 1);
    let cursor = first["nextCursor"].as_str().unwrap();
    let (_, second) = get_json(
        &world,
        &key,
        &format!("/sessions/acme/sdk-a/events?cursor={cursor}"),
    )
    .await;
    assert_eq!(
        (second["events"][0]["id"].as_str(), &second["nextCursor"]),
        (Some("e3"), &Value::Null)
    );
    let (_, clicks) = get_json(&world, &key, "/sessions/acme/a/events?type=click").await;
    assert_eq!(clicks["events"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_recording_that_breaks_is_an_error_or_a_broken_stream_but_never_a_whole_answer() {
    let world = World::new().await;
    let long: Vec<_> = (0..5_000).map(|at| rrweb(at, "w", 3)).collect();
    let chunks = world.pack("a", &[long, vec![rrweb(9_000, "w", 3)]]).await;
    let second = chunks[1].clone();
    world
        .add(vec![session("acme", "a", 1)], vec![], chunks)
        .await;
    let key = world.key("acme", Scope::Read).await;

    let file = world.pack_file("a");
    let mut bytes = std::fs::read(&file).unwrap();
    let broken_at = usize::try_from(second.byte_offset).unwrap() + 6;
    bytes[broken_at..].fill(0xff);
    std::fs::write(&file, &bytes).unwrap();
    let response = get(&world, Some(&key), "/sessions/acme/a/replay").await;
    assert_eq!(response.status().as_u16(), 200);
    assert!(try_read_body(response).await.is_err());

    std::fs::remove_file(&file).unwrap();
    let (status, body) = get_json(&world, &key, "/sessions/acme/a/replay").await;
    assert_eq!(
        (status, body["error"]["code"].as_str()),
        (503, Some("unavailable"))
    );
    assert!(!body.to_string().contains("packs/"), "{body}");
}

#[actix_web::test]
async fn the_document_names_every_route_and_pages_of_allowed_origins_may_read() {
    let world = World::new().await;
    let response = get(&world, None, "/openapi.json").await;
    let origin = response
        .headers()
        .get("access-control-allow-origin")
        .unwrap()
        .clone();
    assert_eq!(origin, "https://dashboard.test");
    let document: Value = test::read_body_json(response).await;
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths.len(), 105, "{paths:?}");
    assert!(document["components"]["schemas"]["ErrorBody"].is_object());
    assert!(document["components"]["schemas"]["Gap"].is_object());
}

#[actix_web::test]
async fn a_session_says_what_its_visitor_agreed_to() {
    let world = World::new().await;
    let consent = |id: &str, consent: Option<&str>| SessionRecord {
        consent: consent.map(str::to_owned),
        ..session("acme", id, 7)
    };
    let text = r#"{"state":"granted","version":"2026-11","signal":"gpc"}"#;
    let sessions = vec![
        consent("a", Some(text)),
        consent("b", None),
        consent("c", Some("{")),
    ];
    world.add(sessions, vec![], vec![]).await;
    let key = world.key("acme", Scope::Read).await;
    for (id, expected) in [
        (
            "a",
            json!({"state": "granted", "version": "2026-11", "signal": "gpc"}),
        ),
        ("b", json!(null)),
        ("c", json!(null)),
    ] {
        let (_, found) = get_json(&world, &key, &format!("/sessions/acme/{id}")).await;
        assert_eq!(found["consent"], expected, "{id}");
    }
}
