//! Error responses for OpenAPI documents, from the same map that produces the real ones.

mod agreement;

use std::collections::BTreeMap;

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::{Content, Object, Ref, RefOr, Response, ResponseBuilder, Type};

use crow_types::ErrorCode;

use crate::error::status_of;

pub use agreement::disagreements;

/// One documented response per code, for `IntoResponses`. The document must list
/// [`crate::ErrorBody`] among its schemas.
#[must_use]
pub fn error_responses(codes: &[ErrorCode]) -> BTreeMap<String, RefOr<Response>> {
    codes
        .iter()
        .map(|code| {
            (
                status_of(*code).as_str().to_owned(),
                RefOr::T(response(*code)),
            )
        })
        .collect()
}

fn response(code: ErrorCode) -> Response {
    let body = Content::new(Some(Ref::from_schema_name("ErrorBody")));
    let mut response = ResponseBuilder::new()
        .description(describe(code))
        .content("application/json", body)
        .header(
            "X-Request-Id",
            text_header("Id of the request, as in the logs."),
        );
    match code {
        ErrorCode::Unauthenticated => {
            response = response.header("WWW-Authenticate", text_header("Always `Bearer`."));
        }
        ErrorCode::RateLimited | ErrorCode::Unavailable => {
            response = response.header(
                "Retry-After",
                text_header("Seconds to wait before retrying."),
            );
        }
        ErrorCode::Malformed
        | ErrorCode::Forbidden
        | ErrorCode::NotFound
        | ErrorCode::NotWanted
        | ErrorCode::MethodNotAllowed
        | ErrorCode::Conflict
        | ErrorCode::Timeout
        | ErrorCode::TooLarge
        | ErrorCode::UnsupportedMedia
        | ErrorCode::Unprocessable
        | ErrorCode::Internal => {}
    }
    response.build()
}

fn text_header(description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new()
        .schema(Object::with_type(Type::String))
        .description(Some(description))
        .build()
}

fn describe(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Malformed => {
            "Not valid JSON, or a field has the wrong type or a value out of range."
        }
        ErrorCode::Unauthenticated => "The API key is missing, unknown or revoked.",
        ErrorCode::Forbidden => "The key does not allow this, or not from this origin.",
        ErrorCode::NotFound => "It does not exist, or belongs to another organization.",
        ErrorCode::NotWanted => "The upload was not requested.",
        ErrorCode::MethodNotAllowed => "The route exists, but not with this method.",
        ErrorCode::Conflict => "It was changed since it was read.",
        ErrorCode::Timeout => "The body did not arrive in time.",
        ErrorCode::TooLarge => "The body is over the limit, as sent or inflated.",
        ErrorCode::UnsupportedMedia => "The content type or content encoding is not supported.",
        ErrorCode::Unprocessable => {
            "Well-formed, but nothing in it could be accepted, or the question takes too long."
        }
        ErrorCode::RateLimited => {
            "The rate limit of the key, the address or the organization is exceeded."
        }
        ErrorCode::Unavailable => "Not available at the moment; retry.",
        ErrorCode::Internal => "An internal error.",
    }
}
