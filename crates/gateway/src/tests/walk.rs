//! Calls the gateway's own routes, those that it keeps from outside, and one route of each kind of
//! place, as every kind of caller, and compares with tables.

use serde_json::{Value, json};

use crow_auth::{AuthConfig, Client, KeyVerifier, Role, Scope};
use crow_db::audit_log::Actor;
use crow_db::users::{self, UserRow};

use super::rig::Rig;

/// Routes of the gateway itself. They are for everybody, whatever is presented.
const OWN: &[(&str, &str, u16)] = &[
    ("GET", "/.well-known/jwks.json", 200),
    ("POST", "/.well-known/jwks.json", 405),
    ("GET", "/health/live", 200),
    ("GET", "/health/ready", 200),
    ("GET", "/metrics", 200),
];
/// Routes of the services that are not for anybody outside.
const KEPT: &[(&str, &str)] = &[
    ("GET", "/health/anything"),
    ("GET", "/metrics/anything"),
    ("POST", "/api/v1/api-keys/verify"),
    ("POST", "/api/v1/interactions/create-interaction"),
];

/// Whom the service behind a place is told of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Of keys and users.
    Callers,
    /// Of keys.
    Keys,
    /// Of nobody: it looks itself.
    Nobody,
}

/// A route of each kind of place.
const FORWARDED: &[(&str, &str, Told)] = &[
    ("GET", "/sessions/acme", Told::Callers),
    ("POST", "/analytics/acme/funnel", Told::Callers),
    ("GET", "/admin/acme/keys", Told::Callers),
    ("POST", "/mcp", Told::Callers),
    ("POST", "/batch", Told::Keys),
    ("GET", "/sdk/crow.js", Told::Keys),
    ("GET", "/auth/session", Told::Nobody),
];

const UNKNOWN: &str = "crow_00000000000000000000000000000000000000000000";
const TOKEN: &str = "eyJhbGciOiJFZERTQSJ9.e30.c2ln";

/// Who a caller is.
enum Is {
    Nobody,
    /// What it presents is not valid.
    Refused,
    Key(String),
    /// By a cookie.
    SignedIn(String),
}

struct Caller {
    name: String,
    headers: Vec<(&'static str, String)>,
    is: Is,
}

async fn user(rig: &Rig, role: Role) -> (String, String, String) {
    let row = UserRow {
        id: format!("usr_{role}"),
        organization_id: "acme".to_owned(),
        email: format!("{role}@acme.example"),
        name: "Ann".to_owned(),
        role: role.to_string(),
        password_hash: String::new(),
        created_at: 0,
        disabled_at: None,
    };
    let by = Actor::system();
    assert!(users::insert(&rig.db, &by, row.clone()).await.unwrap());
    let verifier = KeyVerifier::new(rig.db.clone(), &AuthConfig::default()).unwrap();
    let id = row.id.clone();
    let started = verifier.sign_in_user(row, Client::default()).await;
    let (token, sign_in) = started.unwrap();
    (id, token, sign_in.csrf_token)
}

async fn callers(rig: &Rig) -> Vec<Caller> {
    let bearer = |text: &str| vec![("authorization", format!("Bearer {text}"))];
    let cookie = |token: &str, csrf: &str| {
        vec![
            ("cookie", format!("crow_session={token}")),
            ("x-crow-csrf", csrf.to_owned()),
        ]
    };
    let caller = |name: &str, headers, is| Caller {
        name: name.to_owned(),
        headers,
        is,
    };
    let mut callers = vec![
        caller("nobody", vec![], Is::Nobody),
        caller("an unknown key", bearer(UNKNOWN), Is::Refused),
        caller("a token", bearer(TOKEN), Is::Refused),
        // A browser sends an old cookie to public pages, too.
        caller("an old cookie", cookie(&"0".repeat(43), ""), Is::Nobody),
    ];
    for scope in [Scope::Ingest, Scope::Analytics, Scope::Read, Scope::Admin] {
        let key = rig.key(scope).await;
        let name = format!("a key with {scope}");
        callers.push(caller(&name, bearer(&key.secret), Is::Key(key.id)));
    }
    let key = rig.key(Scope::Read).await;
    let (token, csrf) = rig.sign_in(&key).await;
    let signed_in = Is::SignedIn(key.id);
    callers.push(caller(
        "a sign-in of a key",
        cookie(&token, &csrf),
        signed_in,
    ));
    for role in Role::ALL {
        let (id, token, csrf) = user(rig, role).await;
        let name = format!("a user with {role}");
        callers.push(caller(&name, cookie(&token, &csrf), Is::SignedIn(id)));
    }
    callers
}

async fn call(rig: &Rig, caller: &Caller, method: &str, path: &str) -> (u16, Value) {
    let headers = caller.headers.iter();
    let headers: Vec<(&str, &str)> = headers.map(|(n, v)| (*n, v.as_str())).collect();
    match method {
        "GET" => rig.get(path, &headers).await,
        _ => rig.post(path, &headers, "{}").await,
    }
}

/// The status, and the id of the principal that the service is told of.
fn expected(told: Told, is: &Is) -> (u16, Value) {
    match (told, is) {
        (Told::Nobody, _) | (_, Is::Nobody) => (200, Value::Null),
        (_, Is::Refused) => (401, Value::Null),
        (_, Is::Key(id)) | (Told::Callers, Is::SignedIn(id)) => (200, json!(id)),
        (Told::Keys, Is::SignedIn(_)) => (200, Value::Null),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_caller_reaches_what_the_tables_say_and_nothing_else() {
    let rig = Rig::start(|_config| {}).await;
    let mut wrong = Vec::new();
    for caller in callers(&rig).await {
        let before = rig.seen();
        for (method, path, expected) in OWN {
            let (status, _answer) = call(&rig, &caller, method, path).await;
            if status != *expected {
                wrong.push(format!("{method} {path} as {}: {status}", caller.name));
            }
        }
        for (method, path) in KEPT {
            let (status, _answer) = call(&rig, &caller, method, path).await;
            if status != 404 {
                wrong.push(format!("{method} {path} as {}: {status}", caller.name));
            }
        }
        assert_eq!(rig.seen(), before, "no service got any of them");
        for (method, path, told) in FORWARDED {
            let before = rig.seen();
            let (status, shown) = call(&rig, &caller, method, path).await;
            let got = (status, shown["principal"]["id"].clone());
            let expected = expected(*told, &caller.is);
            let was_seen = rig.seen() > before;
            if got != expected || was_seen != (expected.0 == 200) {
                wrong.push(format!("{method} {path} as {}: {got:?}", caller.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    rig.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_told_of_the_role_and_no_other_scopes() {
    let rig = Rig::start(|_config| {}).await;
    for role in Role::ALL {
        let (_id, token, _csrf) = user(&rig, role).await;
        let cookie = format!("crow_session={token}");
        let (status, shown) = rig.get("/sessions/acme", &[("cookie", &cookie)]).await;
        assert_eq!(status, 200, "{shown}");
        let principal = &shown["principal"];
        assert_eq!(principal["kind"], "user");
        assert_eq!(principal["role"], role.as_str());
        assert_eq!(principal["scopes"], json!(role.scopes()));
    }
    rig.stop();
}
