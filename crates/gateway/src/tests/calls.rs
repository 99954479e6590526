//! gRPC through the gateway, to a service that answers health checks.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, Method};
use tokio::net::TcpStream;
use tonic::service::InterceptorLayer;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Server};
use tonic::{Code, Request};
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::server::HealthReporter;

use crow_auth::{Scope, keys};
use crow_bus::notices;
use crow_runtime::{Shutdown, Tls, TlsConfig};
use crow_testkit::certificates::Authority;
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::port::free_port;
use crow_testkit::wait::eventually;
use crow_web::ConnectionLimits;
use crow_web::grpc::{Incoming, accepted, bind};

use super::rig::{GATEWAY_KEY, Rig};

const PATIENCE: Duration = Duration::from_secs(20);
/// States of a service in answers.
const SERVING: i32 = 1;
const NOT_SERVING: i32 = 2;

/// The service behind the gateway.
pub(super) struct Upstream {
    pub(super) address: String,
    reporter: HealthReporter,
    /// The headers of the last call.
    seen: Arc<Mutex<HeaderMap>>,
    pub(super) shutdown: Shutdown,
}

impl Upstream {
    pub(super) fn start(tls: &TlsConfig) -> Self {
        crow_runtime::install_crypto();
        let shutdown = Shutdown::new();
        let sockets = bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
        let address = sockets.local_addr().unwrap().to_string();
        let incoming = Incoming {
            sockets,
            tls: Tls::open("test.tls", tls, &shutdown).unwrap(),
            limits: ConnectionLimits::default(),
        };
        let (reporter, health) = tonic_health::server::health_reporter();
        let seen = Arc::new(Mutex::new(HeaderMap::new()));
        let noted = Arc::clone(&seen);
        let note = move |request: Request<()>| {
            *noted.lock().unwrap() = request.metadata().clone().into_headers();
            Ok(request)
        };
        let serving = Server::builder()
            .layer(InterceptorLayer::new(note))
            .add_service(health)
            .serve_with_incoming(accepted(incoming));
        tokio::spawn(serving);
        Self {
            address,
            reporter,
            seen,
            shutdown,
        }
    }

    fn plain() -> Self {
        Self::start(&TlsConfig::default())
    }

    pub(super) fn seen(&self, name: &str) -> Option<String> {
        let seen = self.seen.lock().unwrap();
        Some(seen.get(name)?.to_str().unwrap().to_owned())
    }
}

pub(super) fn with_key(key: &str) -> Request<HealthCheckRequest> {
    let mut request = Request::new(HealthCheckRequest::default());
    let bearer = format!("Bearer {key}").parse().unwrap();
    request.metadata_mut().insert("authorization", bearer);
    request
}

