//! Turns the bytes of a body into named slices: first [`inflate`], then [`surrogates`] for escapes
//! that no parser accepts, then [`envelope`], and [`list`] for the items of a list.

pub(crate) mod depth;
pub(crate) mod envelope;
pub(crate) mod fields;
pub(crate) mod inflate;
pub(crate) mod list;
pub(crate) mod surrogates;

use crow_types::ErrorCode;
use crow_web::ApiError;

/// The error for an invalid envelope.
pub(crate) fn malformed(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::Malformed, message)
}
