//! Kill anything, lose nothing, show nothing twice.
//!
//! Clients that retry as the SDK does send numbered batches while gateway, session keeper
//! and nats-server are killed and started again in an order that a seed decides. Then
//! everything that was acknowledged is looked for: once in `events`, once in the replay,
//! and every ended session announced under one completion id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crow_testkit::wait;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::client::{VISIBLE, http, now_ms};
use crate::main_path::announcements;
use crate::system::{Database, ORGANIZATION, Objects, System};

/// The seed decides who is killed when, and what the clients send.
const SEED: u64 = 0xC0DE;
const KILLS: usize = 24;
/// So short that most kills of the session keeper come in the middle of a flush.
const FLUSH_AGE_MS: &str = "10";
const CLIENTS: u64 = 8;
/// Batches of a session before it is ended and the client begins the next.
const BATCHES: u64 = 12;
const EVENTS: u64 = 5;

/// What the gateway acknowledged: per session its batches, and whether its end.
#[derive(Debug, Default)]
struct Acknowledged {
    sessions: BTreeMap<String, BTreeSet<u64>>,
    ended: BTreeSet<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_any_process_loses_nothing_and_shows_nothing_twice() {
    let settings = [("CROW_SESSION__FLUSH_AGE_MS", FLUSH_AGE_MS)];
    let mut system = System::start(Database::Postgres, Objects::Disk, &settings).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let sender = Sender::new(&system, number, &stop);
        clients.spawn(sender.run());
    }
    kill_at_random(&mut system).await;
    stop.store(true, Ordering::Release);
    let mut acknowledged = Acknowledged::default();
    for of_client in clients.join_all().await {
        acknowledged.sessions.extend(of_client.sessions);
        acknowledged.ended.extend(of_client.ended);
    }
    let batches: usize = acknowledged.sessions.values().map(BTreeSet::len).sum();
    println!(
        "{KILLS} kills, {} sessions, {batches} batches acknowledged",
        acknowledged.sessions.len()
    );
    assert!(
        batches > 200,
        "the load was too small to mean anything: {batches} batches"
    );
    check(&system, &acknowledged).await;
}

/// Kills one process after the other; the session keeper only when all of them are well.
async fn kill_at_random(system: &mut System) {
    let mut random = StdRng::seed_from_u64(SEED);
    for _kill in 0..KILLS {
        wait::quiet_for(Duration::from_millis(random.random_range(50..900))).await;
        match random.random_range(0..5) {
            0 => {
                system.nats.kill().unwrap();
                wait::quiet_for(Duration::from_millis(random.random_range(0..300))).await;
                system.nats.start_again().await.unwrap();
            }
            1 | 2 => {
                system.ingest.kill().unwrap();
                system.ingest.start_again().unwrap();
            }
            _ => {
                // A keeper that owns nothing yet is a dull victim.
                system.wait_until_ready().await;
                wait::quiet_for(Duration::from_millis(random.random_range(0..200))).await;
                system.session.kill().unwrap();
                system.session.start_again().unwrap();
            }
        }
    }
    system.wait_until_ready().await;
}

/// One client: sessions one after the other, each batch until it is acknowledged.
struct Sender {
    url: String,
    key: String,
    number: u64,
    stop: Arc<AtomicBool>,
    random: StdRng,
    http: reqwest::Client,
}

impl Sender {
    fn new(system: &System, number: u64, stop: &Arc<AtomicBool>) -> Self {
        Self {
            url: system.ingest_url.clone(),
            key: system.ingest_key.clone(),
            number,
            stop: Arc::clone(stop),
            random: StdRng::seed_from_u64(SEED + number),
            http: http(),
        }
    }

    async fn run(mut self) -> Acknowledged {
        let mut acknowledged = Acknowledged::default();
        for session in 0_u64.. {
            if self.stop.load(Ordering::Acquire) {
                break;
            }
            let session = format!("c{}-s{session}", self.number);
            for seq in 0..BATCHES {
                self.send("/batch", &batch(&session, seq)).await;
                acknowledged
                    .sessions
                    .entry(session.clone())
                    .or_default()
                    .insert(seq);
                wait::quiet_for(Duration::from_millis(self.random.random_range(0..30))).await;
            }
            self.send(
                "/session/end",
                &json!({ "sessionId": session, "windowId": "w", "seq": BATCHES }),
            )
            .await;
            acknowledged.ended.insert(session);
        }
        acknowledged
    }

