//! The actix app: routes and CORS, shared by `run` and tests.

use actix_cors::Cors;
use actix_web::http::header::{self, HeaderName};
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpResponse, Responder, http::Method};

use crow_web::Health;

use crate::gateway::Gateway;
use crate::routes::{asset, batch, sdk, session_end, session_start, track};

/// The path of the OpenAPI document.
const DOCUMENT: &str = "/openapi.json";

/// The serialized OpenAPI document.
#[derive(Clone)]
pub(crate) struct OpenApiText(pub Bytes);

/// All routes of the gateway.
pub(crate) fn configure(
    cfg: &mut ServiceConfig,
    gateway: Data<Gateway>,
    health: &Health,
    document: OpenApiText,
) {
    health.configure(cfg);
    cfg.app_data(gateway)
        .app_data(Data::new(document))
        .service(web::resource(DOCUMENT).route(web::get().to(openapi_json)))
        .configure(routes);
}

/// The routes that the OpenAPI document describes.
fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/batch").route(web::post().to(batch::batch)))
        .service(web::resource("/asset").route(web::post().to(asset::asset)))
        .service(web::resource("/track").route(web::post().to(track::track)))
        .service(
            web::resource("/session/start").route(web::post().to(session_start::session_start)),
        )
        .service(web::resource("/session/end").route(web::post().to(session_end::session_end)))
        .service(
            web::resource("/sdk/{file}")
                .route(web::get().to(sdk::sdk))
                .route(web::head().to(sdk::sdk)),
        );
}

async fn openapi_json(document: Data<OpenApiText>) -> impl Responder {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(document.0.clone())
}

/// Pages of any origin may send. A key may be limited to some origins. The gateway uses no cookies,
/// so `*` is safe.
pub(crate) fn cors() -> Cors {
    Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .allowed_methods([Method::GET, Method::POST, Method::OPTIONS])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::CONTENT_ENCODING,
            HeaderName::from_static("x-api-key"),
            HeaderName::from_static("x-request-id"),
        ])
        .expose_headers([header::RETRY_AFTER, HeaderName::from_static("x-request-id")])
        .max_age(7200)
}

#[cfg(test)]
mod tests {
    use crow_web::docs::disagreements;

    #[actix_web::test]
    async fn the_router_and_the_document_agree() {
        let found = disagreements(&crate::openapi::openapi(), super::routes, &[]).await;
        assert!(found.is_empty(), "{found:#?}");
    }
}
