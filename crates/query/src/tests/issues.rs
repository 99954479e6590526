//! Issues over REST and gRPC.

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_proto::api;
use crow_proto::api::issue_service_client::IssueServiceClient;
use crow_runtime::Shutdown;
use crow_types::{EventRecord, SessionRecord, Timestamp};
use crow_web::ConnectionLimits;

use super::fixture::{World, event, session};
use super::grpc::{serve_limited, with_key};
use super::walk::browser;

const EVIL: &str = "<script>alert(1)</script>";

fn failed(session: &str, id: &str, at: i64, message: &str, function: &str) -> EventRecord {
    let stack = format!(
        "TypeError: {message}\n    at Array.map (<anonymous>)\n    \
         at {function} (https://shop.example/main.js:3:7)\n    \
         at run (https://shop.example/node_modules/x.js:1:2)"
    );
    let data = json!({ "name": "TypeError", "message": message, "stack": stack, "release": "1.0" });
    EventRecord {
        url: Some("https://shop.example/cart/17?x=1".to_owned()),
        data: data.to_string(),
        ..event(session, id, "error", at)
    }
}

fn visit(organization: &str, id: &str, at: i64) -> SessionRecord {
    SessionRecord {
        error_count: 1,
        browser: Some("Firefox".to_owned()),
        has_replay: true,
        ..session(organization, id, at)
    }
}

/// Two sessions with one error, one with another, and one of somebody else.
async fn fill(world: &World) -> i64 {
    let now = Timestamp::now().0 - 60_000;
    let sessions = ["a", "b"].map(|id| visit("acme", id, now)).to_vec();
    let events = vec![
        failed("a", "1", now + 1_000, EVIL, "pay"),
        failed("a", "2", now + 2_000, EVIL, "pay"),
        failed("b", "3", now + 5_000, EVIL, "pay"),
        failed("b", "4", now + 4_000, "else", "refund"),
    ];
    world.add(sessions, events, vec![]).await;
    let rival = failed("r", "5", now, EVIL, "pay");
    let sessions = vec![visit("rival", "r", now)];
    world.add(sessions, vec![rival], vec![]).await;
    now
}

fn ids(list: &Value) -> Vec<String> {
    let issues = list["issues"].as_array().unwrap().iter();
    issues
        .map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn a_member_lists_reads_and_decides() {
    let world = World::new().await;
    let now = fill(&world).await;
    let member = browser(&world, "user member").await;
    let (status, list) = member.get("/issues/acme?status=open&limit=1").await;
    assert_eq!(status, 200, "{list}");
    let first = &list["issues"][0];
    assert_eq!(
        (&first["count"], &first["sessions"], &first["people"]),
        (&json!(3), &json!(2), &json!(2))
    );
    assert_eq!(first["message"], EVIL);
    assert_eq!(first["culprit"], "pay in main.js");
    assert_eq!(first["page"], "/cart/*");
    assert_eq!(first["lastSeen"], now + 5_000);
    let cursor = list["nextCursor"].as_str().unwrap();
    let next = format!("/issues/acme?status=open&limit=1&cursor={cursor}");
    let (_, next) = member.get(&next).await;
    assert_eq!(next["issues"][0]["culprit"], "refund in main.js");
    assert_eq!(next["nextCursor"], Value::Null);
    let (_, found) = member
        .get("/issues/acme?text=REFUND&release=1.0&page=cart")
        .await;
    assert_eq!(ids(&found), ids(&next));

    let one = format!("/issues/acme/{}", ids(&list)[0]);
    let (status, whole) = member.get(&one).await;
    assert_eq!(status, 200, "{whole}");
    assert_eq!(whole["stack"]["sessionId"], "b");
    let frames = whole["stack"]["frames"].as_array().unwrap();
    let kinds: Vec<&str> = frames
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["native", "app", "library"]);
    assert_eq!(frames[1]["line"], 3);
    assert_eq!(
        whole["browsers"][0],
        json!({ "value": "Firefox", "sessions": 2, "count": 3 })
    );
    assert_eq!(whole["releases"][0]["value"], "1.0");
    let latest = whole["latestSessions"].as_array().unwrap();
    assert_eq!(latest[0]["id"], "b");
    assert_eq!(latest[1]["lastSeen"], now + 2_000);
    assert_eq!(latest[0]["hasReplay"], true);

    // A user who sees no issues is not offered.
    let _marketing = browser(&world, "user marketing").await;
    let (_, people) = member.get("/issues/acme/assignees").await;
    assert_eq!(people["assignees"].as_array().unwrap().len(), 1);
    let ann = people["assignees"][0]["id"].as_str().unwrap();
    let decision = json!({ "status": "resolved", "inNextRelease": true, "assigneeId": ann });
    let (status, changed) = member.change(Method::PUT, &one, Some(decision)).await;
    assert_eq!(
        (status, &changed["status"]),
        (200, &json!("resolved")),
        "{changed}"
    );
    assert_eq!(changed["assigneeName"], "Ann");
    assert_eq!(changed["inNextRelease"], true);
    let (_, open) = member.get("/issues/acme?status=open").await;
    assert_eq!(ids(&open), ids(&next));
    let (_, mine) = member.get(&format!("/issues/acme?assignee={ann}")).await;
    assert_eq!(ids(&mine), ids(&list));
    let nobody = json!({ "assigneeId": "" });
    let (_, changed) = member.change(Method::PUT, &one, Some(nobody)).await;
    assert_eq!(
        (&changed["assigneeId"], &changed["status"]),
        (&Value::Null, &json!("resolved"))
    );
    // An error of a session leads to its issue.
    let (_, events) = member.get("/sessions/acme/b/events").await;
    assert_eq!(events["events"][1]["issueId"], ids(&list)[0]);
}