    /// Tries until the gateway says that it is durable; a lost answer is a retry, too.
    async fn send(&mut self, path: &str, body: &Value) {
        loop {
            let answer = self
                .http
                .post(format!("{}{path}", self.url))
                .bearer_auth(&self.key)
                .json(body)
                .send()
                .await;
            match answer {
                Ok(answer) if answer.status() == 202 => return,
                Ok(answer) if answer.status().is_client_error() => {
                    panic!("refused: {}", answer.text().await.unwrap_or_default())
                }
                Ok(_) | Err(_) => {
                    let pause = self.random.random_range(20..150);
                    wait::quiet_for(Duration::from_millis(pause)).await;
                }
            }
        }
    }
}

fn batch(session: &str, seq: u64) -> Value {
    let now = now_ms();
    let events: Vec<Value> = (0..EVENTS)
        .map(|index| {
            json!({ "id": format!("{session}-{seq}-{index}"), "type": "click", "timestamp": now, "data": { "n": index } })
        })
        .collect();
    let replay: Vec<Value> = (0..EVENTS)
        .map(|index| json!({ "type": 3, "timestamp": now, "data": { "source": 2, "id": format!("{seq}-{index}") } }))
        .collect();
    json!({
        "batchId": format!("{session}-{seq}"), "sessionId": session, "windowId": "w", "seq": seq, "sentAt": now,
        "events": events, "replay": replay,
    })
}

async fn check(system: &System, acknowledged: &Acknowledged) {
    let mut row_ids = BTreeSet::new();
    for (session, batches) in &acknowledged.sessions {
        let expected = batches.len() as u64 * EVENTS;
        let is_whole = |found: &Value| {
            found["counts"]["events"] == expected
                && (found["status"] == "closed" || !acknowledged.ended.contains(session))
        };
        let what = format!(
            "session {session} with {expected} events\n{}",
            system.logs()
        );
        let found = system.session_when(session, &what, is_whole).await;
        assert_eq!(found["generation"], 0, "{session} was split");
        assert_eq!(found["gaps"], json!([]), "{session} has gaps");
        row_ids.insert(found["id"].as_str().unwrap().to_owned());
        check_events(system, session, batches).await;
        check_replay(system, session, batches).await;
    }
    let announced = announcements(system, acknowledged.ended.len()).await;
    let ids: BTreeSet<&str> = announced
        .iter()
        .map(|message| message["completionId"].as_str().unwrap())
        .collect();
    println!(
        "{} announcements on the wire, {} completion ids",
        announced.len(),
        ids.len()
    );
    for id in row_ids {
        assert!(
            ids.contains(format!("{id}-0").as_str()),
            "the end of {id} was not announced"
        );
    }
}

async fn check_events(system: &System, session: &str, batches: &BTreeSet<u64>) {
    let (status, found) = system.get(&format!("/{session}/events?limit=1000")).await;
    assert_eq!(status, 200, "{found}");
    let times: Vec<i64> = found["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["timestamp"].as_i64().unwrap())
        .collect();
    assert_eq!(times.len() as u64, batches.len() as u64 * EVENTS);
    assert!(times.is_sorted());
}

/// Every rrweb event once, and in the order in which the window sent them.
async fn check_replay(system: &System, session: &str, batches: &BTreeSet<u64>) {
    let path = format!("/{session}/replay?format=rrweb");
    let played = wait::eventually("the replay", VISIBLE, async || {
        let (status, played) = system.get(&path).await;
        (status == 200).then_some(played)
    })
    .await;
    let played: Vec<&str> = played
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["data"]["id"].as_str().unwrap())
        .collect();
    let sent: Vec<String> = batches
        .iter()
        .flat_map(|seq| (0..EVENTS).map(move |index| format!("{seq}-{index}")))
        .collect();
    assert_eq!(played, sent, "the replay of {session} in {ORGANIZATION}");
}
