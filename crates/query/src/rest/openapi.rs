use std::collections::BTreeMap;

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{RefOr, Response};
use utoipa::{IntoResponses, Modify, OpenApi};

use crow_types::ErrorCode;

use crate::rest::{admin, analytics, assets, handlers, live, replay, sign_in};

/// The error answers of every read.
pub struct ReadErrors;

impl IntoResponses for ReadErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        crow_web::docs::error_responses(&[
            ErrorCode::Malformed,
            ErrorCode::Unauthenticated,
            ErrorCode::Forbidden,
            ErrorCode::NotFound,
            ErrorCode::MethodNotAllowed,
            ErrorCode::Unprocessable,
            ErrorCode::RateLimited,
            ErrorCode::Unavailable,
            ErrorCode::Internal,
        ])
    }
}

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
            ErrorCode::Unavailable,
            ErrorCode::Internal,
        ])
    }
}

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let header = ApiKey::Header(ApiKeyValue::new("X-API-Key"));
        components.add_security_scheme("apiKey", SecurityScheme::ApiKey(header));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("crow_session"));
        components.add_security_scheme("signIn", SecurityScheme::ApiKey(cookie));
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "CROW read API",
        version = "1",
        description = "Lists, searches and replays sessions. Every call needs an API key with scope `read` of the organization in the path."
    ),
    paths(
        handlers::list_sessions,
        handlers::get_session,
        handlers::list_events,
        replay::get_replay,
        replay::export,
        admin::list_keys,
        admin::create_key,
        admin::revoke_key,
        admin::rotate_key,
        admin::health,
        admin::letters::list,
        admin::letters::show,
        admin::letters::retry,
        admin::letters::discard,
        assets::resolve_assets,
        assets::get_asset,
        live::watch_session,
        live::watch_sessions,
        sign_in::begin,
        sign_in::show,
        sign_in::end,
    ),
    components(schemas(crow_web::ErrorBody, crow_web::ErrorDetail)),
    tags(
        (name = "sessions", description = "Sessions and their interactions."),
        (name = "replay", description = "Recordings."),
        (name = "assets", description = "Pictures and fonts of recorded pages."),
        (name = "live", description = "Sessions while they happen."),
        (name = "admin", description = "Keys, health and dead letters. Needs scope `admin`."),
        (name = "sign-in", description = "A key exchanged for a cookie."),
    ),
    modifiers(&Keys)
)]
struct Document;

/// The OpenAPI document of the REST API.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi().merge_from(analytics::openapi())
}
