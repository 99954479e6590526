//! A gateway, and a service behind it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::web::{self, Bytes, Data, Payload};
use actix_web::{App, HttpRequest, HttpResponse};
use data_encoding::BASE64;
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crow_auth::{AuthConfig, Client, Forwarded, GatewayChannel, KeyVerifier, Scope, keys};
use crow_bus::{Bus, BusConfig};
use crow_db::{DatabaseConfig, Db};
use crow_runtime::{Shutdown, Tls, TlsConfig};
use crow_types::{ApiKeySecret, OrganizationId, PartitionCount};
use crow_web::Listener;

use crate::{Config, run_on};

pub const GATEWAY_KEY: &str = "the key between gateway and service";
/// Time between parts of the endless stream.
const BEAT: Duration = Duration::from_millis(50);

/// How the service is reached, and whom it believes.
#[derive(Default)]
pub struct Trust {
    pub tls: TlsConfig,
    /// Names of gateways; empty: the gateway key counts.
    pub gateways: Vec<String>,
}

/// A key, with its secret.
pub struct Key {
    pub id: String,
    pub secret: String,
}

/// What the service shares with the test.
struct Service {
    channel: GatewayChannel,
    seen: AtomicUsize,
    step: Notify,
}

pub struct Rig {
    pub db: Db,
    url: String,
    service_url: String,
    service: Arc<Service>,
    client: reqwest::Client,
    shutdown: Shutdown,
    folder: Arc<tempfile::TempDir>,
}

impl Rig {
    pub async fn start(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_before(Trust::default(), change).await
    }

    /// With a service that trusts so.
    pub async fn start_before(trust: Trust, change: impl FnOnce(&mut Config)) -> Self {
        crow_runtime::install_crypto();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let db = Db::connect(&database(&folder)).await.unwrap();
        let shutdown = Shutdown::new();
        let listener = listener();
        let url = format!("http://{}", listener.address());
        let auth = AuthConfig {
            jwks_url: format!("{url}/.well-known/jwks.json"),
            gateway_key: match trust.gateways[..] {
                [] => GATEWAY_KEY.to_owned().into(),
                [..] => String::new().into(),
            },
            gateway_identities: trust.gateways,
            ..AuthConfig::default()
        };
        let service = Arc::new(Service {
            channel: GatewayChannel::new(&auth, "test").unwrap(),
            seen: AtomicUsize::new(0),
            step: Notify::new(),
        });
        let service_url = serve(Arc::clone(&service), &trust.tls, &shutdown);
        let mut rig = Self {
            db,
            url,
            service_url,
            service,
            client: crow_testkit::http::client(),
            shutdown,
            folder,
        };
        rig.run(listener, change).await;
        rig
    }

    /// Another gateway with the same database and service.
    pub async fn replica(&self, change: impl FnOnce(&mut Config)) -> Self {
        let listener = listener();
        let mut replica = Self {
            db: self.db.clone(),
            url: format!("http://{}", listener.address()),
            service_url: self.service_url.clone(),
            service: Arc::clone(&self.service),
            client: self.client.clone(),
            shutdown: Shutdown::new(),
            folder: Arc::clone(&self.folder),
        };
        replica.run(listener, change).await;
        replica
    }

    async fn run(&mut self, listener: Listener, change: impl FnOnce(&mut Config)) {
        let mut config = config(&self.folder);
        config.gateway.ingest_url.clone_from(&self.service_url);
        config.gateway.query_url.clone_from(&self.service_url);
        change(&mut config);
        let running = run_on(listener, config, self.shutdown.clone());
        tokio::spawn(async move { running.await.unwrap() });
        let ready = format!("{}/health/ready", self.url);
        crow_testkit::wait::http_ready(&ready, Duration::from_secs(20)).await;
    }

    pub async fn key(&self, scope: Scope) -> Key {
        self.key_of(scope, None).await
    }

    pub async fn key_of(&self, scope: Scope, origins: Option<Vec<String>>) -> Key {
        let acme = OrganizationId::new("acme").unwrap();
        let scopes = [scope].into_iter().collect();
        let made = keys::create(&self.db, &acme, "test", scopes, origins).await;
        let (record, secret) = made.unwrap();
        Key {
            id: record.id,
            secret: secret.expose().to_owned(),
        }
    }

    /// Signs in with a key; the token of the cookie, and the CSRF token.
    pub async fn sign_in(&self, key: &Key) -> (String, String) {
        let verifier = KeyVerifier::new(self.db.clone(), &AuthConfig::default()).unwrap();
        let secret = ApiKeySecret::parse(&key.secret).unwrap();
        let grant = verifier.verify(&secret).await.unwrap();
        let started = verifier.sign_in(&secret, &grant, Client::default()).await;
        let (token, sign_in) = started.unwrap();
        (token, sign_in.csrf_token)
    }

