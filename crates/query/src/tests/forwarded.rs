//! Calls every route as the API gateway does, with tokens, and as somebody who has stolen one.

use actix_web::http::Method;
use actix_web::{App, HttpResponse, web};
use serde_json::{Value, json};
use tonic::{Code, Request};

use crow_auth::{
    AuthConfig, GATEWAY_KEY_HEADER, GatewayChannel, Holder, KeyGrant, ORGANIZATION_HEADER,
    Principal, Role, Scope, SignIn, SignedInUser, Signer,
};
use crow_proto::api::ListSessionsRequest;
use crow_proto::api::session_service_client::SessionServiceClient;
use crow_runtime::Shutdown;
use crow_types::{OrganizationId, Timestamp};
use crow_web::{ConnectionLimits, Listener};

use super::fixture::World;
use super::grpc::serve_limited;
use super::signed_in::Browser;
use super::walk::{ADMIN, call, expected, needed_of, operations};

pub(super) const GATEWAY_KEY: &str = "the key between gateway and services";
/// 32 bytes in base64.
const SIGNING_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

/// Callers, and the scopes that theirs include.
pub(super) const CALLERS: &[(Forwarded, &[Scope])] = &[
    (Forwarded::Key(Scope::Ingest), &[Scope::Ingest]),
    (Forwarded::Key(Scope::Analytics), &[Scope::Analytics]),
    (
        Forwarded::Key(Scope::Read),
        &[Scope::Analytics, Scope::Read],
    ),
    (Forwarded::Key(Scope::Admin), ADMIN),
    (Forwarded::User(Role::Marketing), &[Scope::Analytics]),
    (
        Forwarded::User(Role::Member),
        &[Scope::Analytics, Scope::Read],
    ),
    (Forwarded::User(Role::Admin), ADMIN),
    (Forwarded::User(Role::Owner), ADMIN),
];

/// For whom the gateway has signed a token.
#[derive(Debug, Clone, Copy)]
pub(super) enum Forwarded {
    Key(Scope),
    User(Role),
}

impl Forwarded {
    fn principal(self) -> Principal {
        let organization = OrganizationId::new("acme").unwrap();
        match self {
            Self::Key(scope) => Principal::from(&KeyGrant {
                key_id: "key_1".to_owned(),
                organization,
                scopes: [scope].into_iter().collect(),
                allowed_origins: None,
                expires_at: None,
                requests_per_second: None,
            }),
            Self::User(role) => Principal::from(&SignIn {
                id: None,
                holder: Holder::User(SignedInUser {
                    id: "user_1".to_owned(),
                    email: "ann@acme.example".to_owned(),
                    name: "Ann".to_owned(),
                    role,
                }),
                organization,
                scopes: role.scopes(),
                expires_at: 0,
                csrf_token: String::new(),
            }),
        }
    }
}

/// A world that believes the signer's tokens.
pub(super) async fn world(shutdown: &Shutdown) -> (World, Signer) {
    crow_runtime::install_crypto();
    let signer = Signer::new(&SIGNING_KEY.to_owned().into(), None, "test", Some(300)).unwrap();
    let listener = Listener::bind("test.listen", "127.0.0.1:0".parse().unwrap()).unwrap();
    let config = AuthConfig {
        jwks_url: format!("http://{}/jwks.json", listener.address()),
        gateway_key: GATEWAY_KEY.to_owned().into(),
        ..AuthConfig::default()
    };
    let document = serde_json::to_value(signer.document()).unwrap();
    let document = web::Data::new(document);
    let app = move || {
        let show = async |document: web::Data<Value>| HttpResponse::Ok().json(document.get_ref());
        App::new()
            .app_data(document.clone())
            .route("/jwks.json", web::get().to(show))
    };
    tokio::spawn(listener.serve(1, app, shutdown.clone()));
    let mut world = World::new().await;
    let channel = GatewayChannel::new(&config, "test").unwrap();
    world.api.door = world.api.door.clone().behind_gateway(channel);
    (world, signer)
}

pub(super) fn token(signer: &Signer, caller: Forwarded) -> String {
    let token = signer.sign(&caller.principal(), Timestamp::now());
    format!("Bearer {token}")
}

