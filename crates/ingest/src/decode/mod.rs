//! From the bytes of a body to named slices of it.

pub(crate) mod depth;
pub(crate) mod envelope;
pub(crate) mod fields;
pub(crate) mod inflate;
pub(crate) mod list;

use std::sync::Arc;

use bytes::Bytes;

use crow_types::ErrorCode;
use crow_web::ApiError;

use crate::body::Reservation;
use envelope::Envelope;
use inflate::{Encoding, InflateError};

/// Limits of one decoded body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DecodeLimits {
    pub max_inflated_bytes: usize,
    pub max_depth: usize,
}

/// Inflates, checks encoding and depth, and cuts into fields. An empty body is `{}`.
pub(crate) fn decode(
    sent: Bytes,
    encoding: Encoding,
    limits: DecodeLimits,
    reservation: &mut Reservation,
) -> Result<Arc<Envelope>, ApiError> {
    let body = inflate::inflate(encoding, sent, limits.max_inflated_bytes, reservation)
        .map_err(|error| describe(error, limits))?;
    let text = std::str::from_utf8(&body).map_err(|error| {
        malformed(format!(
            "the body is not UTF-8 at byte {}",
            error.valid_up_to()
        ))
    })?;
    if depth::is_over(limits.max_depth, &body) {
        return Err(malformed(format!(
            "the body is nested deeper than {}",
            limits.max_depth
        )));
    }
    Envelope::cut(&body, text)
}

fn describe(error: InflateError, limits: DecodeLimits) -> ApiError {
    match error {
        InflateError::TooLarge => ApiError::new(
            ErrorCode::TooLarge,
            format!(
                "the body inflates to more than {} bytes; split the batch",
                limits.max_inflated_bytes
            ),
        ),
        InflateError::Corrupt(encoding) => malformed(format!(
            "the body is not valid {encoding}, which Content-Encoding says it is"
        )),
        InflateError::NoRoom(no_room) => no_room.into(),
    }
}

/// An envelope that cannot be used.
pub(crate) fn malformed(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::Malformed, message)
}
