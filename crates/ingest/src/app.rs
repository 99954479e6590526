//! The actix app: routes and CORS, shared by `run` and tests.

use actix_cors::Cors;
use actix_web::http::header::{self, HeaderName};
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpResponse, Responder, http::Method};

use crow_web::Health;

use crate::gateway::Gateway;
use crate::routes;

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
        .configure(routes::configure);
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
            // A page's tracing may add them to every request.
            HeaderName::from_static("traceparent"),
            HeaderName::from_static("tracestate"),
        ])
        .expose_headers([header::RETRY_AFTER, HeaderName::from_static("x-request-id")])
        .max_age(7200)
}
