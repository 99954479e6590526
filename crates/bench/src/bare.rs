//! The baseline of the gateway: a server on the same library that reads the same bodies and
//! discards them.

use std::net::SocketAddr;

use actix_web::web::{Bytes, PayloadConfig, post};
use actix_web::{App, HttpResponse, HttpServer};

/// As many bytes as the gateway takes.
const MAX_BODY_BYTES: usize = 16 << 20;

/// Serves until it is killed.
pub async fn serve(listen: SocketAddr) -> anyhow::Result<()> {
    let app = || {
        App::new()
            .app_data(PayloadConfig::new(MAX_BODY_BYTES))
            .default_service(post().to(take))
    };
    Ok(HttpServer::new(app).bind(listen)?.run().await?)
}

async fn take(body: Bytes) -> HttpResponse {
    HttpResponse::Accepted()
        .content_type("application/json")
        .body(format!("{{\"bytes\":{}}}", body.len()))
}
