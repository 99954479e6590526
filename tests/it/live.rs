//! Watching a session: what is stored, then what comes, each line once, whoever dies.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crow_testkit::wait::eventually;
use serde_json::{Value, json};

use crate::client::{VISIBLE, http, now_ms};
use crate::system::{Database, ORGANIZATION, Objects, System};

/// A stream of server-sent events.
struct Events {
    answer: reqwest::Response,
    text: String,
}

impl Events {
    /// Opens a stream; its status when it is refused.
    async fn open(system: &System, path: &str, key: &str) -> Result<Self, u16> {
        let client = crow_testkit::http::client();
        let url = format!("{}{path}", system.query_url);
        let answer = client.get(url).bearer_auth(key).send().await.unwrap();
        if answer.status() != 200 {
            return Err(answer.status().as_u16());
        }
        Ok(Self {
            answer,
            text: String::new(),
        })
    }

    async fn of_session(system: &System, session: &str) -> Self {
        let path = format!("/sessions/{ORGANIZATION}/{session}/live");
        Self::open(system, &path, &system.read_key).await.unwrap()
    }

    /// The next event with its data; `None` when the stream is over or breaks off.
    async fn next(&mut self) -> Option<(String, Value)> {
        let next = async {
            loop {
                if let Some(end) = self.text.find("\n\n") {
                    let block: String = self.text.drain(..end + 2).collect();
                    if let Some(event) = parse(&block) {
                        return Some(event);
                    }
                    continue;
                }
                let chunk = self.answer.chunk().await.ok().flatten()?;
                self.text += std::str::from_utf8(&chunk).unwrap();
            }
        };
        tokio::time::timeout(VISIBLE, next)
            .await
            .expect("a stream brings something, if only a heartbeat")
    }
}

/// `None`: a comment.
fn parse(block: &str) -> Option<(String, Value)> {
    let name = block
        .lines()
        .find_map(|line| line.strip_prefix("event: "))?;
    let data = block.lines().find_map(|line| line.strip_prefix("data: "))?;
    Some((name.to_owned(), serde_json::from_str(data).unwrap()))
}

/// Two rrweb events and an interaction, numbered.
fn batch(session: &str, seq: i64) -> Value {
    let now = now_ms();
    let replay =
        |number: i64| json!({ "type": 3, "timestamp": now, "data": { "n": number, "at": now } });
    json!({
        "batchId": format!("{session}-{seq}"), "sessionId": session, "windowId": "w", "seq": seq, "sentAt": now,
        "events": [{ "id": format!("{session}-{seq}"), "type": "click", "timestamp": now, "data": { "n": seq } }],
        "replay": [replay(2 * seq), replay(2 * seq + 1)],
    })
}

/// Sends it until it is acknowledged.
async fn send(system: &System, path: &str, body: &Value) {
    eventually("an acknowledgement", VISIBLE, async || {
        let (status, _receipt) = system.post(path, body).await;
        (status == 202).then_some(())
    })
    .await;
}

/// Everything until the end: the numbers of the rrweb events and of the clicks as they
/// came, and whether it was caught up in between.
#[derive(Debug, Default)]
struct Seen {
    replay: Vec<i64>,
    clicks: Vec<i64>,
    caught_up: usize,
    end_reason: String,
}

async fn watch_to_the_end(mut events: Events) -> Seen {
    let mut seen = Seen::default();
    while let Some((name, data)) = events.next().await {
        match name.as_str() {
            "lines" => {
                for line in data.as_array().unwrap() {
                    let number = line["d"]["data"]["n"].as_i64().unwrap();
                    let list = match line["k"].as_str().unwrap() {
                        "r" => &mut seen.replay,
                        _ => &mut seen.clicks,
                    };
                    list.push(number);
                }
            }
            "caughtUp" => seen.caught_up += 1,
            "end" => {
                seen.end_reason = data["endReason"].as_str().unwrap().to_owned();
                return seen;
            }
            other => panic!("{other}"),
        }
    }
    panic!("the stream broke off: {seen:?}");
}

