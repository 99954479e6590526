//! The gateway presents its certificate to services, which believe its name.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tonic::Code;

use crow_auth::Scope;
use crow_runtime::TlsConfig;
use crow_testkit::certificates::{Authority, Certificate};
use crow_testkit::port::free_port;
use crow_testkit::wait::eventually;

use super::calls::{Upstream, connect, with_key};
use super::rig::{Rig, Trust};
use crate::Config;

const PATIENCE: Duration = Duration::from_secs(30);
const GATEWAY: &str = "spiffe://crow/gateway";
const OTHER: &str = "spiffe://crow/chat";

/// An authority of services and of clients, with the certificate of a service.
struct Installation {
    authority: Authority,
    folder: TempDir,
}

impl Installation {
    fn new() -> Self {
        let (authority, folder) = (Authority::create(), tempfile::tempdir().unwrap());
        authority.issue().write_to(folder.path());
        std::fs::write(folder.path().join("ca.crt"), &authority.pem).unwrap();
        Self { authority, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// A service that wants certificates, and believes a gateway by its name.
    fn trust(&self) -> Trust {
        Trust {
            tls: TlsConfig {
                cert_file: self.path("tls.crt"),
                key_file: self.path("tls.key"),
                client_ca_file: self.path("ca.crt"),
                client_cert_optional: false,
            },
            gateways: vec![GATEWAY.to_owned()],
        }
    }

    /// Gives the gateway a certificate, and no secret.
    fn certify(&self, config: &mut Config, own: &Certificate, folder: &Path) {
        own.write_to(folder);
        let path = |name: &str| folder.join(name).display().to_string();
        config.auth.gateway_key = String::new().into();
        config.gateway.ca_file = self.path("ca.crt");
        config.gateway.cert_file = path("tls.crt");
        config.gateway.key_file = path("tls.key");
    }
}

async fn principal(rig: &Rig, key: &str) -> (u16, Value) {
    let (status, shown) = rig.get("/sessions/acme", &[("x-api-key", key)]).await;
    assert!(shown["headers"].get("x-crow-gateway").is_none(), "{shown}");
    (status, shown["principal"]["org"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_believes_the_name_of_the_gateway_and_a_new_certificate_is_presented() {
    let installation = Installation::new();
    let authority = &installation.authority;
    let own = tempfile::tempdir().unwrap();
    let rig = Rig::start_before(installation.trust(), |config| {
        installation.certify(config, &authority.issue_to(&[GATEWAY]), own.path());
    })
    .await;
    let key = rig.key(Scope::Read).await;
    let believed = (200, Value::from("acme"));
    assert_eq!(principal(&rig, &key.secret).await, believed);

    for (own, expected) in [
        (authority.issue_to(&[OTHER]), (200, Value::Null)),
        (Authority::create().issue_to(&[GATEWAY]), (503, Value::Null)),
        (authority.issue_expired_to(&[GATEWAY]), (503, Value::Null)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let other = rig
            .replica(|config| installation.certify(config, &own, folder.path()))
            .await;
        assert_eq!(principal(&other, &key.secret).await, expected);
        other.stop();
    }

    // A stream keeps its connection, so the next request needs a new one.
    let mut streams = Vec::new();
    authority.issue_to(&[OTHER]).write_to(own.path());
    eventually("the other name", PATIENCE, async || {
        streams.push(rig.open("/live", &key).await);
        let (status, organization) = principal(&rig, &key.secret).await;
        (status == 200 && organization == Value::Null).then_some(())
    })
    .await;
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_present_the_certificate_too() {
    let installation = Installation::new();
    let authority = &installation.authority;
    let upstream = Upstream::start(&installation.trust().tls);
    let own = tempfile::tempdir().unwrap();
    let (port, other_port) = (free_port(), free_port());
    let with_calls = |config: &mut Config, port: u16| {
        config.gateway.grpc_listen = Some(([127, 0, 0, 1], port).into());
        config.gateway.query_grpc_url = format!("https://{}", upstream.address);
    };
    let rig = Rig::start_before(installation.trust(), |config| {
        installation.certify(config, &authority.issue_to(&[GATEWAY]), own.path());
        with_calls(config, port);
    })
    .await;
    let key = rig.key(Scope::Read).await;
    let mut client = connect(port).await;
    client.check(with_key(&key.secret)).await.unwrap();
    assert!(upstream.seen("authorization").unwrap().contains("eyJ"));
    assert_eq!(upstream.seen("x-crow-gateway"), None);

    let folder = tempfile::tempdir().unwrap();
    let stranger = Authority::create().issue_to(&[GATEWAY]);
    let other = rig
        .replica(|config| {
            installation.certify(config, &stranger, folder.path());
            with_calls(config, other_port);
        })
        .await;
    let mut client = connect(other_port).await;
    let refused = client.check(with_key(&key.secret)).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);
    other.stop();
    upstream.shutdown.start();
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_certificate_or_a_secret_the_gateway_does_not_start() {
    let error = super::rig::refusal(|config| {
        config.auth.gateway_key = String::new().into();
        config.gateway.ingest_url = "https://127.0.0.1:1".to_owned();
    })
    .await;
    assert!(error.contains("gateway.ingest_gateway_key"), "{error}");
    let error = super::rig::refusal(|config| {
        config.gateway.cert_file = "/nowhere/tls.crt".to_owned();
    })
    .await;
    assert!(error.contains("needed together"), "{error}");
}
