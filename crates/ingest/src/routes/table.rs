//! All routes of the gateway. The router and the OpenAPI document come from one table.

use actix_web::web::{self, ServiceConfig};
use utoipa::openapi::Required;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crow_web::ErrorBody;

use super::described::{ContextBody, SdkBody};
use super::{asset, batch, sdk, session_end, session_start, track};

/// Makes the router and the document.
macro_rules! table {
    ($($path:literal $($method:ident)|+ => $module:ident::$handler:ident,)+) => {
        /// Adds the routes. Each path is one resource, so that other methods get 405.
        pub(crate) fn configure(cfg: &mut ServiceConfig) {
            $(cfg.service(
                web::resource($path)$(.route(web::$method().to($module::$handler)))+
            );)+
        }

        #[derive(OpenApi)]
        #[openapi(
            info(
                title = "CROW ingest",
                description = "Takes interactions and replay events. An answer of 201 or 202 means that the data is durable."
            ),
            paths($($module::$handler),+),
            components(schemas(ErrorBody, ContextBody, SdkBody)),
            modifiers(&Keys, &OptionalBody)
        )]
        struct Document;
    };
}

// A test compares the paths and methods with those that the handlers describe.
table! {
    "/batch" post => batch::batch,
    "/asset" post => asset::asset,
    "/track" post => track::track,
    "/session/start" post => session_start::session_start,
    "/session/end" post => session_end::session_end,
    "/sdk/{file}" get | head => sdk::sdk,
}

/// The OpenAPI document of the gateway.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

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

#[cfg(test)]
mod tests {
    use crow_web::docs::disagreements;

    #[actix_web::test]
    async fn the_router_and_the_document_agree() {
        let found = disagreements(&super::openapi(), super::configure, &[]).await;
        assert!(found.is_empty(), "{found:#?}");
    }
}
