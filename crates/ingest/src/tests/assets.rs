//! Assets that are shown, requested and uploaded, through the whole gateway.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crow_auth::keys;
use crow_db::assets::read;
use crow_db::{DatabaseConfig, Db};
use crow_types::{AssetUrl, ContentHash, OrganizationId, SessionId, Timestamp};

use super::rig::{Rig, organization, read as read_answer};
use crate::AssetsConfig;
use crate::assets::{Assets, Reports};

const LOGO: &str = "https://shop.example/logo.png";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and the rest of a picture";

fn shown(session: &str, assets: &Value) -> Value {
    let now = Timestamp::now().0;
    json!({"sessionId": session, "events": [{"type": "click", "timestamp": now}], "assets": assets})
}

fn of_page(url: &str) -> Value {
    json!([{"url": url, "from": "page"}])
}

fn of_style(url: &str) -> Value {
    json!([{"url": url, "from": "style"}])
}

async fn wanted(rig: &Rig, session: &str, assets: &Value) -> Value {
    let (status, receipt) = rig.send("/batch", &shown(session, assets)).await;
    assert_eq!(status, 202, "{receipt}");
    assert_eq!(receipt["accepted"], 1);
    receipt["wantAssets"].clone()
}

fn body(url: &str, bytes: &[u8]) -> Vec<u8> {
    let head = json!({"sessionId": "s1", "url": url});
    [head.to_string().as_bytes(), b"\n", bytes].concat()
}

async fn upload(rig: &Rig, url: &str, bytes: &[u8]) -> (u16, Value) {
    let request = rig
        .post("/asset")
        .header("content-type", "application/octet-stream");
    read_answer(request.body(body(url, bytes)).send().await.unwrap()).await
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (
        answer.0,
        answer.1["error"]["code"].as_str().unwrap_or("none"),
    )
}

