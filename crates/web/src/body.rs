//! Reads a body within limits of size and time.

use std::time::Duration;

use actix_web::web::{Bytes, BytesMut, Payload};
use futures::StreamExt;

use crow_types::ErrorCode;

use crate::ApiError;

/// Initial capacity for a body that arrives in several parts.
const FIRST_RESERVATION: usize = 64 * 1024;

/// The limits of one body.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The maximum size in bytes.
    pub max_bytes: usize,
    /// The maximum time from the first byte to the last.
    pub timeout: Duration,
}

/// Reads the whole body as sent. `take` learns the size of each part before the part is kept, and
/// may refuse it.
///
/// # Errors
/// `timeout`, `too_large`, `malformed` when the body was cut off, or the error of `take`.
pub async fn read(
    payload: Payload,
    limits: BodyLimits,
    take: impl FnMut(usize) -> Result<(), ApiError>,
) -> Result<Bytes, ApiError> {
    tokio::time::timeout(limits.timeout, collect(payload, limits.max_bytes, take))
        .await
        .map_err(|_elapsed| {
            let seconds = limits.timeout.as_secs_f32();
            ApiError::new(
                ErrorCode::Timeout,
                format!("the body did not arrive within {seconds} s; send less at once"),
            )
        })?
}

async fn collect(
    mut payload: Payload,
    max_bytes: usize,
    mut take: impl FnMut(usize) -> Result<(), ApiError>,
) -> Result<Bytes, ApiError> {
    // Most bodies arrive in one part, which needs no copy.
    let mut only = Bytes::new();
    let mut body = BytesMut::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_cut_off| {
            ApiError::new(
                ErrorCode::Malformed,
                "the body was cut off or is not framed correctly",
            )
        })?;
        if only.len() + body.len() + part.len() > max_bytes {
            return Err(too_large(max_bytes));
        }
        take(part.len())?;
        if only.is_empty() && body.is_empty() {
            only = part;
            continue;
        }
        if body.is_empty() {
            body.reserve((only.len() + part.len()).max(FIRST_RESERVATION.min(max_bytes)));
            body.extend_from_slice(&std::mem::take(&mut only));
        }
        body.extend_from_slice(&part);
    }
    Ok(if body.is_empty() { only } else { body.freeze() })
}

/// The error for a body with too many bytes as sent.
#[must_use]
pub fn too_large(max_bytes: usize) -> ApiError {
    ApiError::new(
        ErrorCode::TooLarge,
        format!("the body is larger than {max_bytes} bytes; send less at once"),
    )
}
