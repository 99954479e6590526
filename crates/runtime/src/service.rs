use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;
use tracing::{error, info};

use crate::config::{self, ConfigArgs};
use crate::shutdown::Shutdown;
use crate::telemetry::{self, Telemetry};
use crate::traces;

/// How long a stopping process may take to drain.
const DRAIN_DEADLINE: Duration = Duration::from_secs(25);

/// The command line of a service with its own binary.
#[derive(Parser)]
#[command(version = crate::version())]
struct Args {
    #[command(flatten)]
    service: ServiceArgs,
}

/// The options that every service has.
#[derive(Debug, Clone, clap::Args)]
pub struct ServiceArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Check the configuration and exit.
    #[arg(long)]
    pub check_config: bool,
}

/// The whole `main` of a service: parses the command line, then calls [`run_service`].
pub fn service_main<T, F, Fut>(
    about: &'static str,
    telemetry: fn(&T) -> Telemetry<'_>,
    run: F,
) -> ExitCode
where
    T: Serialize + DeserializeOwned + JsonSchema + Default,
    F: FnOnce(T, Shutdown) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let args = <Args as clap::FromArgMatches>::from_arg_matches(
        &<Args as clap::CommandFactory>::command()
            .about(about)
            .get_matches(),
    )
    .unwrap_or_else(|error| error.exit());
    run_service(&args.service, telemetry, run)
}

/// Reads the configuration, sets up telemetry, runs the service and stops it.
///
/// `run` builds the adapters and serves until the shutdown starts. `telemetry` selects the settings
/// of logs and traces. The exit code is 0 after an orderly stop, 1 after a failure, and 2 for an
/// invalid configuration.
pub fn run_service<T, F, Fut>(
    args: &ServiceArgs,
    telemetry: fn(&T) -> Telemetry<'_>,
    run: F,
) -> ExitCode
where
    T: Serialize + DeserializeOwned + JsonSchema + Default,
    F: FnOnce(T, Shutdown) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let config = match config::load(&T::default(), args.config.config.as_deref()) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    if args.check_config {
        println!("configuration is valid");
        return ExitCode::SUCCESS;
    }
    let runtime = Runtime::new().expect("the operating system gives threads");
    if let Err(error) = start_telemetry(telemetry(&config), &runtime) {
        eprintln!("error: {error:#}");
        return ExitCode::from(2);
    }
    telemetry::init_metrics();
    crate::process::prepare();
    install_crypto();
    let code = runtime.block_on(run_until_stopped(config, run));
    traces::finish();
    code
}

fn start_telemetry(telemetry: Telemetry<'_>, runtime: &Runtime) -> anyhow::Result<()> {
    telemetry::init_tracing(telemetry.log)?;
    // The exporter needs the runtime.
    let _entered = runtime.enter();
    traces::init(telemetry.service, telemetry.environment, telemetry.traces)
}

async fn run_until_stopped<T, F, Fut>(config: T, run: F) -> ExitCode
where
    F: FnOnce(T, Shutdown) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let shutdown = Shutdown::new();
    let stopper = shutdown.clone();
    tokio::spawn(async move {
        wait_for_stop_signal().await;
        info!("stopping");
        stopper.start();
    });
    let outcome = run(config, shutdown.clone()).await;
    shutdown.start();
    let is_clean = shutdown.finish(DRAIN_DEADLINE).await;
    match outcome {
        Ok(()) if is_clean => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(error) => {
            error!(error = format!("{error:#}"), "service failed");
            ExitCode::FAILURE
        }
    }
}

/// Returns on the first SIGTERM or SIGINT.
pub async fn wait_for_stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM can be handled");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Installs the TLS provider of the process. A second call changes nothing.
pub fn install_crypto() {
    drop(rustls::crypto::ring::default_provider().install_default());
}
