//! The only map from error code to gRPC status.

use tonic::{Code, Status};

use crow_types::ErrorCode;

use crate::ApiError;

/// The status that the caller sees.
pub fn status(error: impl Into<ApiError>) -> Status {
    let error = error.into();
    Status::new(code_of(error.code), error.message)
}

fn code_of(code: ErrorCode) -> Code {
    match code {
        ErrorCode::Malformed | ErrorCode::UnsupportedMedia | ErrorCode::Unprocessable => {
            Code::InvalidArgument
        }
        ErrorCode::Unauthenticated => Code::Unauthenticated,
        ErrorCode::Forbidden => Code::PermissionDenied,
        ErrorCode::NotFound | ErrorCode::NotWanted => Code::NotFound,
        ErrorCode::MethodNotAllowed => Code::Unimplemented,
        ErrorCode::Conflict => Code::Aborted,
        ErrorCode::Timeout => Code::DeadlineExceeded,
        ErrorCode::TooLarge | ErrorCode::RateLimited => Code::ResourceExhausted,
        ErrorCode::Unavailable => Code::Unavailable,
        ErrorCode::Internal => Code::Internal,
    }
}
