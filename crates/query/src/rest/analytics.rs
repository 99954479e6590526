//! The routes of the analytics.

mod funnel;
mod handlers;
mod openapi;
mod params;

use actix_web::web::{self, ServiceConfig};

use super::get;

pub use openapi::openapi;

/// Adds the routes.
pub fn configure(cfg: &mut ServiceConfig) {
    let funnel = web::resource("/analytics/{orgId}/funnel").route(web::post().to(funnel::funnel));
    // Before the route of a session, which would take `facets` for an id.
    cfg.service(get(
        "/sessions/{orgId}/facets",
        web::get().to(handlers::facets),
    ))
    .service(get(
        "/analytics/{orgId}/overview",
        web::get().to(handlers::overview),
    ))
    .service(get("/analytics/{orgId}/top", web::get().to(handlers::top)))
    .service(get(
        "/analytics/{orgId}/events",
        web::get().to(handlers::events),
    ))
    .service(funnel)
    .service(get(
        "/analytics/{orgId}/journeys",
        web::get().to(handlers::journeys),
    ))
    .service(get(
        "/analytics/{orgId}/heatmap",
        web::get().to(handlers::heatmap),
    ))
    .service(get(
        "/analytics/{orgId}/pages",
        web::get().to(handlers::pages),
    ))
    .service(get(
        "/analytics/{orgId}/retention",
        web::get().to(handlers::retention),
    ))
    .service(get(
        "/analytics/{orgId}/vitals",
        web::get().to(handlers::vitals),
    ));
}
