//! The API gateway in front of the services, with all of them as processes.

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tonic::{Code, Request, Streaming};

use crow_proto::api::session_service_client::SessionServiceClient;
use crow_proto::api::{ListSessionsRequest, TailFrame, TailSessionRequest};
use crow_testkit::port::free_port;
use crow_testkit::wait::eventually;

use crate::client::{http, now_ms};
use crate::system::{Database, Objects, System};

const PATIENCE: Duration = Duration::from_secs(60);
const GATEWAY_KEY: &str = "the key between gateway and services";
/// 32 bytes in base64.
const SIGNING_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

async fn body(request: RequestBuilder) -> Value {
    request.send().await.unwrap().json().await.unwrap()
}

/// A service of somebody else: it takes one request and returns its headers.
async fn captured(listener: TcpListener) -> String {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    socket.write_all(answer).await.unwrap();
    String::from_utf8(head).unwrap()
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    let found = lines.find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

/// The id of a key, from its list.
fn id_of(system: &System, key: &str) -> String {
    let listed = system.crow(&["keys", "list", "--org", "acme", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let prefix = &key[..11];
    let keys = listed.as_array().unwrap();
    let found = keys.iter().find(|one| one["prefix"] == prefix).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

async fn send(client: &Client, url: &str, key: &str) -> u16 {
    let now = now_ms();
    let batch = json!({
        "batchId": "first", "sessionId": "visit", "windowId": "w", "seq": 0, "sentAt": now,
        "events": [{ "id": "first", "type": "click", "timestamp": now, "data": {} }],
    });
    status(
        client
            .post(format!("{url}/batch"))
            .bearer_auth(key)
            .json(&batch),
    )
    .await
}

/// Reads over gRPC, through the gateway; returns a call that goes on as long as the session.
async fn calls_through(system: &System, grpc: &str) -> Streaming<TailFrame> {
    fn with<T>(key: &str, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let value = format!("Bearer {key}").parse().unwrap();
        request.metadata_mut().insert("authorization", value);
        request
    }
    let list = |organization: &str| ListSessionsRequest {
        organization_id: organization.to_owned(),
        ..ListSessionsRequest::default()
    };
    let client = SessionServiceClient::connect(format!("http://{grpc}")).await;
    let mut client = client.unwrap();
    let listed = client.list_sessions(with(&system.read_key, list("acme")));
    assert_eq!(listed.await.unwrap().into_inner().sessions.len(), 1);
    for (key, organization, code) in [
        (&system.read_key, "rival", Code::NotFound),
        (&system.ingest_key, "acme", Code::PermissionDenied),
        (
            &"crow_00000000000000000000".to_owned(),
            "acme",
            Code::Unauthenticated,
        ),
    ] {
        let refused = client.list_sessions(with(key, list(organization))).await;
        assert_eq!(refused.unwrap_err().code(), code, "{organization}");
    }
    let tail = TailSessionRequest {
        organization_id: "acme".to_owned(),
        session_id: "visit".to_owned(),
        ..TailSessionRequest::default()
    };
    let tail = client.tail_session(with(&system.read_key, tail)).await;
    tail.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_through_the_gateway_and_a_stolen_token_does_not() {
    let listen = format!("127.0.0.1:{}", free_port());
    let url = format!("http://{listen}");
    let grpc = format!("127.0.0.1:{}", free_port());
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let jwks = format!("{url}/.well-known/jwks.json");
    let services = format!(
        r#"[{{prefix="/other/",url="http://{}"}}]"#,
        other.local_addr().unwrap()
    );
    let settings = [
        ("CROW_AUTH__JWKS_URL", jwks.as_str()),
        ("INTERNAL_GATEWAY_KEY", GATEWAY_KEY),
        ("CROW_GATEWAY__SIGNING_KEY", SIGNING_KEY),
        ("CROW_GATEWAY__SERVICES", services.as_str()),
        ("CROW_GATEWAY__GRPC_LISTEN", grpc.as_str()),
    ];
    let system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
    let _gateway = system.gateway(&listen).await;
    let client = http();
    let get = |base: &str, path: &str| client.get(format!("{base}{path}"));

    assert_eq!(send(&client, &url, &system.ingest_key).await, 202);
    assert_eq!(send(&client, &url, &system.read_key).await, 403);
    eventually("the session", PATIENCE, async || {
        let list = get(&url, "/sessions/acme").bearer_auth(&system.read_key);
        let list = body(list).await;
        (list["sessions"].as_array().unwrap().len() == 1).then_some(())
    })
    .await;
    for (path, key, expected) in [
        ("/sessions/rival", &system.read_key, 404),
        ("/admin/acme/keys", &system.read_key, 403),
        ("/sessions/acme", &system.ingest_key, 403),
    ] {
        let request = get(&url, path).bearer_auth(key);
        assert_eq!(status(request).await, expected, "{path}");
    }
    assert_eq!(status(get(&url, "/sessions/acme")).await, 401);
    let forged = get(&url, "/sessions/rival")
        .bearer_auth(&system.read_key)
        .header("X-Organization-Id", "rival")
        .header("X-Crow-Gateway", GATEWAY_KEY);
    assert_eq!(status(forged).await, 404, "the key decides");

    let asked = get(&url, "/other/x").bearer_auth(&system.read_key);
    let (head, answered) = tokio::join!(captured(other), status(asked));
    assert_eq!(answered, 204);
    assert!(!head.contains(&system.read_key), "{head}");
    let token = header(&head, "authorization").unwrap();
    let stolen = |path: &str| get(&system.query_url, path).header("Authorization", token);
    assert_eq!(status(stolen("/sessions/acme")).await, 401, "a token alone");
    let wrong = stolen("/sessions/acme").header("X-Crow-Gateway", "x".repeat(40));
    assert_eq!(status(wrong).await, 401);
    let named = stolen("/sessions/acme").header("X-Organization-Id", "acme");
    assert_eq!(status(named).await, 401);
    let from_gateway = |path| stolen(path).header("X-Crow-Gateway", GATEWAY_KEY);
    assert_eq!(status(from_gateway("/sessions/acme")).await, 200);
    assert_eq!(status(from_gateway("/sessions/rival")).await, 404);
    let other_organization = from_gateway("/sessions/acme").header("X-Organization-Id", "rival");
    assert_eq!(status(other_organization).await, 401);
    let as_client = get(&url, "/sessions/acme").header("Authorization", token);
    assert_eq!(status(as_client).await, 401, "the gateway takes keys");

    let mut calls = calls_through(&system, &grpc).await;

    let live = get(&url, "/live/acme").bearer_auth(&system.read_key);
    let mut live = live.send().await.unwrap();
    assert_eq!(live.status().as_u16(), 200);
    assert!(live.chunk().await.unwrap().is_some(), "a heartbeat");
    system.crow(&["keys", "revoke", &id_of(&system, &system.read_key)]);
    eventually("the refusal", PATIENCE, async || {
        let list = get(&url, "/sessions/acme").bearer_auth(&system.read_key);
        (status(list).await == 401).then_some(())
    })
    .await;
    let end = tokio::time::timeout(PATIENCE, async {
        while let Ok(Some(_part)) = live.chunk().await {}
    });
    end.await.expect("the stream of a revoked key ends");
    let end = tokio::time::timeout(PATIENCE, async {
        loop {
            match calls.message().await {
                Ok(Some(_frame)) => {}
                Ok(None) => panic!("the session is open"),
                Err(status) => return status,
            }
        }
    });
    let status = end.await.expect("the call of a revoked key ends");
    assert_eq!(status.code(), Code::Unauthenticated);
}
