//! The gateway serves the SDK, so that a page needs one tag and nothing else.

use reqwest::Response;
use serde_json::Value;

use crate::system::{Database, Objects, System};

async fn get(system: &System, file: &str, headers: &[(&str, &str)]) -> Response {
    let url = format!("{}/sdk/{file}", system.ingest_url);
    let mut request = crow_testkit::http::client().get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_serves_the_sdk() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let manifest: Value = get(&system, "manifest.json", &[])
        .await
        .json()
        .await
        .unwrap();
    for alias in ["crow.js", "crow-replay.js"] {
        let named = manifest["files"][alias]["name"].as_str().unwrap();
        let of_alias = get(&system, alias, &[]).await;
        let of_name = get(&system, named, &[("origin", "https://shop.example")]).await;
        assert_eq!(
            (of_alias.status().as_u16(), of_name.status().as_u16()),
            (200, 200),
            "{alias}"
        );
        assert!(header(&of_alias, "cache-control").starts_with("public, max-age=300"));
        assert!(header(&of_name, "cache-control").ends_with("immutable"));
        for answer in [&of_alias, &of_name] {
            // Once: browsers refuse two.
            let allowed: Vec<_> = answer
                .headers()
                .get_all("access-control-allow-origin")
                .iter()
                .collect();
            assert_eq!(allowed, ["*"], "{alias}");
            assert_eq!(
                header(answer, "content-type"),
                "text/javascript; charset=utf-8"
            );
            assert!(
                header(answer, "vary")
                    .to_ascii_lowercase()
                    .contains("accept-encoding")
            );
        }
        let plain = of_alias.bytes().await.unwrap();
        assert_eq!(plain, of_name.bytes().await.unwrap());
        assert_eq!(plain.len(), manifest["files"][alias]["bytes"]);

        let packed = get(&system, named, &[("accept-encoding", "gzip, deflate, br")]).await;
        assert_eq!(header(&packed, "content-encoding"), "br");
        let tag = header(&packed, "etag").to_owned();
        let again = get(
            &system,
            named,
            &[("accept-encoding", "br"), ("if-none-match", &tag)],
        )
        .await;
        assert_eq!(
            (again.status().as_u16(), header(&again, "etag")),
            (304, tag.as_str())
        );
        assert_eq!(
            packed.bytes().await.unwrap().len(),
            manifest["files"][alias]["brotli"]
        );
    }
    let missing = get(&system, "crow.000000000000.js", &[]).await;
    assert_eq!(missing.status(), 404);
}
