//! Keys that are missing, wrong, of somebody else, or in the wrong place; and origins.

use serde_json::Value;

use super::case::Case;
use crate::system::{ORGANIZATION, System};

const UNKNOWN: &str = "crow_0000000000000000000000000000000000000000000";
const SHOP: &str = "https://shop.example";

/// A key with its id.
pub struct Key {
    pub id: String,
    pub text: String,
}

impl Key {
    /// Makes a key through the command line.
    pub fn create(system: &System, organization: &str, scope: &str, more: &[&str]) -> Self {
        let mut arguments = vec!["keys", "create", "--json", "--org", organization];
        arguments.extend(["--scope", scope]);
        arguments.extend(more);
        let line: Value = serde_json::from_str(&system.crow(&arguments)).unwrap();
        let field = |name: &str| line[name].as_str().unwrap().to_owned();
        Self {
            id: field("id"),
            text: field("key"),
        }
    }
}

fn batch_with_key(key: &str) -> String {
    let event = r#"{"id":"k","type":"click","timestamp":1763690000000}"#;
    format!(r#"{{"sessionId":"keys","batchId":"keys","apiKey":{key},"events":[{event}]}}"#)
}

fn post(name: &str) -> Case {
    Case::ingest(name, "POST", "/batch").body(batch_with_key("null"))
}

fn list(name: &str) -> Case {
    Case::query(name, "GET", "/sessions/acme")
}

/// All of them.
pub fn cases(system: &System) -> Vec<Case> {
    let mut cases = bad_keys();
    cases.extend(places(system));
    cases.extend(origins(system));
    cases.extend(preflights());
    cases
}

/// Values of `Authorization` that hold no valid key.
const NO_KEYS: &[&str] = &[
    "",
    "Bearer",
    "Bearer ",
    "Bearer nonsense",
    "Bearer crow_short",
    "Bearer crow_' OR '1'='1' --xxxxxxxx",
    "Bearer crow_0000000000000000000\u{e9}",
    "Basic Y3Jvdzpjcm93",
    "Digest username=crow",
    "crow_0000000000000000000000000000000000000000000",
    "Bearer crow_0000000000000000000000000000000000000000000",
    "Bearer crow_0000000000000000000000000000000000000000000, Bearer crow_1",
];

fn bad_keys() -> Vec<Case> {
    let mut cases = Vec::new();
    for value in NO_KEYS {
        for case in [post(value), list(value)] {
            cases.push(
                case.header("Authorization", *value)
                    .fails(401, "unauthenticated"),
            );
        }
    }
    for value in ["", "nonsense", UNKNOWN] {
        for case in [post(value), list(value)] {
            cases.push(
                case.header("X-API-Key", value)
                    .fails(401, "unauthenticated"),
            );
        }
        let in_body = Case::ingest("a bad key in the body", "POST", "/batch");
        let in_body = in_body.body(batch_with_key(&format!("{value:?}")));
        cases.push(in_body.fails(401, "unauthenticated"));
    }
    let huge = format!("Bearer crow_{}", "a".repeat(50_000));
    cases.extend([
        post("no key").fails(401, "unauthenticated"),
        list("no key").fails(401, "unauthenticated"),
        post("a key of 50 kB")
            .header("Authorization", huge)
            .fails(401, "unauthenticated"),
        Case::ingest("a number as key in the body", "POST", "/batch")
            .body(batch_with_key("7"))
            .fails(400, "malformed"),
    ]);
    cases
}

/// The first place that has a key decides, so that a key never replaces another silently:
/// `Authorization`, `X-API-Key`, the body.
fn places(system: &System) -> Vec<Case> {
    let (ingest, read) = (system.ingest_key.as_str(), system.read_key.as_str());
    let quoted = format!("{ingest:?}");
    let in_body = |name: &str| Case::ingest(name, "POST", "/batch").body(batch_with_key(&quoted));
    let in_query = format!("/batch?apiKey={ingest}");
    let mut cases = vec![
        post("in Authorization").key(ingest).succeeds(202),
        post("in lower case")
            .header("authorization", format!("bearer {ingest}"))
            .succeeds(202),
        post("in X-API-Key")
            .header("X-API-Key", ingest)
            .succeeds(202),
        in_body("in the body").succeeds(202),
        list("in X-API-Key").header("X-API-Key", read).succeeds(200),
        post("good, then unknown")
            .key(ingest)
            .header("X-API-Key", UNKNOWN)
            .succeeds(202),
        post("unknown, then good")
            .key(UNKNOWN)
            .header("X-API-Key", ingest)
            .fails(401, "unauthenticated"),
        in_body("unknown, then good in the body")
            .key(UNKNOWN)
            .fails(401, "unauthenticated"),
        in_body("unknown in X-API-Key, then good in the body")
            .header("X-API-Key", UNKNOWN)
            .fails(401, "unauthenticated"),
        in_body("one that only reads, then good in the body")
            .key(read)
            .fails(403, "forbidden"),
        Case::ingest("in the address", "POST", &in_query)
            .body(batch_with_key("null"))
            .fails(401, "unauthenticated"),
        post("in a cookie")
            .header("Cookie", format!("apiKey={ingest}"))
            .fails(401, "unauthenticated"),
        Case::query(
            "in the address",
            "GET",
            &format!("/sessions/acme?apiKey={read}"),
        )
        .fails(401, "unauthenticated"),
        post("a read key").key(read).fails(403, "forbidden"),
        list("an ingest key").key(ingest).fails(403, "forbidden"),
    ];
    for path in [
        "/victim",
        "/victim/events",
        "/victim/replay",
        "/victim/export",
    ] {
        let case = Case::query(
            "an ingest key",
            "GET",
            &format!("/sessions/{ORGANIZATION}{path}"),
        );
        cases.push(case.key(ingest).fails(403, "forbidden"));
    }
    cases
}

fn origins(system: &System) -> Vec<Case> {
    let more = ["--origin", SHOP];
    let ingest = Key::create(system, ORGANIZATION, "ingest", &more).text;
    let read = Key::create(system, ORGANIZATION, "read", &more).text;
    let foreign: [&[u8]; 8] = [
        b"https://evil.example",
        b"http://shop.example",
        b"https://shop.example:8443",
        b"https://shop.example.evil.test",
        b"https://evil.test/https://shop.example",
        b"null",
        b"",
        b"\xff\xfe",
    ];
    let mut cases = Vec::new();
    for origin in foreign {
        let name = String::from_utf8_lossy(origin);
        let in_body = Case::ingest(&name, "POST", "/batch");
        let in_body = in_body.body(batch_with_key(&format!("{ingest:?}")));
        for case in [post(&name).key(&ingest), list(&name).key(&read), in_body] {
            cases.push(case.header("Origin", origin).fails(403, "forbidden"));
        }
    }
    cases.extend([
        post("the right origin")
            .key(&ingest)
            .header("Origin", SHOP)
            .succeeds(202),
        post("not from a page").key(&ingest).succeeds(202),
        list("the right origin")
            .key(&read)
            .header("Origin", SHOP)
            .succeeds(200),
    ]);
    cases
}

/// CORS: what a page may ask, and that it may read errors as well.
fn preflights() -> Vec<Case> {
    const ALLOW_ORIGIN: &str = "access-control-allow-origin";
    const DASHBOARD: &str = "https://dashboard.test";
    let ask = |case: Case, origin: &str, method: &str, headers: &str| {
        let case = case
            .header("Origin", origin)
            .header("Access-Control-Request-Method", method);
        case.header("Access-Control-Request-Headers", headers)
    };
    let ingest = |name: &str| Case::ingest(name, "OPTIONS", "/batch");
    let query = |name: &str| Case::query(name, "OPTIONS", "/sessions/acme");
    let sdk = "authorization,content-encoding,content-type,x-api-key";
    let from_page = |case: Case| case.header("Origin", SHOP).answered_with(ALLOW_ORIGIN, "*");
    vec![
        ask(ingest("preflight of the SDK"), SHOP, "POST", sdk)
            .succeeds(200)
            .answered_with(ALLOW_ORIGIN, "*")
            .answered_with("access-control-max-age", "7200"),
        ask(ingest("preflight for DELETE"), SHOP, "DELETE", sdk).fails(400, "malformed"),
        ask(ingest("preflight for a header"), SHOP, "POST", "x-evil").fails(400, "malformed"),
        ask(
            query("preflight of the dashboard"),
            DASHBOARD,
            "GET",
            "authorization",
        )
        .succeeds(200)
        .answered_with(ALLOW_ORIGIN, DASHBOARD)
        .answered_with("access-control-allow-methods", "GET"),
        ask(
            query("preflight of a stranger"),
            SHOP,
            "GET",
            "authorization",
        )
        .fails(400, "malformed"),
        ask(query("preflight for POST"), DASHBOARD, "POST", "").fails(400, "malformed"),
        ingest("OPTIONS that is no preflight").fails(405, "method_not_allowed"),
        query("OPTIONS that is no preflight").fails(405, "method_not_allowed"),
        from_page(post("401 for a page")).fails(401, "unauthenticated"),
        from_page(Case::ingest("404 for a page", "POST", "/nowhere")).fails(404, "not_found"),
        from_page(Case::ingest("405 for a page", "PUT", "/batch")).fails(405, "method_not_allowed"),
        from_page(post("an unknown key of a page").key(UNKNOWN)).fails(401, "unauthenticated"),
        list("401 for the dashboard")
            .header("Origin", DASHBOARD)
            .answered_with(ALLOW_ORIGIN, DASHBOARD)
            .fails(401, "unauthenticated"),
    ]
}
