//! `crow serve`: all services in one process.

use std::future::Future;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use backon::{ConstantBuilder, Retryable};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};

use crow_accounts::FIRST_LASTS_HOURS;
use crow_bus::{Bus, streams};
use crow_db::{Db, installation, sealing_keys};
use crow_keyring::new_master_key;
use crow_runtime::{Shutdown, telemetry, traces, wait_for_stop_signal};
use crow_storage::Seal;
use crow_types::{PartitionCount, log_chain};

use crate::commands::{make_db, users};
use crate::config::{Config, MASTER_KEY};
use crate::data_dir::{DataDir, write_secret};
use crate::demo::Demo;
use crate::nats_child::NatsChild;

/// How long stopping may take.
const DRAIN_DEADLINE: Duration = Duration::from_secs(25);

/// Between two tries to create the streams, how many, and how long all of them may take.
const BUS_PAUSE: Duration = Duration::from_millis(50);
const BUS_TRIES: usize = 200;
const BUS_DEADLINE: Duration = Duration::from_secs(10);

/// Runs until a stop signal, or until a service fails.
pub(crate) async fn run(
    data_dir: &Path,
    mut config: Config,
    with_demo: bool,
) -> anyhow::Result<ExitCode> {
    telemetry::init_tracing(&config.log)?;
    traces::init("crow", &config.environment, &config.traces)?;
    telemetry::init_metrics();
    let data_dir = DataDir::take(data_dir)?;
    let (partitions, demo) = prepare(&mut config, data_dir.path(), with_demo).await?;

    let shutdown = Shutdown::new();
    let stop_nats = CancellationToken::new();
    let mut nats = None;
    if config.bus.url.is_empty() {
        let child = NatsChild::prepare(&data_dir, &config, partitions.get()).await?;
        config.bus.url = child.url();
        let (stop, without_bus) = (stop_nats.clone(), shutdown.clone());
        nats = Some(tokio::spawn(async move {
            let outcome = child.supervise(stop).await;
            without_bus.start();
            outcome
        }));
    }
    data_dir.publish_bus_url(&config.bus.url)?;
    let stopper = shutdown.clone();
    tokio::spawn(async move {
        wait_for_stop_signal().await;
        info!("stopping");
        stopper.start();
    });

    if nats.is_some() {
        tokio::select! {
            () = shutdown.started() => {}
            () = make_streams(&config, partitions) => {}
        }
    }
    start_services(&config, &shutdown);
    if let Some(demo) = demo {
        spawn(&shutdown, "demo", demo.serve(shutdown.clone()));
    }
    info!(
        ingest = config.ingest_url(),
        query = config.query_url(),
        grpc = format!(
            "{}://{}",
            config.query.grpc_tls.scheme(),
            config.query.grpc_listen
        ),
        "crow is starting"
    );
    shutdown.started().await;
    let is_clean = shutdown.finish(DRAIN_DEADLINE).await;
    tokio::task::spawn_blocking(traces::finish).await?;
    // The bus stops last: the keeper has drained into SQL by now.
    stop_nats.cancel();
    if let Some(nats) = nats
        && let Err(error) = nats
            .await
            .map_err(anyhow::Error::from)
            .and_then(|outcome| outcome)
    {
        error!(error = format!("{error:#}"), "nats-server could not be run");
        return Ok(ExitCode::FAILURE);
    }
    Ok(if is_clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Writes to the database what the services read when they start.
async fn prepare(
    config: &mut Config,
    data_dir: &Path,
    with_demo: bool,
) -> anyhow::Result<(PartitionCount, Option<Demo>)> {
    let db = make_db(config).await?;
    let partitions = installation::ensure(&db, config.bus.partitions).await?;
    make_master_key(config, data_dir, &db).await?;
    let demo = if with_demo {
        Some(Demo::prepare(config, data_dir, &db).await?)
    } else {
        None
    };
    let first = users::accounts(&db, config)?.first_link().await?;
    // The services have connections of their own.
    db.close().await?;
    if let Some(token) = first {
        // Not in the log: whoever has the link becomes the owner.
        let (link, hours) = (users::link(config, &token), FIRST_LASTS_HOURS);
        eprintln!(
            "There are no users yet. To become the first owner, open within {hours} hours:\n  {link}"
        );
    }
    Ok((partitions, demo))
}

/// Creates the master key of a new installation. If something is sealed already, its master key must
/// be there.
async fn make_master_key(config: &mut Config, data_dir: &Path, db: &Db) -> anyhow::Result<()> {
    if config.storage.seal == Seal::Off || !config.lacks_master_key() {
        return Ok(());
    }
    let file = data_dir.join(MASTER_KEY);
    if sealing_keys::is_any(db).await? {
        bail!(
            "recordings are sealed, and the master key {} does not exist; restore it from a copy",
            file.display()
        );
    }
    let key = new_master_key();
    write_secret(&file, &key).context("cannot write the master key")?;
    config.keyring.master_key = key.into();
    warn!(
        file = file.display().to_string(),
        "created the master key; keep a copy elsewhere: without it no recording can be read"
    );
    Ok(())
}

/// Creates the streams of a nats-server of our own. Services wait for the bus, too, but each of them
/// logs that it is not there yet. If this fails, they say why.
async fn make_streams(config: &Config, partitions: PartitionCount) {
    let Ok(bus) = Bus::connect_and_wait("crow-serve", &config.bus, partitions).await else {
        return;
    };
    let create = || async {
        streams::ensure_with_notifications(&bus).await?;
        streams::ensure_stored(&bus).await
    };
    let often = ConstantBuilder::new()
        .with_delay(BUS_PAUSE)
        .with_max_times(BUS_TRIES);
    let created = create.retry(often).when(crow_bus::Error::is_retryable);
    match tokio::time::timeout(BUS_DEADLINE, created).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!(error = log_chain(&error), "cannot create the streams yet"),
        Err(_late) => debug!("the streams are not created in time"),
    }
}

fn start_services(config: &Config, shutdown: &Shutdown) {
    spawn(
        shutdown,
        "ingest",
        crow_ingest::run(config.for_ingest(), shutdown.clone()),
    );
    spawn(
        shutdown,
        "session",
        crow_session::run(config.for_session(), shutdown.clone()),
    );
    spawn(
        shutdown,
        "query",
        crow_query::run(config.for_query(), shutdown.clone()),
    );
    spawn(
        shutdown,
        "interaction",
        crow_interaction::run_inside(config.for_interaction(), shutdown.clone()),
    );
}

fn spawn(
    shutdown: &Shutdown,
    name: &'static str,
    service: impl Future<Output = anyhow::Result<()>> + Send + 'static,
) {
    shutdown.spawn(name, service);
}
