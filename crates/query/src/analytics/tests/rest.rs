//! Over HTTP: access, and invalid requests.

use actix_web::App;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body_json};
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_web::request_scope;

use crate::rest;
use crate::tests::fixture::{World, event, session};

async fn ask(world: &World, key: &str, request: TestRequest) -> (u16, Value) {
    let app = App::new()
        .configure(|cfg| rest::configure(cfg, &world.api))
        .wrap(from_fn(request_scope));
    let app = init_service(app).await;
    let request = request.insert_header(("authorization", format!("Bearer {key}")));
    let response = call_service(&app, request.to_request()).await;
    (response.status().as_u16(), read_body_json(response).await)
}

async fn get(world: &World, key: &str, path: &str) -> (u16, Value) {
    ask(world, key, TestRequest::get().uri(path)).await
}

async fn world() -> (World, String) {
    let world = World::new().await;
    let mut record = session("acme", "a", 5_000);
    record.event_count = 1;
    let click = event("a", "e1", "click", 5_000);
    world.add(vec![record], vec![click], Vec::new()).await;
    let key = world.key("acme", Scope::Read).await;
    (world, key)
}

#[actix_web::test]
async fn every_question_is_answered_and_only_to_its_organization() {
    let (world, key) = world().await;
    let foreign = world.key("globex", Scope::Read).await;
    let writer = world.key("acme", Scope::Ingest).await;
    for path in [
        "/sessions/acme/facets?from=0&to=9000",
        "/analytics/acme/overview?from=0&to=9000&timezone=Europe/Berlin",
        "/analytics/acme/top?from=0&to=9000&dimension=eventType",
        "/analytics/acme/events?from=0&to=9000&bucket=hour",
        "/analytics/acme/journeys?from=0&to=9000&page=/&direction=to",
        "/analytics/acme/heatmap?from=0&to=9000&page=/&kind=dead&viewport=mobile",
        "/analytics/acme/pages?from=0&to=9000&text=x",
        "/analytics/acme/retention?to=9000&period=month&cohorts=2",
        "/analytics/acme/vitals?from=0&to=9000&exact=true",
    ] {
        let (status, answer) = get(&world, &key, path).await;
        assert_eq!(
            (status, &answer["sampleRate"]),
            (200, &json!(1.0)),
            "{path}: {answer}"
        );
        assert_eq!(get(&world, &foreign, path).await.0, 404, "{path}");
        assert_eq!(get(&world, &writer, path).await.0, 403, "{path}");
    }
    let (_, facets) = get(&world, &key, "/sessions/acme/facets?from=0&to=9000").await;
    assert_eq!(facets["total"], 1);
    assert_eq!(
        facets["facets"]["eventType"],
        json!([{ "value": "click", "count": 1 }])
    );
    assert_eq!(facets["facets"]["country"], json!([]));
    let (_, facets) = get(&world, &foreign, "/sessions/globex/facets?from=0&to=9000").await;
    assert_eq!(facets["total"], 0);
}

#[actix_web::test]
async fn mistakes_name_what_is_wrong() {
    let (world, key) = world().await;
    for (path, name) in [
        ("overview?from=5&to=5", "from:"),
        ("overview?bucket=month", "bucket:"),
        ("overview?from=0&bucket=hour", "bucket:"),
        ("overview?timezone=Mars/Base", "timezone:"),
        ("overview?from=-9223372036854775808", "from, to:"),
        ("top", "dimension:"),
        ("top?dimension=color", "dimension:"),
        ("top?dimension=page&limit=0", "limit:"),
        ("journeys?direction=up", "direction:"),
        ("journeys?depth=99", "depth:"),
        ("heatmap", "page:"),
        ("heatmap?page=", "page:"),
        ("heatmap?page=/&kind=hot", "kind:"),
        ("retention?period=hour", "period:"),
        ("retention?cohorts=33", "cohorts:"),
        ("vitals?exact=perhaps", "exact:"),
        ("pages?color=red", "unknown parameter `color`"),
        ("events?type=", "type:"),
    ] {
        let (status, answer) = get(&world, &key, &format!("/analytics/acme/{path}")).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!("malformed")),
            "{path}"
        );
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.starts_with(name), "{path}: {message}");
    }
}

async fn funnel(world: &World, key: &str, body: &Value) -> (u16, Value) {
    let request = TestRequest::post().uri("/analytics/acme/funnel");
    ask(world, key, request.set_payload(body.to_string())).await
}

#[actix_web::test]
async fn a_funnel_is_a_body() {
    let (world, key) = world().await;
    let steps = json!([{ "type": "click" }, { "type": "submit", "url": "/x" }]);
    let body = json!({
        "from": 0, "to": "1970-01-01T00:00:09Z", "filter": { "errors": false, "maxDuration": 5 },
        "steps": steps, "windowMs": 60_000, "breakdown": "country",
    });
    let (status, answer) = funnel(&world, &key, &body).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["steps"][0]["sessions"], 1);
    assert_eq!(answer["sampleSessions"][1]["dropped"], json!(["a"]));
    assert_eq!(
        answer["breakdown"],
        json!([{ "value": "(none)", "steps": [1, 0] }])
    );

    let foreign = world.key("globex", Scope::Read).await;
    assert_eq!(funnel(&world, &foreign, &body).await.0, 404);
    let total = json!({ "field": "eventProperty", "property": "total", "operator": "isSet" });
    let with = |name: &str, value: &str| {
        let mut condition = total.clone();
        condition[name] = json!(value);
        condition
    };
    let country = json!({ "field": "country", "operator": "isSet" });
    let (of_event, wrong) = (with("event", "purchase"), with("operator", "is"));
    let unknown = with("color", "red");
    let of_step = |kind: &str, conditions: &[Value]| {
        let groups: Vec<_> = conditions.iter().map(|one| json!([one])).collect();
        json!({ "steps": [{ "type": "click" }, { "type": kind, "where": groups }] })
    };
    let good = of_step("custom", &vec![total.clone(); 20]);
    assert_eq!(funnel(&world, &key, &good).await.0, 200);
    for (body, name) in [
        (json!({ "steps": [{ "type": "click" }] }), "steps:"),
        (json!({ "steps": steps, "windowMs": 0 }), "windowMs:"),
        (
            json!({ "steps": steps, "filter": { "color": 1 } }),
            "unknown parameter `color`",
        ),
        (
            json!({ "steps": steps, "filter": { "country": [] } }),
            "country:",
        ),
        (json!({ "steps": steps, "breakdown": "color" }), "the body:"),
        (json!({ "steps": steps, "from": "soon" }), "from:"),
        (
            of_step("click", std::slice::from_ref(&total)),
            "steps.where: only events",
        ),
        (of_step("custom", &[country]), "steps.where: the field"),
        (
            of_step("custom", &[of_event]),
            "steps.where: leave out `event`",
        ),
        (
            of_step("custom", &vec![total.clone(); 21]),
            "steps.where: at most 20",
        ),
        (of_step("custom", &[wrong]), "steps.where: eventProperty:"),
        (
            of_step("custom", &[unknown]),
            "the body: `steps[1].where[0][0]",
        ),
        (json!({}), "the body:"),
    ] {
        let (status, answer) = funnel(&world, &key, &body).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(status == 400 && message.starts_with(name), "{message}");
    }
    let large = json!({ "steps": steps, "filter": { "text": "x".repeat(70_000) } });
    assert_eq!(funnel(&world, &key, &large).await.0, 413);
}
