use actix_web::App;
use actix_web::middleware::from_fn;
use anyhow::Context;

use crow_auth::KeyVerifier;
use crow_bus::Bus;
use crow_db::Db;
use crow_runtime::{Shutdown, telemetry};
use crow_storage::Store;
use crow_types::PartitionCount;
use crow_web::{Listener, Readiness, configure_health, request_scope};

use crate::access::Access;
use crate::admin::Admin;
use crate::config::Config;
use crate::grpc;
use crate::live::Live;
use crate::notices::follow_revocations;
use crate::rest::sign_in::Attempts;
use crate::rest::{self, Api};
use crate::use_cases::UseCases;

/// Serves REST and gRPC until the shutdown begins, then lets what is under way finish.
///
/// # Errors
/// When the database cannot be reached at the start, an address is taken, the
/// configuration cannot be used, or a server fails.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let db = Db::connect(&config.database)
        .await
        .context("cannot open the database")?;
    let store = Store::open(&config.storage).context("cannot open the object store")?;
    let verifier = KeyVerifier::new(db.clone(), &config.auth)?;
    let listener = Listener::bind("query.listen", config.query.listen)?;
    let incoming = grpc::bind(config.query.grpc_listen)?;

    let use_cases = UseCases::new(db.clone(), store);
    let api = Api {
        access: Access::new(verifier.clone()),
        analytics: use_cases.analytics(config.query.sample_sessions),
        use_cases,
    };
    let (access, use_cases) = (api.access.clone(), api.use_cases.clone());
    let analytics = api.analytics.clone();
    // The number of partitions does not matter here: nothing is published to one.
    let one = PartitionCount::new(1).expect("1 is a count of partitions");
    let bus = Bus::connect("crow-query", &config.bus, one).await?;
    let live = Live::new(
        use_cases.clone(),
        access.clone(),
        bus.clone(),
        config.query.max_watchers_per_key,
        config.query.max_watchers,
        shutdown.clone(),
    );
    shutdown.spawn(
        "query.grpc",
        grpc::serve(
            incoming,
            access,
            use_cases,
            analytics,
            live.clone(),
            shutdown.clone(),
        ),
    );
    let admin = Admin::new(db.clone(), bus.clone(), verifier.clone());
    let following = follow_revocations(bus, verifier, shutdown.clone());
    shutdown.spawn("query.notices", async move {
        following.await;
        Ok(())
    });

    let readiness = Readiness::new(&shutdown);
    readiness.add_async("database", move || {
        let db = db.clone();
        async move { db.ping().await.map_err(|error| error.to_string()) }
    });
    let attempts = Attempts::default();
    let origins = config.query.allowed_origins;
    let factory = move || {
        App::new()
            .configure(|cfg| rest::configure(cfg, &api))
            .configure(|cfg| rest::live::configure(cfg, &live))
            .configure(|cfg| rest::admin::configure(cfg, &admin))
            .configure(|cfg| rest::sign_in::configure(cfg, &attempts))
            .configure(|cfg| configure_health(cfg, readiness.clone(), telemetry::init_metrics()))
            .configure(rest::dashboard::configure)
            .wrap(rest::cors(&origins))
            .wrap(from_fn(request_scope))
    };
    listener
        .serve(config.query.workers, factory, shutdown)
        .await?;
    Ok(())
}
