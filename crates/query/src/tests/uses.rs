//! Every operation of an organization does its work for the smallest role that may use it. Together
//! with `walk` this shows that a caller who is let in gets more than an error.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crow_auth::Scope;
use crow_bus::{Bus, streams};
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::wait::eventually;
use crow_types::{EndReason, EventRecord, SessionRecord, Timestamp};

use super::fixture::{World, event, rrweb, session};
use super::letters::keep_letter;
use super::signed_in::Browser;
use super::walk::{NEEDS, Operation, browser, operations};
use super::{assets, interactions};

const READY: Duration = Duration::from_secs(20);
const PICTURE: &str = "https://shop.example/a.svg";
/// Their answers have no end, or are files.
const STREAMS: [&str; 6] = [
    "watch_session",
    "watch_sessions",
    "get_replay",
    "export",
    "access",
    "get_asset",
];

/// A user of each role, and what was done.
struct Uses<'a> {
    marketing: Browser<'a>,
    member: Browser<'a>,
    admin: Browser<'a>,
    operations: Vec<Operation>,
    done: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Uses<'a> {
    async fn new(world: &'a World, bus: &Bus) -> Self {
        let with_bus = async |name| {
            let mut browser = browser(world, name).await;
            browser.bus = Some(bus.clone());
            browser
        };
        Self {
            marketing: with_bus("user marketing").await,
            member: with_bus("user member").await,
            admin: with_bus("user admin").await,
            operations: operations(),
            done: RefCell::default(),
        }
    }

    fn smallest(&self, needed: Scope) -> &Browser<'a> {
        match needed {
            Scope::Analytics => &self.marketing,
            Scope::Read => &self.member,
            Scope::Ingest | Scope::Admin | Scope::Owner => &self.admin,
        }
    }

    /// Uses an operation. `rest` is what follows the organization in the path, and the query.
    async fn of(&self, id: &str, rest: &str, body: Option<Value>) -> Value {
        let known = NEEDS.iter().find(|(known, _)| *known == id);
        let (id, needed) = known.unwrap_or_else(|| panic!("{id}"));
        let operation = self.operations.iter().find(|one| one.id == *id).unwrap();
        let (before, after) = operation.path.split_once("{orgId}").unwrap();
        let (given, _query) = rest.split_once('?').unwrap_or((rest, ""));
        assert!(fits(after, given), "{id}: {given} is not {after}");
        let path = format!("{before}acme{rest}");
        let (by, method) = (self.smallest(*needed), operation.method.clone());
        let (status, answer) = if STREAMS.contains(id) {
            (by.status(method, &path, body).await, Value::Null)
        } else {
            by.change(method, &path, body).await
        };
        assert!((200..300).contains(&status), "{id}: {status} {answer}");
        self.done.borrow_mut().insert(*id);
        answer
    }

    async fn get(&self, id: &str, rest: &str) -> Value {
        self.of(id, rest, None).await
    }
}

/// Whether a path is one of an operation: a name in braces stands for any part.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.split('/'), path.split('/'));
    let is_same = |(wanted, given): (&str, &str)| wanted.starts_with('{') || wanted == given;
    let has_same_parts = pattern.clone().zip(path.clone()).all(is_same);
    has_same_parts && pattern.count() == path.count()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value}"))
}

async fn fill(world: &World, bus: &Bus) {
    let now = Timestamp::now().0;
    let chunks = world.pack("a", &[vec![rrweb(now - 60_000, "w", 2)]]).await;
    let of_ann = SessionRecord {
        user_id: Some("ann".to_owned()),
        ..session("acme", "a", now - 60_000)
    };
    let over = SessionRecord {
        end_reason: Some(EndReason::Idle),
        due_at: None,
        has_replay: true,
        ..session("acme", "over", now - 60_000)
    };
    let sessions = vec![of_ann, session("acme", "b", now - 50_000), over];
    let events = vec![
        event("a", "e1", "click", now - 59_000),
        EventRecord {
            data: json!({
                "message": "no",
                "release": "1.0",
                "stack": "at pay (https://shop.example/a.js:1:1)",
            })
            .to_string(),
            ..event("a", "e2", "error", now - 58_000)
        },
    ];
    world.add(sessions, events, chunks).await;
    interactions::add(world, "acme", "i", now - 50_000).await;
    assets::add(world, "acme", PICTURE, b"<svg/>", now).await;
    eventually("the streams", READY, async || {
        streams::ensure(bus).await.ok()
    })
    .await;
    for sequence in [1, 2] {
        keep_letter(bus, sequence, "acme").await;
    }
}

