use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{InfoBuilder, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};

use crow_auth::cookie::COOKIE_NAME;
use crow_web::{ErrorBody, ErrorDetail};

use crate::rest::routes::table;
use crate::rest::table::document;

/// Groups of operations, with their descriptions.
const TAGS: [(&str, &str); 8] = [
    ("sessions", "Sessions and their interactions."),
    ("replay", "Recordings."),
    ("live", "Sessions while they happen."),
    ("analytics", "Numbers about many sessions."),
    ("assets", "Pictures and fonts of recorded pages."),
    (
        "admin",
        "Keys, settings, health and dead letters. Needs scope `admin`.",
    ),
    ("sign-in", "A key exchanged for a cookie."),
    ("services", "For other services, with the system secret."),
];

/// The OpenAPI document of the REST API.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (paths, mut components) = document(table());
    components
        .schemas
        .insert(ErrorBody::name().into(), ErrorBody::schema());
    components
        .schemas
        .insert(ErrorDetail::name().into(), ErrorDetail::schema());
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let system = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The system secret, for services."))
        .build();
    components.add_security_scheme("system", SecurityScheme::Http(system));
    let header = ApiKey::Header(ApiKeyValue::new("X-API-Key"));
    components.add_security_scheme("apiKey", SecurityScheme::ApiKey(header));
    let cookie = ApiKey::Cookie(ApiKeyValue::new(COOKIE_NAME));
    components.add_security_scheme("signIn", SecurityScheme::ApiKey(cookie));
    let about = "Lists, searches and replays sessions. Every call needs an API key with scope `read` of the organization in the path.";
    let info = InfoBuilder::new()
        .title("CROW read API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(about));
    OpenApiBuilder::new()
        .info(info.build())
        .paths(paths)
        .components(Some(components))
        .tags(Some(TAGS.map(tag)))
        .build()
}

fn tag((name, about): (&str, &str)) -> Tag {
    TagBuilder::new()
        .name(name)
        .description(Some(about))
        .build()
}
