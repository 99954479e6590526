//! A stream that is full: what clients and probes say, and that it ends by itself.

use std::time::{Duration, Instant};

use crow_testkit::wait::eventually;
use serde_json::{Value, json};

use crate::client::{VISIBLE, http, now_ms};
use crate::system::{Database, Objects, System};

/// A click, and a hundred kilobytes of recording.
fn batch(seq: u64) -> Value {
    let now = now_ms();
    let filling: String = (0..12_500_u64)
        .map(|index| {
            format!(
                "{:08x}",
                (index + seq).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
            )
        })
        .collect();
    json!({
        "batchId": format!("batch-{seq}"), "sessionId": "visit", "windowId": "w", "seq": seq, "sentAt": now,
        "events": [{ "id": format!("click-{seq}"), "type": "click", "timestamp": now, "data": { "seq": seq } }],
        "replay": [{ "type": 3, "timestamp": now, "data": { "filling": filling } }],
    })
}

async fn readiness(system: &System) -> (u16, String) {
    let url = format!("{}/health/ready", system.ingest_url);
    let answer = http().get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_stream_is_said_at_once_and_loses_nothing() {
    let settings = [
        ("CROW_BUS__PARTITIONS", "1"),
        ("CROW_BUS__PARTITION_MAX_BYTES", "2000000"),
    ];
    let mut system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
    system.session.kill().unwrap();
    let mut seq = 0;
    let refusal = loop {
        assert!(seq < 100, "the stream takes more than it may");
        let began = Instant::now();
        let (status, answer) = system.post("/batch", &batch(seq)).await;
        if status != 202 {
            break (status, answer, began.elapsed());
        }
        seq += 1;
    };
    let (status, answer, took) = refusal;
    println!("{seq} batches, then {status} after {took:?}: {answer}");
    assert!(seq > 5, "refused too early");
    assert_eq!(
        (status, answer["error"]["code"].as_str()),
        (503, Some("unavailable"))
    );
    assert!(took < Duration::from_secs(2), "{took:?}");
    let (ready, why) = readiness(&system).await;
    assert_eq!(ready, 503, "{why}");
    assert!(why.contains("publishing"), "{why}");

    system.session.start_again().unwrap();
    eventually("room for the same batch", VISIBLE, async || {
        let (status, _answer) = system.post("/batch", &batch(seq)).await;
        (status == 202).then_some(())
    })
    .await;
    eventually("the gateway to be ready again", VISIBLE, async || {
        (readiness(&system).await.0 == 200).then_some(())
    })
    .await;
    let clicks = eventually("every click", VISIBLE, async || {
        let (_status, page) = system.get("/visit/events?limit=500").await;
        let mut seen: Vec<u64> = page["events"]
            .as_array()?
            .iter()
            .map(|event| event["data"]["seq"].as_u64().unwrap())
            .collect();
        seen.sort_unstable();
        (seen.len() as u64 > seq).then_some(seen)
    })
    .await;
    assert_eq!(clicks, (0..=seq).collect::<Vec<_>>());
}
