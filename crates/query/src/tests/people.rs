//! People over REST and gRPC: who is one person, and what masked callers see.

use serde_json::{Value, json};

use crow_auth::Scope;
use crow_proto::api;
use crow_proto::api::people_service_client::PeopleServiceClient;
use crow_runtime::Shutdown;
use crow_types::{EventRecord, SessionRecord};
use crow_web::ConnectionLimits;

use super::fixture::{World, event, session};
use super::grpc::{serve_limited, with_key};
use super::walk::browser;

const MAIL: &str = "ann@shop.example";

fn visit(id: &str, at: i64, user: Option<&str>, visitor: &str) -> SessionRecord {
    let seats = at / 1_000;
    SessionRecord {
        user_id: user.map(str::to_owned),
        visitor_id: Some(visitor.to_owned()),
        traits: user.map(|_| format!(r#"{{"plan":"pro","seats":{seats}}}"#)),
        country: Some("DE".to_owned()),
        device_type: Some("mobile".to_owned()),
        last_event_at: at + 9,
        event_count: 2,
        ..session("acme", id, at)
    }
}

async fn fill(world: &World) {
    let purchase = EventRecord {
        name: Some("purchase".to_owned()),
        data: r#"{"total":99.5}"#.to_owned(),
        ..event("s2", "e2", "custom", 2_005)
    };
    let events = vec![
        event("s2", "e1", "pageview", 2_001),
        event("s2", "e3", "click", 2_002),
        purchase,
    ];
    let sessions = vec![
        visit("s1", 1_000, None, "phone"),
        visit("s2", 2_000, Some(MAIL), "phone"),
        visit("s3", 3_000, Some(MAIL), "laptop"),
        visit("s4", 4_000, None, "guest"),
    ];
    world.add(sessions, events, vec![]).await;
}

fn column<'a>(rows: &'a Value, name: &str) -> Vec<&'a Value> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| &row[name])
        .collect()
}

#[actix_web::test]
async fn a_user_has_what_came_before_the_sign_in() {
    let world = World::new().await;
    fill(&world).await;
    let member = browser(&world, "user member").await;
    let (_, all) = member.get("/people/acme").await;
    assert_eq!(column(&all["people"], "sessionId"), ["s4", "s3"], "{all}");
    assert_eq!(all["nextCursor"], Value::Null);
    let ann = &all["people"][1];
    assert_eq!(
        (&ann["kind"], &ann["userId"]),
        (&json!("user"), &json!(MAIL))
    );

    // By the id of a browser, too. An `@` and an escaped one are the same.
    for path in [
        "user/ann@shop.example",
        "user/ann%40shop.example",
        "visitor/phone",
    ] {
        let path = format!("/people/acme/{path}");
        let (_, one) = member.get(&path).await;
        assert_eq!(one["userId"], MAIL, "{one}");
        assert_eq!(one["browsers"], json!(["laptop", "phone"]));
        assert_eq!(
            (
                &one["sessions"],
                &one["firstSeenAt"],
                &one["lastSeenAt"],
                &one["identifiedAt"]
            ),
            (&json!(3), &json!(1_000), &json!(3_009), &json!(2_000))
        );
        assert_eq!(
            one["traits"],
            json!([
                { "name": "plan", "value": "pro", "at": 3_000 },
                { "name": "seats", "value": 3, "at": 3_000 },
            ])
        );
        assert_eq!(one["countries"], json!([{ "name": "DE", "sessions": 3 }]));
        let (_, first) = member.get(&format!("{path}/timeline?limit=2")).await;
        assert_eq!(column(&first["sessions"], "id"), ["s3", "s2"]);
        let main = &first["sessions"][1]["mainEvents"];
        assert_eq!(column(main, "type"), ["pageview", "custom"]);
        assert_eq!(main[1]["name"], "purchase");
        let cursor = first["nextCursor"].as_str().unwrap();
        let (_, rest) = member
            .get(&format!("{path}/timeline?cursor={cursor}"))
            .await;
        assert_eq!(column(&rest["sessions"], "isBeforeSignIn"), [true]);
    }
    for (path, expected) in [
        ("/people/acme/visitor/guest", 200),
        ("/people/acme/user/guest", 404),
        ("/people/acme/browser/guest", 400),
        ("/people/acme/user/none/timeline", 404),
    ] {
        assert_eq!(member.get(path).await.0, expected, "{path}");
    }
}

/// A list with conditions, escaped.
fn path_of(list: &str, condition: &str) -> String {
    let json = format!("[[{{{condition}}}]]");
    let escaped: String = json.bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("{list}?where={escaped}")
}

