//! Clients that retry as the SDK does, and remember what was acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crow_testkit::wait::quiet_for;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::installation::Installation;

/// Batches that a window of a session sends.
const BATCHES: u64 = 8;
pub const EVENTS: u64 = 4;
/// Sessions of the calm round: enough that no partition is left out.
const CALM: u64 = 64;

/// What the gateways acknowledged: the batches of each window of each session.
#[derive(Debug, Default)]
pub struct Acknowledged {
    pub sessions: BTreeMap<String, BTreeSet<(String, u64)>>,
    pub retries: u64,
    /// Sessions that were erased while they were sent.
    pub erased: Vec<String>,
}

impl Acknowledged {
    pub fn add(&mut self, other: Self) {
        self.sessions.extend(other.sessions);
        self.retries += other.retries;
        self.erased.extend(other.erased);
    }

    pub fn batches(&self) -> u64 {
        self.sessions
            .values()
            .map(|batches| batches.len() as u64)
            .sum()
    }
}

pub struct Client {
    urls: Vec<String>,
    key: String,
    name: String,
    stop: Arc<AtomicBool>,
    random: StdRng,
    http: reqwest::Client,
    pub acknowledged: Acknowledged,
}

impl Client {
    pub fn new(
        installation: &Installation,
        seed: u64,
        number: u64,
        stop: &Arc<AtomicBool>,
    ) -> Self {
        Self {
            urls: installation
                .ingests
                .iter()
                .map(|one| one.url.clone())
                .collect(),
            key: installation.ingest_key.clone(),
            name: format!("c{number}"),
            stop: Arc::clone(stop),
            random: StdRng::seed_from_u64(seed ^ (number << 32)),
            http: crow_testkit::http::client(),
            acknowledged: Acknowledged::default(),
        }
    }

    /// Its name, which its sessions begin with.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it shall end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    pub async fn run(mut self) -> Acknowledged {
        for number in 0_u64.. {
            if self.is_stopped() {
                break;
            }
            let session = format!("{}-s{number}", self.name);
            self.visit(&session).await;
        }
        self.acknowledged
    }

    /// One session with two windows. Some batches are held back and come late, a few after
    /// the end of the session; some batches are sent twice. One of ten is left without a word.
    async fn visit(&mut self, session: &str) {
        let mut late = Vec::new();
        for seq in 0..BATCHES {
            for window in ["a", "b"] {
                let batch = batch(session, window, seq);
                if seq + 1 < BATCHES && self.random.random_bool(0.05) {
                    late.push((window, seq, batch));
                    continue;
                }
                self.deliver(session, window, seq, &batch).await;
                if self.random.random_bool(0.05) {
                    self.send("/batch", &batch).await;
                }
            }
            let pause = self.random.random_range(0..60);
            quiet_for(Duration::from_millis(pause)).await;
        }
        let is_before_the_end = self.random.random_bool(0.5);
        if is_before_the_end {
            self.deliver_all(session, std::mem::take(&mut late)).await;
        }
        if self.random.random_bool(0.9) {
            self.end(session, BATCHES).await;
        }
        quiet_for(Duration::from_millis(self.random.random_range(0..1_500))).await;
        self.deliver_all(session, late).await;
    }

    async fn deliver_all(&mut self, session: &str, late: Vec<(&'static str, u64, Value)>) {
        for (window, seq, batch) in late {
            self.deliver(session, window, seq, &batch).await;
        }
    }

    /// Returns when the try began that succeeded.
    pub async fn deliver(
        &mut self,
        session: &str,
        window: &str,
        seq: u64,
        batch: &Value,
    ) -> Instant {
        let began = self.send("/batch", batch).await;
        let batches = self.acknowledged.sessions.entry(session.to_owned());
        batches.or_default().insert((window.to_owned(), seq));
        began
    }

    /// Sends the end of a session.
    pub async fn end(&mut self, session: &str, seq: u64) {
        let end = json!({ "sessionId": session, "windowId": "a", "seq": seq, "sentAt": now_ms() });
        self.send("/session/end", &end).await;
    }

    /// Tries until one of the gateways says that it is durable. Returns when that try began.
    pub async fn send(&mut self, path: &str, body: &Value) -> Instant {
        loop {
            let began = Instant::now();
            let url = self.urls.choose(&mut self.random).unwrap();
            let request = self.http.post(format!("{url}{path}"));
            let request = request.bearer_auth(&self.key).json(body);
            let answer = tokio::time::timeout(Duration::from_secs(3), request.send()).await;
            match answer {
                Ok(Ok(answer)) if answer.status() == 202 => return began,
                Ok(Ok(answer)) if answer.status().is_client_error() => {
                    panic!("refused: {}", answer.text().await.unwrap_or_default())
                }
                Ok(_) | Err(_) => {
                    self.acknowledged.retries += 1;
                    let pause = self.random.random_range(20..300);
                    quiet_for(Duration::from_millis(pause)).await;
                }
            }
        }
    }
}

/// A session in every partition, when nothing fails any more.
pub async fn calm_round(installation: &Installation) -> Acknowledged {
    let stop = Arc::new(AtomicBool::new(false));
    let mut client = Client::new(installation, 0, u64::MAX >> 33, &stop);
    for number in 0..CALM {
        let session = format!("calm-{number}");
        let first = batch(&session, "a", 0);
        client.deliver(&session, "a", 0, &first).await;
        client.end(&session, 1).await;
    }
    client.acknowledged
}

/// How the events of a batch are named.
pub fn event_name(session: &str, window: &str, seq: u64, index: u64) -> String {
    format!("{session}/{window}/{seq}/{index}")
}

/// A batch with its events and replay events.
pub fn batch(session: &str, window: &str, seq: u64) -> Value {
    let now = now_ms();
    let name = |index| event_name(session, window, seq, index);
    let events: Vec<Value> = (0..EVENTS)
        .map(|index| json!({ "id": name(index).replace('/', "."), "type": "click", "timestamp": now, "data": { "name": name(index) } }))
        .collect();
    let replay: Vec<Value> = (0..EVENTS)
        .map(|index| json!({ "type": 3, "timestamp": now, "data": { "source": 2, "name": name(index) } }))
        .collect();
    json!({
        "batchId": format!("{session}.{window}.{seq}"), "sessionId": session, "windowId": window, "seq": seq,
        "sentAt": now, "events": events, "replay": replay,
    })
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}
