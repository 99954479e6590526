use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use serde::Serialize;
use utoipa::openapi::{RefOr, Response};
use utoipa::{IntoResponses, ToSchema};

use crow_types::{AssetUrl, ErrorCode, Timestamp};
use crow_web::{ApiError, docs};

use crate::assets::upload::{Body, MAX_HEAD, not_wanted, too_large};
use crate::decode::BodyError;
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, FieldError, Scalar};
use crate::decode::malformed;
use crate::gateway::Gateway;
use crate::outcome;
use crate::sender::Sender;
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
    outcome::counted("/asset", async {
        let sender = Sender::of(&gateway, &request).await?;
        let config = &gateway.assets.config;
        check_headers(request.headers(), config.max_bytes)?;
        let mut reservation = gateway.inflight.reserve();
        let mut body = Body::new(payload, config.max_bytes, &mut reservation);
        let line = body.head(millis(gateway.config.body_timeout_ms)).await?;
        let head = Head::read(&line)?;
        let grant = sender.grant(&gateway, &head.envelope).await?;
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
    })
    .await
}

/// The first line of a body.
struct Head {
    envelope: Envelope,
    url: AssetUrl,
}

impl Head {
    fn read(line: &Bytes) -> Result<Self, BodyError> {
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

/// Every error that an upload can end with.
pub(super) struct AssetErrors;

impl IntoResponses for AssetErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        docs::error_responses(&[
            ErrorCode::Malformed,
            ErrorCode::Unauthenticated,
            ErrorCode::Forbidden,
            ErrorCode::NotWanted,
            ErrorCode::MethodNotAllowed,
            ErrorCode::Timeout,
            ErrorCode::TooLarge,
            ErrorCode::UnsupportedMedia,
            ErrorCode::RateLimited,
            ErrorCode::Unavailable,
            ErrorCode::Internal,
        ])
    }
}
