//! Calls every route as every kind of caller, and compares with a table. A route that is missing
//! from the table fails the test.

use actix_web::{App, HttpResponse, web};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crow_auth::{
    GATEWAY_KEY_HEADER, Holder, KeyGrant, Principal, Role, Scope, SignIn, SignedInUser, Signer,
    keys,
};
use crow_runtime::Shutdown;
use crow_types::Timestamp;
use crow_web::Listener;

use super::rig::{Rig, organization};
use crate::openapi;

const GATEWAY_KEY: &str = "the key between gateway and services";
/// 32 bytes in base64.
const SIGNING_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
const UNKNOWN: &str = "crow_00000000000000000000000000000000000000000000";

/// Routes that need the scope `ingest`, and what they answer whoever has it.
const NEED_INGEST: &[(&str, u16)] = &[
    ("POST /batch", 202),
    ("POST /track", 202),
    ("POST /session/start", 201),
    ("POST /session/end", 202),
    // No receipt has asked for it.
    ("POST /asset", 404),
];
/// Routes for anybody.
const PUBLIC: &[&str] = &["GET /sdk/{file}"];

/// What a caller presents, and whether it may write. `None`: nobody knows it.
struct Caller {
    name: String,
    headers: Vec<(&'static str, String)>,
    may_write: Option<bool>,
}

fn user(role: Role) -> Principal {
    Principal::from(&SignIn {
        id: None,
        holder: Holder::User(SignedInUser {
            id: "user_1".to_owned(),
            email: "ann@acme.example".to_owned(),
            name: "Ann".to_owned(),
            role,
        }),
        organization: organization(),
        scopes: role.scopes(),
        expires_at: 0,
        csrf_token: String::new(),
    })
}

fn key(scope: Scope) -> Principal {
    Principal::from(&KeyGrant {
        key_id: "key_1".to_owned(),
        organization: organization(),
        scopes: [scope].into_iter().collect(),
        allowed_origins: None,
        expires_at: None,
        requests_per_second: None,
    })
}

fn bearer(text: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {text}"))
}

/// With keys, with tokens of the API gateway, and with what proves nothing.
async fn callers(rig: &Rig, signer: &Signer) -> Vec<Caller> {
    let strange = |name: &str, headers| Caller {
        name: name.to_owned(),
        headers,
        may_write: None,
    };
    let cookie = ("cookie", "crow_session=0".to_owned());
    let mut callers = vec![
        strange("nobody", vec![]),
        strange("an unknown key", vec![bearer(UNKNOWN)]),
        strange("a cookie", vec![cookie]),
    ];
    let scopes = [Scope::Ingest, Scope::Analytics, Scope::Read, Scope::Admin];
    for scope in scopes {
        let of_scope = [scope].into_iter().collect();
        let made = keys::create(&rig.db, &organization(), "test", of_scope, None).await;
        let (_record, secret) = made.unwrap();
        callers.push(Caller {
            name: format!("a key with {scope}"),
            headers: vec![bearer(secret.expose())],
            may_write: Some(matches!(scope, Scope::Ingest | Scope::Admin)),
        });
    }
    let users = Role::ALL.map(|role| (format!("the gateway for the role {role}"), user(role)));
    let by_key = scopes.map(|scope| (format!("the gateway for a key with {scope}"), key(scope)));
    for (name, principal) in users.into_iter().chain(by_key) {
        let token = bearer(&signer.sign(&principal, Timestamp::now()));
        callers.push(strange(
            &format!("a thief from {name}"),
            vec![token.clone()],
        ));
        let gateway_key = (GATEWAY_KEY_HEADER, GATEWAY_KEY.to_owned());
        callers.push(Caller {
            name,
            headers: vec![token, gateway_key],
            may_write: Some(principal.scopes().allow(Scope::Ingest)),
        });
    }
    callers
}

/// A request that is well formed and carries no key.
fn request(rig: &Rig, route: &str, caller: &Caller) -> RequestBuilder {
    let (method, path) = route.split_once(' ').unwrap();
    let path = path.replace("{file}", "crow.js");
    let method: Method = method.parse().unwrap();
    let request = rig.http.request(method, format!("{}{path}", rig.url));
    let now = Timestamp::now().0;
    let click = json!({ "type": "click", "timestamp": now });
    let request = match path.as_str() {
        "/batch" => request.json(&json!({ "sessionId": "s1", "events": [click] })),
        "/track" => request.json(&json!({ "sessionId": "s1", "event": click })),
        "/session/start" | "/session/end" => request.json(&json!({ "sessionId": "s1" })),
        "/asset" => request
            .header("content-type", "text/plain")
            .body("{\"sessionId\":\"s1\",\"url\":\"https://shop.example/a.png\"}\n"),
        _ => request,
    };
    let headers = caller.headers.iter();
    headers.fold(request, |request, (name, value)| {
        request.header(*name, value)
    })
}

/// Publishes the keys of the signer, as the API gateway does.
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

#[tokio::test(flavor = "multi_thread")]
async fn every_route_takes_data_from_whom_the_table_says_and_nobody_else() {
    crow_runtime::install_crypto();
    let shutdown = Shutdown::new();
    let signer = Signer::new(&SIGNING_KEY.to_owned().into(), None, "test", Some(300)).unwrap();
    let jwks_url = publish(&signer, &shutdown);
    let rig = Rig::start_with(|config| {
        config.environment = "test".to_owned();
        config.auth.jwks_url = jwks_url;
        config.auth.gateway_key = GATEWAY_KEY.to_owned().into();
    })
    .await;
    let mut wrong = Vec::new();
    for caller in callers(&rig, &signer).await {
        for (route, answer) in NEED_INGEST {
            let expected = match caller.may_write {
                None => 401,
                Some(false) => 403,
                Some(true) => *answer,
            };
            let sent = request(&rig, route, &caller).send().await.unwrap();
            let status = sent.status().as_u16();
            if status != expected {
                let name = &caller.name;
                wrong.push(format!("{route} as {name}: {status}, not {expected}"));
            }
        }
        for route in PUBLIC {
            let sent = request(&rig, route, &caller).send().await.unwrap();
            let status = sent.status().as_u16();
            if matches!(status, 401 | 403) {
                wrong.push(format!("{route} as {}: {status}", caller.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    shutdown.start();
    rig.stop().await;
}

#[test]
fn every_route_is_in_the_table_and_no_other() {
    let document = serde_json::to_value(openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            routes.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    let need_key = NEED_INGEST.iter().map(|(route, _)| *route);
    let mut known: Vec<&str> = need_key.chain(PUBLIC.iter().copied()).collect();
    known.sort_unstable();
    routes.sort_unstable();
    assert_eq!(routes, known);
}
