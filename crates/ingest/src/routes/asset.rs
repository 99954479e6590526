use std::time::Duration;

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, ORIGIN};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use crow_types::{AssetUrl, ErrorCode, Timestamp};
use crow_web::ApiError;

use super::counted;
use crate::admission::{authorize, grant_of, key_from_body};
use crate::assets::upload::{Body, MAX_HEAD, not_wanted, too_large};
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, FieldError, Scalar};
use crate::decode::malformed;
use crate::gateway::Gateway;
use crate::openapi::AssetErrors;
use crate::validate::head;

/// An asset that is stored.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoredAsset {
    /// Always true.
    stored: bool,
}

/// Uploads one picture or font that the `wantAssets` of a receipt named.
///
/// The body is one line of JSON, `{"apiKey": "crow_…", "sessionId": "…", "url": "https://…"}`, a
/// line feed, and then the raw bytes. The key may be in a header instead.
#[utoipa::path(
    post,
    path = "/asset",
    tag = "ingest",
    request_body(content((String = "application/octet-stream"), (String = "text/plain"))),
    responses((status = 201, description = "Durable, or known already.", body = StoredAsset), AssetErrors),
    security(("bearer" = []), ("header" = []), ())
)]
pub(crate) async fn asset(
    gateway: Data<Gateway>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    counted("/asset", take(&gateway, &request, payload).await)
}

async fn take(
    gateway: &Gateway,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    if let Some(address) = gateway.enricher.address(request) {
        gateway.rates.check_address(address)?;
    }
    let headers = request.headers();
    let origin = headers
        .get(ORIGIN)
        .map(|value| value.to_str().unwrap_or_default());
    let early_grant = grant_of(gateway, request, origin).await?;
    let config = &gateway.assets.config;
    check_headers(headers, config.max_bytes)?;
    let mut reservation = gateway.inflight.reserve();
    let mut body = Body::new(payload, config.max_bytes, &mut reservation);
    let line = body.head(millis(gateway.config.body_timeout_ms)).await?;
    let head = Head::read(&line)?;
    let grant = match early_grant {
        Some(grant) => grant,
        None => authorize(gateway, &key_from_body(&head.envelope)?, origin).await?,
    };
    let organization = &grant.organization;
    let policy = gateway.settings.of(organization).await?;
    if !policy.settings.takes_asset(head.url.as_str()) {
        return Err(not_wanted());
    }
    let hash = head.url.hash_in(organization);
    gateway.assets.check_upload(organization, hash).await?;
    let timeout = millis(config.upload_timeout_ms);
    let bytes = body.rest(timeout).await?;
    gateway.meters.received_bytes.increment(bytes.len() as u64);
    let (assets, now) = (&gateway.assets, Timestamp::now());
    assets
        .take(&gateway.store, organization, &head.url, bytes, now)
        .await?;
    Ok(HttpResponse::Created().json(StoredAsset { stored: true }))
}

/// The first line of a body.
struct Head {
    envelope: Envelope,
    url: AssetUrl,
}

impl Head {
    fn read(line: &Bytes) -> Result<Self, ApiError> {
        let text = std::str::from_utf8(line)
            .map_err(|_error| malformed("the first line must be JSON in UTF-8"))?;
        let envelope = Envelope::cut(line, text)?;
        head::required_session_id(&envelope)?;
        let given = fields::text("url", Scalar::of(envelope.url.as_deref()))?
            .ok_or_else(|| FieldError::new("url", "is required"))?;
        let url =
            AssetUrl::parse(&given).map_err(|error| FieldError::new("url", error.to_string()))?;
        Ok(Self { envelope, url })
    }
}

/// Checks for a type that browsers send without a preflight, no encoding, and the size.
fn check_headers(headers: &HeaderMap, max_bytes: usize) -> Result<(), ApiError> {
    let is_supported = |value: &str| {
        let kind = value.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("text/plain")
            || kind.eq_ignore_ascii_case("application/octet-stream")
    };
    let kind = headers.get(CONTENT_TYPE);
    if kind.is_some_and(|value| !value.to_str().is_ok_and(is_supported)) {
        return Err(ApiError::new(
            ErrorCode::UnsupportedMedia,
            "Content-Type must be application/octet-stream or text/plain",
        ));
    }
    let is_plain = |value: &str| value.trim().eq_ignore_ascii_case("identity");
    if headers
        .get_all(CONTENT_ENCODING)
        .any(|value| !value.to_str().is_ok_and(is_plain))
    {
        return Err(ApiError::new(
            ErrorCode::UnsupportedMedia,
            "an asset is sent as it is, without Content-Encoding",
        ));
    }
    let declared = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let is_too_large = declared.is_some_and(|length| length > max_bytes + MAX_HEAD);
    if is_too_large {
        return Err(too_large(max_bytes));
    }
    Ok(())
}

fn millis(timeout: u64) -> Duration {
    Duration::from_millis(timeout)
}
