use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;
use serde_json::{Value, json};

use crow_auth::keys;
use crow_bus::notices::{self, Notice};
use crow_proto::events::{Kind, Message};
use crow_types::{SessionId, Timestamp};

use super::rig::{Rig, organization, read};

mod outage;

fn click(session: &str) -> Value {
    json!({"sessionId": session, "events": [{"id": "e1", "type": "click", "timestamp": Timestamp::now().0}]})
}

fn code(body: &Value) -> &str {
    body["error"]["code"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_means_that_the_batch_is_on_the_bus() {
    let rig = Rig::start().await;
    let now = Timestamp::now().0;
    let body = json!({
        "sessionId": "s1", "batchId": "b1", "windowId": "w1", "seq": 0, "sentAt": now,
        "events": [{"type": "click", "timestamp": now, "data": {"x": 1}}, {"type": "NO", "timestamp": now}],
        "replay": [{"type": 2, "timestamp": now, "data": {}}]
    });
    let packed = zstd::bulk::compress(body.to_string().as_bytes(), 1).unwrap();
    let request = rig
        .post("/batch")
        .header("content-type", "text/plain;charset=UTF-8")
        .header("content-encoding", "zstd");
    let (status, receipt) = read(
        request
            .header("user-agent", "okhttp/4")
            .body(packed)
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(status, 202);
    assert_eq!(receipt["batchId"], "b1");
    assert_eq!(
        (&receipt["accepted"], &receipt["acceptedReplay"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(receipt["rejected"][0]["index"], 1);
    assert_eq!(receipt["rejected"][0]["code"], "invalid_type");

    let messages = rig.messages("s1").await;
    let batch = &messages[0].batches[0];
    assert_eq!(
        (
            batch.organization_id.as_str(),
            batch.session_id.as_str(),
            batch.seq
        ),
        ("acme", "s1", Some(0))
    );
    assert_eq!(batch.events[0].data, r#"{"x":1}"#);
    assert!(batch.replay[0].full_snapshot);
    let client = batch.client.as_ref().unwrap();
    assert_eq!(
        (client.ip_address.as_str(), client.os.as_str()),
        ("127.0.0.0", "Android")
    );
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_publishes_its_kind() {
    let rig = Rig::start().await;
    let (status, started) = rig
        .send("/session/start", &json!({"sessionId": "s1"}))
        .await;
    assert_eq!((status, &started["sessionId"]), (201, &json!("s1")));
    assert_eq!(started["idleTimeoutMs"], 3_600_000);
    assert_eq!(
        started["replay"],
        json!({"enabled": true, "sampleRate": 1.0})
    );
    let (status, started) = read(rig.post("/session/start").send().await.unwrap()).await;
    assert_eq!(
        (status, started["sessionId"].as_str().unwrap().len()),
        (201, 26)
    );
    let (status, receipt) = rig
        .send(
            "/track",
            &json!({"sessionId": "s1", "type": "click", "id": "e7"}),
        )
        .await;
    assert_eq!((status, &receipt["batchId"]), (202, &json!("e7")));
    let nested = json!({"sessionId": "s1", "event": {"type": "custom", "name": "buy"}});
    assert_eq!(rig.send("/track", &nested).await.0, 202);
    let (status, _) = rig
        .send(
            "/session/end",
            &json!({"sessionId": "s1", "exitContext": {"a": 1}}),
        )
        .await;
    assert_eq!(status, 202);

    let batches: Vec<_> = rig
        .messages("s1")
        .await
        .into_iter()
        .flat_map(|message| message.batches)
        .collect();
    let of_s1: Vec<_> = batches
        .iter()
        .filter(|batch| batch.session_id == "s1")
        .collect();
    let kinds: Vec<Kind> = of_s1.iter().map(|batch| batch.kind()).collect();
    assert_eq!(kinds, [Kind::Start, Kind::Events, Kind::Events, Kind::End]);
    assert_eq!(of_s1[1].events[0].timestamp, of_s1[1].received_at);
    assert_eq!(of_s1[3].exit_context, r#"{"a":1}"#);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_refused_with_its_code() {
    let rig = Rig::start_with(|config| {
        config.ingest.max_body_bytes = 10_000;
        config.ingest.max_inflated_bytes = 20_000;
    })
    .await;
    let post = |body: &str| {
        rig.post("/batch")
            .header("content-type", "application/json")
            .body(body.to_owned())
    };
    let bomb = zstd::bulk::compress(&vec![b' '; 1 << 20], 1).unwrap();
    let cases = [
        (post("{"), 400, "malformed"),
        (post("{}"), 400, "malformed"),
        (post(r#"{"sessionId":"s"}"#), 422, "unprocessable"),
        (
            post(r#"{"sessionId":"s","events":[1]}"#),
            422,
            "unprocessable",
        ),
        (post(&"x".repeat(10_001)), 413, "too_large"),
        (
            post("").header("content-encoding", "zstd").body(bomb),
            413,
            "too_large",
        ),
        (
            post("plain").header("content-encoding", "gzip"),
            400,
            "malformed",
        ),
        (
            post("{}").header("content-encoding", "gzip, br"),
            415,
            "unsupported_media",
        ),
        (
            rig.post("/batch")
                .header("content-type", "text/html")
                .body("{}"),
            415,
            "unsupported_media",
        ),
        (
            rig.post("/batch")
                .header("content-type", "text/plain; charset=utf-16")
                .body("{}"),
            415,
            "unsupported_media",
        ),
        (
            post("{}").header("origin", "https://evil.example"),
            403,
            "forbidden",
        ),
        (
            rig.http.post(format!("{}/batch", rig.url)).body("{}"),
            401,
            "unauthenticated",
        ),
        (
            rig.http
                .post(format!("{}/batch", rig.url))
                .bearer_auth("crow_00000000000000000000"),
            401,
            "unauthenticated",
        ),
        (
            rig.http.get(format!("{}/batch", rig.url)),
            405,
            "method_not_allowed",
        ),
        (rig.post("/nowhere"), 404, "not_found"),
    ];
    for (index, (request, status, expected)) in cases.into_iter().enumerate() {
        let response = request.header("x-request-id", "r-1").send().await.unwrap();
        assert_eq!(response.headers().get("x-request-id").unwrap(), "r-1");
        let (found, body) = read(response).await;
        assert_eq!(
            (found, code(&body)),
            (status, expected),
            "case {index}: {body}"
        );
        assert_eq!(body["error"]["requestId"], "r-1");
    }
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_beacon_carries_its_key_in_the_body_and_pages_may_read_errors() {
    let rig = Rig::start().await;
    let mut body = click("s1");
    body["apiKey"] = json!(rig.key);
    let beacon = rig
        .http
        .post(format!("{}/batch", rig.url))
        .header("origin", "https://acme.example");
    let response = beacon
        .header("content-type", "text/plain")
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(
        response
            .headers()
            .get("access-control-allow-origin")
            .unwrap(),
        "*"
    );
    assert_eq!(response.status().as_u16(), 202);

    let refused = rig
        .post("/batch")
        .header("origin", "https://acme.example")
        .body("{")
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status().as_u16(), 400);
    assert_eq!(
        refused
            .headers()
            .get("access-control-allow-origin")
            .unwrap(),
        "*"
    );
    let preflight = rig
        .http
        .request(reqwest::Method::OPTIONS, format!("{}/batch", rig.url))
        .header("origin", "https://acme.example")
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization,content-encoding,content-type,traceparent,tracestate",
        )
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status().as_u16(), 200);
    assert_eq!(
        preflight.headers().get("access-control-max-age").unwrap(),
        "7200"
    );
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_refused_when_the_news_arrives() {
    let rig = Rig::start().await;
    assert_eq!(rig.send("/batch", &click("s1")).await.0, 202);
    keys::revoke(&rig.db, &rig.key_id).await.unwrap();
    crow_testkit::wait::eventually("the key is refused", Duration::from_secs(10), async || {
        notices::publish(
            &rig.bus,
            notices::KEY_REVOKED,
            Bytes::from(rig.key_id.clone()),
        )
        .await
        .unwrap();
        (rig.send("/batch", &click("s1")).await.0 == 401).then_some(())
    })
    .await;
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_receipt_carries_the_hints_of_keepers() {
    let rig = Rig::start().await;
    let session = SessionId::new("s1").unwrap();
    let of_session = Notice::of(&organization(), &session);
    let ended = Notice {
        session_ended: true,
        ..of_session.clone()
    };
    let reused = Notice {
        window_id: "w".to_owned(),
        new_window: true,
        ..of_session
    };
    let bodies = [
        (
            "/track",
            json!({"sessionId": "s1", "windowId": "w", "type": "click"}),
        ),
        ("/session/end", json!({"sessionId": "s1", "windowId": "w"})),
        (
            "/batch",
            json!({"sessionId": "s1", "windowId": "w", "page": "open"}),
        ),
    ];
    for (path, body) in bodies {
        crow_testkit::wait::eventually("the hints", Duration::from_secs(20), async || {
            for notice in [&ended, &reused] {
                notices::publish(&rig.bus, notices::NOTICE, notice.encode())
                    .await
                    .unwrap();
            }
            let (status, receipt) = rig.send(path, &body).await;
            assert_eq!(status, 202, "{path}");
            (receipt["sessionEnded"] == true && receipt["newWindow"] == true).then_some(())
        })
        .await;
    }
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_name_what_was_ignored() {
    let rig = Rig::start().await;
    let odd = json!({"sessionId": "s1", "context": {"userId": "a\n", "traits": []}, "sdk": "x",
        "sentAt": "now", "exitContext": 5, "type": "click", "url": []});
    for (path, expected) in [
        ("/session/start", 201),
        ("/track", 202),
        ("/session/end", 202),
    ] {
        let (status, receipt) = rig.send(path, &odd).await;
        assert_eq!(status, expected, "{path}");
        let ignored = receipt["ignored"].as_array().unwrap();
        let fields: Vec<&str> = ignored
            .iter()
            .map(|one| one["field"].as_str().unwrap())
            .collect();
        for field in [
            "context.userId",
            "context.traits",
            "sdk",
            "sentAt",
            "exitContext",
        ] {
            assert!(fields.contains(&field), "{path}: {fields:?}");
        }
        assert_eq!(fields.contains(&"url"), path == "/track");
    }
    let (status, receipt) = rig.send("/batch", &click("s2")).await;
    assert_eq!((status, receipt.get("ignored")), (202, None));
    rig.stop().await;
}

/// Base64-like text that compresses badly.
fn noise(bytes: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(LETTERS[(state % 64) as usize])
    };
    (0..bytes).map(|_| next()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_too_large_for_the_bus_is_compressed_or_becomes_an_object() {
    let rig = Rig::start().await;
    let now = Timestamp::now().0;
    let snapshot = |session: &str, text: String| json!({"sessionId": session, "replay": [{"type": 2, "timestamp": now, "data": {"text": text}}]});
    assert_eq!(
        rig.send("/batch", &snapshot("s1", "x".repeat(12 << 20)))
            .await
            .0,
        202
    );
    let messages = rig.messages("s1").await;
    let plain = zstd::bulk::decompress(&messages[0].zstd, 64 << 20).unwrap();
    assert_eq!(
        Message::decode(plain.as_slice()).unwrap().batches[0].session_id,
        "s1"
    );

    let text = noise(12 << 20);
    assert_eq!(
        rig.send("/batch", &snapshot("s2", text.clone())).await.0,
        202
    );
    let claim = rig
        .messages("s2")
        .await
        .into_iter()
        .find_map(|message| message.claim)
        .unwrap();
    assert!(claim.key.starts_with("inbox/"));
    let object = rig.store.get(&claim.key).await.unwrap();
    assert_eq!(object.len() as u64, claim.size);
    let plain = zstd::bulk::decompress(&object, 64 << 20).unwrap();
    let batch = Message::decode(plain.as_slice()).unwrap().batches.remove(0);
    let replayed: Value = serde_json::from_slice(&batch.replay[0].data).unwrap();
    assert!(replayed["data"]["text"] == text.as_str());
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_and_the_metrics_are_served() {
    let rig = Rig::start().await;
    rig.send("/batch", &click("s1")).await;
    let (status, document) = read(
        rig.http
            .get(format!("{}/openapi.json", rig.url))
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(status, 200);
    for route in ["/batch", "/track", "/session/start", "/session/end"] {
        let answers = &document["paths"][route]["post"]["responses"];
        for status in [
            "400", "401", "403", "405", "408", "413", "415", "422", "429", "503",
        ] {
            assert!(answers[status].is_object(), "{route} {status}");
        }
    }
    let metrics = rig
        .http
        .get(format!("{}/metrics", rig.url))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        metrics.contains("crow_ingest_events_total") && metrics.contains(r#"route="/batch""#),
        "{metrics}"
    );
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_times_out() {
    let rig = Rig::start_with(|config| config.ingest.body_timeout_ms = 200).await;
    let never = futures::stream::once(async { Ok::<_, std::io::Error>(Bytes::from_static(b"{")) });
    let slow = futures::StreamExt::chain(never, futures::stream::pending());
    let response = rig
        .post("/batch")
        .body(reqwest::Body::wrap_stream(slow))
        .send()
        .await
        .unwrap();
    let (status, body) = read(response).await;
    assert_eq!((status, code(&body)), (408, "timeout"));
    rig.stop().await;
}
