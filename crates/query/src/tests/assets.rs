use actix_web::http::header::HeaderMap;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, test};
use bytes::Bytes;
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_db::archive;
use crow_db::assets::report::{Origin, Report, Shown, report};
use crow_db::assets::store::{Outcome, Upload, store};
use crow_types::{AssetUrl, ContentHash, OrganizationId, SessionId, Timestamp};
use crow_web::request_scope;

use super::fixture::World;
use super::rest::get;
use crate::rest;

const LOGO: &str = "https://shop.example/logo.svg";
const WEEK: i64 = 7 * 86_400_000;

pub(super) async fn add(world: &World, tenant: &str, url: &str, bytes: &'static [u8], at: i64) {
    add_typed(world, (tenant, url), ("image/svg+xml", bytes), at).await;
}

/// With the type of the bytes.
pub(super) async fn add_typed(
    world: &World,
    (tenant, url): (&str, &str),
    (mime_type, bytes): (&'static str, &'static [u8]),
    at: i64,
) {
    let organization = OrganizationId::new(tenant).unwrap();
    let url = AssetUrl::parse(url).unwrap();
    let hash = url.hash_in(&organization);
    let shown = Shown {
        hash,
        url,
        origin: Origin::Style,
    };
    let shown = Report {
        organization: organization.clone(),
        session: SessionId::new("s1").unwrap(),
        shown: vec![hash],
        unknown: vec![shown],
    };
    report(&world.db, &[shown], 3, Timestamp(at)).await.unwrap();
    let content = ContentHash::of(bytes);
    let key = crow_storage::keys::new_asset(tenant, &content, Timestamp(at));
    archive::note(&world.db, &key).await.unwrap();
    world
        .store
        .put(&key, Bytes::from_static(bytes))
        .await
        .unwrap();
    let upload = Upload {
        organization,
        url: hash,
        content,
        mime_type,
        length: bytes.len() as u64,
    };
    let stored = store(&world.db, &upload, Some(&key), WEEK, Timestamp(at)).await;
    assert_eq!(stored.unwrap(), Outcome::Stored);
}

async fn resolve(world: &World, key: Option<&str>, tenant: &str, body: String) -> (u16, Value) {
    let app = App::new()
        .configure(|cfg| rest::configure(cfg, &world.api))
        .configure(rest::dashboard::configure)
        .wrap(from_fn(request_scope));
    let app = init_service(app).await;
    let mut request = TestRequest::post()
        .uri(&format!("/assets/{tenant}/resolve"))
        .set_payload(body);
    if let Some(key) = key {
        request = request.insert_header(("authorization", format!("Bearer {key}")));
    }
    let response = call_service(&app, request.to_request()).await;
    (
        response.status().as_u16(),
        test::read_body_json(response).await,
    )
}

fn ask(at: i64, urls: &[&str]) -> String {
    json!({"at": at, "urls": urls}).to_string()
}

async fn asset(world: &World, key: &str, path: &str) -> (u16, HeaderMap, Bytes) {
    let response = get(world, Some(key), path).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, read_body(response).await)
}

#[actix_web::test]
async fn a_recording_gets_the_picture_of_its_time() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Read).await;
    add(&world, "acme", LOGO, b"<svg>1</svg>", 1_000).await;
    add(&world, "acme", LOGO, b"<svg>22</svg>", 1_000 + WEEK).await;
    let shown = format!("{LOGO}#part");
    for (at, expected) in [
        (0, &b"<svg>1</svg>"[..]),
        (1_000, b"<svg>1</svg>"),
        (1_000 + 2 * WEEK, b"<svg>22</svg>"),
    ] {
        let question = ask(
            at,
            &[
                &shown,
                "https://shop.example/nothing.png",
                "no url",
                "data:,x",
            ],
        );
        let (status, found) = resolve(&world, Some(&key), "acme", question).await;
        let hash = ContentHash::of(expected).to_string();
        let expected_list = json!({"assets": [
            {"url": shown, "hash": hash, "type": "image/svg+xml", "bytes": expected.len()},
        ]});
        assert_eq!((status, found), (200, expected_list), "at {at}");
        let (status, headers, bytes) = asset(&world, &key, &format!("/assets/acme/{hash}")).await;
        assert_eq!((status, &bytes[..]), (200, expected));
        let header = |name: &str| headers.get(name).unwrap().to_str().unwrap();
        assert_eq!(header("content-type"), "image/svg+xml");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").starts_with("sandbox; default-src 'none'"));
        assert_eq!(header("content-disposition"), "attachment");
        assert_eq!(
            header("cache-control"),
            "private, max-age=31536000, immutable"
        );
    }
}

#[actix_web::test]
async fn another_organization_sees_nothing() {
    let world = World::new().await;
    add(&world, "acme", LOGO, b"<svg>1</svg>", 1_000).await;
    let hash = ContentHash::of(b"<svg>1</svg>").to_string();
    let rival = world.key("rival", Scope::Read).await;
    let (_, found) = resolve(&world, Some(&rival), "rival", ask(5_000, &[LOGO])).await;
    assert_eq!(found, json!({"assets": []}));
    assert_eq!(
        resolve(&world, Some(&rival), "acme", ask(5_000, &[LOGO]))
            .await
            .0,
        404
    );
    for path in [
        format!("/assets/rival/{hash}"),
        format!("/assets/acme/{hash}"),
    ] {
        assert_eq!(asset(&world, &rival, &path).await.0, 404, "{path}");
    }
    let ingest = world.key("acme", Scope::Ingest).await;
    assert_eq!(
        resolve(&world, Some(&ingest), "acme", ask(5_000, &[LOGO]))
            .await
            .0,
        403
    );
    assert_eq!(
        asset(&world, &ingest, &format!("/assets/acme/{hash}"))
            .await
            .0,
        403
    );
    assert_eq!(
        resolve(&world, None, "acme", ask(5_000, &[LOGO])).await.0,
        401
    );
    let path = format!("/assets/acme/{hash}");
    assert_eq!(get(&world, None, &path).await.status().as_u16(), 401);
}

#[actix_web::test]
async fn bad_questions_are_refused() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Read).await;
    let many: Vec<&str> = vec![LOGO; 1_001];
    for bad in [
        String::new(),
        "[]".to_owned(),
        json!({"urls": []}).to_string(),
        json!({"at": 1}).to_string(),
        json!({"at": -1, "urls": []}).to_string(),
        json!({"at": "1", "urls": []}).to_string(),
        json!({"at": 1, "urls": [7]}).to_string(),
        json!({"at": 1, "urls": [], "more": 1}).to_string(),
        ask(1, &many),
    ] {
        let (status, answer) = resolve(&world, Some(&key), "acme", bad.clone()).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!("malformed")),
            "{bad:.80}"
        );
    }
    let large = ask(1, &["x".repeat(3 << 20).as_str()]);
    assert_eq!(resolve(&world, Some(&key), "acme", large).await.0, 413);
    for path in [
        "/assets/acme/0",
        "/assets/acme/%00",
        "/assets/acme/..%2f",
        "/assets/acme/index.js",
    ] {
        assert_eq!(asset(&world, &key, path).await.0, 404, "{path}");
    }
    assert_eq!(asset(&world, &key, "/assets/acme/0?x=1").await.0, 400);
}
