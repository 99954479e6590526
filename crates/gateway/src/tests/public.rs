//! Callers that present nothing, at a service that wants them.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_web::rate::RateConfig;

use super::rig::Rig;
use crate::Config;
use crate::config::ServiceConfig;

/// A service at `/chat/` for the public, behind a proxy on this machine.
fn with_chat(config: &mut Config) {
    config.gateway.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    config.gateway.services = vec![ServiceConfig {
        gateway_key: String::new().into(),
        prefix: "/chat/".to_owned(),
        url: config.gateway.query_url.clone(),
        public_scopes: vec!["public:chat".to_owned()],
    }];
}

fn claims(shown: &Value) -> Value {
    let bearer = shown["headers"]["authorization"].as_str().unwrap();
    let claims = bearer.split('.').nth(1).unwrap();
    let claims = BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_presents_nothing_gets_the_token_of_its_address() {
    let one = Rig::start(with_chat).await;
    let two = one.replica(with_chat).await;
    let ask = async |rig: &Rig, address: &str| {
        let from = [
            ("x-forwarded-for", address),
            ("x-organization-id", "rival"),
            ("x-crow-gateway", "guessed"),
        ];
        let (status, shown) = rig.get("/chat/rooms", &from).await;
        assert_eq!(status, 200, "{shown}");
        shown
    };
    // Until both replicas answered in one period.
    let shown = loop {
        let (here, there) = (ask(&one, "192.0.2.7").await, ask(&two, "192.0.2.7").await);
        let again = ask(&one, "192.0.2.7").await;
        let token = |shown: &Value| shown["headers"]["authorization"].clone();
        if token(&here) == token(&again) {
            assert_eq!(token(&there), token(&here));
            break here;
        }
    };
    let said = claims(&shown);
    assert_eq!(
        (&said["kind"], &said["scopes"], &said["org"]),
        (&json!("public"), &json!(["public:chat"]), &Value::Null)
    );
    assert_eq!(shown["headers"]["x-crow-gateway"], super::rig::GATEWAY_KEY);
    assert!(shown["headers"].get("x-organization-id").is_none());
    assert_eq!(shown["principal"], Value::Null, "nobody to our services");
    let other = ask(&two, "192.0.2.8").await;
    assert_ne!(claims(&other)["sub"], said["sub"]);

    // A key is a key there, too, a wrong one is refused, and other places give no token.
    let key = one.key(Scope::Read).await;
    let header = [("x-api-key", key.secret.as_str())];
    let (_, shown) = one.get("/chat/rooms", &header).await;
    assert_eq!(shown["principal"]["id"], json!(key.id));
    let wrong = [("x-api-key", "crow_00000000000000000000")];
    assert_eq!(one.get("/chat/rooms", &wrong).await.0, 401);
    let (_, shown) = one.get("/sessions/acme", &[]).await;
    assert!(shown["headers"].get("authorization").is_none(), "{shown}");
    two.stop();
    one.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn public_callers_have_a_limit_by_address() {
    let rig = Rig::start(|config| {
        with_chat(config);
        config.gateway.public_rate = RateConfig {
            requests_per_second: 1,
            burst: 2,
        };
    })
    .await;
    let statuses = async |path: &str, address: &str, times: usize| {
        let mut statuses = Vec::new();
        for _ in 0..times {
            let from = [("x-forwarded-for", address)];
            statuses.push(rig.get(path, &from).await.0);
        }
        statuses
    };
    let many = statuses("/chat/rooms", "2001:db8::1", 12).await;
    let refused = many.iter().filter(|status| **status == 429).count();
    assert!(many[0] == 200 && refused >= 6, "{many:?}");
    let before = rig.seen();
    let neighbour = statuses("/chat/rooms", "2001:db8::2", 4).await;
    assert!(neighbour.contains(&429), "the same /64: {neighbour:?}");
    let passed = neighbour.iter().filter(|status| **status == 200).count();
    assert_eq!(rig.seen() - before, passed, "the others stop here");
    let other = statuses("/chat/rooms", "2001:db8:0:1::1", 1).await;
    assert_eq!(other, [200]);
    let elsewhere = statuses("/sessions/acme", "2001:db8::1", 5).await;
    assert_eq!(elsewhere, [200; 5], "only where they get a token");
    rig.stop();
}
