//! Baselines of the gateway on the same library. One reads the same bodies and discards them. The
//! other publishes each body itself, and answers when it is acknowledged.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::error::ErrorServiceUnavailable;
use actix_web::web::{Bytes, Data, PayloadConfig, post};
use actix_web::{App, HttpResponse, HttpServer};
use async_nats::jetstream;

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

/// Publishes to the subjects in turn, until it is killed.
pub async fn publish(listen: SocketAddr, nats: &str, subjects: Vec<String>) -> anyhow::Result<()> {
    let publisher = Data::new(Publisher {
        context: jetstream::new(async_nats::connect(nats).await?),
        subjects,
        turn: AtomicUsize::new(0),
    });
    let app = move || {
        App::new()
            .app_data(PayloadConfig::new(MAX_BODY_BYTES))
            .app_data(publisher.clone())
            .default_service(post().to(pass_on))
    };
    Ok(HttpServer::new(app).bind(listen)?.run().await?)
}

struct Publisher {
    context: jetstream::Context,
    subjects: Vec<String>,
    turn: AtomicUsize,
}

async fn take(body: Bytes) -> HttpResponse {
    accepted(&body)
}

async fn pass_on(body: Bytes, publisher: Data<Publisher>) -> actix_web::Result<HttpResponse> {
    let turn = publisher.turn.fetch_add(1, Ordering::Relaxed);
    let subject = publisher.subjects[turn % publisher.subjects.len()].clone();
    let sent = publisher.context.publish(subject, body.clone()).await;
    sent.map_err(ErrorServiceUnavailable)?
        .await
        .map_err(ErrorServiceUnavailable)?;
    Ok(accepted(&body))
}

fn accepted(body: &Bytes) -> HttpResponse {
    HttpResponse::Accepted()
        .content_type("application/json")
        .body(format!("{{\"bytes\":{}}}", body.len()))
}
