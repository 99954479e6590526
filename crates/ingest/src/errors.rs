//! Errors as the caller sees them.

use crow_types::ErrorCode;
use crow_web::ApiError;

use crate::decode::BodyError;
use crate::inflight::NoRoom;

/// The same request may succeed soon.
pub(crate) fn cannot_store() -> ApiError {
    ApiError::unavailable("events cannot be stored at the moment; send the same request again")
}

impl From<NoRoom> for ApiError {
    fn from(_: NoRoom) -> Self {
        Self::unavailable(
            "too much data is being received at the moment; send the same request again",
        )
    }
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Malformed(message) => Self::new(ErrorCode::Malformed, message),
            BodyError::TooLarge(message) => Self::new(ErrorCode::TooLarge, message),
            BodyError::NoRoom(no_room) => no_room.into(),
        }
    }
}