#[actix_web::test]
async fn every_operation_works_for_the_smallest_role_that_may_use_it() {
    let mut world = World::new().await;
    let nats = NatsServer::start(NatsOptions::default()).await.unwrap();
    let bus = World::bus_at(nats.url()).await;
    world.api.use_cases.bus = bus.clone();
    fill(&world, &bus).await;
    let uses = Uses::new(&world, &bus).await;
    sessions(&uses).await;
    catalogue(&uses).await;
    issues(&uses).await;
    alerts(&uses).await;
    source_maps(&uses).await;
    numbers(&uses).await;
    keys_and_settings(&uses).await;
    erasures(&uses).await;
    letters(&uses).await;
    filters(&uses).await;
    cohorts(&uses).await;
    kept(&uses).await;
    dashboards_and_collections(&uses).await;
    links(&uses).await;
    people(&uses).await;
    let done = uses.done.into_inner();
    let missing: Vec<&str> = NEEDS
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| !done.contains(id))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

async fn sessions(uses: &Uses<'_>) {
    uses.get("list_sessions", "").await;
    uses.get("facets", "/facets").await;
    let shown = uses.get("get_session", "/a").await;
    assert_eq!(shown["id"], "a");
    uses.get("list_events", "/a/events").await;
    uses.get("list_people", "").await;
    uses.get("get_person", "/user/ann").await;
    uses.get("get_person_timeline", "/user/ann/timeline").await;
    uses.get("get_replay", "/a/replay").await;
    uses.get("export", "/a/export").await;
    uses.get("watch_session", "/a/live").await;
    uses.get("watch_sessions", "").await;
    uses.get("list_interactions", "").await;
    uses.get("count_interactions", "/summary").await;
    let range = Some(json!({}));
    uses.of("analyze_interactions", "/analyze", range).await;
    let asked = json!({ "at": Timestamp::now().0, "urls": [PICTURE] });
    let found = uses.of("resolve_assets", "/resolve", Some(asked)).await;
    let hash = text(&found["assets"][0]["hash"]);
    uses.get("get_asset", &format!("/{hash}")).await;
}

async fn catalogue(uses: &Uses<'_>) {
    let mug = json!({ "id": "p1", "name": "Mug" });
    uses.of("create_product", "", Some(mug)).await;
    uses.get("list_products", "").await;
    uses.get("get_product", "/p1").await;
    uses.get("product_activity", "/activity").await;
    let cup = Some(json!({ "name": "Cup" }));
    uses.of("replace_product", "/p1", cup).await;
    uses.of("remove_product", "/p1", None).await;
    let path = "/api/v1/products/organization/acme/import";
    let file = "id,name\np2,Plate\n".to_owned();
    let (status, report) = uses.admin.upload(path, "text/csv", file).await;
    assert_eq!((status, &report["created"]), (200, &json!(1)), "{report}");
    uses.done.borrow_mut().insert("import_products");
    let site = json!({ "url": "https://shop.example/sitemap.xml" });
    let begun = uses
        .of("start_site_import", "/import/site", Some(site))
        .await;
    assert_eq!(begun["state"], "waiting");
    uses.get("get_site_import", "/import/site").await;
    uses.of("cancel_site_import", "/import/site", None).await;
}

async fn issues(uses: &Uses<'_>) {
    let found = uses.get("list_issues", "").await;
    let one = format!("/{}", text(&found["issues"][0]["id"]));
    uses.get("get_issue", &one).await;
    uses.get("list_assignees", "/assignees").await;
    let resolved = Some(json!({ "status": "resolved" }));
    let changed = uses.of("change_issue", &one, resolved).await;
    assert_eq!(changed["status"], "resolved");
}

async fn alerts(uses: &Uses<'_>) {
    let url = "https://hooks.example/a?key=secret";
    let wanted = json!({ "kind": "standard", "name": "pager", "url": url });
    let made = uses.of("add_webhook", "", Some(wanted)).await;
    assert_eq!(made["shownUrl"], "https://hooks.example/…");
    let hook = text(&made["id"]);
    uses.get("list_webhooks", "").await;
    let rest = format!("/{hook}/rotate?overlapHours=2");
    let rotated = uses.of("rotate_webhook_secret", &rest, None).await;
    assert_ne!(rotated["secret"], made["secret"]);
    uses.of("test_webhook", &format!("/{hook}/test"), None)
        .await;
    let listed = uses
        .get("list_deliveries", &format!("/{hook}/deliveries"))
        .await;
    let message = text(&listed["deliveries"][0]["id"]);
    let rest = format!("/{hook}/deliveries/{message}/replay");
    uses.of("replay_delivery", &rest, None).await;
    let rule = json!({ "number": "errors", "condition": "above", "threshold": 5 });
    let target = json!({ "kind": "webhook", "id": hook });
    let wanted = json!({ "name": "Errors", "rule": rule, "targets": [target] });
    let made = uses.of("create_alert", "", Some(wanted)).await;
    let rest = format!("/{}", text(&made["id"]));
    let other = json!({ "name": "New", "rule": { "number": "newIssue" }, "targets": [target] });
    uses.of("change_alert", &rest, Some(other)).await;
    let renamed = Some(json!({ "name": "phone" }));
    uses.of("change_webhook", &format!("/{hook}"), renamed)
        .await;
    uses.of("remove_webhook", &format!("/{hook}"), None).await;
    let listed = uses.get("list_alerts", "").await;
    assert_eq!(listed["alerts"][0]["targets"], json!([]));
    uses.of("remove_alert", &rest, None).await;
}