fn browser<'a>(world: &'a World, token: &str, more: &[(&'static str, &str)]) -> Browser<'a> {
    let mut browser = Browser::new(world);
    let more = more
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    browser.headers = more.collect();
    browser.headers.push(("authorization", token.to_owned()));
    browser
}

#[actix_web::test]
async fn a_forwarded_caller_may_do_what_the_table_says_and_a_thief_nothing() {
    let shutdown = Shutdown::new();
    let (world, signer) = world(&shutdown).await;
    let mut wrong = Vec::new();
    for (caller, has) in CALLERS {
        let token = token(&signer, *caller);
        let gateway = browser(&world, &token, &[(GATEWAY_KEY_HEADER, GATEWAY_KEY)]);
        let thief = browser(&world, &token, &[(ORGANIZATION_HEADER, "acme")]);
        for operation in operations() {
            let is_key = matches!(caller, Forwarded::Key(_));
            let Some(needed) = needed_of(&operation, is_key) else {
                continue;
            };
            let id = &operation.id;
            for organization in ["acme", "rival"] {
                let allowed = expected("token", has, needed, organization);
                let status = call(&gateway, &operation, organization).await;
                if !allowed.contains(&status) {
                    wrong.push(format!("{id} of {organization} as {caller:?}: {status}"));
                }
            }
            let status = call(&thief, &operation, "acme").await;
            if status != 401 {
                wrong.push(format!("{id} as a thief: {status}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    shutdown.start();
}

#[actix_web::test]
async fn a_forwarded_user_gets_the_pages_of_the_role() {
    let shutdown = Shutdown::new();
    let (world, signer) = world(&shutdown).await;
    let by_gateway = async |role, path: &str| {
        let token = token(&signer, Forwarded::User(role));
        let browser = browser(&world, &token, &[(GATEWAY_KEY_HEADER, GATEWAY_KEY)]);
        browser.get(path).await
    };
    let wanted = json!({ "version": 0, "settings": { "marketingPages": ["vitals"] } });
    let admin = browser(
        &world,
        &token(&signer, Forwarded::User(Role::Admin)),
        &[(GATEWAY_KEY_HEADER, GATEWAY_KEY)],
    );
    let place = "/admin/acme/settings";
    let (status, changed) = admin.change(Method::PUT, place, Some(wanted)).await;
    assert_eq!(status, 200, "{changed}");
    for (role, path, expected) in [
        (Role::Marketing, "/analytics/acme/vitals", 200),
        (Role::Marketing, "/analytics/acme/overview", 403),
        (Role::Marketing, "/sessions/acme", 403),
        (Role::Member, "/analytics/acme/overview", 200),
        (Role::Member, "/sessions/acme", 200),
    ] {
        let (status, answer) = by_gateway(role, path).await;
        assert_eq!(status, expected, "{path} as {role}: {answer}");
    }
    shutdown.start();
}

#[actix_web::test]
async fn an_assistant_comes_in_through_the_gateway_with_a_key_only() {
    let shutdown = Shutdown::new();
    let (world, signer) = world(&shutdown).await;
    let accepted = ("accept", "application/json, text/event-stream");
    let host = ("host", "crow.example");
    let asked = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    for (caller, has) in CALLERS {
        let token = token(&signer, *caller);
        let key = (GATEWAY_KEY_HEADER, GATEWAY_KEY);
        let is_let_in = matches!(caller, Forwarded::Key(_)) && has.contains(&Scope::Read);
        let expected = if is_let_in { 200 } else { 403 };
        for (more, expected) in [
            (&[accepted, host, key][..], expected),
            (&[accepted, host], 401),
        ] {
            let browser = browser(&world, &token, more);
            let asked = Some(asked.clone());
            let status = browser.status(Method::POST, "/mcp", asked).await;
            assert_eq!(status, expected, "{caller:?}");
        }
    }
    shutdown.start();
}

#[actix_web::test]
async fn the_gateway_names_the_organization_of_the_token_or_none() {
    let shutdown = Shutdown::new();
    let (world, signer) = world(&shutdown).await;
    let token = token(&signer, Forwarded::Key(Scope::Read));
    let key = (GATEWAY_KEY_HEADER, GATEWAY_KEY);
    for (named, organization, status) in [
        ("acme", "acme", 200),
        ("acme", "rival", 404),
        ("rival", "acme", 401),
        ("rival", "rival", 401),
    ] {
        let browser = browser(&world, &token, &[key, (ORGANIZATION_HEADER, named)]);
        let answered = browser.get(&format!("/sessions/{organization}")).await;
        assert_eq!(answered.0, status, "{named} {organization}");
    }
    // A client that comes without the gateway names what it likes; its key decides.
    let api_key = format!("Bearer {}", world.key("acme", Scope::Read).await);
    let direct = browser(&world, &api_key, &[(ORGANIZATION_HEADER, "rival")]);
    assert_eq!(direct.get("/sessions/acme").await.0, 200);
    assert_eq!(direct.get("/sessions/rival").await.0, 404);
    shutdown.start();
}

#[actix_web::test]
async fn a_call_with_a_token_is_believed_only_with_the_key_of_the_gateway() {
    let shutdown = Shutdown::new();
    let (world, signer) = world(&shutdown).await;
    let address = serve_limited(&world, ConnectionLimits::default(), &shutdown).await;
    let mut client = SessionServiceClient::connect(address).await.unwrap();
    let wrong = "x".repeat(GATEWAY_KEY.len());
    for (scope, organization, more, expected) in [
        (Scope::Read, "acme", Some((GATEWAY_KEY, "acme")), Code::Ok),
        (
            Scope::Read,
            "rival",
            Some((GATEWAY_KEY, "acme")),
            Code::NotFound,
        ),
        (
            Scope::Ingest,
            "acme",
            Some((GATEWAY_KEY, "acme")),
            Code::PermissionDenied,
        ),
        (
            Scope::Read,
            "acme",
            Some((GATEWAY_KEY, "rival")),
            Code::Unauthenticated,
        ),
        (
            Scope::Read,
            "acme",
            Some((&*wrong, "acme")),
            Code::Unauthenticated,
        ),
        (Scope::Read, "acme", None, Code::Unauthenticated),
    ] {
        let mut call = Request::new(ListSessionsRequest {
            organization_id: organization.to_owned(),
            ..ListSessionsRequest::default()
        });
        let metadata = call.metadata_mut();
        let token = token(&signer, Forwarded::Key(scope));
        metadata.insert("authorization", token.parse().unwrap());
        if let Some((key, named)) = more {
            metadata.insert(GATEWAY_KEY_HEADER, key.parse().unwrap());
            metadata.insert(ORGANIZATION_HEADER, named.parse().unwrap());
        }
        let code = match client.list_sessions(call).await {
            Ok(_listed) => Code::Ok,
            Err(status) => status.code(),
        };
        assert_eq!(code, expected, "{organization} {more:?}");
    }
    shutdown.start();
}