fn check(seen: &Seen, batches: i64, who: &str) {
    assert_eq!(seen.clicks, (0..batches).collect::<Vec<_>>(), "{who}");
    assert_eq!(seen.replay, (0..2 * batches).collect::<Vec<_>>(), "{who}");
    assert_eq!(
        (seen.caught_up, seen.end_reason.as_str()),
        (1, "ended"),
        "{who}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_and_live_join_on_sqlite_while_keepers_flush_and_die() {
    join_while_keepers_die(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_and_live_join_on_postgres_while_keepers_flush_and_die() {
    join_while_keepers_die(Database::Postgres).await;
}

async fn join_while_keepers_die(database: Database) {
    const BATCHES: i64 = 240;
    /// A slow machine may need more of them before a watcher misses something.
    const MOST_BATCHES: i64 = 4 * BATCHES;
    // So short that there is always a flush under way.
    let settings = [("CROW_SESSION__FLUSH_AGE_MS", "40")];
    let mut system = System::start(database, Objects::Disk, &settings).await;
    send(&system, "/batch", &batch("visit", 0)).await;
    system
        .session_when("visit", "the session", |_found| true)
        .await;
    let mut watchers = Vec::new();
    let mut holes = 0.0;
    let mut batches = 1;
    while batches < BATCHES || (holes == 0.0 && batches < MOST_BATCHES) {
        let seq = batches;
        if seq % 40 == 1 {
            let events = Events::of_session(&system, "visit").await;
            watchers.push(tokio::spawn(watch_to_the_end(events)));
        }
        if seq % 80 == 60 {
            system.session.kill().unwrap();
            system.session.start_again().unwrap();
        }
        send(&system, "/batch", &batch("visit", seq)).await;
        holes = system
            .metric(&system.query_url, "crow_query_tail_holes_total ")
            .await;
        batches += 1;
    }
    println!("{batches} batches, {holes} holes that had to be filled");
    send(&system, "/session/end", &json!({ "sessionId": "visit" })).await;
    for (number, watcher) in watchers.into_iter().enumerate() {
        check(
            &watcher.await.unwrap(),
            batches,
            &format!("watcher {number}"),
        );
    }
    // And one who comes when it is over.
    let late = watch_to_the_end(Events::of_session(&system, "visit").await).await;
    assert_eq!(
        late.clicks.iter().collect::<BTreeSet<_>>().len(),
        batches as usize
    );
    assert_eq!((late.replay.len() as i64, late.caught_up), (2 * batches, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_stored_yet_is_shown_within_a_second() {
    const BATCHES: i64 = 60;
    let settings = [("CROW_SESSION__FLUSH_AGE_MS", "5000")];
    let system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
    send(&system, "/batch", &batch("visit", 0)).await;
    system
        .session_when("visit", "the session", |_found| true)
        .await;
    // Held by the keeper when the watcher comes.
    send(&system, "/batch", &batch("visit", 1)).await;
    let mut events = Events::of_session(&system, "visit").await;
    let began = Instant::now();
    let mut first = Vec::new();
    loop {
        let (name, data) = events.next().await.unwrap();
        if name == "caughtUp" {
            break;
        }
        first.extend(data.as_array().unwrap().clone());
    }
    assert_eq!(first.len(), 6, "{first:?}");
    println!("caught up after {:?}", began.elapsed());
    let mut delays = Vec::new();
    for seq in 2..BATCHES {
        send(&system, "/batch", &batch("visit", seq)).await;
        let (name, data) = events.next().await.unwrap();
        assert_eq!(
            (name.as_str(), data.as_array().unwrap().len()),
            ("lines", 3)
        );
        delays.push(now_ms() - data[1]["d"]["data"]["at"].as_i64().unwrap());
    }
    delays.sort_unstable();
    let median = delays[delays.len() / 2];
    println!(
        "from event to watcher: median {median} ms, most {} ms",
        delays.last().unwrap()
    );
    assert!(median < 1_000, "{delays:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_are_not_stored_yet_are_listed() {
    // No flush comes while it runs.
    let settings = [("CROW_SESSION__FLUSH_AGE_MS", "3600000")];
    let system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
    for seq in 0..3 {
        send(&system, "/batch", &batch("visit", seq)).await;
    }
    system
        .session_when("visit", "the session", |_found| true)
        .await;
    let path = "/visit/events";
    let whole = eventually("three events", VISIBLE, async || {
        let (status, page) = system.get(path).await;
        assert_eq!(status, 200, "{page}");
        (page["events"].as_array()?.len() == 3).then_some(page)
    })
    .await;
    let (_, found) = system.get("/visit").await;
    assert_eq!(found["counts"]["events"], 0, "nothing is stored: {found}");
    let (_, first) = system.get(&format!("{path}?limit=2")).await;
    let cursor = first["nextCursor"].as_str().unwrap();
    let (_, rest) = system.get(&format!("{path}?limit=2&cursor={cursor}")).await;
    let pages = [&first, &rest].map(|page| page["events"].as_array().unwrap().clone());
    assert_eq!(json!(pages.concat()), whole["events"]);
    let (_, none) = system.get(&format!("{path}?type=scroll")).await;
    assert_eq!(none["events"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_for_those_who_may_read_as_long_as_they_may() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    send(&system, "/batch", &batch("visit", 0)).await;
    system
        .session_when("visit", "the session", |_found| true)
        .await;
    let rival = system.create_key("rival", "read");
    for (path, key, expected) in [
        ("/sessions/acme/visit/live", rival.as_str(), 404),
        ("/sessions/rival/visit/live", rival.as_str(), 404),
        ("/live/acme", rival.as_str(), 404),
        ("/sessions/acme/none/live", system.read_key.as_str(), 404),
        ("/sessions/acme/visit/live", system.ingest_key.as_str(), 403),
        ("/live/acme", system.ingest_key.as_str(), 403),
        (
            "/sessions/acme/visit/live?from=soon",
            system.read_key.as_str(),
            400,
        ),
    ] {
        let refused = Events::open(&system, path, key).await.err();
        assert_eq!(refused, Some(expected), "{path}");
    }
    let created = system.crow(&[
        "keys",
        "create",
        "--json",
        "--org",
        ORGANIZATION,
        "--scope",
        "read",
    ]);
    let created: Value = serde_json::from_str(&created).unwrap();
    let key = created["key"].as_str().unwrap();
    let mut session = Events::open(&system, "/sessions/acme/visit/live", key)
        .await
        .unwrap();
    let mut list = Events::open(&system, "/live/acme", key).await.unwrap();
    assert_eq!(session.next().await.unwrap().0, "lines");
    assert_eq!(session.next().await.unwrap().0, "caughtUp");
    system.crow(&["keys", "revoke", created["id"].as_str().unwrap()]);
    assert!(session.next().await.is_none(), "the stream goes on");
    assert!(list.next().await.is_none(), "the list goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_say_whether_somebody_watches() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let mut seq = 0;
    let mut is_watched = async || {
        let (status, receipt) = system.post("/batch", &batch("visit", seq)).await;
        assert_eq!(status, 202);
        seq += 1;
        receipt["watched"] == true
    };
    assert!(!is_watched().await);
    system
        .session_when("visit", "the session", |_found| true)
        .await;
    assert!(!is_watched().await);
    let events = Events::of_session(&system, "visit").await;
    eventually("the watcher to be heard of", VISIBLE, async || {
        is_watched().await.then_some(())
    })
    .await;
    let (_status, other) = system.post("/batch", &batch("other", 0)).await;
    assert_eq!(other.get("watched"), None);
    drop(events);
    eventually("the watcher to be forgotten", VISIBLE, async || {
        (!is_watched().await).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_sessions_that_begin_change_and_end() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let mut list = Events::open(&system, "/live/acme", &system.read_key)
        .await
        .unwrap();
    let of_type = async |word: &str| {
        let conditions = format!(
            "%5B%5B%7B%22field%22:%22eventType%22,%22operator%22:%22is%22,%22values%22:%5B%22{word}%22%5D%7D%5D%5D"
        );
        let path = format!("/live/acme?where={conditions}");
        let events = Events::open(&system, &path, &system.read_key).await;
        events.unwrap()
    };
    let (mut clicked, mut submitted) = (of_type("click").await, of_type("submit").await);
    // The stream has begun, but a keeper may hear of it a moment later.
    let mut seq = 0;
    let first = eventually("the session in the list", VISIBLE, async || {
        send(&system, "/batch", &batch("visit", seq)).await;
        seq += 1;
        tokio::time::timeout(Duration::from_millis(1_500), list.next())
            .await
            .ok()
            .flatten()
    })
    .await;
    assert_eq!(first.0, "session");
    assert_eq!(
        (first.1["sessionId"].as_str(), first.1["status"].as_str()),
        (Some("visit"), Some("open"))
    );
    // Those who ask for some sessions hear of the others that these are not among them.
    let fits = clicked.next().await.unwrap();
    assert_eq!(
        (fits.0.as_str(), &fits.1["id"]),
        ("session", &first.1["id"])
    );
    let other = submitted.next().await.unwrap();
    assert_eq!(
        (other.0.as_str(), &other.1["id"]),
        ("other", &first.1["id"])
    );
    send(&system, "/session/end", &json!({ "sessionId": "visit" })).await;
    loop {
        let (_name, session) = list.next().await.unwrap();
        if session["status"] == "closed" {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_that_takes_nothing_is_cut_off() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    send(&system, "/batch", &batch("visit", 0)).await;
    system
        .session_when("visit", "the session", |_found| true)
        .await;
    let mut slow = Events::of_session(&system, "visit").await;
    assert_eq!(slow.next().await.unwrap().0, "lines");
    // More than the sockets hold.
    let filling = "x".repeat(900_000);
    for seq in 1..40 {
        let now = now_ms();
        let replay =
            json!([{ "type": 3, "timestamp": now, "data": { "n": seq, "filling": filling } }]);
        let body = json!({ "sessionId": "visit", "windowId": "w", "seq": seq, "sentAt": now, "replay": replay });
        send(&system, "/batch", &body).await;
    }
    eventually("the slow watcher to be cut off", VISIBLE, async || {
        let cut = system
            .metric(&system.query_url, "crow_query_watchers_cut_off_total")
            .await;
        (cut >= 1.0).then_some(())
    })
    .await;
    eventually("its place to be free", VISIBLE, async || {
        let watchers = system
            .metric(&system.query_url, "crow_query_watchers ")
            .await;
        (watchers == 0.0).then_some(())
    })
    .await;
    // Nobody else is worse off.
    let answer = http()
        .get(format!("{}/health/ready", system.query_url))
        .send()
        .await;
    assert_eq!(answer.unwrap().status(), 200);
}
