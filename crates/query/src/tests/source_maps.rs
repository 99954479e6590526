//! Source maps over REST and gRPC. The bundles are those of `crates/sourcemap`.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::pending;
use std::path::Path;

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_db::audit_log::Actor;
use crow_proto::api;
use crow_proto::api::issue_service_client::IssueServiceClient;
use crow_runtime::Shutdown;
use crow_types::settings::ScrubbingSettings;
use crow_types::{EventRecord, OrganizationId, SessionRecord, Timestamp};
use crow_web::ConnectionLimits;

use super::fixture::{World, event, session};
use super::grpc::{serve_limited, with_key};
use super::signed_in::Browser;
use super::walk::browser;
use crate::ask::source_maps::Script;

const JSON: &str = "application/json";
const ID: &str = "0199c0de-7b1e-8a3c-9f0e-5d2b6c4a1e7f";

fn bundle(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sourcemap/src/tests/bundles");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// A session with an error that Chromium told of the bundle of esbuild.
async fn fill(world: &World, organization: &str, debug_ids: &Value) -> i64 {
    type Told = BTreeMap<String, BTreeMap<String, Value>>;
    let told: Told = serde_json::from_str(&bundle("stacks.json")).unwrap();
    let mut data = told["esbuild"]["chromium"].clone();
    data["release"] = json!("1.0");
    data["debugIds"] = debug_ids.clone();
    let now = Timestamp::now().0 - 60_000;
    let id = format!("{organization}-1");
    let visit = SessionRecord {
        error_count: 1,
        ..session(organization, &id, now)
    };
    let failed = EventRecord {
        data: data.to_string(),
        ..event(&id, "e1", "error", now + 1_000)
    };
    world.add(vec![visit], vec![failed], vec![]).await;
    now + 1_000
}

async fn upload(by: &Browser<'_>, query: &str) -> (u16, Value) {
    let path = format!("/source-maps/acme?{query}");
    by.upload(&path, JSON, bundle("esbuild/app.js.map")).await
}

async fn stack(by: &Browser<'_>) -> Value {
    let (_, list) = by.get("/issues/acme").await;
    let id = list["issues"][0]["id"].as_str().unwrap();
    by.get(&format!("/issues/acme/{id}")).await.1["stack"].take()
}

/// Function, line and file of each frame's source.
fn originals(stack: &Value) -> Vec<String> {
    let told = |frame: &Value| {
        let original = &frame["original"];
        let file = original["source"].as_str()?.rsplit('/').next()?;
        let function = original["function"].as_str()?;
        Some(format!("{function} {file}:{}", original["line"]))
    };
    let frames = stack["frames"].as_array().unwrap();
    frames.iter().filter_map(told).collect()
}

const SOURCES: [&str; 5] = [
    "priceOf cart.js:6",
    "total cart.js:20",
    "checkout main.js:5",
    "report main.js:9",
    "onTimer main.js:14",
];

#[actix_web::test]
async fn a_map_of_release_and_path_explains_the_stack_until_it_is_removed() {
    let world = World::new().await;
    let at = fill(&world, "acme", &Value::Null).await;
    let admin = browser(&world, "user admin").await;
    let member = browser(&world, "user member").await;
    let bare = stack(&member).await;
    assert_eq!(originals(&bare), [""; 0]);
    assert_eq!(bare["release"], "1.0");
    let missing = json!(["https://shop.example/esbuild/app.js"]);
    assert_eq!(bare["missingMaps"], missing);

    // The end of the path is enough.
    let (status, made) = upload(&admin, "release=1.0&path=/app.js").await;
    assert_eq!(status, 201, "{made}");
    let (status, again) = upload(&admin, "release=1.0&path=/app.js").await;
    assert_eq!((status, &again["id"]), (201, &made["id"]));
    // A longer end is nearer, and another release is none.
    let other = json!({ "version": 3, "sources": ["x.js"], "mappings": "AAAA" }).to_string();
    let path = "/source-maps/acme?release=2.0&path=/esbuild/app.js";
    assert_eq!(admin.upload(path, JSON, other).await.0, 201);

    let found = stack(&member).await;
    assert_eq!(originals(&found), SOURCES);
    assert_eq!(found["missingMaps"], json!([]));
    let context = found["frames"][0]["original"]["context"]
        .as_array()
        .unwrap();
    assert_eq!(context.len(), 11);
    let line = json!({ "number": 6, "text": "  return price.amount;" });
    assert_eq!(context[5], line);
    let one = format!("/sessions/acme/acme-1/events/e1/stack?at={at}");
    assert_eq!(originals(&member.get(&one).await.1), SOURCES);
    assert_eq!(member.get(&one.replace("e1", "e2")).await.0, 404);
    over_grpc(&world, at).await;

    // Code of a package in a script of the page: the longer path wins.
    let package =
        json!({ "version": 3, "sources": ["../node_modules/x/y.js"], "mappings": "AAAA" });
    let path = "/source-maps/acme?release=1.0&path=/esbuild/app.js";
    let (_, made_for_package) = admin.upload(path, JSON, package.to_string()).await;
    let kinds = stack(&member).await;
    let kinds = kinds["frames"].as_array().unwrap().iter();
    assert!(kinds.clone().count() > 0 && kinds.clone().all(|frame| frame["kind"] == "library"));
    let id = made_for_package["id"].as_str().unwrap();
    let gone = format!("/source-maps/acme/{id}");
    assert_eq!(admin.change(Method::DELETE, &gone, None).await.0, 204);

    let (_, list) = admin.get("/source-maps/acme?limit=1").await;
    assert_eq!(list["sourceMaps"][0]["release"], "2.0");
    let next = list["nextCursor"].as_str().unwrap();
    let next = format!("/source-maps/acme?limit=1&cursor={next}");
    let (_, list) = admin.get(&next).await;
    assert_eq!(list["sourceMaps"][0]["id"], made["id"]);
    assert_eq!(list["nextCursor"], Value::Null);
    assert_eq!(list["sourceMaps"][0]["uploadedKind"], "user");

    let id = made["id"].as_str().unwrap();
    let gone = format!("/source-maps/acme/{id}");
    assert_eq!(admin.status(Method::DELETE, &gone, None).await, 204);
    assert_eq!(admin.status(Method::DELETE, &gone, None).await, 404);
    assert_eq!(stack(&member).await["missingMaps"], missing);
    let (_, log) = admin.get("/admin/acme/audit").await;
    let log = log.to_string();
    assert!(log.contains("source_map.uploaded") && log.contains("source_map.removed"));
}

async fn over_grpc(world: &World, at: i64) {
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let address = serve_limited(world, ConnectionLimits::default(), &shutdown).await;
    let mut client = IssueServiceClient::connect(address).await.unwrap();
    let asked = api::GetStackRequest {
        organization_id: "acme".to_owned(),
        session_id: "acme-1".to_owned(),
        event_id: "e1".to_owned(),
        at,
    };
    let found = client.get_stack(with_key(&key, asked)).await.unwrap();
    let found = found.into_inner();
    assert_eq!(
        (found.release.as_str(), found.missing_maps.len()),
        ("1.0", 0)
    );
    let original = found.frames[0].original.clone().unwrap();
    assert_eq!((original.function.as_str(), original.line), ("priceOf", 6));
    assert_eq!(original.context[5].text, "  return price.amount;");
    shutdown.start();
}

#[actix_web::test]
async fn a_debug_id_finds_its_map_in_any_release_of_the_own_organization() {
    let world = World::new().await;
    let ids = json!({ "https://shop.example/esbuild/app.js?v=3": ID, "x": "no id" });
    fill(&world, "acme", &ids).await;
    let admin = browser(&world, "key admin").await;
    // A rival's map of the same id.
    let rival = world.key("rival", Scope::Admin).await;
    let mut other = Browser::new(&world);
    other.headers = vec![("authorization", format!("Bearer {rival}"))];
    let query = format!("release=0.9&path=/moved/bundle.js&debugId={ID}");
    let path = format!("/source-maps/rival?{query}");
    let (status, _) = other
        .upload(&path, JSON, bundle("esbuild/app.js.map"))
        .await;
    assert_eq!(status, 201);
    assert_eq!(originals(&stack(&admin).await), [""; 0]);
    assert_eq!(upload(&other, &query).await.0, 404);

    let (status, made) = upload(&admin, &query).await;
    assert_eq!((status, &made["debugId"]), (201, &json!(ID)), "{made}");
    assert_eq!(originals(&stack(&admin).await), SOURCES);
}

#[test]
fn no_rule_of_the_gateway_changes_a_debug_id() {
    let all = ScrubbingSettings {
        email: true,
        card: true,
        iban: true,
        phone: true,
        secrets: true,
        query_parameters: Vec::new(),
    };
    let scrubber = crow_scrub::Scrubber::new(&all).unwrap();
    for number in 0..5_000_u32 {
        let id = crow_sourcemap::script::new_debug_id(&number.to_le_bytes(), b"");
        let mut scrubbed = id.clone();
        scrubber.text(&mut scrubbed);
        assert_eq!(scrubbed, id);
    }
}

#[actix_web::test]
async fn what_is_no_map_is_refused_and_told_why() {
    let world = World::new().await;
    let mut admin = browser(&world, "key admin").await;
    let right = "release=1.0&path=/a.js";
    for (query, expected) in [
        ("", 400),
        ("release=1.0", 400),
        ("release=1.0&path=a.js", 400),
        ("release=1.0&path=/a.js?x", 400),
        ("release=1.0&path=/a%00.js", 400),
        ("release=1.0&path=/a.js&debugId=x", 400),
        ("release=%0A&path=/a.js", 400),
    ] {
        let (status, answer) = upload(&admin, query).await;
        assert_eq!(status, expected, "{query}: {answer}");
    }
    let long = format!("release={}&path=/a.js", "x".repeat(65));
    assert_eq!(upload(&admin, &long).await.0, 400);
    let path = format!("/source-maps/acme?{right}");
    let beyond = json!({ "version": 3, "sources": [], "mappings": "AAAA" });
    let other = json!({ "version": 3, "mappings": "", "debugId": ID });
    let with_id = format!("{path}&debugId={}", ID.replace('7', "8"));
    for (path, kind, body, expected) in [
        (&path, JSON, "{}".to_owned(), 422),
        (&path, JSON, beyond.to_string(), 422),
        (&path, "text/plain", "{}".to_owned(), 415),
        (&with_id, JSON, other.to_string(), 422),
    ] {
        let (status, answer) = admin.upload(path, kind, body).await;
        assert_eq!(status, expected, "{answer}");
    }
    admin.headers.push(("content-encoding", "br".to_owned()));
    assert_eq!(upload(&admin, right).await.0, 415);
    admin.headers.pop();
    admin.headers.push(("content-encoding", "gzip".to_owned()));
    assert_eq!(upload(&admin, right).await.0, 400);
    admin.headers.pop();
    let (_, list) = admin.get("/source-maps/acme").await;
    assert_eq!(list["sourceMaps"], json!([]));
    let left = world.store.list("sourcemaps").await.unwrap();
    assert_eq!(left, [""; 0]);
}

#[actix_web::test]
async fn a_map_that_is_too_large_is_refused_and_old_releases_go() {
    let mut world = World::new().await;
    world.api.use_cases =
        world
            .api
            .use_cases
            .clone()
            .with_source_maps(crate::source_maps::Limits {
                max_bytes: 1_000,
                releases: 1,
            });
    let admin = browser(&world, "key admin").await;
    let (status, answer) = upload(&admin, "release=1.0&path=/a.js").await;
    assert_eq!(status, 413, "{answer}");
    let small = |name: &str| json!({ "version": 3, "sources": [name], "mappings": "" }).to_string();
    for release in ["1.0", "1.1"] {
        let path = format!("/source-maps/acme?release={release}&path=/a.js");
        assert_eq!(admin.upload(&path, JSON, small(release)).await.0, 201);
    }
    let (_, list) = admin.get("/source-maps/acme").await;
    let kept = list["sourceMaps"].as_array().unwrap();
    assert_eq!((kept.len(), &kept[0]["release"]), (1, &json!("1.1")));
}

#[actix_web::test]
async fn a_slow_upload_delays_only_its_own_organization() {
    let world = World::new().await;
    fill(&world, "acme", &Value::Null).await;
    let admin = browser(&world, "key admin").await;
    let (maps, by) = (&world.api.use_cases.source_maps, &Actor::system());
    let script = || Script {
        release: "1.0".to_owned(),
        path: "/a.js".to_owned(),
        debug_id: None,
    };
    let ids = ["one", "two", "rival"].map(|id| OrganizationId::new(id).unwrap());
    let mut slow: Vec<_> = ids
        .iter()
        .map(|id| Box::pin(maps.upload(id, by, script(), pending())))
        .collect();
    for upload in &mut slow {
        assert!(futures::poll!(upload).is_pending());
    }
    let is_read = Cell::new(false);
    let body = async {
        is_read.set(true);
        pending().await
    };
    let mut second = Box::pin(maps.upload(&ids[2], by, script(), body));
    assert!(futures::poll!(&mut second).is_pending());
    assert!(!is_read.get(), "one body of an organization is in memory");

    assert_eq!(upload(&admin, "release=1.0&path=/app.js").await.0, 201);
    assert_eq!(originals(&stack(&admin).await), SOURCES);
    drop(slow);
    assert!(futures::poll!(&mut second).is_pending());
    assert!(is_read.get());
}

#[actix_web::test]
async fn a_stack_whose_maps_cannot_be_asked_is_shown_as_the_browser_wrote_it() {
    let world = World::new().await;
    let at = fill(&world, "acme", &Value::Null).await;
    let admin = browser(&world, "key admin").await;
    assert_eq!(upload(&admin, "release=1.0&path=/app.js").await.0, 201);
    // There are no turns any more.
    world.api.use_cases.source_maps.views.close();
    let one = format!("/sessions/acme/acme-1/events/e1/stack?at={at}");
    for bare in [stack(&admin).await, admin.get(&one).await.1] {
        assert!(bare["frames"].as_array().unwrap().len() > 4, "{bare}");
        assert_eq!(originals(&bare), [""; 0]);
        // It is there.
        assert_eq!(bare["missingMaps"], json!([]));
    }
}
