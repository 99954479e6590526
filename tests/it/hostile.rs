//! Requests as nobody should send them: each gets its error, nothing else happens.
//!
//! What is not in our hands: requests that the HTTP parser refuses (two framings, broken
//! header lines, paths over 64 KiB: 400; heads over 128 KiB or 100 headers: 431; a head that
//! does not end within 10 s: 408) are answered by it without a body and without a request
//! id, and the connection ends. The table names them [`case::Expected::Unparsed`].

mod bodies;
mod case;
mod framing;
mod keys;
mod reads;
mod wire;

use std::collections::BTreeSet;
use std::time::Duration;

use crow_testkit::wait;
use serde_json::{Value, json};

use self::case::{Case, MARKER};
use self::keys::Key;
use crate::client::now_ms;
use crate::main_path::announcements;
use crate::system::{Database, ORGANIZATION, Objects, System};

/// How long a revocation may take; caches would believe a key for a minute.
const AT_ONCE: Duration = Duration::from_secs(2);

async fn start() -> System {
    let body = framing::MAX_BODY.to_string();
    let inflated = framing::MAX_INFLATED.to_string();
    let settings = [
        ("CROW_INGEST__MAX_BODY_BYTES", body.as_str()),
        ("CROW_INGEST__MAX_INFLATED_BYTES", inflated.as_str()),
        ("CROW_INGEST__BODY_TIMEOUT_MS", "500"),
        (
            "CROW_QUERY__ALLOWED_ORIGINS",
            r#"["https://dashboard.test"]"#,
        ),
    ];
    System::start(Database::Sqlite, Objects::Disk, &settings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_requests_get_their_error_and_change_nothing() {
    let system = start().await;
    good_batch_becomes_visible(&system, "victim").await;
    let revoked = revoked_keys_are_refused(&system).await;

    let mut table = bodies::cases(&system.ingest_key);
    table.extend(framing::cases(&system.ingest_key));
    table.extend(keys::cases(&system));
    table.extend(reads::cases(&system.read_key));
    assert!(table.len() > 70, "{}", table.len());
    let mut problems = Vec::new();
    for case in &table {
        problems.extend(case.try_run(&system).await.err());
    }
    println!("{} hostile requests", table.len());
    assert!(
        problems.is_empty(),
        "{}\n{}",
        problems.join("\n"),
        system.logs()
    );
    tenants_cannot_see_each_other(&system).await;
    clients_that_go_away_leave_nothing(&system).await;
    a_bad_event_does_not_cost_the_good_ones(&system).await;

    system.wait_until_ready().await;
    good_batch_becomes_visible(&system, "afterwards").await;
    let keys = [&system.ingest_key, &system.read_key];
    logs_are_clean(&system, keys.into_iter().chain(&revoked));
}

/// Sends a batch and waits until it can be read.
async fn good_batch_becomes_visible(system: &System, session: &str) {
    let now = now_ms();
    let batch = json!({
        "sessionId": session, "windowId": "w", "seq": 0, "sentAt": now,
        "context": { "url": "https://shop.example/start", "userId": "user-7" },
        "events": [{ "type": "click", "timestamp": now, "data": { "text": MARKER } }],
        "replay": [{ "type": 2, "timestamp": now, "data": { "text": MARKER } }],
    });
    let (status, receipt) = system.post("/batch", &batch).await;
    assert_eq!(status, 202, "{receipt}\n{}", system.logs());
    let is_whole = |found: &Value| found["counts"]["events"] == 1 && found["hasReplay"] == true;
    system
        .session_when(session, "the good batch", is_whole)
        .await;
}

/// A key that works, and is in the caches, is refused right after it was revoked.
async fn revoked_keys_are_refused(system: &System) -> Vec<String> {
    let mut texts = Vec::new();
    for (scope, method, path, status) in [
        ("ingest", "POST", "/session/start", 201),
        ("read", "GET", "/sessions/acme", 200),
    ] {
        let key = Key::create(system, ORGANIZATION, scope, &[]);
        let request = |name: &str| match scope {
            "ingest" => Case::ingest(name, method, path).key(&key.text),
            _ => Case::query(name, method, path).key(&key.text),
        };
        request("before the revocation")
            .succeeds(status)
            .run(system)
            .await;
        system.crow(&["keys", "revoke", &key.id]);
        wait::eventually("the revocation", AT_ONCE, async || {
            let status = request("asking").status(system).await;
            (status == 401).then_some(())
        })
        .await;
        let refused = request("a revoked key").fails(401, "unauthenticated");
        refused.run(system).await;
        texts.push(key.text);
    }
    texts
}

/// For a stranger's key a session that exists looks like one that does not.
async fn tenants_cannot_see_each_other(system: &System) {
    let stranger = system.create_key("rival", "read");
    let get = async |path: &str| {
        let case = Case::query(path, "GET", path).key(&stranger);
        let answer = case.fails(404, "not_found").run(system).await;
        let mut body = answer.json();
        body["error"]["requestId"] = Value::Null;
        body
    };
    for rest in ["", "/events", "/replay", "/replay?format=rrweb", "/export"] {
        let missing = get(&format!("/sessions/rival/missing{rest}")).await;
        for session in ["victim", "missing"] {
            let foreign = get(&format!("/sessions/{ORGANIZATION}/{session}{rest}")).await;
            assert_eq!(foreign, missing, "{session}{rest}");
        }
    }
    let nobody = get("/sessions/nobody").await;
    assert_eq!(get(&format!("/sessions/{ORGANIZATION}")).await, nobody);
    let (_status, own) = system.get("/victim").await;
    let row = own["id"].as_str().unwrap();
    assert_eq!(
        get(&format!("/sessions/rival/{row}")).await,
        get("/sessions/rival/missing").await
    );
}

/// Connections that end in the middle of a body, many at a time.
async fn clients_that_go_away_leave_nothing(system: &System) {
    let head = format!(
        "POST /batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: 900\r\n\r\n",
        system.ingest_key
    );
    let beginning = format!(r#"{head}{{"sessionId":"gone","events":[{{"type":"{MARKER}"#);
    for length in [head.len() / 2, head.len(), beginning.len()] {
        let gone =
            (0..30).map(|_| wire::abandon(&system.ingest_url, &beginning.as_bytes()[..length]));
        futures::future::join_all(gone).await;
    }
}

/// The bad ones are named with place and reason, the good ones are stored.
async fn a_bad_event_does_not_cost_the_good_ones(system: &System) {
    let now = now_ms();
    let too_deep: Value =
        serde_json::from_str(&format!("{}{}", "[".repeat(65), "]".repeat(65))).unwrap();
    let batch = json!({
        "sessionId": "mixed", "windowId": "w", "seq": 0, "sentAt": now, "sdk": "x",
        "context": { "userId": "ada\n", "viewport": [null, null], "title": 5, "traits": [], "locale": ["de"] },
        "events": [
            { "id": "good-1", "type": "click", "timestamp": now },
            7,
            { "type": "NO", "timestamp": now },
            { "type": "click" },
            { "id": "a/b", "type": "click", "timestamp": now },
            { "type": "custom", "timestamp": now },
            { "type": "click", "timestamp": now, "url": "x".repeat(8_193) },
            { "type": "click", "timestamp": now, "data": "x".repeat(262_144) },
            { "type": "click", "timestamp": now, "data": too_deep },
            { "id": "good-2", "type": "click", "timestamp": now, "data": { "ok": true } },
        ],
        "replay": [{ "type": 2, "timestamp": now, "data": {} }, { "type": 77, "timestamp": now }],
    });
    let (status, receipt) = system.post("/batch", &batch).await;
    assert_eq!(status, 202, "{receipt}");
    assert_eq!(
        (&receipt["accepted"], &receipt["acceptedReplay"]),
        (&json!(3), &json!(1))
    );
    let ignored = receipt["ignored"].as_array().unwrap().iter();
    let ignored: Vec<&str> = ignored.map(|one| one["field"].as_str().unwrap()).collect();
    for field in [
        "sdk",
        "context.userId",
        "context.viewport",
        "context.title",
        "context.traits",
        "context.locale",
        "events[6].url",
    ] {
        assert!(ignored.contains(&field), "{field}: {ignored:?}");
    }
    let rejected: Vec<(&str, u64, &str)> = receipt["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap();
            (text("lane"), one["index"].as_u64().unwrap(), text("code"))
        })
        .collect();
    let expected = [
        ("events", 1, "malformed"),
        ("events", 2, "invalid_type"),
        ("events", 3, "invalid_timestamp"),
        ("events", 4, "invalid_id"),
        ("events", 5, "invalid_name"),
        ("events", 7, "too_large"),
        ("events", 8, "too_deep"),
        ("replay", 1, "invalid_type"),
    ];
    assert_eq!(rejected, expected);
    let session = system.session_when("mixed", "the good events", |found| {
        found["counts"]["events"] == 3
    });
    let session = session.await;
    assert_eq!(session["counts"]["replayEvents"], 1);
    assert_eq!(
        (&session["userId"], &session["live"]),
        (&json!("ada"), &json!(true))
    );
}

fn logs_are_clean<'a>(system: &System, keys: impl Iterator<Item = &'a String>) {
    let keys: Vec<&String> = keys.collect();
    for process in [&system.ingest, &system.session, &system.query] {
        let file = process.log_file();
        let log = std::fs::read_to_string(&file).unwrap();
        assert!(!log.is_empty(), "{}", file.display());
        for line in log.lines() {
            let is_clean = !line.contains("panicked")
                && !line.contains(MARKER)
                && !keys.iter().any(|key| line.contains(key.as_str()));
            assert!(is_clean, "{}: {line}", file.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_senders_run_into_the_rate_limit() {
    let settings = [
        ("CROW_INGEST__KEY_RATE__REQUESTS_PER_SECOND", "1"),
        ("CROW_INGEST__KEY_RATE__BURST", "3"),
    ];
    let system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
    let request = |name: &str| Case::ingest(name, "POST", "/session/start").key(&system.ingest_key);
    let mut statuses = BTreeSet::new();
    for _ in 0..20 {
        statuses.insert(request("many at once").status(&system).await);
    }
    assert_eq!(statuses, BTreeSet::from([201, 429]), "{}", system.logs());
    let limited = request("one too many").header("Origin", "https://shop.example");
    let limited = limited.answered_with("access-control-allow-origin", "*");
    limited.fails(429, "rate_limited").run(&system).await;
    let other = system.create_key("rival", "ingest");
    let other = Case::ingest("another key", "POST", "/session/start").key(&other);
    other.succeeds(201).run(&system).await;
    system.wait_until_ready().await;
}

/// JSON that is valid, and that many parsers do not take: browsers do send halves of
/// surrogate pairs, and anybody may send numbers that no float can hold.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_numbers_and_half_surrogates_do_not_stop_announcements() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let odd = r#"{"half":"\ud800","nul":"\u0000","huge":1e999,"twice":1,"twice":2}"#;
    let deep = format!("{}1{}", r#"{"a":"#.repeat(900), "}".repeat(900));
    let now = now_ms();
    for (session, data) in [("odd", odd), ("deep", deep.as_str())] {
        let event_data = if session == "odd" { data } else { "{}" };
        let events: Vec<String> = ["click", "error", "scroll"]
            .iter()
            .map(|kind| format!(r#"{{"type":"{kind}","timestamp":{now},"data":{event_data}}}"#))
            .collect();
        let batch = format!(
            r#"{{"sessionId":"{session}","windowId":"w","seq":0,"sentAt":{now},"context":{{"title":"Chat \ud83d","traits":{data}}},"events":[{}],"replay":[{{"type":2,"timestamp":{now},"data":{data}}}]}}"#,
            events.join(",")
        );
        let end = format!(r#"{{"sessionId":"{session}","exitContext":{data}}}"#);
        for (path, body) in [("/batch", batch), ("/session/end", end)] {
            let case = Case::ingest(session, "POST", path).key(&system.ingest_key);
            case.body(body).succeeds(202).run(&system).await;
        }
        for rest in ["", "/events", "/replay", "/replay?format=rrweb"] {
            let what = format!("{session}{rest}");
            let path = format!("/sessions/{ORGANIZATION}/{what}");
            let read = Case::query(&what, "GET", &path).key(&system.read_key);
            wait::eventually(&what, crate::client::VISIBLE, async || {
                (read.status(&system).await == 200).then_some(())
            })
            .await;
        }
    }
    good_batch_becomes_visible(&system, "good").await;
    let end = json!({ "sessionId": "good" });
    assert_eq!(system.post("/session/end", &end).await.0, 202);
    let announced = announcements(&system, 3).await;
    assert_eq!(announced.len(), 3);
    logs_are_clean(&system, std::iter::empty());
}
