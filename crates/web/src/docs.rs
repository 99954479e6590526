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
            text_header("Names the request in our logs."),
        );
    match code {
        ErrorCode::Unauthenticated => {
            response = response.header("WWW-Authenticate", text_header("Always `Bearer`."));
        }
        ErrorCode::RateLimited | ErrorCode::Unavailable => {
            response = response.header(
                "Retry-After",
                text_header("Seconds to wait before trying again."),
            );
        }
        ErrorCode::Malformed
        | ErrorCode::Forbidden
        | ErrorCode::NotFound
        | ErrorCode::NotWanted
        | ErrorCode::MethodNotAllowed
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
        ErrorCode::Unauthenticated => "No API key, or it is not known, or it was revoked.",
        ErrorCode::Forbidden => "The key may not do this, or not from this origin.",
        ErrorCode::NotFound => "Nothing here, or it belongs to another organization.",
        ErrorCode::NotWanted => "Nobody asked for this upload.",
        ErrorCode::MethodNotAllowed => "The route exists, but not with this method.",
        ErrorCode::Timeout => "The body did not arrive in time.",
        ErrorCode::TooLarge => "The body, or what it inflates to, is over the limit.",
        ErrorCode::UnsupportedMedia => "The content type or content encoding is not supported.",
        ErrorCode::Unprocessable => {
            "Well-formed, but nothing in it could be accepted, or it takes too long."
        }
        ErrorCode::RateLimited => {
            "The rate limit of the key, the address or the organization is used up."
        }
        ErrorCode::Unavailable => "Cannot be served now; try again.",
        ErrorCode::Internal => "A defect on our side.",
    }
}
