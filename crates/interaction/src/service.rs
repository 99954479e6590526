use std::future::Future;
use std::time::Duration;

use actix_web::App;
use actix_web::middleware::from_fn;
use anyhow::{Context, bail};
use tracing::{info, warn};

use crow_ai::{Ai, AiConfig, Embedder};
use crow_bus::Bus;
use crow_db::{Db, installation};
use crow_keyring::Keyring;
use crow_outbound::OutboundConfig;
use crow_runtime::{Readiness, Shutdown, Tls};
use crow_storage::{Seal, Store};
use crow_web::{Health, Listener, request_scope};

use crate::again;
use crate::config::Config;
use crate::consumer;
use crate::counted;
use crate::expired;
use crate::indexed;
use crate::site;
use crate::stored;
use crate::stories::Stories;
use crate::worker::Worker;

/// For everything but models, of the time until an announcement is delivered again, in milliseconds.
const REST_MS: u64 = 10_000;
/// How long models may take to answer what they are asked when the shutdown starts. The process has 25 s
/// to stop.
const GRACE: Duration = Duration::from_secs(23);

/// Puts finished sessions into words until the shutdown starts, and serves health and metrics.
///
/// If the bus or the object store is down, announcements stay in the queue.
///
/// # Errors
/// When the database cannot be reached at startup, the address is in use, or a setting is invalid.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let db = Db::connect(&config.database)
        .await
        .context("opening the database")?;
    let tls = Tls::open("interaction.tls", &config.interaction.tls, &shutdown)?;
    let listener = Listener::bind("interaction.listen", config.interaction.listen)?.secured(tls);
    let schema = || db.schema_readiness();
    listener
        .not_ready_until("schema", schema, None, &shutdown)
        .await?;
    if shutdown.is_started() {
        return Ok(());
    }
    let (worker, bus) = open(&config, db.clone()).await?;
    let outbound = config.interaction.outbound.clone();
    let health = Health::new(readiness(&shutdown, &db, &bus));
    shutdown.spawn(
        "interaction.queue",
        consume(worker, bus, outbound, shutdown.clone()),
    );
    info!(
        environment = config.environment,
        "interaction service started"
    );
    let app = move || {
        App::new()
            .configure(|cfg| health.configure(cfg))
            .wrap(from_fn(request_scope))
    };
    listener
        .serve(1, app, shutdown)
        .await
        .context("serving health and metrics")
}

/// The same without an address of its own: in `crow serve`, other services answer for the process.
/// The schema must be up to date.
///
/// # Errors
/// When the database or the object store cannot be opened.
pub async fn run_inside(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let db = Db::connect(&config.database)
        .await
        .context("opening the database")?;
    let (worker, bus) = open(&config, db).await?;
    let outbound = config.interaction.outbound.clone();
    consume(worker, bus, outbound, shutdown).await
}

async fn open(config: &Config, db: Db) -> anyhow::Result<(Worker, Bus)> {
    let retry_ms = config.bus.completion_retry_ms.min(config.bus.cctv_retry_ms);
    check_time_of_models(&config.ai, retry_ms)?;
    let ai = Ai::new(db.clone(), &config.ai)?;
    let embedder = Embedder::new(&config.embeddings)?;
    let store = Store::open(&config.storage)?;
    // It only reads, so a master key is needed once something is sealed.
    let keyring = Keyring::open(&db, &config.keyring, Seal::Off)?;
    keyring.check().await.context("checking the master key")?;
    let partitions = installation::ensure(&db, config.bus.partitions).await?;
    let bus = Bus::connect_and_wait("crow-interaction", &config.bus, partitions).await?;
    let stories = Stories::new(db.clone(), store, keyring)?;
    let worker = Worker::new(db, stories, ai).with_embedder(embedder);
    Ok((worker, bus))
}

/// Models must have failed before a queue delivers a message again, or each of them is asked twice at the
/// same time.
fn check_time_of_models(ai: &AiConfig, retry_ms: u64) -> anyhow::Result<()> {
    let longest_ms = ai
        .total_seconds
        .saturating_mul(1_000)
        .saturating_add(REST_MS);
    if !ai.models.is_empty() && longest_ms > retry_ms {
        bail!(
            "ai.total_seconds must be at least {} s below bus.completion_retry_ms and \
             bus.cctv_retry_ms (the shorter is {retry_ms} ms)",
            REST_MS / 1_000
        );
    }
    Ok(())
}

/// When the shutdown starts, what models are asked about is finished within [`GRACE`]. Other announcements
/// are delivered again, and an import starts again.
pub(crate) async fn consume(
    worker: Worker,
    bus: Bus,
    outbound: OutboundConfig,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let importing = import(worker.db.clone(), outbound, shutdown.clone());
    shutdown.spawn("interaction.imports", importing);
    let retries_ms = worker.ai.retries_within_ms();
    let asking = async {
        tokio::join!(
            consumer::work(&worker, &bus, &shutdown),
            again::keep_asking(&worker, &shutdown),
        );
    };
    let beside = async {
        tokio::select! {
            () = shutdown.started() => {}
            () = worker.embeddings.keep_complete(&worker.db) => {}
            () = counted::keep_complete(&worker.db) => {}
            () = indexed::keep_complete(&worker.db, worker.embeddings.embedder()) => {}
            () = stored::keep_announcing(&worker.db, &bus) => {}
            () = expired::keep_removing(&worker.db, retries_ms) => {}
        }
    };
    tokio::join!(finish(asking, &shutdown), beside);
    Ok(())
}

/// Waits for work that ends by itself after the shutdown has started, at most [`GRACE`].
async fn finish(work: impl Future<Output = ()>, shutdown: &Shutdown) {
    let lapsed = async {
        shutdown.started().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = work => {}
        () = lapsed => warn!("announcements in work did not end in time and are delivered again"),
    }
}

/// A task of its own: a page that takes long to read does not hold up the queues.
async fn import(db: Db, outbound: OutboundConfig, shutdown: Shutdown) -> anyhow::Result<()> {
    let bounds = site::Bounds::default();
    tokio::select! {
        () = shutdown.started() => {}
        () = site::work(&db, &outbound, &bounds) => {}
    }
    Ok(())
}

fn readiness(shutdown: &Shutdown, db: &Db, bus: &Bus) -> Readiness {
    let readiness = Readiness::new(shutdown);
    let asked = db.clone();
    readiness.add_async("database", move || {
        let db = asked.clone();
        async move {
            db.ping()
                .await
                .map_err(|_error| "the database does not answer".to_owned())
        }
    });
    let bus = bus.clone();
    readiness.add("bus", move || {
        bus.is_connected()
            .then_some(())
            .ok_or_else(|| "not connected to the bus".to_owned())
    });
    readiness
}

#[cfg(test)]
mod tests {
    use crow_ai::ModelConfig;

    use super::*;

    #[test]
    fn models_have_less_time_than_an_announcement() {
        let with_models = AiConfig {
            models: vec![ModelConfig::default()],
            ..AiConfig::default()
        };
        assert!(check_time_of_models(&with_models, 60_000).is_ok());
        assert!(check_time_of_models(&with_models, 49_000).is_err());
        assert!(check_time_of_models(&AiConfig::default(), 2_000).is_ok());
    }
}
