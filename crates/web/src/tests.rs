use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body_json};
use actix_web::{App, HttpResponse, web};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crow_runtime::{Readiness, Shutdown};
use crow_types::ErrorCode;

use crate::{ApiError, Health, Listener, Operators, request_id, request_scope};

mod stalled;

async fn refuse() -> Result<HttpResponse, ApiError> {
    Err(ApiError::new(ErrorCode::Unavailable, "come again").retry_after(3))
}

async fn key_needed() -> Result<HttpResponse, ApiError> {
    Err(ApiError::new(ErrorCode::Unauthenticated, "send a key"))
}

async fn own_id() -> HttpResponse {
    HttpResponse::Ok().json(request_id())
}

async fn typed(body: web::Json<u32>) -> HttpResponse {
    HttpResponse::Ok().body(body.to_string())
}

fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/refuse", web::get().to(refuse))
        .route("/key", web::get().to(key_needed))
        .route("/id", web::get().to(own_id))
        .service(web::resource("/typed").route(web::post().to(typed)));
}

async fn answer(request: TestRequest) -> (u16, actix_web::http::header::HeaderMap, Value) {
    let app = init_service(App::new().configure(routes).wrap(from_fn(request_scope))).await;
    let response = call_service(&app, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, read_body_json(response).await)
}

#[actix_web::test]
async fn an_error_carries_code_message_and_the_callers_request_id() {
    let (status, headers, body) = answer(
        TestRequest::get()
            .uri("/refuse")
            .insert_header(("X-Request-Id", "abc-1")),
    )
    .await;
    assert_eq!(status, 503);
    assert_eq!(headers.get("retry-after").unwrap(), "3");
    assert_eq!(headers.get("x-request-id").unwrap(), "abc-1");
    assert_eq!(headers.get("x-content-type-options").unwrap(), "nosniff");
    assert_eq!(body["error"]["code"], "unavailable");
    assert_eq!(body["error"]["message"], "come again");
    assert_eq!(body["error"]["requestId"], "abc-1");
}

#[actix_web::test]
async fn a_handler_knows_the_id_of_its_request() {
    let (_status, headers, id) = answer(TestRequest::get().uri("/id")).await;
    assert_eq!(headers.get("x-request-id").unwrap(), id.as_str().unwrap());
    let given = TestRequest::get()
        .uri("/id")
        .insert_header(("x-request-id", "abc-1"));
    let (_status, _headers, id) = answer(given).await;
    assert_eq!(id, "abc-1");
    assert_eq!(request_id(), "", "nothing is answered here");
}

#[actix_web::test]
async fn an_unsafe_request_id_is_replaced() {
    for bad in ["a b", "", &"x".repeat(65)] {
        let (_, headers, body) = answer(
            TestRequest::get()
                .uri("/refuse")
                .insert_header(("X-Request-Id", bad)),
        )
        .await;
        let id = headers.get("x-request-id").unwrap().to_str().unwrap();
        assert_eq!(id.len(), 32);
        assert_eq!(body["error"]["requestId"], id);
    }
}

#[actix_web::test]
async fn a_missing_key_is_answered_with_the_scheme() {
    let (status, headers, _) = answer(TestRequest::get().uri("/key")).await;
    assert_eq!(status, 401);
    assert_eq!(headers.get("www-authenticate").unwrap(), "Bearer");
}

#[actix_web::test]
async fn the_frameworks_own_errors_have_the_common_form() {
    let (status, _, body) = answer(TestRequest::get().uri("/nowhere")).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (404, &Value::from("not_found"))
    );
    let (status, headers, body) = answer(TestRequest::put().uri("/typed")).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (405, &Value::from("method_not_allowed"))
    );
    assert_eq!(headers.get("allow").unwrap(), "POST");
    let broken = TestRequest::post()
        .uri("/typed")
        .insert_header(("content-type", "application/json"))
        .set_payload("{");
    let (status, _, body) = answer(broken).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (400, &Value::from("malformed"))
    );
    assert!(!body["error"]["message"].as_str().unwrap().is_empty());
}

#[actix_web::test]
async fn readiness_names_what_is_wrong() {
    let shutdown = Shutdown::new();
    let readiness = Readiness::new(&shutdown);
    readiness.add("database", || Ok(()));
    readiness.add_async("bus", || async { Err("not connected".to_owned()) });
    let health = Health::new(readiness);
    let app = init_service(
        App::new()
            .configure(|cfg| health.configure(cfg))
            .wrap(from_fn(request_scope)),
    )
    .await;
    let response = call_service(&app, TestRequest::get().uri("/health/ready").to_request()).await;
    assert_eq!(response.status().as_u16(), 503);
    let body: Value = read_body_json(response).await;
    assert_eq!(body["checks"]["bus"], "not connected");
    assert_eq!(body["checks"]["database"], "ok");
    let response = call_service(&app, TestRequest::get().uri("/health/live").to_request()).await;
    assert_eq!(response.status().as_u16(), 200);
}

fn operators(address: std::net::SocketAddr) -> Operators {
    Operators {
        setting: "test.admin_listen",
        address,
        tls: None,
    }
}

