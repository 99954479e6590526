//! Who is believed to be the API gateway, or another service, by the certificate of a connection.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{App, HttpResponse, web};
use serde_json::{Value, json};
use tempfile::TempDir;

use crow_auth::{
    AuthConfig, GATEWAY_KEY_HEADER, GatewayChannel, KeyGrant, KnownServices, Principal, Scope,
    Signer,
};
use crow_runtime::{Shutdown, Tls, TlsConfig};
use crow_testkit::certificates::{Authority, Certificate};
use crow_testkit::wait::eventually;
use crow_types::{OrganizationId, Timestamp};
use crow_web::{ConnectionLimits, Listener};

use super::fixture::{SYSTEM_SECRET, World};
use super::grpc::serve_on;
use super::limits::serve_http_on;
use super::tls::Client;

const GATEWAY_KEY: &str = "the key between gateway and services";
/// 32 bytes in base64.
const SIGNING_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
const GATEWAY: &str = "spiffe://crow/gateway";
const BY_DNS: &str = "gateway.crow.internal";
const SERVICE: &str = "spiffe://crow/chat";
const PATIENCE: Duration = Duration::from_secs(30);

/// How a request comes in: refused in the handshake, or with a status.
type Outcome = Option<u16>;

/// REST and gRPC that know a gateway and another service by their names.
struct Served {
    world: World,
    servers: Authority,
    folder: TempDir,
    rest: String,
    grpc: String,
    signer: Arc<Signer>,
    shutdown: Shutdown,
}

impl Served {
    /// `clients` signs the certificates of clients, which may come without one if that is `optional`.
    async fn start(clients: &Authority, optional: bool, keys: &AuthConfig) -> Self {
        crow_testkit::http::client();
        let shutdown = Shutdown::new();
        let folder = TempDir::new().unwrap();
        let servers = Authority::create();
        servers.issue().write_to(folder.path());
        std::fs::write(folder.path().join("ca.crt"), &clients.pem).unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let tls = TlsConfig {
            cert_file: path("tls.crt"),
            key_file: path("tls.key"),
            client_ca_file: path("ca.crt"),
            client_cert_optional: optional,
        };
        let signer = Signer::new(&SIGNING_KEY.to_owned().into(), None, "test", Some(300));
        let signer = Arc::new(signer.unwrap());
        let config = AuthConfig {
            jwks_url: publish(&signer, &shutdown),
            gateway_identities: vec![GATEWAY.to_owned(), BY_DNS.to_owned()],
            system_identities: vec![SERVICE.to_owned()],
            ..keys.clone()
        };
        let mut world = World::new().await;
        let channel = GatewayChannel::new(&config, "test").unwrap();
        let door = world.api.door.clone().behind_gateway(channel);
        world.api.door = door.for_services(KnownServices::callers(&config).unwrap());
        let open = |setting| Tls::open(setting, &tls, &shutdown).unwrap();
        let limits = ConnectionLimits::default();
        let rest = serve_http_on(&world, limits.clone(), open("query.tls"), &shutdown).await;
        let grpc = serve_on(&world, limits, open("query.grpc_tls"), &shutdown).await;
        Self {
            world,
            servers,
            folder,
            rest,
            grpc,
            signer,
            shutdown,
        }
    }

