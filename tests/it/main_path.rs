//! The main path: a recording in, a session and its replay out, one announcement.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, pull};
use crow_proto::api::session_service_client::SessionServiceClient;
use crow_proto::api::{GetSessionRequest, ListSessionsRequest, StreamReplayRequest};
use crow_testkit::recording::rrweb_recording;
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use tonic::Request;

use crate::client::batches_of;
use crate::system::{Database, ORGANIZATION, Objects, System};

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_comes_back_from_sqlite_and_disk() {
    follow_a_recording(Database::Sqlite, Objects::Disk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_comes_back_from_postgres_and_s3() {
    follow_a_recording(Database::Postgres, Objects::S3).await;
}

async fn follow_a_recording(database: Database, objects: Objects) {
    let settings = [("CROW_SESSION__ARCHIVE_DELAY_MS", "3000")];
    let system = System::start(database, objects, &settings).await;
    let (batches, sent) = batches_of(&rrweb_recording(), "visit-1", 40);
    for batch in &batches {
        let (status, receipt) = system.post("/batch", batch).await;
        assert_eq!(status, 202, "{receipt}\n{}", system.logs());
        assert_eq!(receipt["accepted"], 1);
    }
    // A client that did not hear the answer sends the same again.
    assert_eq!(system.post("/batch", &batches[2]).await.0, 202);
    let end = json!({ "sessionId": "visit-1", "exitContext": { "reason": "closed" } });
    assert_eq!(system.post("/session/end", &end).await.0, 202);

    let session = system
        .session_when("visit-1", "the session to be closed", |found| {
            found["status"] == "closed"
        })
        .await;
    check_session(&session, &sent, batches.len());
    check_list_and_events(&system, &session, batches.len()).await;
    check_replay(&system, &sent).await;
    check_grpc(&system, &sent).await;
    check_announcement(&system, &session).await;
    check_archive(&system, &session, &sent).await;
}

/// After the session was rewritten into one object, it plays as before, with less reading.
async fn check_archive(system: &System, session: &Value, sent: &[Value]) {
    let middle =
        session["startedAt"].as_i64().unwrap() + session["durationMs"].as_i64().unwrap() / 2;
    let from_middle = format!("/visit-1/replay?from={middle}");
    let (_status, before) = system.get_text(&from_middle).await;
    system.wait_until_archived(1).await;

    let reads = "crow_storage_operations_total{operation=\"get_range\",outcome=\"ok\"}";
    let reads_before = system.metric(&system.query_url, reads).await;
    check_replay(system, sent).await;
    let reads_after = system.metric(&system.query_url, reads).await;
    assert!((1.0..=2.0).contains(&(reads_after - reads_before)));
    let (status, after) = system.get_text(&from_middle).await;
    assert_eq!((status, after), (200, before));
}

fn check_session(session: &Value, sent: &[Value], batches: usize) {
    assert_eq!(session["endReason"], "ended");
    assert_eq!(session["counts"]["replayEvents"], sent.len());
    assert_eq!(session["counts"]["events"], batches);
    assert_eq!(session["counts"]["clicks"], batches);
    // The time that the first batch was on its way counts as the skew of the client's clock.
    let started_at = |value: &Value| value.as_i64().unwrap();
    let moved_by = started_at(&session["startedAt"]) - started_at(&sent[0]["timestamp"]);
    assert!((0..30_000).contains(&moved_by), "{moved_by}");
    assert_eq!(session["browser"], "Chrome");
    assert_eq!(session["os"], "Linux");
    assert_eq!(session["deviceType"], "desktop");
    assert_eq!(session["userId"], "user-7");
    assert_eq!(session["hasReplay"], true);
    assert_eq!(session["gaps"], json!([]));
}

async fn check_list_and_events(system: &System, session: &Value, batches: usize) {
    let (_status, found) = system
        .get("?userId=user-7&hasReplay=true&live=false&browser=Chrome&eventType=click")
        .await;
    assert_eq!(found["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(found["sessions"][0]["id"], session["id"]);
    let (_status, found) = system.get("?errors=true").await;
    assert_eq!(found["sessions"], json!([]));
    let (_status, found) = system.get("/visit-1/events").await;
    let events = found["events"].as_array().unwrap();
    assert_eq!(events.len(), batches);
    assert_eq!(events[1]["data"], json!({ "seq": 1 }));
}

async fn check_replay(system: &System, sent: &[Value]) {
    let (status, played) = system.get("/visit-1/replay?format=rrweb").await;
    assert_eq!(status, 200);
    assert_eq!(played.as_array().unwrap(), sent);
}

async fn check_grpc(system: &System, sent: &[Value]) {
    let mut client = SessionServiceClient::connect(system.grpc_url.clone())
        .await
        .unwrap();
    let authorization = format!("Bearer {}", system.read_key);
    let with_key = |mut request: Request<()>| {
        request
            .metadata_mut()
            .insert("authorization", authorization.parse().unwrap());
        request.metadata().clone()
    };
    let metadata = with_key(Request::new(()));
    let request =
        |message| Request::from_parts(metadata.clone(), tonic::Extensions::default(), message);

    let list = ListSessionsRequest {
        organization_id: ORGANIZATION.to_owned(),
        ..ListSessionsRequest::default()
    };
    let mut list = Request::new(list);
    *list.metadata_mut() = metadata.clone();
    assert_eq!(
        client
            .list_sessions(list)
            .await
            .unwrap()
            .into_inner()
            .sessions
            .len(),
        1
    );

    let replay = StreamReplayRequest {
        organization_id: ORGANIZATION.to_owned(),
        session_id: "visit-1".to_owned(),
        ..StreamReplayRequest::default()
    };
    let frames: Vec<_> = client
        .stream_replay(request(replay))
        .await
        .unwrap()
        .into_inner()
        .try_collect()
        .await
        .unwrap();
    let played: Vec<Value> = frames
        .iter()
        .flat_map(|frame| &frame.events)
        .map(|event| serde_json::from_slice(&event.data).unwrap())
        .collect();
    assert_eq!(played, sent);

    let other = GetSessionRequest {
        organization_id: "other".to_owned(),
        session_id: "visit-1".to_owned(),
    };
    let mut other = Request::new(other);
    *other.metadata_mut() = metadata;
    assert_eq!(
        client.get_session(other).await.unwrap_err().code(),
        tonic::Code::NotFound
    );
}

async fn check_announcement(system: &System, session: &Value) {
    let announcements = announcements(system, 1).await;
    assert_eq!(announcements.len(), 1);
    let message = &announcements[0];
    assert_eq!(message["organizationId"], ORGANIZATION);
    assert_eq!(message["sourceType"], "web");
    assert_eq!(message["sessionId"], "visit-1");
    assert_eq!(
        message["completionId"],
        format!("{}-0", session["id"].as_str().unwrap())
    );
    let data: Value = serde_json::from_str(message["data"].as_str().unwrap()).unwrap();
    assert_eq!(data["endReason"], "ended");
    assert_eq!(data["eventsComplete"], true);
}

/// Everything in the work queue, read as the interaction service would, once at least
/// `expected` different completion ids are there.
pub async fn announcements(system: &System, expected: usize) -> Vec<Value> {
    let client = async_nats::connect(system.nats.url()).await.unwrap();
    let stream = async_nats::jetstream::new(client)
        .get_stream("CROW_INTERACTIONS")
        .await
        .unwrap();
    let config = pull::Config {
        ack_policy: AckPolicy::Explicit,
        ..pull::Config::default()
    };
    let consumer = stream
        .get_or_create_consumer("interaction-service", config)
        .await
        .unwrap();
    let mut found: Vec<Value> = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    loop {
        let mut batch = consumer.fetch().max_messages(500).messages().await.unwrap();
        let mut is_empty = true;
        while let Some(message) = batch.next().await {
            let message = message.unwrap();
            let payload: Value = serde_json::from_slice(&message.payload).unwrap();
            ids.insert(payload["completionId"].as_str().unwrap().to_owned());
            found.push(payload);
            message.ack().await.unwrap();
            is_empty = false;
        }
        if is_empty && ids.len() >= expected {
            return found;
        }
        assert!(
            std::time::Instant::now() < deadline,
            "{} of {expected} announcements came",
            ids.len()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_itself_when_the_user_is_idle() {
    let system = System::start(
        Database::Sqlite,
        Objects::Disk,
        &[("CROW_SESSION__IDLE_TIMEOUT_MS", "1500")],
    )
    .await;
    let now = crate::client::now_ms();
    let event = json!({ "sessionId": "idle-1", "sentAt": now, "event": { "id": "e1", "type": "pageview", "timestamp": now } });
    assert_eq!(system.post("/track", &event).await.0, 202);
    let session = system
        .session_when("idle-1", "the idle session to be closed", |found| {
            found["status"] == "closed"
        })
        .await;
    assert_eq!(session["endReason"], "idle");
    assert_eq!(announcements(&system, 1).await.len(), 1);

    // Activity after the end is the next visit under the same session id.
    let now = crate::client::now_ms();
    let event = json!({ "sessionId": "idle-1", "sentAt": now, "event": { "id": "e2", "type": "pageview", "timestamp": now } });
    assert_eq!(system.post("/track", &event).await.0, 202);
    let next = system
        .session_when("idle-1", "the next visit", |found| found["generation"] == 1)
        .await;
    assert_ne!(next["id"], session["id"]);
    assert_eq!(next["generations"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_that_cannot_be_played_is_mended() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let batch = |seq: u64, kind: u64| {
        let now = crate::client::now_ms();
        json!({ "sessionId": "headless", "windowId": "w", "seq": seq, "sentAt": now,
                "replay": [{ "type": kind, "timestamp": now, "data": { "source": 0 } }] })
    };
    // The first snapshot was lost with batch 0; what follows cannot be played.
    let mut seq = 1;
    let asked = crow_testkit::wait::until("the wish", Duration::from_secs(60), async || {
        let (status, receipt) = system.post("/batch", &batch(seq, 3)).await;
        assert_eq!(status, 202, "{receipt}");
        seq += 1;
        crow_testkit::wait::quiet_for(Duration::from_millis(300)).await;
        (receipt["needSnapshot"] == true).then_some(())
    });
    asked.await.unwrap();
    let (_status, receipt) = system.post("/batch", &batch(seq, 2)).await;
    assert_eq!(receipt.get("needSnapshot"), None, "it is said once");
    let session = system
        .session_when("headless", "the gap", |found| found["gaps"] != json!([]))
        .await;
    let gap = &session["gaps"][0];
    assert_eq!((&gap["firstSeq"], &gap["lastSeq"]), (&json!(0), &json!(0)));
    assert!(gap["since"].as_i64().unwrap() >= session["startedAt"].as_i64().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_are_told_that_their_session_was_ended() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let batch = |window: &str, seq: u64| {
        let now = crate::client::now_ms();
        json!({ "sessionId": "shared", "windowId": window, "seq": seq, "sentAt": now,
                "events": [{ "type": "click", "timestamp": now }] })
    };
    let (_status, receipt) = system.post("/batch", &batch("a", 0)).await;
    assert_eq!(receipt.get("sessionEnded"), None);
    let end = json!({ "sessionId": "shared", "sentAt": crate::client::now_ms() });
    assert_eq!(system.post("/session/end", &end).await.0, 202);
    // All windows are, and not once only.
    for window in ["a", "b", "a"] {
        let mut seq = 1;
        let told = crow_testkit::wait::until("the news", Duration::from_secs(30), async || {
            let (_status, receipt) = system.post("/batch", &batch(window, seq)).await;
            seq += 1;
            (receipt["sessionEnded"] == true).then_some(())
        });
        told.await.unwrap();
    }
    let other = json!({ "sessionId": "other", "event": { "type": "click" } });
    let (_status, receipt) = system.post("/track", &other).await;
    assert_eq!(receipt.get("sessionEnded"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_larger_than_the_bus_goes_by_claim_check_and_is_played_whole() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let now = crate::client::now_ms();
    // Random text does not compress: 12 MB stay more than the 8 MB that the server takes.
    let noise: String = (0..9_000_000)
        .map(|_index| char::from(rand::random_range(b'0'..=b'z')))
        .filter(|c| *c != '\\')
        .collect();
    let snapshot = json!({ "type": 2, "timestamp": now, "data": { "node": { "type": 0, "id": 1, "text": noise } } });
    let batch = json!({ "sessionId": "big", "windowId": "w", "seq": 0, "sentAt": now, "replay": [snapshot] });
    let (status, receipt) = system.post("/batch", &batch).await;
    assert_eq!(status, 202, "{receipt}");
    system
        .session_when("big", "the big session", |found| {
            found["counts"]["replayEvents"] == 1
        })
        .await;
    let (_status, played) = system.get("/big/replay?format=rrweb").await;
    assert!(
        played == json!([snapshot]),
        "the snapshot is not what was sent"
    );
}