#[actix_web::test]
async fn with_an_address_for_operators_the_public_one_only_says_that_it_lives() {
    let shutdown = Shutdown::new();
    let readiness = Readiness::new(&shutdown);
    let taken = Listener::bind("test.admin_listen", "127.0.0.1:0".parse().unwrap()).unwrap();
    let refused =
        Health::new(readiness.clone()).with_operators(Some(operators(taken.address())), &shutdown);
    assert!(refused.is_err());
    let address = taken.address();
    drop(taken);
    let health = Health::new(readiness)
        .with_operators(Some(operators(address)), &shutdown)
        .unwrap();
    let app = init_service(App::new().configure(|cfg| health.configure(cfg))).await;
    for (path, expected) in [
        ("/health/live", 200),
        ("/health/ready", 404),
        ("/metrics", 404),
    ] {
        let response = call_service(&app, TestRequest::get().uri(path).to_request()).await;
        assert_eq!(response.status().as_u16(), expected, "{path}");
        assert_eq!(get(address, path).await.0, 200, "{path}");
    }
    shutdown.start();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_stops_when_the_shutdown_begins_and_names_a_taken_address() {
    let shutdown = Shutdown::new();
    let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
    let taken = Listener::bind("test.listen", listener.address())
        .unwrap_err()
        .to_string();
    assert!(
        taken.contains("test.listen") && taken.contains(&listener.address().to_string()),
        "{taken}"
    );
    let app = || App::new().configure(routes).wrap(from_fn(request_scope));
    let serving = tokio::spawn(listener.serve(1, app, shutdown.clone()));
    shutdown.start();
    tokio::time::timeout(Duration::from_secs(10), serving)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[actix_web::test]
async fn a_load_balancer_may_leave_checks_out() {
    let readiness = Readiness::new(&Shutdown::new());
    readiness.add("streams", || Ok(()));
    for down in ["bus", "publishing"] {
        readiness.add(down, || Err("down".to_owned()));
    }
    let health = Health::new(readiness);
    let app = init_service(App::new().configure(|cfg| {
        health.configure(cfg);
    }))
    .await;
    for (query, status) in [
        ("", 503),
        ("?exclude=bus", 503),
        ("?exclude=bus&exclude=publishing", 200),
        ("?exclude=bus&exclude=publishing&exclude=unknown&other", 200),
    ] {
        let request = TestRequest::get().uri(&format!("/health/ready{query}"));
        let response = call_service(&app, request.to_request()).await;
        assert_eq!(response.status().as_u16(), status, "{query}");
    }
}

/// Status and body.
async fn get(address: std::net::SocketAddr, path: &str) -> (u16, String) {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1.to_owned();
    (status, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_waits_is_alive_and_not_ready_and_serves_later_on_the_same_address() {
    let shutdown = Shutdown::new();
    let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
    let passes = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let check = || async {
        let passes = passes.load(std::sync::atomic::Ordering::Acquire);
        passes
            .then_some(())
            .ok_or_else(|| "run `crow migrate`".to_owned())
    };
    let asked = async {
        let (status, _) = get(listener.address(), "/health/live").await;
        assert_eq!(status, 200);
        let (status, body) = get(listener.address(), "/health/ready").await;
        assert_eq!(status, 503);
        assert!(
            body.contains("schema") && body.contains("run `crow migrate`"),
            "{body}"
        );
        let (status, body) = get(listener.address(), "/anything").await;
        assert_eq!(status, 503, "{body}");
        passes.store(true, std::sync::atomic::Ordering::Release);
    };
    let (waited, ()) = tokio::join!(
        listener.not_ready_until("schema", check, None, &shutdown),
        asked
    );
    waited.unwrap();

    let address = listener.address();
    let app = || App::new().configure(routes);
    let serving = tokio::spawn(listener.serve(1, app, shutdown.clone()));
    let (status, _) = get(address, "/id").await;
    assert_eq!(status, 200);
    shutdown.start();
    serving.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_see_on_their_address_what_the_start_waits_for() {
    let shutdown = Shutdown::new();
    let bind = || Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
    let (listener, free) = (bind(), bind());
    let operators = free.address();
    drop(free);
    let check = || async { Err("no".to_owned()) };
    let asked = async {
        let (status, body) = get_when_there(operators, "/health/ready").await;
        assert_eq!((status, body.contains("no")), (503, true), "{body}");
        shutdown.start();
    };
    let operators = Some(self::operators(operators));
    let waiting = listener.not_ready_until("schema", check, operators, &shutdown);
    let (waited, ()) = tokio::join!(waiting, asked);
    waited.unwrap();
}

/// Like [`get`], but waits until the address is bound.
async fn get_when_there(address: std::net::SocketAddr, path: &str) -> (u16, String) {
    let end = std::time::Instant::now() + Duration::from_secs(15);
    while tokio::net::TcpStream::connect(address).await.is_err() {
        assert!(std::time::Instant::now() < end, "nobody listens");
        tokio::task::yield_now().await;
    }
    get(address, path).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_ends_with_the_shutdown() {
    let shutdown = Shutdown::new();
    let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
    shutdown.start();
    let check = || async { Err("never".to_owned()) };
    let waiting = listener.not_ready_until("schema", check, None, &shutdown);
    tokio::time::timeout(Duration::from_secs(15), waiting)
        .await
        .unwrap()
        .unwrap();
}