async fn source_maps(uses: &Uses<'_>) {
    let map = json!({ "version": 3, "sources": ["a.js"], "mappings": "AAAA" }).to_string();
    let path = "/source-maps/acme?release=1.0&path=/a.js";
    let (status, made) = uses.admin.upload(path, "application/json", map).await;
    assert_eq!(status, 201, "{made}");
    uses.done.borrow_mut().insert("upload_source_map");
    uses.get("list_source_maps", "").await;
    let events = uses.get("list_events", "/a/events").await;
    let failed = &events["events"][1];
    let rest = format!("/a/events/e2/stack?at={}", failed["timestamp"]);
    let stack = uses.get("get_stack", &rest).await;
    assert_eq!(stack["frames"][0]["original"]["source"], "a.js");
    let rest = format!("/{}", text(&made["id"]));
    uses.of("remove_source_map", &rest, None).await;
}

async fn numbers(uses: &Uses<'_>) {
    for (id, rest) in [
        ("overview", "/overview"),
        ("top", "/top?dimension=country"),
        ("events", "/events"),
        ("journeys", "/journeys"),
        ("heatmap", "/heatmap?page=%2F"),
        ("pages", "/pages"),
        ("retention", "/retention"),
        ("vitals", "/vitals"),
    ] {
        uses.get(id, rest).await;
    }
    let click = json!({ "type": "click" });
    let steps = json!({ "steps": [click, click] });
    uses.of("funnel", "/funnel", Some(steps)).await;
}

async fn keys_and_settings(uses: &Uses<'_>) {
    uses.get("list_keys", "/keys").await;
    let wanted = json!({ "name": "one", "scopes": ["read"] });
    let made = uses.of("create_key", "/keys", Some(wanted)).await;
    let rest = format!("/keys/{}/rotate", text(&made["id"]));
    let next = uses.of("rotate_key", &rest, None).await;
    let rest = format!("/keys/{}", text(&next["id"]));
    uses.of("revoke_key", &rest, None).await;
    let stored = uses.get("get_settings", "/settings").await;
    uses.of("change_settings", "/settings", Some(change_of(&stored)))
        .await;
    uses.get("health", "/health").await;
    let usage = uses.get("usage", "/usage").await;
    assert_eq!(usage["days"].as_array().map(Vec::len), Some(30));
    uses.get("list_audit", "/audit").await;
    uses.get("export_audit", "/audit/export").await;
    uses.get("access", "/access?session=a").await;
}

/// The same settings again.
fn change_of(stored: &Value) -> Value {
    json!({ "version": stored["version"], "settings": stored["settings"] })
}

async fn erasures(uses: &Uses<'_>) {
    let what = json!({ "sessions": ["b"] });
    let preview = "/erasures/preview";
    uses.of("preview_erasure", preview, Some(what.clone()))
        .await;
    let erasure = uses.of("erase", "/erasures", Some(what)).await;
    uses.get("list_erasures", "/erasures").await;
    let rest = format!("/erasures/{}", text(&erasure["id"]));
    uses.get("get_erasure", &rest).await;
}

async fn letters(uses: &Uses<'_>) {
    let listed = uses.get("list_dead_letters", "/dead-letters").await;
    let id = |place: usize| text(&listed["letters"][place]["id"]);
    let rest = format!("/dead-letters/{}", id(0));
    uses.get("get_dead_letter", &rest).await;
    uses.of("drop_dead_letter", &rest, None).await;
    let rest = format!("/dead-letters/{}/retry", id(1));
    uses.of("retry_dead_letter", &rest, None).await;
}

async fn filters(uses: &Uses<'_>) {
    let wanted = json!({ "name": "mine", "query": "country=DE", "isShared": false });
    let saved = uses.of("save_filter", "", Some(wanted)).await;
    uses.get("list_filters", "").await;
    let rest = format!("/{}", text(&saved["id"]));
    let other = Some(json!({ "name": "other" }));
    uses.of("change_filter", &rest, other).await;
    uses.of("remove_filter", &rest, None).await;
}

