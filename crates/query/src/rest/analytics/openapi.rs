use std::collections::BTreeMap;

use utoipa::openapi::{RefOr, Response};
use utoipa::{IntoResponses, OpenApi};

use crow_types::ErrorCode;

use crate::analytics::buckets::Length;
use crate::analytics::journeys::Direction;
use crate::analytics::top::Dimension;

use super::{funnel, handlers};

/// The error answers of a question with a body.
pub struct BodyErrors;

impl IntoResponses for BodyErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        crow_web::docs::error_responses(&[
            ErrorCode::Malformed,
            ErrorCode::Unauthenticated,
            ErrorCode::Forbidden,
            ErrorCode::NotFound,
            ErrorCode::MethodNotAllowed,
            ErrorCode::Timeout,
            ErrorCode::TooLarge,
            ErrorCode::Unprocessable,
            ErrorCode::RateLimited,
            ErrorCode::Unavailable,
            ErrorCode::Internal,
        ])
    }
}

#[derive(OpenApi)]
#[openapi(
    paths(
        handlers::facets,
        handlers::overview,
        handlers::top,
        handlers::events,
        funnel::funnel,
        handlers::journeys,
        handlers::heatmap,
        handlers::pages,
        handlers::retention,
        handlers::vitals
    ),
    components(schemas(Dimension, Direction, Length)),
    tags((name = "analytics", description = "Numbers about many sessions."))
)]
struct Document;

/// The part of the OpenAPI document that describes the analytics.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