    fn client(&self, presents: Option<Certificate>) -> Client<'_> {
        Client {
            trusts: &self.servers,
            presents,
        }
    }

    fn token(&self) -> String {
        let grant = KeyGrant {
            key_id: "key_1".to_owned(),
            organization: OrganizationId::new("acme").unwrap(),
            scopes: [Scope::Read].into_iter().collect(),
            allowed_origins: None,
            expires_at: None,
            requests_per_second: None,
        };
        self.signer.sign(&Principal::from(&grant), Timestamp::now())
    }

    /// Lists with a token, over REST and over gRPC; both must end in the same way.
    async fn forwards(&self, presents: Option<Certificate>, key: Option<&str>) -> Outcome {
        let client = self.client(presents);
        let token = self.token();
        let url = format!("https://{}/sessions/acme", self.rest);
        let mut request = client.http().get(url).bearer_auth(&token);
        let mut metadata = vec![("authorization", format!("Bearer {token}"))];
        if let Some(key) = key {
            request = request.header(GATEWAY_KEY_HEADER, key);
            metadata.push((GATEWAY_KEY_HEADER, key.to_owned()));
        }
        let rest = request.send().await.ok();
        let rest = rest.map(|answer| answer.status().as_u16());
        let grpc = client.lists_with(&self.grpc, &metadata).await;
        assert_eq!(rest == Some(200), grpc.is_ok(), "{rest:?} {grpc:?}");
        rest
    }

    /// Has a key verified, as another service does.
    async fn verifies(
        &self,
        presents: Option<Certificate>,
        headers: &[(&str, &str)],
    ) -> Option<(u16, String)> {
        let url = format!("https://{}/api/v1/api-keys/verify", self.rest);
        let mut request = self.client(presents).http().post(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = json!({ "key": "crow_00000000000000000000" });
        let answer = request.json(&body).send().await.ok()?;
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap();
        let message = body["error"]["message"].as_str().unwrap_or_default();
        Some((status, message.to_owned()))
    }
}

/// Serves the public keys of tokens.
fn publish(signer: &Signer, shutdown: &Shutdown) -> String {
    let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}/jwks.json", listener.address());
    let document = web::Data::new(serde_json::to_value(signer.document()).unwrap());
    let app = move || {
        let show = async |document: web::Data<Value>| HttpResponse::Ok().json(document.get_ref());
        App::new()
            .app_data(document.clone())
            .route("/jwks.json", web::get().to(show))
    };
    tokio::spawn(listener.serve(1, app, shutdown.clone()));
    url
}

/// Both secrets.
fn secrets() -> AuthConfig {
    AuthConfig {
        gateway_key: GATEWAY_KEY.to_owned().into(),
        system_secret: SYSTEM_SECRET.to_owned().into(),
        ..AuthConfig::default()
    }
}

#[actix_web::test]
async fn the_name_in_a_certificate_makes_a_gateway_and_a_secret_does_not() {
    let (clients, strangers) = (Authority::create(), Authority::create());
    let served = Served::start(&clients, false, &secrets()).await;
    for (what, presents, expected) in [
        ("SPIFFE id", Some(clients.issue_to(&[GATEWAY])), Some(200)),
        ("DNS name", Some(clients.issue_to(&[BY_DNS])), Some(200)),
        ("other name", Some(clients.issue_to(&[SERVICE])), Some(401)),
        ("no name", Some(clients.issue_to(&[])), Some(401)),
        (
            "a wildcard",
            Some(clients.issue_to(&["*.crow.internal"])),
            Some(401),
        ),
        (
            "two SPIFFE ids",
            Some(clients.issue_to(&[GATEWAY, SERVICE])),
            Some(401),
        ),
        (
            "SPIFFE id as a prefix",
            Some(clients.issue_to(&["spiffe://crow/gateway/x"])),
            Some(401),
        ),
        ("other CA", Some(strangers.issue_to(&[GATEWAY])), None),
        ("expired", Some(clients.issue_expired_to(&[GATEWAY])), None),
        ("none", None, None),
    ] {
        // Whoever has a certificate is that service, whatever secret it has got hold of.
        for key in [None, Some(GATEWAY_KEY)] {
            let presents = presents.clone();
            assert_eq!(served.forwards(presents, key).await, expected, "{what}");
        }
    }
    // A certificate replaces no token.
    let url = format!("https://{}/sessions/acme", served.rest);
    let client = served.client(Some(clients.issue_to(&[GATEWAY]))).http();
    assert_eq!(client.get(url).send().await.unwrap().status(), 401);
    served.shutdown.start();
}