async fn cohorts(uses: &Uses<'_>) {
    let seen = json!([[{ "of": "lastSeen", "after": 1 }]]);
    let wanted = json!({ "name": "mine", "definition": { "groups": seen } });
    let saved = uses.of("save_cohort", "", Some(wanted)).await;
    uses.get("list_cohorts", "").await;
    let rest = format!("/{}", text(&saved["id"]));
    let other = Some(json!({ "name": "other" }));
    uses.of("change_cohort", &rest, other).await;
    uses.of("remove_cohort", &rest, None).await;
}

async fn kept(uses: &Uses<'_>) {
    let vip = Some(json!({ "tag": "vip" }));
    uses.of("add_tag", "/a/tags", vip).await;
    uses.get("list_tags", "/tags").await;
    uses.of("remove_tag", "/a/tags/vip", None).await;
    let note = json!({ "at": Timestamp::now().0, "text": "Look" });
    let note = uses.of("add_note", "/a/notes", Some(note)).await;
    uses.get("list_notes", "/a/notes").await;
    let rest = format!("/a/notes/{}", text(&note["id"]));
    let other = Some(json!({ "text": "Look here" }));
    uses.of("change_note", &rest, other).await;
    uses.of("remove_note", &rest, None).await;
    uses.of("set_watched", "/a/watched", None).await;
    uses.of("set_unwatched", "/a/watched", None).await;
}

async fn dashboards_and_collections(uses: &Uses<'_>) {
    let tiles = json!([{ "kind": "overview", "title": "All", "size": "full" }]);
    let wanted = json!({ "name": "Mine", "isShared": true, "tiles": tiles });
    let made = uses.of("create_dashboard", "", Some(wanted)).await;
    let listed = uses.get("list_dashboards", "").await;
    assert_eq!(listed["dashboards"][0]["tiles"], 1);
    let rest = format!("/{}", text(&made["id"]));
    let shown = uses.get("get_dashboard", &rest).await;
    let change = json!({ "name": "Other", "version": shown["version"] });
    uses.of("change_dashboard", &rest, Some(change)).await;
    uses.of("remove_dashboard", &rest, None).await;

    let wanted = json!({ "name": "Checkout", "note": "for Monday" });
    let made = uses.of("create_collection", "", Some(wanted)).await;
    let rest = format!("/{}", text(&made["id"]));
    let session = format!("{rest}/sessions/a");
    uses.of("collect_session", &session, None).await;
    let listed = uses.get("list_collections", "?sessionId=a").await;
    assert_eq!(listed["collections"][0]["sessions"], 1);
    let change = json!({ "name": "Carts" });
    uses.of("change_collection", &rest, Some(change)).await;
    uses.of("take_session_out", &session, None).await;
    uses.of("remove_collection", &rest, None).await;
}

async fn links(uses: &Uses<'_>) {
    let wanted = json!({ "sessionId": "over", "expiresInHours": 1 });
    let made = uses.of("make_link", "/replay-links", Some(wanted)).await;
    uses.get("list_links", "/replay-links").await;
    let rest = format!("/replay-links/{}", text(&made["id"]));
    uses.of("revoke_link", &rest, None).await;
}

/// Last, because it changes roles: whoever was marketing reads of it.
async fn people(uses: &Uses<'_>) {
    let wanted = json!({ "email": "bob@acme.example", "role": "member" });
    let invited = uses.of("invite", "/invitations", Some(wanted)).await;
    uses.get("list_invitations", "/invitations").await;
    let rest = format!("/invitations/{}", text(&invited["id"]));
    uses.of("withdraw_invitation", &rest, None).await;

    let listed = uses.get("list_users", "/users").await;
    let users = listed["users"].as_array().unwrap();
    let id_of = |role: &str| {
        let found = users.iter().find(|user| user["role"] == role);
        text(&found.unwrap()["id"])
    };
    let rest = format!("/users/{}", id_of("marketing"));
    let member = Some(json!({ "role": "member" }));
    uses.of("change_user", &rest, member).await;
    let told = uses.get("list_notifications", "").await;
    let rest = format!("/{}/read", text(&told["notifications"][0]["id"]));
    uses.of("read_notification", &rest, None).await;
    uses.of("read_notifications", "/read", None).await;
    let rest = format!("/users/{}/password-link", id_of("member"));
    uses.of("make_password_link", &rest, None).await;
    let rest = format!("/users/{}/sign-ins", id_of("member"));
    uses.of("sign_user_out", &rest, None).await;
}
