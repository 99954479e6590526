//! Headers on the way. A client sets none of those that services believe the gateway about.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header as actix;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crow_auth::{GATEWAY_KEY_HEADER, ORGANIZATION_HEADER};

/// Headers of one connection (RFC 9110, section 7.6.1).
const OF_CONNECTION: &[&str] = &[
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// What only the gateway says, or the proxies in front of it.
const OF_GATEWAY: &[&str] = &[
    GATEWAY_KEY_HEADER,
    ORGANIZATION_HEADER,
    "forwarded",
    "x-real-ip",
    "x-user-id",
    "x-request-id",
    "traceparent",
];
/// Beginnings of such names.
const OF_GATEWAY_PREFIXES: &[&str] = &["x-forwarded-", "x-crow-principal"];
/// What the gateway replaces by a token.
const CREDENTIALS: &[&str] = &["authorization", "x-api-key", "cookie", "x-crow-csrf"];

/// What makes a service believe the gateway about a caller.
pub(crate) struct Vouched<'a> {
    /// The gateway's secret for the service; `None`: its certificate is enough.
    pub secret: Option<&'a HeaderValue>,
    /// The token.
    pub token: &'a str,
    /// The organization; `None`: of a public caller.
    pub organization: Option<&'a str>,
}

/// What the gateway says to a service about a request.
pub(crate) struct Said<'a> {
    /// The client behind trusted proxies.
    pub address: IpAddr,
    /// Who calls; `None` for a caller that is not known.
    pub caller: Option<Vouched<'a>>,
    /// Whether the service checks what the client presents.
    pub keeps_credentials: bool,
    /// Headers that are dropped, because they did not come from a trusted proxy. Lower case.
    pub dropped: &'a [String],
}

/// The headers for the service.
pub(crate) fn outgoing(request: &HttpRequest, said: &Said<'_>) -> HeaderMap {
    let named = named_by_connection(request.headers());
    let mut headers = HeaderMap::with_capacity(request.headers().len() + 6);
    for (name, value) in request.headers() {
        let text = name.as_str();
        let is_of_connection = OF_CONNECTION.contains(&text) || named.iter().any(|one| one == text);
        let is_token = is_token(text, value.as_bytes());
        if !is_of_connection && !is_token && is_for_service(text, said) {
            append(&mut headers, text, value.as_bytes());
        }
    }
    let connection = request.connection_info();
    append(
        &mut headers,
        "x-forwarded-for",
        said.address.to_string().as_bytes(),
    );
    append(
        &mut headers,
        "x-forwarded-proto",
        connection.scheme().as_bytes(),
    );
    if let Some(host) = request.headers().get(actix::HOST) {
        append(&mut headers, "x-forwarded-host", host.as_bytes());
    }
    append(
        &mut headers,
        "x-request-id",
        crow_web::request_id().as_bytes(),
    );
    if let Some(span) = crow_web::request_span() {
        append(&mut headers, "traceparent", span.parent().as_bytes());
    }
    if let Some(caller) = &said.caller {
        vouch(&mut headers, caller);
    }
    headers
}

/// The headers of a gRPC call for the service. Those of its connection are frames in HTTP/2, but for
/// `te`, which servers want to see.
pub(crate) fn of_call(asked: &HeaderMap, said: &Said<'_>) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(asked.len() + 4);
    for (name, value) in asked {
        let text = name.as_str();
        let is_of_connection = OF_CONNECTION.contains(&text) && text != "te";
        if !is_of_connection && is_for_service(text, said) {
            headers.append(name, value.clone());
        }
    }
    let address = said.address.to_string();
    append(&mut headers, "x-forwarded-for", address.as_bytes());
    if let Some(caller) = &said.caller {
        vouch(&mut headers, caller);
    }
    headers
}

/// Only the gateway presents tokens. A service would believe one that a client sends on this connection.
fn is_token(name: &str, value: &[u8]) -> bool {
    let mut words = value
        .split(u8::is_ascii_whitespace)
        .filter(|it| !it.is_empty());
    name == "authorization" && words.nth(1).is_some_and(|it| it.starts_with(b"eyJ"))
}

/// Whether a service may believe that a client sent the header.
fn is_for_service(name: &str, said: &Said<'_>) -> bool {
    let is_credential = CREDENTIALS.contains(&name) && !said.keeps_credentials;
    !is_credential
        && name != "host"
        && !OF_GATEWAY.contains(&name)
        && !OF_GATEWAY_PREFIXES.iter().any(|one| name.starts_with(one))
        && !said.dropped.iter().any(|one| one == name)
}

fn vouch(headers: &mut HeaderMap, caller: &Vouched<'_>) {
    if let Some(secret) = caller.secret {
        headers.insert(HeaderName::from_static(GATEWAY_KEY_HEADER), secret.clone());
    }
    let bearer = format!("Bearer {}", caller.token);
    append(headers, "authorization", bearer.as_bytes());
    if let Some(organization) = caller.organization {
        append(headers, ORGANIZATION_HEADER, organization.as_bytes());
    }
}

/// Whether a header of an answer is for the client.
pub(crate) fn is_for_client(name: &str) -> bool {
    !OF_CONNECTION.contains(&name) && name != "content-length" && name != GATEWAY_KEY_HEADER
}

/// Headers that `Connection` names are of this connection, too.
fn named_by_connection(headers: &actix::HeaderMap) -> Vec<String> {
    let values = headers.get_all(actix::CONNECTION);
    let texts = values.filter_map(|value| value.to_str().ok());
    let names = texts.flat_map(|text| text.split(','));
    names.map(|name| name.trim().to_ascii_lowercase()).collect()
}

fn append(headers: &mut HeaderMap, name: &str, value: &[u8]) {
    let name = HeaderName::from_bytes(name.as_bytes());
    if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value)) {
        headers.append(name, value);
    }
}
