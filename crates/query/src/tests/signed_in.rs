//! Sign-in, and the routes for admins.

use std::rc::Rc;

use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use actix_web::{App, test};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crow_auth::Scope;
use crow_bus::Bus;
use crow_runtime::Shutdown;
use crow_web::request_scope;

use super::fixture::{World, session};
use crate::rest::attempts::Attempts;
use crate::{mcp, rest};

/// What a request carries.
pub(super) enum Sent {
    Json(Value),
    /// Its type, and its content.
    File(String, String),
}

/// The routes.
type Served = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, ServiceResponse>>;

/// A browser: it keeps the cookie and the CSRF token.
pub(super) struct Browser<'a> {
    world: &'a World,
    attempts: Attempts,
    cookie: Option<String>,
    pub(super) csrf: Option<String>,
    pub(super) bus: Option<Bus>,
    pub(super) headers: Vec<(&'static str, String)>,
    app: OnceCell<Served>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        Self {
            world,
            attempts: Attempts::new(vec!["10.0.0.0/8".parse().unwrap()]),
            cookie: None,
            csrf: None,
            bus: None,
            headers: Vec::new(),
            app: OnceCell::new(),
        }
    }

    /// Made once: making the routes takes longer than answering.
    async fn app(&self) -> &Served {
        self.app
            .get_or_init(|| async {
                let admin = match &self.bus {
                    Some(bus) => self.world.admin_over(bus.clone()),
                    None => self.world.admin().await,
                };
                let app = App::new()
                    .configure(|cfg| rest::configure(cfg, &self.world.api))
                    .app_data(Data::new(self.attempts.clone()))
                    .app_data(Data::new(admin))
                    .app_data(Data::new(self.world.live(&Shutdown::new()).await))
                    .app_data(Data::new(self.world.accounts.clone()))
                    .configure(mcp::configure)
                    .configure(rest::dashboard::configure)
                    .wrap(from_fn(request_scope));
                let app = Rc::new(init_service(app).await);
                let served = move |request: TestRequest| {
                    let app = Rc::clone(&app);
                    let answered = async move { call_service(&*app, request.to_request()).await };
                    answered
                        .map(ServiceResponse::map_into_boxed_body)
                        .boxed_local()
                };
                Box::new(served) as Served
            })
            .await
    }

    /// The answer, whose body is not read yet.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Sent>,
    ) -> ServiceResponse {
        let mut request = TestRequest::default()
            .method(method)
            .uri(path)
            .peer_addr("10.0.0.7:4000".parse().unwrap());
        if let Some(cookie) = &self.cookie {
            request = request.insert_header(("cookie", format!("a=b; crow_session={cookie}")));
        }
        for (name, value) in &self.headers {
            request = request.insert_header((*name, value.as_str()));
        }
        if let Some(csrf) = &self.csrf {
            request = request.insert_header(("x-crow-csrf", csrf.as_str()));
        }
        request = match body {
            None => request,
            Some(Sent::Json(body)) => request.set_json(body),
            Some(Sent::File(kind, file)) => request
                .insert_header(("content-type", kind))
                .set_payload(file),
        };
        self.app().await(request).await
    }

    pub(super) async fn get(&self, path: &str) -> (u16, Value) {
        let response = self.send(Method::GET, path, None).await;
        let status = response.status().as_u16();
        (status, test::read_body_json(response).await)
    }

    pub(super) async fn change(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let response = self.send(method, path, body.map(Sent::Json)).await;
        let status = response.status().as_u16();
        let body = test::read_body(response).await;
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    pub(super) async fn upload(&self, path: &str, kind: &str, file: String) -> (u16, Value) {
        let file = Sent::File(kind.to_owned(), file);
        let response = self.send(Method::POST, path, Some(file)).await;
        let status = response.status().as_u16();
        (status, test::read_body_json(response).await)
    }

    /// Holds the cookie of a sign-in.
    pub(super) fn hold(&mut self, token: String, csrf: String) {
        self.cookie = Some(token);
        self.csrf = Some(csrf);
    }

    /// The status alone: the body of a stream has no end.
    pub(super) async fn status(&self, method: Method, path: &str, body: Option<Value>) -> u16 {
        let body = body.map(Sent::Json);
        self.send(method, path, body).await.status().as_u16()
    }

    /// Where a redirect leads, and the cookies that it sets.
    pub(super) async fn redirected(&self, path: &str) -> (String, Vec<String>) {
        let response = self.send(Method::GET, path, None).await;
        assert_eq!(response.status().as_u16(), 303, "{path}");
        let texts = |name: &str| -> Vec<String> {
            let values = response.headers().get_all(name);
            values
                .map(|value| value.to_str().unwrap().to_owned())
                .collect()
        };
        (texts("location").remove(0), texts("set-cookie"))
    }

    pub(super) async fn text(&self, path: &str) -> String {
        let response = self.send(Method::GET, path, None).await;
        assert_eq!(response.status().as_u16(), 200, "{path}");
        String::from_utf8(test::read_body(response).await.to_vec()).unwrap()
    }

    pub(super) async fn sign_in(&mut self, key: &str) -> Value {
        let body = json!({ "key": key });
        let (cookie, view) = self.start("/auth/session", body).await;
        assert!(cookie.contains("; Max-Age=43"), "{cookie}");
        view
    }

    /// Signs in by password or link.
    pub(super) async fn begin(&mut self, path: &str, body: Value) -> Value {
        let (cookie, view) = self.start(path, body).await;
        assert!(cookie.contains("; Max-Age=604"), "{cookie}");
        view
    }

    async fn start(&mut self, path: &str, body: Value) -> (String, Value) {
        let response = self.send(Method::POST, path, Some(Sent::Json(body))).await;
        assert_eq!(response.status().as_u16(), 200);
        let cookie = response.headers().get("set-cookie").unwrap();
        let cookie = cookie.to_str().unwrap().to_owned();
        for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Secure"), "this request came by http");
        let token = cookie.split([';', '=']).nth(1).unwrap();
        self.cookie = Some(token.to_owned());
        let view: Value = test::read_body_json(response).await;
        self.csrf = Some(view["csrfToken"].as_str().unwrap().to_owned());
        (cookie, view)
    }
}

