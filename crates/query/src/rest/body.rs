//! Bodies. They are read after the caller was let in, never before.

use std::time::Duration;

use actix_web::web::{Bytes, BytesMut, Payload};
use actix_web::{HttpMessage, HttpRequest};
use futures::StreamExt;
use serde::de::DeserializeOwned;

use crow_types::ErrorCode;
use crow_web::ApiError;

/// The whole body has to arrive in this time: it is a few texts.
const TIME: Duration = Duration::from_secs(10);
/// Characters of an error of the JSON parser.
const MAX_TEXT: usize = 300;

/// The body as JSON, at most `most` bytes. With `must_be_typed` it must be called so.
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
    let body = read(payload, most).await?;
    serde_json::from_slice(&body).map_err(|error| {
        let text: String = error.to_string().chars().take(MAX_TEXT).collect();
        ApiError::new(ErrorCode::Malformed, format!("the body: {text}"))
    })
}

/// The whole body, at most `most` bytes.
async fn read(payload: Payload, most: usize) -> Result<Bytes, ApiError> {
    tokio::time::timeout(TIME, collect(payload, most))
        .await
        .map_err(|_elapsed| {
            let seconds = TIME.as_secs();
            let message = format!("the body did not arrive within {seconds} s");
            ApiError::new(ErrorCode::Timeout, message)
        })?
}

async fn collect(mut payload: Payload, most: usize) -> Result<Bytes, ApiError> {
    let mut body = BytesMut::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_cut_off| {
            ApiError::new(
                ErrorCode::Malformed,
                "the body was cut off or is not framed correctly",
            )
        })?;
        if body.len() + part.len() > most {
            let message = format!("the body is larger than {most} bytes");
            return Err(ApiError::new(ErrorCode::TooLarge, message));
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}
