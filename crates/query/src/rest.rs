//! The REST side: routes, query parameters, JSON.
//!
//! - `routes`: the table that the router and the document are made from.
//! - `asked`, `answers`: what handlers take and give.
//! - `described`: what the document says about those.
//! - One module for each resource.

mod analytics;
mod answers;
mod asked;
mod assets;
pub mod attempts;
mod body;
pub mod dashboard;
mod described;
mod health;
mod keys;
mod letters;
mod live;
mod openapi;
mod replay;
mod routes;
mod sessions;
mod sign_in;
mod table;
mod views;

use std::str::FromStr;

use actix_cors::Cors;
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderName};
use actix_web::middleware::Condition;
use actix_web::web::{self, Data, ServiceConfig};

use crate::api::Api;

pub use openapi::openapi;

/// Adds the routes. Those of admins, watchers and sign-ins need an [`crate::admin::Admin`], a
/// [`crate::live::Live`] and [`attempts::Attempts`] as data of the app.
pub fn configure(cfg: &mut ServiceConfig, api: &Api) {
    table::configure(routes::table(), cfg);
    cfg.app_data(Data::new(api.clone()))
        .app_data(Data::new(api.door.clone()))
        .service(web::resource("/openapi.json").route(web::get().to(document)));
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