    pub async fn bus(&self, url: &str) -> Bus {
        let config = BusConfig {
            url: url.to_owned(),
            ..BusConfig::default()
        };
        let one = PartitionCount::new(1).unwrap();
        Bus::connect("test", &config, one).await.unwrap()
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> (u16, Value) {
        self.ask(&self.url, "GET", path, headers, None).await
    }

    pub async fn get_directly(&self, path: &str, headers: &[(&str, &str)]) -> (u16, Value) {
        self.ask(&self.service_url, "GET", path, headers, None)
            .await
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
        self.ask(&self.url, "POST", path, headers, Some(body)).await
    }

    async fn ask(
        &self,
        url: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> (u16, Value) {
        let method = method.parse().unwrap();
        let mut request = self.client.request(method, format!("{url}{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body.to_owned());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    /// The answer to a request, whose body is not read yet.
    pub async fn open(&self, path: &str, key: &Key) -> reqwest::Response {
        let request = self.client.get(format!("{}{path}", self.url));
        let answer = request.bearer_auth(&key.secret).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        answer
    }

    /// Status and declared length of the answer to a HEAD request.
    pub async fn head(&self, path: &str, key: &Key) -> (u16, u64) {
        let request = self.client.head(format!("{}{path}", self.url));
        let answer = request.bearer_auth(&key.secret).send().await.unwrap();
        let length = answer.headers()["content-length"].to_str().unwrap();
        (answer.status().as_u16(), length.parse().unwrap())
    }

    /// Sends a chunked body whose second part exists only once the service has got the first one.
    pub async fn post_in_steps(&self, path: &str, key: &Key) -> (u16, u64) {
        let service = Arc::clone(&self.service);
        let first = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"1"))]);
        let rest = futures::stream::once(async move {
            service.step.notified().await;
            Ok(Bytes::from(vec![b'x'; 9_999_999]))
        });
        let body = reqwest::Body::wrap_stream(first.chain(rest));
        let request = self.client.post(format!("{}{path}", self.url)).body(body);
        let answer = request.bearer_auth(&key.secret).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.text().await.unwrap().parse().unwrap())
    }

    /// Lets the service go on.
    pub fn step(&self) {
        self.service.step.notify_one();
    }

    /// Requests that the service has got.
    pub fn seen(&self) -> usize {
        self.service.seen.load(Ordering::SeqCst)
    }

    pub fn stop(&self) {
        self.shutdown.start();
    }
}

fn listener() -> Listener {
    Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap()
}

fn database(folder: &tempfile::TempDir) -> DatabaseConfig {
    DatabaseConfig {
        url: format!("sqlite://{}/crow.db", folder.path().display()).into(),
        ..DatabaseConfig::default()
    }
}

fn config(folder: &tempfile::TempDir) -> Config {
    let mut config = Config {
        environment: "test".to_owned(),
        database: database(folder),
        ..Config::default()
    };
    config.bus.url = "nats://127.0.0.1:1".to_owned();
    config.auth.gateway_key = GATEWAY_KEY.to_owned().into();
    config.gateway.workers = 1;
    config.gateway.signing_key = BASE64.encode(&[7; 32]).into();
    config
}

pub fn without_signing_key(config: &mut Config) {
    config.gateway.signing_key = String::new().into();
}

pub fn without_gateway_key(config: &mut Config) {
    config.auth.gateway_key = String::new().into();
}

pub fn with_short_tokens(config: &mut Config) {
    config.gateway.token_seconds = 59;
}

/// Why a gateway with a wrong configuration does not start.
pub async fn refusal(change: fn(&mut Config)) -> String {
    crow_runtime::install_crypto();
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    change(&mut config);
    let outcome = run_on(listener(), config, Shutdown::new()).await;
    format!("{:#}", outcome.unwrap_err())
}

fn serve(service: Arc<Service>, tls: &TlsConfig, shutdown: &Shutdown) -> String {
    let listener = listener();
    let url = format!("{}://{}", tls.scheme(), listener.address());
    let listener = listener.secured(Tls::open("test.tls", tls, shutdown).unwrap());
    let service = Data::from(service);
    let app = move || {
        App::new()
            .app_data(service.clone())
            .route("/steps", web::get().to(steps))
            .route("/live", web::get().to(live))
            .route("/count", web::post().to(count))
            .default_service(web::to(show))
    };
    tokio::spawn(listener.serve(1, app, shutdown.clone()));
    url
}

/// Shows what it got, and whom it believes.
async fn show(service: Data<Service>, request: HttpRequest, body: Bytes) -> HttpResponse {
    service.seen.fetch_add(1, Ordering::SeqCst);
    let headers: BTreeMap<String, String> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let principal = match Forwarded::of(&request) {
        Some(forwarded) => service.channel.admit(&forwarded).await.ok(),
        None => None,
    };
    let principal = principal.map(|who| {
        json!({
            "org": who.organization().as_str(),
            "id": who.id(),
            "kind": who.kind().as_str(),
            "role": who.role(),
            "scopes": who.scopes(),
        })
    });
    HttpResponse::Ok().json(json!({
        "headers": headers,
        "principal": principal,
        "target": request.uri().to_string(),
        "body": String::from_utf8_lossy(&body),
    }))
}

async fn steps(service: Data<Service>) -> HttpResponse {
    let first = futures::stream::iter([Ok::<_, actix_web::Error>(Bytes::from_static(b"first"))]);
    let second = futures::stream::once(async move {
        service.step.notified().await;
        Ok(Bytes::from_static(b"second"))
    });
    HttpResponse::Ok().streaming(first.chain(second))
}

async fn live() -> HttpResponse {
    let beats = futures::stream::unfold(tokio::time::interval(BEAT), |mut beats| async {
        beats.tick().await;
        let part = Ok::<_, actix_web::Error>(Bytes::from_static(b"data: 1\n\n"));
        Some((part, beats))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .streaming(beats)
}

async fn count(service: Data<Service>, mut payload: Payload) -> HttpResponse {
    let mut length = 0;
    while let Some(part) = payload.next().await {
        length += part.unwrap().len();
        service.step.notify_one();
    }
    HttpResponse::Ok().body(length.to_string())
}
