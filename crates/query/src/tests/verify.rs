//! Verification of keys for other services, which run as our own client sees it.

use std::time::Duration;

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::{AuthConfig, AuthError, KeyVerifier, Scope};
use crow_bus::Bus;
use crow_db::{DatabaseConfig, Db};
use crow_runtime::Shutdown;
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::wait::eventually;
use crow_types::ApiKeySecret;
use crow_web::ConnectionLimits;

use super::fixture::{SYSTEM_SECRET, World};
use super::limits::serve_http_on;
use super::signed_in::Browser;
use crate::notices::follow_revocations;

const PATIENCE: Duration = Duration::from_secs(20);

fn service<'a>(world: &'a World, secret: &str) -> Browser<'a> {
    let mut service = Browser::new(world);
    service.headers = vec![("authorization", format!("Bearer {secret}"))];
    service
}

async fn verify(service: &Browser<'_>, key: &str) -> (u16, Value) {
    let body = Some(json!({ "key": key }));
    service
        .change(Method::POST, "/api/v1/api-keys/verify", body)
        .await
}

/// A verifier of another service, with a database of its own.
async fn elsewhere(folder: &tempfile::TempDir, name: &str, url: &str) -> KeyVerifier {
    let database = DatabaseConfig {
        url: format!("sqlite://{}/{name}.db", folder.path().display()).into(),
        ..DatabaseConfig::default()
    };
    let config = AuthConfig {
        service_url: url.to_owned(),
        service_api_key: SYSTEM_SECRET.to_owned().into(),
        ..AuthConfig::default()
    };
    KeyVerifier::new(Db::connect(&database).await.unwrap(), &config).unwrap()
}

#[actix_web::test]
async fn a_service_learns_the_rights_of_a_key_and_nothing_about_others() {
    let world = World::new().await;
    let service = service(&world, SYSTEM_SECRET);
    let (key, record) = world.key_with_record("acme", Scope::Read).await;
    let (status, found) = verify(&service, &key).await;
    assert_eq!(
        (status, found),
        (
            200,
            json!({ "valid": true, "keyId": record.id, "organizationId": "acme", "scopes": ["read"] })
        )
    );
    crow_auth::keys::revoke(&world.db, &record.id)
        .await
        .unwrap();
    for key in [key.as_str(), "crow_00000000000000000000", "", "no key"] {
        let found = verify(&service, key).await;
        assert_eq!(found, (200, json!({ "valid": false })), "{key}");
    }
    let path = "/api/v1/api-keys/verify";
    let wrong = service
        .change(Method::POST, path, Some(json!({ "k": "x" })))
        .await;
    assert_eq!(wrong.0, 400);
    let long = Some(json!({ "key": "x".repeat(5_000) }));
    assert_eq!(service.change(Method::POST, path, long).await.0, 413);
}

#[actix_web::test]
async fn a_wrong_secret_verifies_nothing() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Admin).await;
    for secret in ["", "x", key.as_str(), &SYSTEM_SECRET[1..]] {
        let (status, answer) = verify(&service(&world, secret), &key).await;
        assert_eq!(status, 401, "{secret}");
        assert_eq!(answer["error"]["code"], "unauthenticated");
    }
}

/// A replica that hears of revoked keys.
async fn replica(verifier: KeyVerifier, bus: Bus, shutdown: &Shutdown) -> KeyVerifier {
    tokio::spawn(follow_revocations(bus, verifier.clone(), shutdown.clone()));
    verifier
}

#[actix_web::test]
async fn a_rotated_key_ends_on_every_replica_when_the_overlap_is_cut_short() {
    crow_runtime::install_crypto();
    let world = World::new().await;
    let shutdown = Shutdown::new();
    let nats = NatsServer::start(NatsOptions::default()).await.unwrap();
    let address = serve_http_on(&world, ConnectionLimits::default(), None, &shutdown).await;
    let folder = tempfile::tempdir().unwrap();
    let mut replicas = Vec::new();
    for name in ["one", "two"] {
        let verifier = elsewhere(&folder, name, &format!("http://{address}")).await;
        let bus = World::bus_at(nats.url()).await;
        replicas.push(replica(verifier, bus, &shutdown).await);
    }
    let (old, record) = world.key_with_record("acme", Scope::Read).await;
    let mut browser = Browser::new(&world);
    browser.bus = Some(World::bus_at(nats.url()).await);
    let admin = world.key("acme", Scope::Admin).await;
    browser.sign_in(&admin).await;

    let path = format!("/admin/acme/keys/{}", record.id);
    let wrong = format!("{path}/rotate?overlapSeconds=9999999");
    let (status, refused) = browser.change(Method::POST, &wrong, None).await;
    assert_eq!(status, 400);
    let message = refused["error"]["message"].as_str().unwrap();
    assert!(message.starts_with("overlapSeconds:"), "{message}");
    let rotate = format!("{path}/rotate?overlapSeconds=3600");
    let (status, made) = browser.change(Method::POST, &rotate, None).await;
    assert_eq!(status, 201, "{made}");
    let old = ApiKeySecret::parse(&old).unwrap();
    let new = ApiKeySecret::parse(made["key"].as_str().unwrap()).unwrap();
    for replica in &replicas {
        let grant = replica.verify(&old).await.unwrap();
        assert!(grant.expires_at.is_some(), "the end of the overlap");
        assert_eq!(replica.verify(&new).await.unwrap().expires_at, None);
    }
    // A notice is lost while a replica subscribes, and revoking twice sends it again.
    for replica in &replicas {
        eventually("the refusal", PATIENCE, async || {
            let status = browser.change(Method::DELETE, &path, None).await.0;
            assert_eq!(status, 204);
            let outcome = replica.verify(&old).await;
            (outcome.err() == Some(AuthError::Unknown)).then_some(())
        })
        .await;
        assert!(replica.verify(&new).await.is_ok(), "the new one stays");
    }
    shutdown.start();
}