#[actix_web::test]
async fn lists_take_conditions_and_masked_callers_only_harmless_ones() {
    let world = World::new().await;
    fill(&world).await;
    let member = browser(&world, "user member").await;
    let marketing = browser(&world, "user marketing").await;
    let all = json!(["s4", "s3", "s2", "s1"]);
    for (condition, sessions, people, is_harmless) in [
        (
            r#""field":"country","operator":"is","values":["DE"]"#,
            &all,
            json!(["s4", "s3"]),
            true,
        ),
        (
            r#""field":"eventName","operator":"isSet""#,
            &json!(["s2"]),
            json!([]),
            true,
        ),
        (
            r#""field":"userId","operator":"isNotSet""#,
            &json!(["s4", "s1"]),
            json!(["s4"]),
            false,
        ),
        (
            r#""field":"trait","property":"seats","operator":"greater","values":["2"]"#,
            &json!(["s3"]),
            json!(["s3"]),
            false,
        ),
        (
            r#""field":"eventProperty","property":"total","operator":"is","values":["99.5"]"#,
            &json!(["s2"]),
            json!([]),
            false,
        ),
        (
            r#""field":"country","operator":"contains","values":["d"]"#,
            &all,
            json!(["s4", "s3"]),
            false,
        ),
    ] {
        let (status, found) = member.get(&path_of("/sessions/acme", condition)).await;
        assert_eq!(status, 200, "{found}");
        assert_eq!(
            json!(column(&found["sessions"], "id")),
            *sessions,
            "{condition}"
        );
        let (_, found) = member.get(&path_of("/people/acme", condition)).await;
        assert_eq!(
            json!(column(&found["people"], "sessionId")),
            people,
            "{condition}"
        );
        for list in ["/sessions/acme", "/people/acme", "/analytics/acme/overview"] {
            let (status, answer) = marketing.get(&path_of(list, condition)).await;
            assert_eq!(status == 200, is_harmless, "{list} {condition}: {answer}");
        }
    }
    let (_, seen) = marketing.get("/people/acme").await;
    for hidden in ["userId", "visitorId", "traits"] {
        assert_eq!(
            column(&seen["people"], hidden),
            [&Value::Null; 2],
            "{hidden}"
        );
    }
    assert_eq!(marketing.get("/people/acme?text=a").await.0, 403);
    assert_eq!(marketing.get("/people/acme/visitor/guest").await.0, 403);
    let (status, answer) = member
        .get(&path_of("/sessions/acme", r#""field":"x""#))
        .await;
    assert_eq!(status, 400, "{answer}");
    let funnel = json!({
        "from": 0, "to": 10_000,
        "filter": { "where": [[{ "field": "eventName", "operator": "isSet" }]] },
        "steps": [{ "type": "pageview" }, { "type": "click" }],
    });
    let asked = member.change(
        actix_web::http::Method::POST,
        "/analytics/acme/funnel",
        Some(funnel),
    );
    let (status, found) = asked.await;
    assert_eq!(
        (status, &found["steps"][1]["sessions"]),
        (200, &json!(1)),
        "{found}"
    );
}

#[actix_web::test]
async fn people_come_over_grpc() {
    let world = World::new().await;
    fill(&world).await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let address = serve_limited(&world, ConnectionLimits::default(), &shutdown).await;
    let mut client = PeopleServiceClient::connect(address).await.unwrap();
    let condition = api::Condition {
        field: "trait".to_owned(),
        property: Some("plan".to_owned()),
        operator: api::Operator::Is.into(),
        values: vec!["pro".to_owned()],
        ..Default::default()
    };
    let group = api::ConditionGroup {
        any_of: vec![condition],
    };
    let asked = api::ListPeopleRequest {
        organization_id: "acme".to_owned(),
        conditions: Some(api::Conditions {
            groups: vec![group],
        }),
        ..Default::default()
    };
    let page = client.list_people(with_key(&key, asked)).await.unwrap();
    let page = page.into_inner();
    assert_eq!(page.people.len(), 1);
    assert_eq!(page.people[0].user_id, MAIL);
    let asked = api::GetPersonRequest {
        organization_id: "acme".to_owned(),
        kind: "visitor".to_owned(),
        person_id: "phone".to_owned(),
    };
    let one = client.get_person(with_key(&key, asked)).await.unwrap();
    let one = one.into_inner();
    assert_eq!((one.kind.as_str(), one.sessions), ("user", 3));
    assert_eq!(one.traits[1].value, "3");
    let asked = api::GetPersonTimelineRequest {
        organization_id: "acme".to_owned(),
        kind: "user".to_owned(),
        person_id: MAIL.to_owned(),
        page_size: 1,
        ..Default::default()
    };
    let page = client.get_person_timeline(with_key(&key, asked)).await;
    let page = page.unwrap().into_inner();
    assert_eq!(page.sessions[0].id, "s3");
    assert!(!page.next_page_token.is_empty());
    shutdown.start();
}
