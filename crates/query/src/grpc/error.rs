//! The only map from error code to gRPC status.

use tonic::{Code, Status};

use crow_types::ErrorCode;
use crow_web::ApiError;

/// What the caller may know, as a status.
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
        ErrorCode::NotFound => Code::NotFound,
        ErrorCode::MethodNotAllowed => Code::Unimplemented,
        ErrorCode::Timeout => Code::DeadlineExceeded,
        ErrorCode::TooLarge | ErrorCode::RateLimited => Code::ResourceExhausted,
        ErrorCode::Unavailable => Code::Unavailable,
        ErrorCode::Internal => Code::Internal,
    }
}