#[actix_web::test]
async fn a_key_becomes_a_cookie_that_reads_and_ends() {
    let world = World::new().await;
    world
        .add(
            vec![session("acme", "a", 1), session("rival", "b", 1)],
            vec![],
            vec![],
        )
        .await;
    let key = world.key("acme", Scope::Read).await;
    let mut browser = Browser::new(&world);
    assert_eq!(browser.get("/auth/session").await.0, 401);
    assert_eq!(browser.get("/sessions/acme").await.0, 401);

    let view = browser.sign_in(&key).await;
    assert_eq!(view["organizationId"], "acme");
    assert_eq!(view["scopes"], json!(["read"]));
    assert!(key.starts_with(view["keyPrefix"].as_str().unwrap()));
    assert_eq!(browser.get("/auth/session").await.1, view);
    assert_eq!(browser.get("/sessions/acme/a").await.0, 200);
    assert_eq!(browser.get("/sessions/rival/b").await.0, 404);
    assert_eq!(browser.get("/admin/acme/keys").await.0, 403);

    let csrf = browser.csrf.take();
    let refused = browser.change(Method::DELETE, "/auth/session", None).await;
    assert_eq!(refused.0, 403, "another page could have sent this");
    browser.csrf = csrf;
    let ended = browser.change(Method::DELETE, "/auth/session", None).await;
    assert_eq!(ended.0, 204);
    assert_eq!(
        browser.get("/sessions/acme/a").await.0,
        401,
        "the cookie is worth nothing now"
    );
}

#[actix_web::test]
async fn only_keys_that_read_sign_in_and_guessing_ends_soon() {
    let world = World::new().await;
    let ingest = world.key("acme", Scope::Ingest).await;
    let read = world.key("acme", Scope::Read).await;
    let browser = Browser::new(&world);
    let attempt = async |key: &str| {
        let body = Some(json!({ "key": key }));
        browser.change(Method::POST, "/auth/session", body).await.0
    };
    assert_eq!(attempt(&ingest).await, 403);
    for (body, status) in [(json!({}), 400), (json!({ "key": 1 }), 400)] {
        let answer = browser.change(Method::POST, "/auth/session", Some(body));
        assert_eq!(answer.await.0, status);
    }
    for number in 0..20 {
        assert_eq!(attempt(&format!("crow_{number:043}")).await, 401);
    }
    assert_eq!(attempt(&format!("crow_{:043}", 99)).await, 429);
    assert_eq!(attempt(&read).await, 200, "whatever others did");
}

