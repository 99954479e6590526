//! The cookie of a sign-in, and the header that goes with it.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::http::header::COOKIE;

/// The cookie's name over http, which is meant for local trials.
pub const COOKIE_NAME: &str = "crow_session";
/// The cookie's name over https. Browsers accept a cookie of this name only from this host and only
/// with `Secure`, so another host under the same domain cannot set it.
pub const SECURE_COOKIE_NAME: &str = "__Host-crow_session";
/// The header that repeats the CSRF token when a request with the cookie changes something.
pub const CSRF_HEADER: &str = "x-crow-csrf";

/// The token in a request's cookie. Over https only the `__Host-` cookie counts, which no other
/// host can set.
#[must_use]
pub fn token_of(request: &HttpRequest) -> Option<String> {
    match named(request, SECURE_COOKIE_NAME) {
        Some(token) => Some(token),
        None if is_forwarded_https(request) => None,
        None => named(request, COOKIE_NAME),
    }
}

/// The value of a cookie. Skips malformed ones: other applications on this host may have set them.
#[must_use]
pub fn named(request: &HttpRequest, name: &str) -> Option<String> {
    let mut cookies = request
        .headers()
        .get_all(COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| Cookie::parse(cookie.trim()).ok());
    let found = cookies.find(|cookie| cookie.name() == name)?;
    Some(found.value().to_owned())
}

/// Whether the proxy says that the browser uses https.
#[must_use]
pub fn is_forwarded_https(request: &HttpRequest) -> bool {
    request.connection_info().scheme() == "https"
}