pub(super) async fn connect(port: u16) -> HealthClient<Channel> {
    let endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{port}"));
    HealthClient::new(endpoint.unwrap().connect().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_passes_with_a_token_and_without_its_key() {
    let upstream = Upstream::plain();
    let port = free_port();
    let rig = Rig::start(|config| {
        config.gateway.grpc_listen = Some(([127, 0, 0, 1], port).into());
        config.gateway.query_grpc_url = format!("http://{}", upstream.address);
    })
    .await;
    let key = rig.key(Scope::Read).await;
    let mut client = connect(port).await;
    let mut call = with_key(&key.secret);
    for (name, value) in [
        ("x-organization-id", "rival"),
        ("x-crow-gateway", "guessed"),
        ("x-forwarded-for", "192.0.2.7"),
        ("x-note", "kept"),
    ] {
        call.metadata_mut().insert(name, value.parse().unwrap());
    }
    let answer = client.check(call).await.unwrap().into_inner();
    assert_eq!(answer.status, SERVING);
    let token = upstream.seen("authorization").unwrap();
    assert!(token.starts_with("Bearer eyJ"), "{token}");
    for (name, value) in [
        ("x-crow-gateway", GATEWAY_KEY),
        ("x-organization-id", "acme"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-note", "kept"),
        ("te", "trailers"),
    ] {
        assert_eq!(upstream.seen(name).as_deref(), Some(value), "{name}");
    }
    // Without a key, or with a token, nothing is forwarded.
    let stolen = token.trim_start_matches("Bearer ");
    for call in [
        Request::new(HealthCheckRequest::default()),
        with_key(stolen),
    ] {
        upstream.seen.lock().unwrap().clear();
        let refused = client.check(call).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unauthenticated);
        assert!(upstream.seen.lock().unwrap().is_empty());
    }
    let refused = client.check(with_key("crow_00000000000000000000")).await;
    assert_eq!(refused.unwrap_err().code(), Code::Unauthenticated);
    // A failure of the service, which is in its headers or trailers.
    let unknown = HealthCheckRequest {
        service: "no.such.Service".to_owned(),
    };
    let mut call = with_key(&key.secret);
    *call.get_mut() = unknown;
    let failed = client.check(call).await.unwrap_err();
    assert_eq!(failed.code(), Code::NotFound);
    upstream.shutdown.start();
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_passes_as_it_comes_and_ends_with_its_key() {
    let nats = NatsServer::start(NatsOptions::default()).await.unwrap();
    let url = nats.url();
    let upstream = Upstream::plain();
    let port = free_port();
    let rig = Rig::start(|config| {
        config.bus.url.clone_from(&url);
        config.gateway.grpc_listen = Some(([127, 0, 0, 1], port).into());
        config.gateway.query_grpc_url = format!("http://{}", upstream.address);
    })
    .await;
    let key = rig.key(Scope::Read).await;
    let mut client = connect(port).await;
    let stream = client.watch(with_key(&key.secret)).await.unwrap();
    let mut stream = stream.into_inner();
    assert_eq!(stream.message().await.unwrap().unwrap().status, SERVING);
    // The service says more only now, so nothing waited for the end.
    let reporter = &upstream.reporter;
    let changed = reporter.set_service_status("", ServingStatus::NotServing);
    changed.await;
    assert_eq!(stream.message().await.unwrap().unwrap().status, NOT_SERVING);

    keys::revoke(&rig.db, &key.id).await.unwrap();
    let bus = rig.bus(&url).await;
    eventually("the refusal", PATIENCE, async || {
        let notice = key.id.clone().into();
        let told = notices::publish(&bus, notices::KEY_REVOKED, notice).await;
        told.ok()?;
        let again = client.check(with_key(&key.secret)).await;
        (again.err()?.code() == Code::Unauthenticated).then_some(())
    })
    .await;
    let end = tokio::time::timeout(PATIENCE, stream.message()).await;
    let status = end.expect("the stream ends").unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
    upstream.shutdown.start();
    rig.stop();
}

/// Its requests have no path, and the connections to the service must survive them.
#[tokio::test(flavor = "multi_thread")]
async fn a_connect_is_refused_and_harms_nothing() {
    let upstream = Upstream::plain();
    let port = free_port();
    let rig = Rig::start(|config| {
        config.gateway.grpc_listen = Some(([127, 0, 0, 1], port).into());
        config.gateway.query_grpc_url = format!("http://{}", upstream.address);
    })
    .await;
    let key = rig.key(Scope::Read).await;
    let socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let (mut client, connection) = h2::client::handshake(socket).await.unwrap();
    tokio::spawn(connection);
    for _ in 0..40 {
        let request = http::Request::builder().method(Method::CONNECT);
        let request = request.uri("127.0.0.1:1");
        let request = request.header("authorization", format!("Bearer {}", key.secret));
        client = client.ready().await.unwrap();
        let (answer, _body) = client
            .send_request(request.body(()).unwrap(), true)
            .unwrap();
        let answer = answer.await.unwrap();
        let unimplemented = (Code::Unimplemented as i32).to_string();
        assert_eq!(answer.headers()["grpc-status"], unimplemented);
    }
    let mut client = connect(port).await;
    let answer = client.check(with_key(&key.secret)).await.unwrap();
    assert_eq!(answer.into_inner().status, SERVING);
    upstream.shutdown.start();
    rig.stop();
}

/// TLS with a certificate in the folder.
fn secured(authority: &Authority, folder: &Path) -> TlsConfig {
    authority.issue().write_to(folder);
    let path = |name: &str| folder.join(name).display().to_string();
    TlsConfig {
        cert_file: path("tls.crt"),
        key_file: path("tls.key"),
        ..TlsConfig::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_speak_tls_and_a_service_that_is_away_is_said_to_be() {
    let authority = Authority::create();
    let folder = tempfile::tempdir().unwrap();
    let tls = secured(&authority, folder.path());
    let ca_file = folder.path().join("ca.crt");
    std::fs::write(&ca_file, &authority.pem).unwrap();
    let upstream = Upstream::start(&tls);
    let (port, away) = (free_port(), free_port());
    let rig = Rig::start(|config| {
        config.gateway.grpc_listen = Some(([127, 0, 0, 1], port).into());
        config.gateway.grpc_tls = tls.clone();
        config.gateway.query_grpc_url = format!("https://{}", upstream.address);
        config.gateway.ca_file = ca_file.display().to_string();
    })
    .await;
    let trusted = Certificate::from_pem(&authority.pem);
    let trusting = ClientTlsConfig::new().ca_certificate(trusted);
    let endpoint = Endpoint::from_shared(format!("https://127.0.0.1:{port}")).unwrap();
    let channel = endpoint.tls_config(trusting).unwrap().connect().await;
    let mut client = HealthClient::new(channel.unwrap());
    let key = rig.key(Scope::Read).await;
    let answer = client.check(with_key(&key.secret));
    assert_eq!(answer.await.unwrap().into_inner().status, SERVING);
    upstream.shutdown.start();

    let lonely = rig
        .replica(|config| {
            config.gateway.grpc_listen = Some(([127, 0, 0, 1], away).into());
            config.gateway.query_grpc_url = "http://127.0.0.1:1".to_owned();
        })
        .await;
    let mut client = connect(away).await;
    let failed = client.check(with_key(&key.secret)).await.unwrap_err();
    assert_eq!(failed.code(), Code::Unavailable);
    assert!(failed.message().contains("try again"), "{failed}");
    lonely.stop();
    rig.stop();
}
