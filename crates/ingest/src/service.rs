//! Startup and shutdown: adapters first, then the server.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::App;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use anyhow::Context as _;
use backon::Retryable;
use futures::StreamExt;
use tracing::{info, warn};

use crow_auth::{GatewayChannel, KeyVerifier};
use crow_bus::notices::{self, KeyNotice};
use crow_bus::publisher::EventPublisher;
use crow_bus::{Bus, streams};
use crow_db::Db;
use crow_runtime::{Readiness, Shutdown, Tls, Troubles};
use crow_storage::Store;
use crow_types::log_chain;
use crow_web::{Health, Listener, Operators, request_scope};

use crate::app::{self, OpenApiText};
use crate::assets::{self, Assets, Reports};
use crate::config::Config;
use crate::edge::Enricher;
use crate::erased::Erased;
use crate::gateway::Gateway;
use crate::inflight::Inflight;
use crate::meters::Meters;
use crate::notices::Notices;
use crate::publish::PUBLISHING;
use crate::rate::RateLimits;
use crate::routes::openapi;
use crate::settings::{self, Settings};
use crow_runtime::retry::{keep_listening, pauses};

/// How long readiness fails after a failed publish. Then a new attempt is due.
const FORGET_TROUBLE: Duration = Duration::from_secs(3);

/// Serves until the shutdown begins.
///
/// The gateway starts without NATS. Until NATS is available, clients get 503 with `Retry-After`.
///
/// # Errors
/// When the configuration is invalid, the address is in use, or the database cannot be reached.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let listener = Listener::bind("ingest.listen", config.ingest.listen)?;
    run_on(listener, config, shutdown).await
}

/// Like [`run`], on a bound listener, so that the caller knows its address.
pub async fn run_on(listener: Listener, config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    config.ingest.check()?;
    let db = Db::connect(&config.database).await?;
    let tls = Tls::open("ingest.tls", &config.ingest.tls, &shutdown)?;
    let listener = listener.secured(tls);
    let operators = Operators::open(
        ["ingest.admin_listen", "ingest.admin_tls"],
        config.ingest.admin_listen,
        &config.ingest.admin_tls,
        listener.address(),
        &shutdown,
    )?;
    let schema = || db.schema_readiness();
    listener
        .not_ready_until("schema", schema, operators.clone(), &shutdown)
        .await?;
    if shutdown.is_started() {
        return Ok(());
    }
    let partitions = crow_db::installation::ensure(&db, config.bus.partitions).await?;
    let bus = Bus::connect_and_wait("crow-ingest", &config.bus, partitions).await?;
    let (reports, waiting) = Reports::channel();
    let erased = Erased::load(&db).await?;
    let gateway = Data::new(build(&config, &db, bus, erased, reports)?);
    let sessions = config.ingest.assets.sessions;
    shutdown.spawn(
        "reports of assets",
        assets::record(db.clone(), sessions, waiting, shutdown.clone()),
    );
    let readiness = readiness(&gateway, db, &shutdown);
    start_tasks(&gateway, &readiness, &shutdown);

    info!(
        environment = config.environment,
        partitions = partitions.get(),
        "starting the ingest gateway"
    );
    let document = OpenApiText(
        openapi()
            .to_json()
            .context("writing the OpenAPI document")?
            .into(),
    );
    let health = Health::new(readiness).with_operators(operators, &shutdown)?;
    let workers = config.ingest.workers;
    let app = move || {
        let (gateway, document) = (gateway.clone(), document.clone());
        App::new()
            .configure(|cfg| app::configure(cfg, gateway, &health, document))
            .wrap(app::cors())
            .wrap(from_fn(request_scope))
    };
    Ok(listener.serve(workers, app, shutdown).await?)
}

/// Where a listener is made to ask clients for a certificate.
const CLIENT_CA: &str = "ingest.tls.client_ca_file";

