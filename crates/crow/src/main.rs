//! The binary `crow`: all services in one process, and the admin command line.

mod commands;
mod config;
mod data_dir;
mod demo;
mod nats_child;
mod serve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crow_runtime::config::ConfigArgs;
use crow_runtime::{ServiceArgs, run_service};

use crate::config::Config;

/// CROW tracks what users do on your pages and apps, groups it into sessions, and records them for
/// replay. People and services can find, watch and replay them.
#[derive(Parser)]
#[command(name = "crow", version = crow_runtime::version(), arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    config: ConfigArgs,
    /// Folder for the database, the objects and the NATS store.
    #[arg(
        long,
        global = true,
        env = "CROW_DATA_DIR",
        default_value = "crow-data",
        value_name = "FOLDER"
    )]
    data_dir: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the gateway, the session keeper, the read API and the interaction service. Starts a nats-server unless bus.url
    /// names one.
    Serve {
        /// Also serve a demo shop that uses the SDK, on server.demo_listen. Its sessions belong to
        /// the organization `demo`.
        #[arg(long)]
        demo: bool,
    },
    /// Run the ingest gateway alone, as the program `crow-ingest` does.
    Ingest(ServiceArgs),
    /// Run a session keeper alone, as the program `crow-session` does.
    Session(ServiceArgs),
    /// Run the read API alone, as the program `crow-query` does.
    Query(ServiceArgs),
    /// Run the API gateway alone, as the program `crow-gateway` does.
    Gateway(ServiceArgs),
    /// Run the interaction service alone, as the program `crow-interaction` does.
    Interaction(ServiceArgs),
    /// Create, list and revoke API keys.
    #[command(subcommand)]
    Keys(commands::keys::KeysCommand),
    /// Create, invite, list and disable users.
    #[command(subcommand)]
    Users(commands::users::UsersCommand),
    /// Check the audit log.
    #[command(subcommand)]
    Audit(commands::audit_log::AuditCommand),
    /// Bring the database schema up to date.
    Migrate,
    /// Test an installation: write a session, read it back, replay it, and report what is wrong.
    Doctor(commands::doctor::DoctorArgs),
    /// List, retry or delete messages that could not be processed.
    #[command(subcommand)]
    Dlq(commands::dlq::DlqCommand),
    /// Write generated sessions for demos and benchmarks. Stop the session keepers first.
    Seed(commands::seed::SeedArgs),
    /// Remove objects that nothing refers to. The session keeper also does this every ten minutes.
    Sweep(commands::sweep::SweepArgs),
    /// Copy database and objects to a folder or to S3, with everything that was acknowledged before
    /// it began. The services may run.
    Backup(commands::backup::BackupArgs),
    /// Load a backup into an empty installation. Stop the session keepers first.
    Restore(commands::restore::RestoreArgs),
    /// Erase sessions permanently: keys and rows at once, then the data in other stores.
    Erase(commands::erase::EraseArgs),
    /// Write what is stored of one person to a zip, for an access request.
    Access(commands::access::AccessArgs),
    /// Upload source maps, so that errors show where they are in your sources.
    #[command(subcommand)]
    Sourcemaps(commands::sourcemaps::SourcemapsCommand),
    /// Print the lines of an object, sealed or not.
    Cat(commands::cat::CatArgs),
    /// Seal earlier recordings, and rotate the keys that recordings are sealed with.
    #[command(subcommand)]
    Seal(commands::seal::SealCommand),
    /// Show the configuration in effect, or the reference of all settings.
    #[command(subcommand)]
    Config(commands::config::ConfigCommand),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> anyhow::Result<ExitCode> {
    let before = cli.config.config.as_deref();
    match &cli.command {
        Command::Ingest(args) => Ok(run_service(
            &with_file(args, before),
            crow_ingest::Config::telemetry,
            crow_ingest::run,
        )),
        Command::Session(args) => Ok(run_service(
            &with_file(args, before),
            crow_session::Config::telemetry,
            crow_session::run,
        )),
        Command::Query(args) => Ok(run_service(
            &with_file(args, before),
            crow_query::Config::telemetry,
            crow_query::run,
        )),
        Command::Gateway(args) => Ok(run_service(
            &with_file(args, before),
            crow_gateway::Config::telemetry,
            crow_gateway::run,
        )),
        Command::Interaction(args) => Ok(run_service(
            &with_file(args, before),
            crow_interaction::Config::telemetry,
            crow_interaction::run,
        )),
        // It runs where a site is built, and reads no configuration.
        Command::Sourcemaps(command) => commands::sourcemaps::start(command),
        _ => start_command(cli),
    }
}

/// `crow --config FILE ingest` means the same as `crow ingest --config FILE`.
fn with_file(args: &ServiceArgs, before: Option<&Path>) -> ServiceArgs {
    let mut args = args.clone();
    if args.config.config.is_none() {
        args.config.config = before.map(Path::to_owned);
    }
    args
}

fn start_command(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = Config::load(&cli.data_dir, cli.config.config.as_deref())?;
    crow_runtime::process::prepare();
    crow_runtime::install_crypto();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(dispatch(cli.command, cli.data_dir, config))
}

async fn dispatch(command: Command, data_dir: PathBuf, config: Config) -> anyhow::Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match command {
        Command::Ingest(_)
        | Command::Session(_)
        | Command::Query(_)
        | Command::Gateway(_)
        | Command::Interaction(_)
        | Command::Sourcemaps(_) => {
            unreachable!("`start` runs these with a configuration of their own")
        }
        Command::Serve { demo } => serve::run(&data_dir, config, demo).await,
        Command::Keys(command) => commands::keys::run(command, &data_dir, &config)
            .await
            .map(done),
        Command::Users(command) => commands::users::run(command, &config).await.map(done),
        Command::Audit(command) => commands::audit_log::run(command, &config).await,
        Command::Migrate => commands::migrate::run(&config).await.map(done),
        Command::Doctor(args) => commands::doctor::run(args, &data_dir, &config).await,
        Command::Dlq(command) => commands::dlq::run(command, &data_dir, &config)
            .await
            .map(done),
        Command::Seed(args) => commands::seed::run(args, &config).await.map(done),
        Command::Sweep(args) => commands::sweep::run(args, &data_dir, &config)
            .await
            .map(done),
        Command::Backup(args) => commands::backup::run(args, &data_dir, &config)
            .await
            .map(done),
        Command::Restore(args) => commands::restore::run(args, &config).await,
        Command::Erase(args) => commands::erase::run(args, &data_dir, &config)
            .await
            .map(done),
        Command::Access(args) => commands::access::run(args, &data_dir, &config)
            .await
            .map(done),
        Command::Cat(args) => commands::cat::run(args, &config).await.map(done),
        Command::Seal(command) => commands::seal::run(command, &config).await.map(done),
        Command::Config(command) => commands::config::run(command, &config).map(done),
    }
}
