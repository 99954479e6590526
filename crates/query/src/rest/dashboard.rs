//! The dashboard: its pages and files, on the origin of the API.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY};
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Route};
use rust_embed::RustEmbed;

use crow_web::{ApiError, Assets, Caching};

/// The files that `cargo xtask dashboard` builds.
#[derive(RustEmbed)]
#[folder = "../../dashboard/dist"]
#[allow_missing = true]
struct Files;

const DASHBOARD: Assets = Assets::of::<Files>(
    "the dashboard is not built: run `cargo xtask dashboard`, and build CROW again",
)
.cached(caching);

/// The page. Its script decides what to show at an address.
const INDEX: &str = "index.html";
/// The document that plays recordings. Recordings are untrusted, so it has a policy of its own.
const PLAYER: &str = "player.html";

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
/// The page of public links. No search engine lists it.
const SHARED: &str = "shared.html";

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Loads nothing but the player's own script. Anyone can forge a recording, and requests to our
/// routes would carry the viewer's cookie. The page passes pictures and fonts to the player.
const PLAYER_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; \
    img-src data: blob:; font-src data: blob:; media-src data: blob:; connect-src 'none'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>CROW</title>\
    <h1>CROW</h1><p>The read API runs, but the dashboard is not built. Run \
    <code>cargo xtask dashboard</code>, and build CROW again.</p></html>";

/// Adds the pages. They come last, so that the routes of the API take precedence.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(get("/", web::get().to(page)))
        .service(get("/app", web::get().to(page)))
        .service(get("/app/{page:.*}", web::get().to(page)))
        .service(get("/assets/{file}", web::get().to(asset)))
        .service(get("/{file}", web::get().to(file)));
}

/// A resource, so that other methods get 405 instead of 404.
fn get(path: &str, route: Route) -> Resource {
    web::resource(path).route(route)
}

/// The page, at each of its addresses.
async fn page(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    if !DASHBOARD.has(INDEX) {
        let page = HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .body(NOT_BUILT);
        return Ok(guarded(page, PAGE_POLICY));
    }
    answer(&request, INDEX)
}

async fn asset(request: HttpRequest, name: Path<String>) -> Result<HttpResponse, ApiError> {
    answer(&request, &format!("assets/{name}"))
}

async fn file(request: HttpRequest, name: Path<String>) -> Result<HttpResponse, ApiError> {
    answer(&request, &name)
}

fn answer(request: &HttpRequest, path: &str) -> Result<HttpResponse, ApiError> {
    let policy = if path == PLAYER {
        PLAYER_POLICY
    } else {
        PAGE_POLICY
    };
    let mut response = guarded(DASHBOARD.answer(request, path)?, policy);
    if path == SHARED {
        let never = HeaderValue::from_static("noindex, nofollow");
        response.headers_mut().insert(ROBOTS, never);
    }
    Ok(response)
}

/// Loads nothing from other origins and sends them nothing: the page's addresses contain session
/// ids.
fn guarded(mut response: HttpResponse, policy: &'static str) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Names of files in `assets/` contain a hash.
fn caching(path: &str) -> Caching {
    if path.starts_with("assets/") {
        Caching::Immutable
    } else if path.ends_with(".html") {
        Caching::Ask
    } else {
        Caching::Short
    }
}
