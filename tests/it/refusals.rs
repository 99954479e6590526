//! Every operation of both OpenAPI documents refuses callers without a key, with a key of another
//! organization, and with too small a scope. The operations are read from the documents of the
//! running services, so new ones are covered as they appear. Users with their roles, gRPC and the API
//! gateway are in the tests of the services.

mod operations;

use std::collections::HashMap;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::client::http;
use crate::system::{Database, ORGANIZATION, Objects, System};

use operations::{Operation, Service};

const UNKNOWN: &str = "crow_0000000000000000000000000000000000000000000";
const RIVAL: &str = "rival";
/// The gateway looks for the key in the body when no header has one. It is otherwise of no use.
const BODY: &str = "{\"sessionId\":\"none\",\"url\":\"https://none.example/a.png\"}\n";

/// Keys of both organizations, by scope.
struct Keys {
    ingest: String,
    read: String,
    admin: String,
    rival: String,
}

impl Keys {
    fn create(system: &System) -> Self {
        Self {
            ingest: system.ingest_key.clone(),
            read: system.read_key.clone(),
            admin: system.create_key(ORGANIZATION, "admin"),
            rival: system.create_key(RIVAL, "admin"),
        }
    }

    /// Keys of the organization whose scope is too small for the operation.
    fn too_small(&self, operation: &Operation) -> Vec<&str> {
        match operation.service {
            Service::Gateway => vec![&self.read],
            Service::ReadApi if operation.is_for_admins() => vec![&self.ingest, &self.read],
            Service::ReadApi => vec![&self.ingest],
        }
    }

