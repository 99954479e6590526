//! The OpenAPI document. The types of bodies are beside their routes.

use utoipa::openapi::Required;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crow_web::ErrorBody;

use crate::routes::{self, ContextBody, SdkBody};

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = Http::builder()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key with the scope `ingest`."))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let header = ApiKey::Header(ApiKeyValue::with_description(
            "X-API-Key",
            "The same key, in a header of its own.",
        ));
        components.add_security_scheme("header", SecurityScheme::ApiKey(header));
    }
}

/// `/session/start` needs no body.
struct OptionalBody;

impl Modify for OptionalBody {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let start = document.paths.paths.get_mut("/session/start");
        let body = start
            .and_then(|path| path.post.as_mut())
            .and_then(|operation| operation.request_body.as_mut());
        if let Some(body) = body {
            body.required = Some(Required::False);
        }
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "CROW ingest",
        description = "Takes interactions and replay events. An answer of 201 or 202 means that the data is durable."
    ),
    paths(
        routes::batch::batch,
        routes::asset::asset,
        routes::track::track,
        routes::session_start::session_start,
        routes::session_end::session_end,
        routes::sdk::sdk
    ),
    components(schemas(ErrorBody, ContextBody, SdkBody)),
    modifiers(&Keys, &OptionalBody)
)]
struct Document;

/// The OpenAPI document of the gateway.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
