//! Callers of an installation: the SDK's side and the reader's side.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Client;
use serde_json::{Value, json};

use crate::system::{ORGANIZATION, System};

/// How long acknowledged data may take to be readable.
pub const VISIBLE: Duration = Duration::from_secs(60);

/// Milliseconds since the epoch.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// A client that never waits for long.
pub fn http() -> Client {
    crow_testkit::http::builder()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

/// The batches of a recording in one window: `per_batch` rrweb events each, and a click
/// for each batch. Times are moved so that the recording ends now.
pub fn batches_of(
    recording: &[Value],
    session: &str,
    per_batch: usize,
) -> (Vec<Value>, Vec<Value>) {
    let last = recording
        .last()
        .and_then(|event| event["timestamp"].as_i64())
        .unwrap();
    let moved_by = now_ms() - last;
    let moved: Vec<Value> = recording
        .iter()
        .map(|event| {
            let mut event = event.clone();
            event["timestamp"] = json!(event["timestamp"].as_i64().unwrap() + moved_by);
            event
        })
        .collect();
    let batches = moved
        .chunks(per_batch)
        .enumerate()
        .map(|(seq, replay)| {
            json!({
                "batchId": format!("{session}-{seq}"), "sessionId": session, "windowId": "w1", "seq": seq,
                "sentAt": now_ms(),
                "sdk": { "name": "crow-js", "version": "1.0.0", "platform": "web" },
                "context": { "url": "https://shop.example/react", "userId": "user-7", "viewport": [1166, 705] },
                "events": [{
                    "id": format!("{session}-click-{seq}"), "type": "click",
                    "timestamp": replay[0]["timestamp"], "data": { "seq": seq },
                }],
                "replay": replay,
            })
        })
        .collect();
    (batches, moved)
}

impl System {
    /// Sends one body to the gateway; status and answer.
    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let answer = http()
            .post(format!("{}{path}", self.ingest_url))
            .bearer_auth(&self.ingest_key)
            .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36")
            .json(body)
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// Asks the read API below the organization; status and answer.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        let url = format!("{}/sessions/{ORGANIZATION}{path}", self.query_url);
        let answer = http()
            .get(url)
            .bearer_auth(&self.read_key)
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// The text of an answer.
    pub async fn get_text(&self, path: &str) -> (u16, String) {
        let url = format!("{}/sessions/{ORGANIZATION}{path}", self.query_url);
        let request = http().get(url).bearer_auth(&self.read_key);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// The value of a metric; 0 when there is none yet.
    pub async fn metric(&self, service: &str, name: &str) -> f64 {
        let answer = http().get(format!("{service}/metrics")).send().await;
        let text = answer.unwrap().text().await.unwrap();
        let value = text.lines().find_map(|line| line.strip_prefix(name));
        value.map_or(0.0, |value| value.trim().parse().unwrap())
    }

    /// Waits until this many sessions were rewritten into archives.
    pub async fn wait_until_archived(&self, count: u32) {
        let name = "crow_session_archives_total{outcome=\"archived\"}";
        crow_testkit::wait::eventually("the archives", VISIBLE, async || {
            let archived = self.metric(&self.session_url, name).await;
            (archived >= f64::from(count)).then_some(())
        })
        .await;
    }

    /// Waits until the session's row says what `is_there` wants.
    pub async fn session_when(
        &self,
        session: &str,
        what: &str,
        is_there: impl Fn(&Value) -> bool,
    ) -> Value {
        let path = format!("/{session}");
        crow_testkit::wait::eventually(what, VISIBLE, async || {
            let (status, found) = self.get(&path).await;
            (status == 200 && is_there(&found)).then_some(found)
        })
        .await
    }
}