#[actix_web::test]
async fn failed_sign_ins_count_for_the_client_and_not_for_the_proxy() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let attempt = async |browser: &Browser<'_>, number: u32| {
        let body = Some(json!({ "key": format!("crow_{number:043}") }));
        browser.change(Method::POST, "/auth/session", body).await.0
    };
    for number in 0..21 {
        // The client's own entry is not trusted.
        let claimed = format!("198.51.100.{number}, 203.0.113.7");
        browser.headers = vec![("x-forwarded-for", claimed)];
        let status = attempt(&browser, number).await;
        assert_eq!(status, if number < 20 { 401 } else { 429 });
    }
    browser.headers = vec![("x-forwarded-for", "203.0.113.8".to_owned())];
    assert_eq!(attempt(&browser, 99).await, 401);
}

#[actix_web::test]
async fn one_key_signs_in_only_so_often() {
    let world = World::new().await;
    let (read, other) = (
        world.key("acme", Scope::Read).await,
        world.key("acme", Scope::Read).await,
    );
    let browser = Browser::new(&world);
    let attempt = async |key: &str| {
        let body = Some(json!({ "key": key }));
        browser.change(Method::POST, "/auth/session", body).await.0
    };
    for _time in 0..60 {
        assert_eq!(attempt(&read).await, 200);
    }
    assert_eq!(attempt(&read).await, 429);
    assert_eq!(attempt(&other).await, 200);
}

#[actix_web::test]
async fn a_new_sign_in_ends_the_one_before() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Read).await;
    let mut browser = Browser::new(&world);
    browser.sign_in(&key).await;
    let before = browser.cookie.clone();
    browser.sign_in(&key).await;
    assert_eq!(browser.get("/auth/session").await.0, 200);
    browser.cookie = before;
    assert_eq!(browser.get("/auth/session").await.0, 401);
}

#[actix_web::test]
async fn over_https_only_a_cookie_of_this_host_counts() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Read).await;
    for header in [
        ("x-forwarded-proto", "https".to_owned()),
        ("origin", "https://crow.example".to_owned()),
    ] {
        let mut browser = Browser::new(&world);
        browser.headers = vec![header];
        let body = Some(json!({ "key": key }));
        let response = browser
            .send(Method::POST, "/auth/session", body.map(Sent::Json))
            .await;
        let cookie = response.headers().get("set-cookie").unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-crow_session="), "{cookie}");
        assert!(cookie.contains("; Secure") && cookie.contains("; Path=/;"));
        assert!(!cookie.contains("Domain"));
        let token = cookie.split([';', '=']).nth(1).unwrap().to_owned();

        // Another host under the same domain can set the plain cookie.
        browser.headers = vec![("x-forwarded-proto", "https".to_owned())];
        browser.cookie = Some(token.clone());
        assert_eq!(browser.get("/auth/session").await.0, 401);
        browser.cookie = Some(format!("tossed; __Host-crow_session={token}"));
        assert_eq!(browser.get("/auth/session").await.0, 200);
    }
}

#[actix_web::test]
async fn a_revoked_key_ends_its_sign_ins_at_once() {
    let world = World::new().await;
    let (key, record) = world.key_with_record("acme", Scope::Read).await;
    let mut browser = Browser::new(&world);
    browser.sign_in(&key).await;
    assert_eq!(browser.get("/sessions/acme").await.0, 200);
    // By another process, without a notice.
    crow_auth::keys::revoke(&world.db, &record.id)
        .await
        .unwrap();
    assert_eq!(browser.get("/sessions/acme").await.0, 401);
}

