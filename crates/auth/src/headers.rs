use actix_web::http::header::{AUTHORIZATION, HeaderMap};

use crow_types::{ApiKeySecret, ErrorCode};
use crow_web::ApiError;

/// The key in `Authorization: Bearer …` or `X-API-Key`; `None` when both are absent.
///
/// # Errors
/// `unauthenticated` when a header is present but holds no valid key.
pub fn key_from_headers(headers: &HeaderMap) -> Result<Option<ApiKeySecret>, ApiError> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        return value
            .to_str()
            .ok()
            .and_then(key_from_bearer)
            .map(Some)
            .ok_or_else(malformed);
    }
    let Some(value) = headers.get("x-api-key") else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .and_then(|text| ApiKeySecret::parse(text.trim()))
        .map(Some)
        .ok_or_else(malformed)
}

/// The key in the value of an `Authorization` header, for callers without HTTP headers, such as
/// gRPC.
#[must_use]
pub fn key_from_bearer(value: &str) -> Option<ApiKeySecret> {
    let (scheme, key) = value.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    ApiKeySecret::parse(key.trim())
}

fn malformed() -> ApiError {
    ApiError::new(
        ErrorCode::Unauthenticated,
        "the API key is malformed: send `Authorization: Bearer crow_…` or `X-API-Key: crow_…`",
    )
}
