//! Request bodies. They are read only after the caller is admitted.

use std::time::Duration;

use actix_web::web::Payload;
use actix_web::{HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;

use crow_types::ErrorCode;
use crow_web::ApiError;
use crow_web::body::{self, BodyLimits};

use crate::ask::json;

/// The whole body must arrive within this time. It is a few texts.
const TIME: Duration = Duration::from_secs(10);

/// Parses a body of at most `most` bytes as JSON. With `must_be_typed` the content type must be
/// JSON. An error names only fields that the caller sent.
pub async fn json<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
    most: usize,
    must_be_typed: bool,
) -> Result<T, ApiError> {
    let kind = request.content_type();
    if must_be_typed && kind != "application/json" && !kind.ends_with("+json") {
        return Err(ApiError::new(
            ErrorCode::UnsupportedMedia,
            "the body must be JSON: send `Content-Type: application/json`",
        ));
    }
    let limits = BodyLimits {
        max_bytes: most,
        timeout: TIME,
    };
    let body = body::read(payload, limits, |_bytes| Ok(())).await?;
    // serde would also take a list of the fields.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(ApiError::new(
            ErrorCode::Malformed,
            "the body: must be a JSON object, not a list",
        ));
    }
    json::read(&body)
        .map_err(|problem| ApiError::new(ErrorCode::Malformed, format!("the body: {problem}")))
}