#[actix_web::test]
async fn keys_are_made_rotated_and_revoked() {
    let world = World::new().await;
    let (admin_key, rival) = (
        world.key("acme", Scope::Admin).await,
        world.key_with_record("rival", Scope::Read).await.1,
    );
    let mut browser = Browser::new(&world);
    browser.sign_in(&admin_key).await;
    let wanted = json!({ "name": "shop", "scopes": ["read"], "allowedOrigins": ["https://shop.example"], "requestsPerSecond": 5 });

    let csrf = browser.csrf.take();
    let forged = browser.change(Method::POST, "/admin/acme/keys", Some(wanted.clone()));
    assert_eq!(forged.await.0, 403);
    browser.csrf = csrf;
    let (status, made) = browser
        .change(Method::POST, "/admin/acme/keys", Some(wanted))
        .await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["allowedOrigins"], json!(["https://shop.example"]));
    assert_eq!(made["requestsPerSecond"], 5);
    let id = made["id"].as_str().unwrap();

    let path = format!("/admin/acme/keys/{id}/rotate");
    let (status, rotated) = browser.change(Method::POST, &path, None).await;
    assert_eq!(
        (status, &rotated["name"]),
        (201, &made["name"]),
        "{rotated}"
    );
    assert_ne!(rotated["key"], made["key"]);
    assert_eq!(
        browser.change(Method::POST, &path, None).await.0,
        404,
        "it is revoked"
    );
    let new_id = rotated["id"].as_str().unwrap();
    let path = format!("/admin/acme/keys/{new_id}");
    assert_eq!(browser.change(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(browser.change(Method::DELETE, &path, None).await.0, 204);
    for id in [rival.id.as_str(), "none"] {
        let path = format!("/admin/acme/keys/{id}");
        assert_eq!(browser.change(Method::DELETE, &path, None).await.0, 404);
    }
    let (_, listed) = browser.get("/admin/acme/keys").await;
    let listed = listed["keys"].as_array().unwrap();
    let of = |id: &str| listed.iter().find(|key| key["id"] == id).unwrap();
    assert!(of(id)["revokedAt"].is_i64() && of(new_id)["revokedAt"].is_i64());
    assert_eq!(listed.len(), 3);
    assert!(listed.iter().all(|key| key.get("key").is_none()));
    for (body, field) in [
        (json!({ "name": "", "scopes": ["read"] }), "name"),
        (
            json!({ "name": "x", "scopes": ["read"], "requestsPerSecond": 0 }),
            "requestsPerSecond",
        ),
        (json!({ "name": "x", "scopes": [] }), "scopes"),
        (json!({ "name": "x", "scopes": ["all"] }), "scopes"),
        (
            json!({ "name": "x", "scopes": ["read"], "allowedOrigins": ["shop"] }),
            "allowedOrigins",
        ),
    ] {
        let (status, refused) = browser
            .change(Method::POST, "/admin/acme/keys", Some(body))
            .await;
        let message = refused["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400);
        assert!(message.starts_with(&format!("{field}:")), "{message}");
    }
}

#[actix_web::test]
async fn health_counts_what_the_organization_has() {
    let world = World::new().await;
    let chunks = world
        .pack("a", &[vec![super::fixture::rrweb(5, "w", 2)]])
        .await;
    let bytes = chunks[0].byte_length;
    let mine = crow_types::SessionRecord {
        event_count: 7,
        ..session("acme", "a", 5)
    };
    world
        .add(vec![mine, session("rival", "b", 1)], vec![], chunks)
        .await;
    let key = world.key("acme", Scope::Admin).await;
    let mut browser = Browser::new(&world);
    browser.sign_in(&key).await;
    let (status, health) = browser.get("/admin/acme/health").await;
    assert_eq!(status, 200, "{health}");
    assert_eq!(
        health["storage"],
        json!({ "archiveBytes": 0, "packBytes": bytes, "sessions": 1, "events": 7, "chunks": 1 })
    );
    assert_eq!(health["partitions"][0]["owner"], "test");
    assert_eq!(
        health["partitions"][0]["lag"],
        Value::Null,
        "there is no bus"
    );
    assert_eq!(health["ingest"]["firstEventAt"], 5);
    let minutes = health["ingest"]["eventsPerMinute"].as_array().unwrap();
    assert_eq!(minutes.len(), 60);
}

#[actix_web::test]
async fn pages_come_with_policies_and_leave_the_api_alone() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    for path in ["/", "/app", "/app/sessions/some?x=1"] {
        let page = browser.send(Method::GET, path, None).await;
        assert_eq!(page.status().as_u16(), 200, "{path}");
        let header = |name: &str| page.headers().get(name).unwrap().to_str().unwrap();
        assert!(header("content-type").starts_with("text/html"));
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("x-content-type-options"), "nosniff");
    }
    assert_eq!(browser.get("/assets/none.js").await.0, 404);
    assert_eq!(browser.get("/none").await.0, 404);
    assert_eq!(browser.get("/sessions/acme").await.0, 401);
    assert_eq!(browser.change(Method::POST, "/app", None).await.0, 405);
}
