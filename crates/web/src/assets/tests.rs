use actix_web::HttpResponse;
use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;

use super::*;

#[derive(RustEmbed)]
#[folder = "src/assets/fixture"]
struct Files;

#[derive(RustEmbed)]
#[folder = "src/assets/no-such-folder"]
#[allow_missing = true]
struct NotBuilt;

const ASSETS: Assets = Assets::of::<Files>("build it").for_any_origin();

fn get(path: &str, headers: &[(&str, &str)]) -> HttpResponse {
    let mut request = TestRequest::default();
    for header in headers {
        request = request.insert_header(*header);
    }
    ASSETS.answer(&request.to_http_request(), path).unwrap()
}

fn header<'a>(response: &'a HttpResponse, name: &str) -> Option<&'a str> {
    Some(response.headers().get(name)?.to_str().unwrap())
}

async fn body(response: HttpResponse) -> Bytes {
    to_bytes(response.into_body()).await.unwrap()
}

#[actix_web::test]
async fn each_client_gets_the_smallest_form_that_it_takes() {
    let cases = [
        ("gzip, deflate, br, zstd", Some("br"), "as br\n"),
        ("gzip, deflate", Some("gzip"), "as gz\n"),
        ("br;q=0, gzip;q=0.5", Some("gzip"), "as gz\n"),
        ("identity", None, "plain\n"),
        ("", None, "plain\n"),
    ];
    for (accepted, encoding, content) in cases {
        let response = get("app.js", &[("accept-encoding", accepted)]);
        assert_eq!(
            header(&response, "content-encoding"),
            encoding,
            "{accepted}"
        );
        assert_eq!(header(&response, "vary"), Some("Accept-Encoding"));
        assert_eq!(body(response).await, content, "{accepted}");
    }
    let response = get("index.html", &[("accept-encoding", "br, gzip")]);
    assert_eq!(header(&response, "content-encoding"), None);
    assert_eq!(header(&response, "cache-control"), Some("no-cache"));
    assert_eq!(
        header(&response, "content-type"),
        Some("text/html; charset=utf-8")
    );
}

#[actix_web::test]
async fn a_known_form_is_not_sent_again() {
    let first = get("app.js", &[("accept-encoding", "br")]);
    let tag = header(&first, "etag").unwrap();
    let again = get(
        "app.js",
        &[("accept-encoding", "br"), ("if-none-match", tag)],
    );
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&again, "etag"), Some(tag));
    assert_eq!(header(&again, "access-control-allow-origin"), Some("*"));
    assert!(header(&again, "cache-control").is_some());
    assert!(body(again).await.is_empty());
    let other_form = get("app.js", &[("if-none-match", tag)]);
    assert_eq!(other_form.status(), StatusCode::OK);
}

#[test]
fn what_is_no_file_is_not_found() {
    let request = TestRequest::default().to_http_request();
    let missing = [
        "",
        "other.js",
        "../tests.rs",
        "/app.js",
        "app.js.br",
        "app.js/",
        ".",
    ];
    for path in missing {
        let error = ASSETS.answer(&request, path).unwrap_err();
        assert_eq!(
            (error.code, error.message.as_str()),
            (ErrorCode::NotFound, "no such file"),
            "{path}"
        );
    }
}

#[test]
fn a_front_end_that_was_not_built_says_what_to_do() {
    let request = TestRequest::default().to_http_request();
    let assets = Assets::of::<NotBuilt>("run this");
    let error = assets.answer(&request, "app.js").unwrap_err();
    assert_eq!(
        (error.code, error.message.as_str()),
        (ErrorCode::NotFound, "run this")
    );
}
