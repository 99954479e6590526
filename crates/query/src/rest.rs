//! The REST side: routes, query parameters, JSON.

mod analytics;
mod handlers;
mod openapi;
mod params;
mod replay;
mod views;

use std::str::FromStr;

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderName, ORIGIN};
use actix_web::middleware::Condition;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Route};

use crow_auth::key_from_headers;
use crow_types::OrganizationId;
use crow_web::ApiError;

use crate::access::Access;
use crate::analytics::Analytics;
use crate::use_cases::UseCases;

pub use openapi::openapi;

/// What the handlers need. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Api {
    /// Who may read what.
    pub access: Access,
    /// The answers.
    pub use_cases: UseCases,
    /// Numbers about many sessions.
    pub analytics: Analytics,
}

impl Api {
    /// The organization of the path, when the request's key may read it.
    async fn organization(
        &self,
        request: &HttpRequest,
        organization: &str,
    ) -> Result<OrganizationId, ApiError> {
        let key = key_from_headers(request.headers())?;
        // An origin that cannot be read is an origin, and not one that is allowed.
        let origin = request
            .headers()
            .get(ORIGIN)
            .map(|value| value.to_str().unwrap_or_default());
        self.access.check(key, origin, organization).await
    }
}

/// Adds the routes.
pub fn configure(cfg: &mut ServiceConfig, api: &Api) {
    analytics::configure(cfg);
    cfg.app_data(web::Data::new(api.clone()))
        .service(get("/openapi.json", web::get().to(document)))
        .service(get(
            "/sessions/{orgId}",
            web::get().to(handlers::list_sessions),
        ))
        .service(get(
            "/sessions/{orgId}/{sessionId}",
            web::get().to(handlers::get_session),
        ))
        .service(get(
            "/sessions/{orgId}/{sessionId}/events",
            web::get().to(handlers::list_events),
        ))
        .service(get(
            "/sessions/{orgId}/{sessionId}/replay",
            web::get().to(replay::get_replay),
        ))
        .service(get(
            "/sessions/{orgId}/{sessionId}/export",
            web::get().to(replay::export),
        ));
}

/// A resource, so that other methods are answered with 405 and not with 404.
fn get(path: &str, route: Route) -> Resource {
    web::resource(path).route(route)
}

async fn document() -> HttpResponse {
    HttpResponse::Ok().json(openapi())
}

/// Lets pages of these origins read answers; without origins browsers permit only the
/// API's own. Keys come in headers, never in cookies, so `*` gives nobody's access away.
pub fn cors(allowed_origins: &[String]) -> Condition<Cors> {
    let exposed = [
        replay::GAPS,
        replay::GAPS_TRUNCATED,
        "x-request-id",
        "retry-after",
    ];
    let mut cors = Cors::default()
        .allowed_methods([Method::GET])
        .allowed_headers([
            AUTHORIZATION,
            HeaderName::from_static("x-api-key"),
            HeaderName::from_static("x-request-id"),
        ])
        .expose_headers(
            exposed
                .iter()
                .filter_map(|name| HeaderName::from_str(name).ok()),
        )
        .block_on_origin_mismatch(false)
        .max_age(3_600);
    for origin in allowed_origins {
        cors = if origin == "*" {
            cors.allow_any_origin()
        } else {
            cors.allowed_origin(origin)
        };
    }
    Condition::new(!allowed_origins.is_empty(), cors)
}
