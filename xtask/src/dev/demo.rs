//! The demo recording as batches of the ingest API, moved in time so that it ends now.

use serde_json::{Value, json};

/// Replay events in a batch.
const BATCH: usize = 40;

/// The batches of a session that ends at `now` (Unix time in ms), as bodies of `POST /batch`.
pub fn batches(session_id: &str, recording: Vec<Value>, now: i64) -> Vec<Value> {
    let replay = ending_at(recording, now);
    replay
        .chunks(BATCH)
        .zip(0..)
        .map(|(chunk, seq)| batch(session_id, seq, chunk, now))
        .collect()
}

fn ending_at(mut recording: Vec<Value>, now: i64) -> Vec<Value> {
    let shift = now - recording.last().map_or(now, timestamp);
    for event in &mut recording {
        event["timestamp"] = json!(timestamp(event) + shift);
    }
    recording
}

fn batch(session_id: &str, seq: u64, replay: &[Value], now: i64) -> Value {
    let events: Vec<Value> = replay
        .iter()
        .filter_map(interaction)
        .zip(0..)
        .map(|(event, index): (Value, usize)| with_id(event, session_id, seq, index))
        .collect();
    json!({
        "batchId": format!("{session_id}-{seq}"),
        "sessionId": session_id,
        "windowId": format!("{session_id}-window"),
        "seq": seq,
        "sentAt": now,
        "sdk": {"name": "crow-dev", "version": "1.0.0", "platform": "web"},
        "context": {
            "url": PAGE,
            "title": "React Hooks",
            "viewport": [1166, 705],
            "locale": "en",
            "timezone": "Europe/Berlin",
            "userId": "demo-user",
        },
        "events": events,
        "replay": replay,
    })
}

/// The page that was recorded.
const PAGE: &str = "https://demoit.app/e/react#ReactHooks.js";

/// The interaction that an SDK would report along with a replay event.
fn interaction(event: &Value) -> Option<Value> {
    let (kind, data) = match (event["type"].as_i64()?, &event["data"]) {
        // The page itself.
        (4, _) => ("pageview", json!({"title": "React Hooks"})),
        // A mouse interaction (2) that is a click (2).
        (3, data) if data["source"] == 2 && data["type"] == 2 => {
            ("click", json!({"x": data["x"], "y": data["y"]}))
        }
        _ => return None,
    };
    Some(json!({"type": kind, "timestamp": timestamp(event), "url": PAGE, "data": data}))
}

fn with_id(mut event: Value, session_id: &str, seq: u64, index: usize) -> Value {
    event["id"] = json!(format!("{session_id}-{seq}-{index}"));
    event
}

fn timestamp(event: &Value) -> i64 {
    event["timestamp"].as_i64().unwrap_or_default()
}
