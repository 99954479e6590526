//! The gRPC interface to the same use cases, with health checks and reflection.

mod alerts;
mod analytics;
mod cohorts;
mod collections;
mod conditions;
mod convert;
mod dashboards;
mod error;
mod frames;
mod interactions;
mod issues;
mod notes;
mod organization;
mod people;
mod products;
mod questions;
mod service;
mod traced;
mod words;

use std::time::Duration;

use anyhow::Context;
use tonic::server::NamedService;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crow_accounts::Accounts;
use crow_proto::api::alert_service_server::AlertServiceServer;
use crow_proto::api::analytics_service_server::AnalyticsServiceServer;
use crow_proto::api::cohort_service_server::CohortServiceServer;
use crow_proto::api::collection_service_server::CollectionServiceServer;
use crow_proto::api::dashboard_service_server::DashboardServiceServer;
use crow_proto::api::interaction_service_server::InteractionServiceServer;
use crow_proto::api::issue_service_server::IssueServiceServer;
use crow_proto::api::note_service_server::NoteServiceServer;
use crow_proto::api::people_service_server::PeopleServiceServer;
use crow_proto::api::product_service_server::ProductServiceServer;
use crow_proto::api::session_service_server::SessionServiceServer;
use crow_runtime::Shutdown;
use crow_web::grpc::{CallsLayer, Incoming, accepted};

use crate::api::Api;
use crate::ask::dashboards::SaveDashboard;
use crate::live::Live;
use crate::rest::asked::Body;

pub use alerts::Alerts;
pub use analytics::Questions;
pub use cohorts::Cohorts;
pub use collections::Collections;
pub use dashboards::Dashboards;
pub use interactions::Interactions;
pub use issues::Issues;
pub use notes::Notes;
pub use people::People;
pub use products::Products;
pub use service::Sessions;

/// The largest request, in bytes, but for dashboards. Requests hold only a few texts.
const MAX_REQUEST: usize = 64 << 10;
/// Calls at the same time on one connection.
const MAX_STREAMS: u32 = 256;
/// Time limit for receiving the request and starting the response. Longer than any question may
/// take.
const ANSWER: Duration = Duration::from_secs(90);
/// A connection is closed if it does not answer a ping within this time.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);
/// Time between pings on a connection.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// The services, as health checks name them.
const SERVICES: [&str; 11] = [
    SessionServiceServer::<Sessions>::NAME,
    AnalyticsServiceServer::<Questions>::NAME,
    InteractionServiceServer::<Interactions>::NAME,
    ProductServiceServer::<Products>::NAME,
    IssueServiceServer::<Issues>::NAME,
    PeopleServiceServer::<People>::NAME,
    AlertServiceServer::<Alerts>::NAME,
    NoteServiceServer::<Notes>::NAME,
    DashboardServiceServer::<Dashboards>::NAME,
    CollectionServiceServer::<Collections>::NAME,
    CohortServiceServer::<Cohorts>::NAME,
];

/// Serves until the shutdown begins, then lets running calls finish.
pub async fn serve(
    incoming: Incoming,
    (api, live, accounts): (Api, Live, Accounts),
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let (reporter, health) = tonic_health::server::health_reporter();
    report(&reporter, ServingStatus::Serving).await;
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(crow_proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()
        .context("the descriptors of the gRPC services cannot be read")?;
    // Many clients, such as Python's, know only this version.
    let reflection_v1alpha = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(crow_proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1alpha()
        .context("the descriptors of the gRPC services cannot be read")?;
    Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
        .max_concurrent_streams(Some(MAX_STREAMS))
        .timeout(ANSWER)
        .layer(traced::TracedLayer)
        .layer(tower::util::MapResponseLayer::new(
            error::say_what_is_malformed,
        ))
        .layer(CallsLayer)
        .add_routes(services(api, live, accounts))
        .add_service(health)
        .add_service(reflection)
        .add_service(reflection_v1alpha)
        .serve_with_incoming_shutdown(accepted(incoming), async move {
            shutdown.started().await;
            report(&reporter, ServingStatus::NotServing).await;
        })
        .await
        .context("the gRPC server failed")
}

/// The services of [`SERVICES`].
fn services(api: Api, live: Live, accounts: Accounts) -> Routes {
    let alerts =
        AlertServiceServer::new(Alerts::new(api.clone())).max_decoding_message_size(MAX_REQUEST);
    let cohorts = CohortServiceServer::new(Cohorts::new(api.clone(), accounts))
        .max_decoding_message_size(MAX_REQUEST);
    let collections = CollectionServiceServer::new(Collections::new(api.clone()))
        .max_decoding_message_size(MAX_REQUEST);
    let dashboards = DashboardServiceServer::new(Dashboards::new(api.clone()))
        .max_decoding_message_size(SaveDashboard::MOST);
    let interactions = InteractionServiceServer::new(Interactions::new(api.clone()))
        .max_decoding_message_size(MAX_REQUEST);
    let issues =
        IssueServiceServer::new(Issues::new(api.clone())).max_decoding_message_size(MAX_REQUEST);
    let people =
        PeopleServiceServer::new(People::new(api.clone())).max_decoding_message_size(MAX_REQUEST);
    let notes =
        NoteServiceServer::new(Notes::new(api.clone())).max_decoding_message_size(MAX_REQUEST);
    let products = ProductServiceServer::new(Products::new(api.clone()))
        .max_decoding_message_size(MAX_REQUEST);
    let questions = AnalyticsServiceServer::new(Questions::new(api.clone()))
        .max_decoding_message_size(MAX_REQUEST);
    let sessions =
        SessionServiceServer::new(Sessions::new(api, live)).max_decoding_message_size(MAX_REQUEST);
    Routes::new(sessions)
        .add_service(questions)
        .add_service(interactions)
        .add_service(products)
        .add_service(issues)
        .add_service(people)
        .add_service(alerts)
        .add_service(notes)
        .add_service(dashboards)
        .add_service(collections)
        .add_service(cohorts)
}

/// Tells health checks of all services.
async fn report(reporter: &HealthReporter, status: ServingStatus) {
    for service in SERVICES {
        reporter.set_service_status(service, status).await;
    }
}