fn build(
    config: &Config,
    db: &Db,
    bus: Bus,
    erased: Erased,
    reports: Reports,
) -> anyhow::Result<Gateway> {
    let ingest = &config.ingest;
    let auth = &config.auth;
    auth.check_gateway_listeners(CLIENT_CA, &[&ingest.tls])?;
    Ok(Gateway {
        publisher: EventPublisher::start(&bus),
        bus,
        store: Store::open(&config.storage)?,
        verifier: KeyVerifier::new(db.clone(), &config.auth)?,
        channel: GatewayChannel::new(&config.auth, &config.environment)?,
        settings: Arc::new(Settings::new(db.clone())),
        rates: RateLimits::new(ingest.key_rate, ingest.ip_rate),
        enricher: Enricher::open(ingest)?,
        inflight: Inflight::new(ingest.max_inflight_bytes),
        assets: Assets::new(&ingest.assets, db, reports),
        notices: Notices::new(),
        erased,
        meters: Meters::new(),
        troubles: Troubles::default(),
        config: ingest.clone(),
    })
}

fn readiness(gateway: &Data<Gateway>, db: Db, shutdown: &Shutdown) -> Readiness {
    let readiness = Readiness::new(shutdown);
    let bus = gateway.bus.clone();
    readiness.add("bus", move || {
        if bus.is_connected() {
            Ok(())
        } else {
            Err("not connected to NATS".to_owned())
        }
    });
    let troubles = gateway.troubles.clone();
    readiness.add(PUBLISHING, move || {
        troubles.check(PUBLISHING, FORGET_TROUBLE)
    });
    readiness.add_async("database", move || {
        let db = db.clone();
        async move {
            db.ping()
                .await
                .map_err(|_| "the database does not answer".to_owned())
        }
    });
    readiness
}

fn start_tasks(gateway: &Data<Gateway>, readiness: &Readiness, shutdown: &Shutdown) {
    let are_streams_there = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&are_streams_there);
    readiness.add("streams", move || {
        if flag.load(Ordering::Acquire) {
            Ok(())
        } else {
            Err("the streams are not created yet".to_owned())
        }
    });
    shutdown.spawn(
        "streams",
        ensure_streams(gateway.bus.clone(), are_streams_there, shutdown.clone()),
    );
    shutdown.spawn(
        "key revocations",
        follow_revocations(gateway.clone(), shutdown.clone()),
    );
    shutdown.spawn(
        "changed settings",
        settings::follow(
            gateway.bus.clone(),
            gateway.settings.clone(),
            shutdown.clone(),
        ),
    );
    shutdown.spawn(
        "erasures",
        gateway
            .erased
            .clone()
            .follow(gateway.bus.clone(), shutdown.clone()),
    );
    shutdown.spawn(
        "notices",
        crate::notices::follow(
            gateway.bus.clone(),
            gateway.notices.clone(),
            shutdown.clone(),
        ),
    );
    shutdown.spawn(
        "housekeeping",
        keep_house(gateway.clone(), shutdown.clone()),
    );
}

/// Creates the streams as soon as the bus is available.
async fn ensure_streams(
    bus: Bus,
    are_there: Arc<AtomicBool>,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let create = move || {
        let bus = bus.clone();
        async move { streams::ensure(&bus).await }
    };
    let created = create
        .retry(pauses())
        .when(crow_bus::Error::is_retryable)
        .notify(|error, _pause| {
            warn!(error = log_chain(error), "cannot create the streams yet");
        });
    tokio::select! {
        created = created => created?,
        () = shutdown.started() => return Ok(()),
    }
    are_there.store(true, Ordering::Release);
    shutdown.started().await;
    Ok(())
}

/// Rejects a revoked key as soon as the notice arrives.
async fn follow_revocations(gateway: Data<Gateway>, shutdown: Shutdown) -> anyhow::Result<()> {
    let listen = move || forget_revoked(gateway.clone());
    keep_listening("key revocations", listen, &shutdown).await;
    Ok(())
}

async fn forget_revoked(gateway: Data<Gateway>) -> crow_bus::Result<Infallible> {
    let mut revoked = notices::subscribe(&gateway.bus, notices::KEY_REVOKED).await?;
    while let Some(payload) = revoked.next().await {
        match KeyNotice::decode(&payload) {
            Some(notice) => gateway.verifier.forget(&notice.key_id).await,
            None => warn!("a notice of a revoked key cannot be read"),
        }
    }
    Err(crow_bus::Error::Disconnected)
}

async fn keep_house(gateway: Data<Gateway>, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut ticks = tokio::time::interval(crow_web::rate::CLEANING);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = shutdown.started() => return Ok(()),
        }
        gateway.rates.clean();
        gateway.assets.clean();
        metrics::gauge!("crow_ingest_inflight_bytes").set(gateway.inflight.used() as f64);
    }
}