    /// The smallest scope that is enough.
    fn enough(&self, operation: &Operation) -> &str {
        match operation.service {
            Service::Gateway => &self.ingest,
            Service::ReadApi if operation.is_for_admins() => &self.admin,
            Service::ReadApi => &self.read,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_refuses_whoever_may_not_use_it() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let keys = Keys::create(&system);
    let client = http();

    let signed_in = Mutex::default();
    let mut mistakes = Vec::new();
    for operation in operations::of(&client, &system).await {
        let checked = Check {
            client: &client,
            system: &system,
            operation: &operation,
            keys: &keys,
            signed_in: &signed_in,
        };
        checked.run(&mut mistakes).await;
    }
    assert!(
        mistakes.is_empty(),
        "{}\n{}",
        mistakes.join("\n"),
        system.logs()
    );
}

/// One operation, and who asks.
struct Check<'a> {
    client: &'a Client,
    system: &'a System,
    operation: &'a Operation,
    keys: &'a Keys,
    signed_in: &'a Mutex<HashMap<String, SignIn>>,
}

/// What a refusal is.
type Refusal = (u16, &'static str);

const NO_KEY: Refusal = (401, "unauthenticated");
const TOO_SMALL: Refusal = (403, "forbidden");
const NOT_THERE: Refusal = (404, "not_found");

impl Check<'_> {
    async fn run(&self, mistakes: &mut Vec<String>) {
        let operation = self.operation;
        if !operation.has_security() {
            if !operation.is_meant_to_be_public() {
                mistakes.push(format!(
                    "{operation}: needs no key, and is not listed as public"
                ));
            }
            return;
        }
        self.refused("nothing", self.request(), NO_KEY, mistakes)
            .await;
        let unknown = self.request().bearer_auth(UNKNOWN);
        self.refused("an unknown key", unknown, NO_KEY, mistakes)
            .await;
        if operation.is_for_services() {
            self.of_services(mistakes).await;
            return;
        }
        if operation.takes_keys() {
            self.keys(mistakes).await;
        }
        if operation.service == Service::ReadApi {
            self.sign_ins(mistakes).await;
        }
    }

    /// No key and no sign-in is enough.
    async fn of_services(&self, mistakes: &mut Vec<String>) {
        let key = self.request().bearer_auth(&self.keys.admin);
        self.refused("a key", key, NO_KEY, mistakes).await;
        let sign_in = self.sign_in(&self.keys.admin).await.on(self.request());
        self.refused("a sign-in", sign_in, NO_KEY, mistakes).await;
    }

    async fn keys(&self, mistakes: &mut Vec<String>) {
        for key in self.keys.too_small(self.operation) {
            let request = self.request().bearer_auth(key);
            self.refused("too small a scope", request, TOO_SMALL, mistakes)
                .await;
            let request = self.request().header("X-API-Key", key);
            self.refused(
                "too small a scope in X-API-Key",
                request,
                TOO_SMALL,
                mistakes,
            )
            .await;
        }
        if self.operation.names_organization() {
            let foreign = self.request().bearer_auth(&self.keys.rival);
            self.refused(
                "a key of another organization",
                foreign,
                NOT_THERE,
                mistakes,
            )
            .await;
        }
        let own = self.request().bearer_auth(self.keys.enough(self.operation));
        self.let_in("a key with just the scope", own, mistakes)
            .await;
    }

    /// A sign-in counts as its key, and changes nothing without the token against forgery.
    async fn sign_ins(&self, mistakes: &mut Vec<String>) {
        let own = self.sign_in(self.keys.enough(self.operation)).await;
        if self.operation.changes() {
            let forged = self.request().header("Cookie", &own.cookie);
            self.refused("a sign-in without its token", forged, TOO_SMALL, mistakes)
                .await;
        }
        if self.operation.names_organization() {
            let foreign = self.sign_in(&self.keys.rival).await;
            let request = foreign.on(self.request());
            self.refused(
                "a sign-in of another organization",
                request,
                NOT_THERE,
                mistakes,
            )
            .await;
        }
        if self.operation.is_for_admins() {
            let small = self.sign_in(&self.keys.read).await;
            let request = small.on(self.request());
            self.refused(
                "a sign-in with too small a scope",
                request,
                TOO_SMALL,
                mistakes,
            )
            .await;
        }
        let request = own.on(self.request());
        if self.operation.is_for_users() {
            self.refused("a sign-in of a key", request, TOO_SMALL, mistakes)
                .await;
        } else {
            self.let_in("a sign-in", request, mistakes).await;
        }
        if self.operation.ends_sign_in() {
            self.signed_in.lock().await.clear();
        }
    }

    /// Each key signs in once, because that is limited.
    async fn sign_in(&self, key: &str) -> SignIn {
        let mut signed_in = self.signed_in.lock().await;
        if let Some(known) = signed_in.get(key) {
            return known.clone();
        }
        let fresh = self.sign_in_afresh(key).await;
        signed_in.insert(key.to_owned(), fresh.clone());
        fresh
    }

    async fn sign_in_afresh(&self, key: &str) -> SignIn {
        let url = format!("{}/auth/session", self.system.query_url);
        let request = self.client.post(url).json(&json!({ "key": key }));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let body: Value = answer.json().await.unwrap();
        let token = body["csrfToken"].as_str().unwrap().to_owned();
        SignIn { cookie, token }
    }

    fn request(&self) -> RequestBuilder {
        let base = match self.operation.service {
            Service::Gateway => &self.system.ingest_url,
            Service::ReadApi => &self.system.query_url,
        };
        let url = format!("{base}{}", self.operation.address());
        let request = self.client.request(self.operation.method.clone(), url);
        if self.operation.changes() {
            // All of them take this type, or look at it after the key.
            return request.header("Content-Type", "text/plain").body(BODY);
        }
        request
    }

    async fn refused(
        &self,
        who: &str,
        request: RequestBuilder,
        (status, code): Refusal,
        mistakes: &mut Vec<String>,
    ) {
        let answer = request.send().await.unwrap();
        let got = answer.status().as_u16();
        let is_stream = got == 200;
        let body: Value = if is_stream {
            Value::Null
        } else {
            answer.json().await.unwrap_or(Value::Null)
        };
        let got = (got, body["error"]["code"].as_str().unwrap_or_default());
        if got != (status, code) {
            mistakes.push(format!(
                "{}: {who}: {got:?}, not {:?}",
                self.operation,
                (status, code)
            ));
        }
    }

    /// So that a refusal is for the reason that it is tested for.
    async fn let_in(&self, who: &str, request: RequestBuilder, mistakes: &mut Vec<String>) {
        let status = request.send().await.unwrap().status().as_u16();
        if matches!(status, 401 | 403 | 405 | 500..) {
            mistakes.push(format!("{}: {who}: {status}", self.operation));
        }
    }
}

/// A cookie, and the token that a request with it must repeat.
#[derive(Clone)]
struct SignIn {
    cookie: String,
    token: String,
}

impl SignIn {
    fn on(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header("Cookie", &self.cookie)
            .header("X-CROW-CSRF", &self.token)
    }
}
