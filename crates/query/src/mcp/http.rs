use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, ORIGIN};
use actix_web::http::{StatusCode, Uri};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use crow_types::ErrorCode;
use crow_web::ApiError;
use crow_web::body::{self, BodyLimits};

use super::assistant::Assistant;
use crate::api::Api;
use crate::door::Read;
use crate::door::http::ByKey;
use crate::rest::answers::PRIVATE;

/// A request is the name of a tool and a few arguments.
const LIMITS: BodyLimits = BodyLimits {
    max_bytes: 64 << 10,
    timeout: Duration::from_secs(10),
};
/// What the protocol reads of the headers. It never sees the key.
const PASSED: [&str; 6] = [
    "accept",
    "content-type",
    "host",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
];

/// Adds the route. Methods other than POST get 405: there are no sessions and no streams.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/mcp").route(web::post().to(answer)));
}

async fn answer(
    api: Data<Api>,
    by: ByKey<Read>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    check_origin(&request)?;
    let body = body::read(payload, LIMITS, |_bytes| Ok(())).await?;
    let assistant = Assistant {
        api: api.get_ref().clone(),
        organization: by.0.organization().clone(),
        caller: by.0.principal().id().to_owned(),
        dashboard: dashboard(&request),
    };
    let asked = translated(&request, body)?;
    let service = StreamableHttpService::new(
        move || Ok(assistant.clone()),
        Arc::new(NeverSessionManager::default()),
        config(),
    );
    returned(service.handle(asked).await).await
}

/// Browsers send the origin of the page, and this is for programs. A name that leads to this machine
/// makes a foreign page look local, so its origin must name the machine itself.
fn check_origin(request: &HttpRequest) -> Result<(), ApiError> {
    let Some(origin) = request.headers().get(ORIGIN) else {
        return Ok(());
    };
    if origin.to_str().is_ok_and(is_local) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::Forbidden,
        "/mcp is for programs; pages of other origins than localhost may not use it",
    ))
}

fn is_local(origin: &str) -> bool {
    let Ok(Some(authority)) = origin.parse::<Uri>().map(|uri| uri.authority().cloned()) else {
        return false;
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&authority.host())
}

/// The caller is known by a key in a header, so `Host` needs no list. It differs with each proxy.
fn config() -> StreamableHttpServerConfig {
    StreamableHttpServerConfig::default()
        .disable_allowed_hosts()
        .with_legacy_session_mode(false)
        .with_json_response(true)
}

/// Where the caller reaches the dashboard: it is on the origin of this API.
fn dashboard(request: &HttpRequest) -> String {
    let connection = request.connection_info();
    format!("{}://{}", connection.scheme(), connection.host())
}

/// The server framework and the protocol use different versions of the crate `http`.
fn translated(request: &HttpRequest, body: Bytes) -> Result<http::Request<Full<Bytes>>, ApiError> {
    let mut asked = http::Request::post("/mcp");
    for name in PASSED {
        for value in request.headers().get_all(name) {
            asked = asked.header(name, value.as_bytes());
        }
    }
    asked
        .body(Full::new(body))
        .map_err(|error| ApiError::internal(&error))
}

async fn returned<B>(response: http::Response<B>) -> Result<HttpResponse, ApiError>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: std::error::Error + 'static,
{
    let status = StatusCode::from_u16(response.status().as_u16())
        .map_err(|error| ApiError::internal(&error))?;
    let mut answer = HttpResponse::build(status);
    answer.insert_header((CACHE_CONTROL, PRIVATE));
    let kind = response.headers().get("content-type");
    if let Some(kind) = kind.and_then(|kind| kind.to_str().ok()) {
        answer.insert_header((CONTENT_TYPE, kind));
    }
    if let Some(allow) = response
        .headers()
        .get("allow")
        .and_then(|it| it.to_str().ok())
    {
        answer.insert_header((HeaderName::from_static("allow"), allow));
    }
    let body = response.into_body().collect().await;
    let body = body.map_err(|error| ApiError::internal(&error))?;
    Ok(answer.body(body.to_bytes()))
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_this_machine_is_local() {
        for origin in [
            "http://localhost:6274",
            "http://127.0.0.1",
            "https://[::1]:8443",
        ] {
            assert!(is_local(origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "http://evil.example",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
            "http://127.0.0.1.evil.example",
        ] {
            assert!(!is_local(origin), "{origin}");
        }
    }
}