#[actix_web::test]
async fn without_a_certificate_the_secret_counts_where_one_is_optional() {
    let (clients, strangers) = (Authority::create(), Authority::create());
    let served = Served::start(&clients, true, &secrets()).await;
    let wrong = "x".repeat(GATEWAY_KEY.len());
    for (key, expected) in [
        (None, Some(401)),
        (Some(GATEWAY_KEY), Some(200)),
        (Some(wrong.as_str()), Some(401)),
    ] {
        assert_eq!(served.forwards(None, key).await, expected, "{key:?}");
    }
    let gateway = clients.issue_to(&[GATEWAY]);
    assert_eq!(served.forwards(Some(gateway), None).await, Some(200));
    let other = clients.issue_to(&[SERVICE]);
    let outcome = served.forwards(Some(other), Some(GATEWAY_KEY)).await;
    assert_eq!(outcome, Some(401));
    let foreign = strangers.issue_to(&[GATEWAY]);
    assert_eq!(
        served.forwards(Some(foreign), Some(GATEWAY_KEY)).await,
        None
    );
    let key = served.world.key("acme", Scope::Read).await;
    let person = served.client(None);
    let status = person.lists_over_rest(&served.rest, &key).await.unwrap();
    assert_eq!(status, 200, "keys need no certificate");
    served.shutdown.start();

    // Without a secret, nobody passes without a certificate.
    let served = Served::start(&clients, true, &AuthConfig::default()).await;
    for key in [None, Some(""), Some(GATEWAY_KEY)] {
        assert_eq!(served.forwards(None, key).await, Some(401), "{key:?}");
    }
    let gateway = clients.issue_to(&[GATEWAY]);
    assert_eq!(served.forwards(Some(gateway), None).await, Some(200));
    served.shutdown.start();
}

#[actix_web::test]
async fn a_service_has_keys_verified_by_its_name_or_from_inside_by_the_secret() {
    let clients = Authority::create();
    let served = Served::start(&clients, true, &secrets()).await;
    let bearer = format!("Bearer {SYSTEM_SECRET}");
    let secret = ("authorization", bearer.as_str());
    let proxied = ("x-forwarded-for", "192.0.2.1");
    let of = |names: &[&str]| Some(clients.issue_to(names));
    for (presents, headers, status, message) in [
        (of(&[SERVICE]), vec![], 200, ""),
        (None, vec![secret], 200, ""),
        (None, vec![], 401, "send the system secret"),
        (of(&[GATEWAY]), vec![secret], 401, "auth.system_identities"),
        (None, vec![secret, proxied], 401, "not through a proxy"),
        (of(&[SERVICE]), vec![proxied], 401, "not through a proxy"),
        (
            None,
            vec![secret, ("forwarded", "for=192.0.2.1")],
            401,
            "not through a proxy",
        ),
        // Whether the secret is right is not told outside.
        (None, vec![proxied], 401, "not through a proxy"),
    ] {
        let (found, said) = served.verifies(presents, &headers).await.unwrap();
        assert_eq!(found, status, "{headers:?}: {said}");
        assert!(said.contains(message), "{said}");
    }
    served.shutdown.start();
}

#[actix_web::test]
async fn a_new_authority_of_clients_counts_without_a_restart() {
    let (old, new) = (Authority::create(), Authority::create());
    let served = Served::start(&old, false, &AuthConfig::default()).await;
    let by_old = || served.forwards(Some(old.issue_to(&[GATEWAY])), None);
    let by_new = || served.forwards(Some(new.issue_to(&[GATEWAY])), None);
    assert_eq!((by_old().await, by_new().await), (Some(200), None));
    std::fs::write(served.folder.path().join("ca.crt"), &new.pem).unwrap();
    // REST and gRPC look at the files at different moments.
    let client = served.client(Some(new.issue_to(&[GATEWAY])));
    let metadata = [("authorization", format!("Bearer {}", served.token()))];
    eventually("the new authority", PATIENCE, async || {
        let url = format!("https://{}/sessions/acme", served.rest);
        let request = client.http().get(url).bearer_auth(served.token());
        let answer = request.send().await.ok()?;
        client.lists_with(&served.grpc, &metadata).await.ok()?;
        (answer.status() == 200).then_some(())
    })
    .await;
    assert_eq!((by_old().await, by_new().await), (None, Some(200)));
    served.shutdown.start();
}
