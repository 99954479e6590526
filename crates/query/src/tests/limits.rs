//! Clients that hold connections open or send unreadable data.

use std::time::Duration;

use actix_web::App;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Code, Request};
use tonic_reflection::pb::v1alpha::ServerReflectionRequest;
use tonic_reflection::pb::v1alpha::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1alpha::server_reflection_request::MessageRequest;

use crow_auth::Scope;
use crow_proto::api::session_service_client::SessionServiceClient;
use crow_proto::api::{ListSessionsRequest, ListSessionsResponse};
use crow_runtime::{Shutdown, Tls};
use crow_web::{ConnectionLimits, Listener, request_scope};

use super::fixture::World;
use super::grpc::{serve_limited, with_key};
use crate::rest::attempts::Attempts;
use crate::{mcp, rest};

const SOON: Duration = Duration::from_secs(15);

fn few(all: usize) -> ConnectionLimits {
    ConnectionLimits {
        all,
        per_address: all,
        ..ConnectionLimits::default()
    }
}

async fn serve_http(world: &World, limits: ConnectionLimits, shutdown: &Shutdown) -> String {
    serve_http_on(world, limits, None, shutdown).await
}

/// Serves REST and returns where.
pub async fn serve_http_on(
    world: &World,
    limits: ConnectionLimits,
    tls: Option<Tls>,
    shutdown: &Shutdown,
) -> String {
    let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.address().to_string();
    let (api, admin) = (world.api.clone(), world.admin().await);
    let attempts = Attempts::new(Vec::new());
    let factory = move || {
        App::new()
            .configure(|cfg| rest::configure(cfg, &api))
            .configure(mcp::configure)
            .app_data(Data::new(admin.clone()))
            .app_data(Data::new(attempts.clone()))
            .wrap(from_fn(request_scope))
    };
    let listener = listener.limited(limits).secured(tls);
    tokio::spawn(listener.serve(1, factory, shutdown.clone()));
    address
}

/// The first bytes from the other side; empty when it closes the connection.
async fn heard(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; 4_096];
    let read = tokio::time::timeout(SOON, stream.read(&mut bytes)).await;
    let count = read.expect("an answer, or the end").unwrap_or(0);
    String::from_utf8_lossy(&bytes[..count]).into_owned()
}

/// Whether the other side closed the connection, after any data.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    let read = tokio::time::timeout(SOON, stream.read_to_end(&mut rest)).await;
    read.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_nobody_waits_for_a_body() {
    let world = World::new().await;
    let shutdown = Shutdown::new();
    let address = serve_http(&world, ConnectionLimits::default(), &shutdown).await;
    for path in ["/analytics/acme/funnel", "/admin/acme/keys"] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Content-Length: 1000\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = heard(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 401"), "{path}: {answer}");
    }
    shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_is_served_however_many_only_connect() {
    let world = World::new().await;
    let shutdown = Shutdown::new();
    let address = serve_http(&world, few(3), &shutdown).await;
    let mut silent = Vec::new();
    for _connection in 0..6 {
        silent.push(TcpStream::connect(&address).await.unwrap());
    }
    let mut asking = TcpStream::connect(&address).await.unwrap();
    asking
        .write_all(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    assert!(heard(&mut asking).await.starts_with("HTTP/1.1 200"));
    assert!(is_closed(&mut silent[0]).await);
    shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_calls_is_served_however_many_only_connect() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let url = serve_limited(&world, few(3), &shutdown).await;
    let address = url.strip_prefix("http://").unwrap();
    let mut silent = Vec::new();
    for _connection in 0..6 {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    let mut client = SessionServiceClient::connect(url.clone()).await.unwrap();
    let asked = ListSessionsRequest {
        organization_id: "acme".to_owned(),
        ..ListSessionsRequest::default()
    };
    client.list_sessions(with_key(&key, asked)).await.unwrap();
    assert!(is_closed(&mut silent[0]).await);
    shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_calls_is_served_however_many_have_called_once() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let url = serve_limited(&world, few(3), &shutdown).await;
    let asked = ListSessionsRequest {
        organization_id: "acme".to_owned(),
        ..ListSessionsRequest::default()
    };
    let mut idle = Vec::new();
    for _connection in 0..6 {
        let mut client = SessionServiceClient::connect(url.clone()).await.unwrap();
        let refused = client.list_sessions(with_key("crow_none", asked.clone()));
        assert_eq!(refused.await.unwrap_err().code(), Code::Unauthenticated);
        idle.push(client);
    }
    let mut client = SessionServiceClient::connect(url.clone()).await.unwrap();
    client.list_sessions(with_key(&key, asked)).await.unwrap();
    drop(idle);
    shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_no_protobuf_is_the_callers_mistake() {
    let world = World::new().await;
    let shutdown = Shutdown::new();
    let url = serve_limited(&world, ConnectionLimits::default(), &shutdown).await;
    let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.unwrap();
    let path = PathAndQuery::from_static("/crow.v1.SessionService/ListSessions");
    // A number where a text is expected.
    let codec = tonic_prost::ProstCodec::<u32, ListSessionsResponse>::default();
    let answer = client.unary(Request::new(7_u32), path, codec).await;
    assert_eq!(answer.unwrap_err().code(), Code::InvalidArgument);
    shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn older_clients_list_the_services_too() {
    let world = World::new().await;
    let shutdown = Shutdown::new();
    let url = serve_limited(&world, ConnectionLimits::default(), &shutdown).await;
    let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
    let mut client = ServerReflectionClient::new(channel);
    let question = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut answers = client
        .server_reflection_info(futures::stream::iter([question]))
        .await
        .unwrap()
        .into_inner();
    let answer = answers.message().await.unwrap().unwrap();
    assert!(format!("{answer:?}").contains("crow.v1.SessionService"));
    shutdown.start();
}