async fn stored(rig: &Rig, url: &str) -> Option<read::VersionRow> {
    let hash = AssetUrl::parse(url).unwrap().hash_in(&organization());
    let now = Timestamp::now();
    let found = read::versions_at(&rig.db, &organization(), &[hash], now).await;
    found.unwrap().remove(&hash)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_third_session_uploads_what_all_have_shown() {
    let rig = Rig::start().await;
    let assets = json!([{"url": LOGO, "from": "page"}, {"url": "https://shop.example/me.png"}]);
    for _ in 0..5 {
        assert_eq!(wanted(&rig, "s1", &assets).await, json!(null));
    }
    assert_eq!(wanted(&rig, "s2", &of_page(LOGO)).await, json!(null));
    assert_eq!(code(&upload(&rig, LOGO, PNG).await), (404, "not_wanted"));
    assert_eq!(wanted(&rig, "s3", &of_page(LOGO)).await, json!([LOGO]));
    assert_eq!(
        wanted(&rig, "s4", &of_page(LOGO)).await,
        json!(null),
        "asked already"
    );

    let (status, answer) = upload(&rig, LOGO, PNG).await;
    assert_eq!((status, answer), (201, json!({"stored": true})));
    let row = stored(&rig, LOGO).await.unwrap();
    assert_eq!(
        (row.mime_type.as_str(), row.byte_length),
        ("image/png", PNG.len() as i64)
    );
    assert_eq!(row.content_hash, ContentHash::of(PNG).0);
    assert_eq!(rig.store.get(&row.object_key).await.unwrap(), PNG);

    // The same bytes are accepted again; other bytes for this address are not wanted.
    assert_eq!(upload(&rig, LOGO, PNG).await.0, 201);
    let other = [PNG, b" of another person"].concat();
    assert_eq!(code(&upload(&rig, LOGO, &other).await), (404, "not_wanted"));
    assert_eq!(
        wanted(&rig, "s5", &of_page(LOGO)).await,
        json!(null),
        "stored"
    );
    assert_eq!(rig.store.list("assets").await.unwrap(), [row.object_key]);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_list_of_assets_never_costs_an_event() {
    let rig = Rig::start().await;
    let deep = (0..50).fold(json!(1), |inside, _| json!([inside]));
    for assets in [
        json!(7),
        json!("x"),
        json!({}),
        json!([1, null, {}]),
        deep,
        of_page("data:x,"),
    ] {
        assert_eq!(wanted(&rig, "s1", &assets).await, json!(null), "{assets}");
    }
    let many: Vec<Value> = (0..300)
        .map(|number| json!({"url": format!("https://shop.example/{number}.woff2#x"), "from": "style"}))
        .collect();
    let asked = wanted(&rig, "s1", &json!(many)).await;
    assert_eq!(asked.as_array().unwrap().len(), 16);
    assert_eq!(
        asked[0], "https://shop.example/0.woff2#x",
        "as the client knows it"
    );
    let next = wanted(&rig, "s2", &json!(many)).await;
    assert_eq!(
        next[0], "https://shop.example/16.woff2#x",
        "others are asked for others"
    );
    rig.stop().await;
}

#[tokio::test]
async fn without_an_answer_of_the_database_nothing_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/crow.db", folder.path().display());
    let config = DatabaseConfig {
        url: url.into(),
        ..DatabaseConfig::default()
    };
    let db = Db::connect(&config).await.unwrap();
    let (reports, waiting) = Reports::channel();
    let assets = Assets::new(&AssetsConfig::default(), &db, reports);
    let reported = of_style(LOGO).to_string();
    let (tenant, session) = (organization(), SessionId::new("s1").unwrap());
    let wanted = async || {
        let began = Instant::now();
        let wanted = assets.wanted(&tenant, &session, reported.as_bytes(), Timestamp::now());
        assert_eq!(wanted.await, [""; 0]);
        began.elapsed()
    };
    // No recorder writes reports here.
    assert!(wanted().await < Duration::from_secs(5));
    drop(waiting);
    assert!(
        wanted().await < Duration::from_millis(250),
        "nobody is waited for"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_and_no_font_is_refused() {
    let rig = Rig::start().await;
    wanted(&rig, "s1", &of_style(LOGO)).await;
    let gzip = {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"<svg/>").unwrap();
        encoder.finish().unwrap()
    };
    let hostile: &[&[u8]] = &[
        b"",
        b"<html><script>alert(1)</script></html>",
        b"<!doctype html><svg onload=alert(1)>",
        b"%PDF-1.7",
        &gzip,
    ];
    for bytes in hostile {
        let answer = upload(&rig, LOGO, bytes).await;
        assert_eq!(code(&answer), (415, "unsupported_media"), "{bytes:?}");
    }
    assert_eq!(rig.store.list("assets").await.unwrap(), [""; 0]);
    // A picture that is also a valid script is still a picture.
    let polyglot = b"GIF89a/*<html>*/=1;alert(1)//";
    assert_eq!(upload(&rig, LOGO, polyglot).await.0, 201);
    assert_eq!(stored(&rig, LOGO).await.unwrap().mime_type, "image/gif");
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_are_bounded() {
    let rig = Rig::start_with(|config| {
        config.ingest.assets.max_bytes = 100_000;
        config.ingest.assets.organization_bytes = 100_010;
        config.ingest.body_timeout_ms = 500;
    })
    .await;
    let second = "https://shop.example/second.png";
    let both = json!([{"url": LOGO, "from": "style"}, {"url": second, "from": "style"}]);
    wanted(&rig, "s1", &both).await;
    let sized = |length: usize| [PNG, &vec![0; length - PNG.len()]].concat();
    assert_eq!(
        code(&upload(&rig, LOGO, &sized(100_001)).await),
        (413, "too_large")
    );
    assert_eq!(
        code(&upload(&rig, LOGO, &sized(5 << 20)).await),
        (413, "too_large")
    );
    assert_eq!(upload(&rig, LOGO, &sized(100_000)).await.0, 201);
    assert_eq!(
        code(&upload(&rig, second, PNG).await),
        (413, "too_large"),
        "no space"
    );
    let third = of_style("https://shop.example/third.png");
    assert_eq!(
        wanted(&rig, "s2", &third).await,
        json!(null),
        "no space, so nothing is asked for"
    );

    let slow = futures::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
    let slow = rig.post("/asset").body(reqwest::Body::wrap_stream(slow));
    let answer = read_answer(slow.send().await.unwrap()).await;
    assert_eq!(code(&answer), (408, "timeout"));
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_uploads_so_often_a_minute() {
    let rig = Rig::start_with(|config| config.ingest.assets.uploads_per_minute = 2).await;
    wanted(&rig, "s1", &of_style(LOGO)).await;
    for _ in 0..2 {
        assert_eq!(upload(&rig, LOGO, PNG).await.0, 201);
    }
    let answer = upload(&rig, LOGO, PNG).await;
    assert_eq!(code(&answer), (429, "rate_limited"));
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_checked_before_it_is_read() {
    let rig = Rig::start().await;
    wanted(&rig, "s1", &of_style(LOGO)).await;
    let url = format!("{}/asset", rig.url);
    let send = async |head: Value, key: Option<&str>, origin: Option<&str>| {
        let body = [head.to_string().as_bytes(), b"\n", PNG].concat();
        let mut request = rig
            .http
            .post(&url)
            .header("content-type", "text/plain;charset=UTF-8");
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let (status, answer) = read_answer(request.body(body).send().await.unwrap()).await;
        (
            status,
            answer["error"]["code"]
                .as_str()
                .unwrap_or("none")
                .to_owned(),
        )
    };
    let head = |key: &str| json!({"apiKey": key, "sessionId": "s1", "url": LOGO});
    let bare = json!({"sessionId": "s1", "url": LOGO});
    let unknown = "crow_00000000000000000000000000000000000000000000";
    let refused = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(
        send(bare.clone(), None, None).await,
        refused(401, "unauthenticated")
    );
    assert_eq!(
        send(head(unknown), None, None).await,
        refused(401, "unauthenticated")
    );
    assert_eq!(
        send(bare.clone(), Some(unknown), None).await,
        refused(401, "unauthenticated")
    );
    let elsewhere = Some("https://evil.example");
    assert_eq!(
        send(head(&rig.key), None, elsewhere).await,
        refused(403, "forbidden")
    );
    let reader = rig.other_key("acme", "read").await;
    assert_eq!(
        send(head(&reader), None, None).await,
        refused(403, "forbidden")
    );
    let rival = rig.other_key("rival", "ingest").await;
    assert_eq!(
        send(head(&rival), None, None).await,
        refused(404, "not_wanted")
    );
    for bad in [
        json!([]),
        json!({}),
        json!({"sessionId": "s1"}),
        json!({"sessionId": "s 1", "url": LOGO}),
        json!({"sessionId": "s1", "url": "/logo.png"}),
        json!({"sessionId": "s1", "url": 7}),
    ] {
        assert_eq!(
            send(bad.clone(), Some(&rig.key), None).await,
            refused(400, "malformed"),
            "{bad}"
        );
    }
    let own = Some("https://acme.example");
    assert_eq!(send(head(&rig.key), None, own).await, refused(201, "none"));
    assert!(stored(&rig, LOGO).await.is_some());

    let status =
        async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
    let long = vec![b'x'; 20_000];
    assert_eq!(status(rig.post("/asset").body(long)).await, 400);
    assert_eq!(
        status(rig.post("/asset").body(json!({"url": LOGO}).to_string())).await,
        400
    );
    let html = rig.post("/asset").header("content-type", "text/html");
    assert_eq!(status(html.body(body(LOGO, PNG))).await, 415);
    let packed = rig.post("/asset").header("content-encoding", "gzip");
    assert_eq!(status(packed.body(body(LOGO, PNG))).await, 415);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_for_where_assets_are_off() {
    let rig = Rig::start_with(|config| config.ingest.assets.enabled = false).await;
    assert_eq!(wanted(&rig, "s1", &of_style(LOGO)).await, json!(null));
    assert_eq!(code(&upload(&rig, LOGO, PNG).await), (404, "not_wanted"));
    rig.stop().await;
}

impl Rig {
    async fn other_key(&self, organization: &str, scope: &str) -> String {
        let organization = OrganizationId::new(organization).unwrap();
        let scopes = scope.parse().unwrap();
        let created = keys::create(&self.db, &organization, "test", scopes, None).await;
        created.unwrap().1.expose().to_owned()
    }
}
