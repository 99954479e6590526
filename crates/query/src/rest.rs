//! The REST side: routes, query parameters, JSON.

pub mod admin;
mod analytics;
mod assets;
mod body;
pub mod dashboard;
mod handlers;
pub mod live;
mod openapi;
mod params;
mod replay;
pub mod sign_in;
mod views;

use std::str::FromStr;

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderName, ORIGIN};
use actix_web::middleware::Condition;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Route};

use crow_auth::{Scope, key_from_headers};
use crow_types::OrganizationId;
use crow_web::ApiError;

use crate::access::{Access, Admission, Caller, Credential};
use crate::analytics::Analytics;
use crate::use_cases::UseCases;

pub use openapi::openapi;

/// What a request with the cookie must repeat when it changes something.
const CSRF_HEADER: &str = "x-crow-csrf";

/// What the handlers need. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Api {
    /// Who may read what.
    pub access: Access,
    /// The answers.
    pub use_cases: UseCases,
    /// Numbers about many sessions.
    pub analytics: Analytics,
    /// Where browsers reach the gateway; empty: not known.
    pub gateway_url: String,
}

impl Api {
    /// The organization of the path, when the request's key may read it.
    async fn organization(
        &self,
        request: &HttpRequest,
        organization: &str,
    ) -> Result<OrganizationId, ApiError> {
        let admission = self.admit(request, Scope::Read, organization).await?;
        Ok(admission.organization)
    }

    /// Lets the request in, when its key or sign-in has the scope in the organization.
    pub async fn admit(
        &self,
        request: &HttpRequest,
        scope: Scope,
        organization: &str,
    ) -> Result<Admission, ApiError> {
        let caller = caller_of(request)?;
        self.access.admit(&caller, scope, organization).await
    }
}

/// Who asks: a key in a header, else the cookie of a sign-in.
fn caller_of(request: &HttpRequest) -> Result<Caller, ApiError> {
    // A header that cannot be read is a header, and not one that is right.
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        Some(value.to_str().unwrap_or_default().to_owned())
    };
    let credential = match key_from_headers(request.headers())? {
        Some(key) => Some(Credential::Key(key)),
        None => sign_in::token_of(request).map(Credential::SignIn),
    };
    Ok(Caller {
        credential,
        origin: header(ORIGIN.as_str()),
        changes: !request.method().is_safe(),
        csrf_token: header(CSRF_HEADER),
    })
}

/// Adds the routes.
pub fn configure(cfg: &mut ServiceConfig, api: &Api) {
    analytics::configure(cfg);
    assets::configure(cfg);
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
/// API's own. Credentials are not allowed: the cookie of a sign-in never comes from
/// another origin, so `*` gives nobody's access away.
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
