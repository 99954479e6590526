//! The gateway in front of a service that shows what it got, and believes it as our services do.

mod calls;
mod identity;
mod public;
mod rig;
mod walk;

use std::time::Duration;

use serde_json::{Value, json};

use crow_auth::{Scope, keys};
use crow_bus::notices;
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::wait::eventually;
use crow_web::rate::RateConfig;

use crate::config::PathRateConfig;
use rig::{GATEWAY_KEY, Rig};

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn a_service_gets_a_token_it_believes_instead_of_the_key() {
    let rig = Rig::start(|_config| {}).await;
    let key = rig.key(Scope::Read).await;
    let (status, shown) = rig
        .get("/sessions/acme?limit=2", &[("x-api-key", &key.secret)])
        .await;
    assert_eq!(status, 200, "{shown}");
    assert_eq!(shown["principal"]["org"], "acme");
    assert_eq!(shown["principal"]["id"], json!(key.id));
    assert_eq!(shown["target"], "/sessions/acme?limit=2");
    let headers = &shown["headers"];
    assert_eq!(headers["x-organization-id"], "acme");
    assert_eq!(headers["x-forwarded-for"], "127.0.0.1");
    assert!(headers.get("x-api-key").is_none());
    assert!(!shown.to_string().contains(&key.secret), "nowhere");
    let again = rig
        .get("/sessions/acme", &[("x-api-key", &key.secret)])
        .await;
    assert_eq!(
        again.1["headers"]["authorization"], headers["authorization"],
        "kept"
    );
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sets_no_header_of_the_gateway() {
    let rig = Rig::start(|config| {
        config.gateway.proxy_headers = vec!["CF-IPCountry".to_owned()];
    })
    .await;
    let key = rig.key(Scope::Read).await;
    let forged = [
        ("authorization", format!("Bearer {}", key.secret)),
        ("x-organization-id", "rival".to_owned()),
        ("x-crow-gateway", GATEWAY_KEY.to_owned()),
        ("x-crow-principal-id", "key_9".to_owned()),
        ("x-forwarded-for", "1.2.3.4".to_owned()),
        ("forwarded", "for=1.2.3.4".to_owned()),
        ("x-real-ip", "1.2.3.4".to_owned()),
        ("cf-ipcountry", "DE".to_owned()),
        ("connection", "close, x-secret-hop".to_owned()),
        ("x-secret-hop", "1".to_owned()),
        ("te", "trailers".to_owned()),
        ("accept-language", "de".to_owned()),
    ];
    let forged: Vec<(&str, &str)> = forged.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let (status, shown) = rig.get("/sessions/acme", &forged).await;
    assert_eq!(status, 200, "{shown}");
    let headers = &shown["headers"];
    assert_eq!(headers["x-organization-id"], "acme", "of the key");
    assert_eq!(headers["x-forwarded-for"], "127.0.0.1");
    assert_eq!(headers["accept-language"], "de", "others pass");
    for name in [
        "x-crow-principal-id",
        "forwarded",
        "x-real-ip",
        "cf-ipcountry",
        "x-secret-hop",
        "te",
    ] {
        assert!(headers.get(name).is_none(), "{name}");
    }
    // Without a credential nothing is said for the client.
    let (_, shown) = rig.get("/sessions/acme", &forged[1..]).await;
    assert_eq!(shown["principal"], Value::Null);
    assert!(shown["headers"].get("x-crow-gateway").is_none(), "{shown}");
    assert!(
        shown["headers"].get("x-organization-id").is_none(),
        "{shown}"
    );
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_a_client_goes_nowhere() {
    let rig = Rig::start(|_config| {}).await;
    // There the client's own credentials pass.
    for (given, passes) in [
        ("Bearer eyJhbGciOiJFZERTQSJ9.e30.c2ln", false),
        ("bearer  eyJhbGciOiJFZERTQSJ9.e30.c2ln", false),
        ("Bearer crow_of_the_client", true),
    ] {
        let (status, shown) = rig.get("/auth/session", &[("authorization", given)]).await;
        assert_eq!(status, 200, "{shown}");
        let passed = shown["headers"]["authorization"].as_str();
        assert_eq!(passed, passes.then_some(given));
    }
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_worth_nothing_at_the_gateway_or_without_its_key() {
    let rig = Rig::start(|_config| {}).await;
    let key = rig.key(Scope::Admin).await;
    let (_, shown) = rig
        .get("/sessions/acme", &[("x-api-key", &key.secret)])
        .await;
    let stolen = shown["headers"]["authorization"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(stolen.starts_with("Bearer eyJ"), "{stolen}");
    let (status, _) = rig
        .get("/sessions/acme", &[("authorization", &stolen)])
        .await;
    assert_eq!(status, 401, "the gateway takes no tokens");
    for extra in [None, Some("x".repeat(GATEWAY_KEY.len()))] {
        let mut headers = vec![("authorization", stolen.as_str())];
        if let Some(extra) = &extra {
            headers.push(("x-crow-gateway", extra));
        }
        let (_, shown) = rig.get_directly("/sessions/acme", &headers).await;
        assert_eq!(shown["principal"], Value::Null, "{shown}");
    }
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_keys_and_foreign_pages_stop_at_the_gateway() {
    let rig = Rig::start(|_config| {}).await;
    let origins = Some(vec!["https://shop.example".to_owned()]);
    let key = rig.key_of(Scope::Ingest, origins).await;
    let unknown = "crow_00000000000000000000";
    for (path, headers, expected) in [
        ("/batch", vec![("x-api-key", unknown)], 401),
        ("/batch", vec![("x-api-key", "crow_short")], 401),
        (
            "/batch",
            vec![
                ("x-api-key", key.secret.as_str()),
                ("origin", "https://evil.example"),
            ],
            403,
        ),
        (
            "/batch",
            vec![
                ("x-api-key", key.secret.as_str()),
                ("origin", "https://shop.example"),
            ],
            200,
        ),
        ("/metrics", vec![], 200),
        ("/health/other", vec![], 404),
    ] {
        let before = rig.seen();
        let (status, shown) = rig.get(path, &headers).await;
        assert_eq!(status, expected, "{path} {shown}");
        let was_forwarded = rig.seen() > before;
        assert_eq!(was_forwarded, path == "/batch" && status == 200, "{path}");
    }
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_needs_its_csrf_token_and_means_nothing_to_the_sdk() {
    let rig = Rig::start(|_config| {}).await;
    let key = rig.key(Scope::Admin).await;
    let (token, csrf) = rig.sign_in(&key).await;
    let cookie = format!("crow_session={token}");
    let cookie = ("cookie", cookie.as_str());
    let (status, shown) = rig.get("/admin/acme/keys", &[cookie]).await;
    assert_eq!((status, &shown["principal"]["id"]), (200, &json!(key.id)));
    assert!(shown["headers"].get("cookie").is_none(), "{shown}");
    assert_eq!(rig.post("/admin/acme/keys", &[cookie], "{}").await.0, 403);
    let with_csrf = [cookie, ("x-crow-csrf", csrf.as_str())];
    let (status, shown) = rig.post("/admin/acme/keys", &with_csrf, "{}").await;
    assert_eq!((status, &shown["body"]), (200, &json!("{}")));
    // A page of the same host sends the cookie along.
    let (status, shown) = rig.post("/batch", &[cookie], "[]").await;
    assert_eq!((status, &shown["principal"]), (200, &Value::Null));
    // These routes check the cookie themselves.
    let (_, shown) = rig.get("/auth/session", &[cookie]).await;
    assert_eq!(shown["headers"]["cookie"], cookie.1);
    assert_eq!(shown["principal"], Value::Null);
    // A cookie that is over does not keep anybody from the dashboard.
    let over = format!("crow_session={}", "a".repeat(43));
    let (status, shown) = rig.get("/app", &[("cookie", &over)]).await;
    assert_eq!((status, &shown["principal"]), (200, &Value::Null));
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_pass_in_both_directions_as_they_come() {
    let rig = Rig::start(|_config| {}).await;
    let key = rig.key(Scope::Read).await;
    let mut answer = rig.open("/steps", &key).await;
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "first");
    // The service sends more only now, so nothing waited for the end.
    rig.step();
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "second");
    assert_eq!(answer.chunk().await.unwrap(), None);

    let (status, length) = rig.head("/sessions/acme", &key).await;
    assert!(status == 200 && length > 100, "{status} {length}");
    let (status, length) = rig.post_in_steps("/count", &key).await;
    assert_eq!((status, length), (200, 10_000_000));
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_refused_on_two_replicas_and_its_stream_ends() {
    let nats = NatsServer::start(NatsOptions::default()).await.unwrap();
    let url = nats.url();
    let one = Rig::start(|config| config.bus.url = url.clone()).await;
    let two = one.replica(|config| config.bus.url = url.clone()).await;
    let key = one.key(Scope::Read).await;
    let header = [("x-api-key", key.secret.as_str())];
    let mut stream = one.open("/live", &key).await;
    assert!(stream.chunk().await.unwrap().is_some());
    for rig in [&one, &two] {
        assert_eq!(rig.get("/sessions/acme", &header).await.0, 200);
    }
    keys::revoke(&one.db, &key.id).await.unwrap();
    let bus = one.bus(&url).await;
    for rig in [&one, &two] {
        eventually("the refusal", PATIENCE, async || {
            let notice = key.id.clone().into();
            notices::publish(&bus, notices::KEY_REVOKED, notice)
                .await
                .ok()?;
            (rig.get("/sessions/acme", &header).await.0 == 401).then_some(())
        })
        .await;
    }
    let end = tokio::time::timeout(PATIENCE, async {
        while let Ok(Some(_part)) = stream.chunk().await {}
    });
    end.await.expect("the stream ends");
    two.stop();
    one.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_count_by_key_and_path() {
    let rate = |requests_per_second, burst| RateConfig {
        requests_per_second,
        burst,
    };
    let rig = Rig::start(|config| {
        config.gateway.key_rate = rate(1, 5);
        config.gateway.path_rates = vec![PathRateConfig {
            prefix: "/analytics/".to_owned(),
            rate: rate(1, 2),
        }];
    })
    .await;
    let (ann, bob) = (rig.key(Scope::Read).await, rig.key(Scope::Read).await);
    let statuses = async |path: &str, key: &str, times: usize| {
        let mut statuses = Vec::new();
        for _ in 0..times {
            statuses.push(rig.get(path, &[("x-api-key", key)]).await.0);
        }
        statuses
    };
    let slow = statuses("/analytics/acme/top", &ann.secret, 10).await;
    let refused = slow.iter().filter(|status| **status == 429).count();
    assert!(slow[0] == 200 && refused >= 5, "{slow:?}");
    let more = statuses("/sessions/acme", &ann.secret, 5).await;
    assert!(more.contains(&429), "{more:?}");
    let other = statuses("/analytics/acme/top", &bob.secret, 1).await;
    assert_eq!(other, [200], "another key has its own");
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_away_is_said_to_be() {
    let rig = Rig::start(|config| {
        config.gateway.query_url = "http://127.0.0.1:1".to_owned();
    })
    .await;
    let (status, answer) = rig.get("/sessions/acme", &[]).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (503, &json!("unavailable"))
    );
    assert_eq!(
        rig.get("/batch", &[]).await.0,
        200,
        "the other one is there"
    );
    let (status, jwks) = rig.get("/.well-known/jwks.json", &[]).await;
    assert_eq!((status, &jwks["keys"][0]["kty"]), (200, &json!("OKP")));
    assert!(!jwks.to_string().contains("\"d\""), "no secret part");
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_not_start_without_its_secrets() {
    for (change, named) in [
        (
            rig::without_signing_key as fn(&mut crate::Config),
            "gateway.signing_key",
        ),
        (rig::without_gateway_key, "auth.gateway_key"),
        (rig::with_short_tokens, "gateway.token_seconds"),
    ] {
        let error = rig::refusal(change).await;
        assert!(error.contains(named), "{error}");
    }
}
