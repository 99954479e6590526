//! From the bytes of a body to named slices of it: [`inflate`] first, [`surrogates`] for what no
//! parser reads, then [`envelope`], and [`list`] for the items of a list.

pub(crate) mod depth;
pub(crate) mod envelope;
pub(crate) mod fields;
pub(crate) mod inflate;
pub(crate) mod list;
pub(crate) mod surrogates;

use crow_types::ErrorCode;
use crow_web::ApiError;

/// An envelope that cannot be used.
pub(crate) fn malformed(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::Malformed, message)
}