#[actix_web::test]
async fn what_is_wrong_is_refused() {
    let world = World::new().await;
    fill(&world).await;
    let member = browser(&world, "user member").await;
    let (_, list) = member.get("/issues/acme").await;
    let one = format!("/issues/acme/{}", ids(&list)[0]);
    for (path, expected) in [
        ("/issues/acme?status=closed", 400),
        ("/issues/acme?sort=size", 400),
        ("/issues/acme?from=5&to=5", 400),
        ("/issues/acme?from=-9000000000000000000", 400),
        ("/issues/acme?limit=101", 400),
        ("/issues/acme/none", 404),
        ("/issues/acme/1:00", 404),
    ] {
        assert_eq!(member.get(path).await.0, expected, "{path}");
    }
    for (body, expected) in [
        (json!({}), 400),
        (json!({ "status": "closed" }), 400),
        (json!({ "state": "open" }), 400),
        (json!({ "inNextRelease": true }), 400),
        (json!({ "status": "open", "inNextRelease": true }), 400),
        (json!({ "assigneeId": "nobody" }), 422),
    ] {
        let (status, answer) = member.change(Method::PUT, &one, Some(body)).await;
        assert_eq!(status, expected, "{answer}");
    }
    let open = json!({ "status": "open" });
    let unknown = member.change(Method::PUT, "/issues/acme/1:00", Some(open));
    assert_eq!(unknown.await.0, 404);
}

#[actix_web::test]
async fn issues_come_over_grpc() {
    let world = World::new().await;
    fill(&world).await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let address = serve_limited(&world, ConnectionLimits::default(), &shutdown).await;
    let mut client = IssueServiceClient::connect(address).await.unwrap();
    let asked = api::ListIssuesRequest {
        organization_id: "acme".to_owned(),
        page_size: 1,
        sort: Some("count".to_owned()),
        ..Default::default()
    };
    let page = client.list_issues(with_key(&key, asked)).await.unwrap();
    let page = page.into_inner();
    assert_eq!((page.issues.len(), page.issues[0].count), (1, 3));
    assert!(!page.next_page_token.is_empty());
    let id = page.issues[0].id.clone();
    let asked = api::GetIssueRequest {
        organization_id: "acme".to_owned(),
        issue_id: id.clone(),
        ..Default::default()
    };
    let whole = client
        .get_issue(with_key(&key, asked))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(whole.stack.unwrap().frames[1].function, "pay");
    assert_eq!(whole.latest_sessions.len(), 2);
    let asked = api::ChangeIssueRequest {
        organization_id: "acme".to_owned(),
        issue_id: id,
        status: Some("ignored".to_owned()),
        ..Default::default()
    };
    let refused = client.change_issue(with_key(&key, asked.clone())).await;
    assert_eq!(refused.unwrap_err().code(), tonic::Code::PermissionDenied);
    let key = world.key("acme", Scope::Admin).await;
    let changed = client.change_issue(with_key(&key, asked)).await.unwrap();
    assert_eq!(changed.into_inner().status, "ignored");
    shutdown.start();
}

#[actix_web::test]
async fn a_key_that_may_only_read_decides_nothing() {
    let world = World::new().await;
    fill(&world).await;
    for (caller, expected) in [("key read", 403), ("key admin", 200), ("user member", 200)] {
        let browser = browser(&world, caller).await;
        let (_, list) = browser.get("/issues/acme").await;
        let one = format!("/issues/acme/{}", ids(&list)[0]);
        let decision = Some(json!({ "status": "ignored" }));
        let (status, answer) = browser.change(Method::PUT, &one, decision).await;
        assert_eq!(status, expected, "{caller}: {answer}");
    }
}
