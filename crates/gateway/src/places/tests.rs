use crow_auth::AuthConfig;

use super::*;
use crate::config::ServiceConfig;

const FOR_ALL: &str = "the key between gateway and services";
const OF_CHAT: &str = "the key of the chat, and of no other";

fn with_service(change: impl FnOnce(&mut ServiceConfig)) -> anyhow::Result<Places> {
    let mut service = ServiceConfig {
        prefix: "/chat/".to_owned(),
        url: "http://chat:1".to_owned(),
        public_scopes: Vec::new(),
        gateway_key: String::new().into(),
    };
    change(&mut service);
    let config = GatewayConfig {
        services: vec![service],
        ..GatewayConfig::default()
    };
    with_keys(&config, FOR_ALL)
}

fn with_keys(config: &GatewayConfig, for_all: &str) -> anyhow::Result<Places> {
    let auth = AuthConfig {
        gateway_key: for_all.to_owned().into(),
        ..AuthConfig::default()
    };
    Places::new(config, &Proofs::new(&auth, config)?)
}

fn places() -> Places {
    with_service(|_service| {}).unwrap()
}

#[test]
fn the_longest_prefix_wins() {
    let places = places();
    for (path, admits, port) in [
        ("/batch", Admits::Keys, 7070),
        ("/session/start", Admits::Keys, 7070),
        ("/sdk/crow.js", Admits::Keys, 7070),
        ("/sessions/acme", Admits::Callers, 7071),
        ("/assets/acme/resolve", Admits::Callers, 7071),
        ("/asset", Admits::Keys, 7070),
        ("/batches", Admits::Callers, 7071),
        ("/auth/session", Admits::Itself, 7071),
        ("/shared/replay", Admits::Itself, 7071),
        ("/shared.html", Admits::Callers, 7071),
        ("/authors", Admits::Callers, 7071),
        ("/", Admits::Callers, 7071),
        ("/chat/rooms", Admits::Callers, 1),
    ] {
        let place = places.of(path).unwrap();
        let found = (place.admits, place.url.port().unwrap());
        assert_eq!(found, (admits, port), "{path}");
    }
}

#[test]
fn only_public_scopes_go_to_callers_that_present_nothing() {
    let with = |scope: &str| {
        let places = with_service(|service| service.public_scopes = vec![scope.to_owned()]);
        places.map(|places| places.of("/chat/a").unwrap().clone())
    };
    let place = with("public:chat").unwrap();
    assert_eq!(place.public_scopes, ["public:chat"]);
    for scope in ["read", "admin", "public:", "public", "public:Chat", ""] {
        let error = with(scope).unwrap_err().to_string();
        assert!(error.contains(&format!("{scope:?}")), "{error}");
    }
    let places = places();
    for path in ["/", "/sessions/acme", "/batch", "/auth/session"] {
        assert!(places.of(path).unwrap().public_scopes.is_empty(), "{path}");
    }
}

#[test]
fn operators_paths_and_dots_are_not_forwarded() {
    let places = places();
    for path in [
        "/metrics",
        "/health/ready",
        "/api/v1/api-keys/verify",
        "/api/v1/interactions/create-interaction",
        "/auth/../metrics",
        "/auth/%2e%2E/metrics",
        "/./metrics",
        "/chat/.%2e/admin",
        "/auth/x\\..\\..\\sessions/acme",
        "/auth/..\\sessions/acme",
        "/%6detrics",
        "/health/%72eady",
        "/api/v1/api%2Dkeys/verify",
        "/api/v1/interactions/create%2dinteraction",
    ] {
        assert!(places.of(path).is_none(), "{path}");
    }
    for path in [
        "/sessions/acme/a..b",
        "/sessions/acme/a%2Fb%",
        "/auth/%73ession",
    ] {
        assert!(places.of(path).is_some(), "{path}");
    }
    assert_eq!(places.of("/%61uth/session").unwrap().admits, Admits::Itself);
}

#[test]
fn each_service_gets_its_own_secret_or_the_one_for_all() {
    let places = with_service(|service| service.gateway_key = OF_CHAT.to_owned().into()).unwrap();
    for (path, secret) in [
        ("/batch", FOR_ALL),
        ("/", FOR_ALL),
        ("/auth/session", FOR_ALL),
        ("/chat/a", OF_CHAT),
    ] {
        let found = places.of(path).unwrap().secret.as_ref().unwrap();
        assert_eq!(found, secret, "{path}");
        assert!(found.is_sensitive());
    }
    let with = |ingest: &str, for_all: &str| {
        let config = GatewayConfig {
            ingest_gateway_key: ingest.to_owned().into(),
            ..GatewayConfig::default()
        };
        with_keys(&config, for_all)
    };
    let places = with(OF_CHAT, FOR_ALL).unwrap();
    assert_eq!(
        places.of("/batch").unwrap().secret.as_ref().unwrap(),
        OF_CHAT
    );
    assert_eq!(places.of("/").unwrap().secret.as_ref().unwrap(), FOR_ALL);
    for (ingest, for_all, named) in [
        ("", "", "gateway.ingest_gateway_key"),
        (OF_CHAT, "", "gateway.query_gateway_key"),
        ("short", FOR_ALL, "gateway.ingest_gateway_key must have"),
    ] {
        let error = with(ingest, for_all).unwrap_err().to_string();
        assert!(error.starts_with(named), "{error}");
    }
}
