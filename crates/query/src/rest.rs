//! The REST interface: routes, query parameters, JSON.
//!
//! - `routes`: the table that defines the router and the document.
//! - `asked`, `answers`: what handlers accept and return.
//! - `described`: how the document describes those.
//! - One module for each resource.

mod access;
mod account;
pub mod alerts;
pub mod analytics;
pub mod answers;
pub mod asked;
mod assets;
pub mod attempts;
mod audit;
mod body;
pub mod cohorts;
pub mod collections;
pub mod dashboard;
pub mod dashboards;
mod described;
mod erasures;
mod health;
mod import;
pub mod interactions;
pub mod issues;
pub mod kept;
mod keys;
mod letters;
mod live;
mod members;
mod notifications;
mod openapi;
mod passkeys;
mod persons;
pub mod products;
mod provider;
mod replay;
mod reports;
mod routes;
mod saved_filters;
mod sessions;
mod settings;
mod shared;
mod sign_in;
mod site_imports;
mod source_maps;
pub mod streams;
mod table;
mod usage;
mod verify;
pub mod views;
pub mod webhooks;

use std::str::FromStr;

use actix_cors::Cors;
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderName};
use actix_web::middleware::Condition;
use actix_web::web::{self, Data, ServiceConfig};

use crate::api::Api;

pub use openapi::openapi;

/// Adds the routes. The routes for admins, watchers and sign-ins need an [`crate::admin::Admin`], a
/// [`crate::live::Live`], [`attempts::Attempts`] and [`crow_accounts::Accounts`] as app data.
pub fn configure(cfg: &mut ServiceConfig, api: &Api) {
    table::configure(routes::table(), cfg);
    cfg.app_data(Data::new(api.clone()))
        .app_data(Data::new(api.door.clone()))
        .service(web::resource("/openapi.json").route(web::get().to(document)));
}

async fn document() -> HttpResponse {
    HttpResponse::Ok().json(openapi())
}

/// Lets pages of these origins read responses. Without any, browsers permit only the API's own
/// origin. Credentials are never allowed, so no other origin can use the cookie of a sign-in, and
/// `*` is safe.
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
