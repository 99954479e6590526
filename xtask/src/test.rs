//! `cargo xtask test`: all checks and tests, against real servers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use crow_testkit::postgres::{self, PostgresCluster};
use crow_testkit::s3::{self, S3Server};
use crow_testkit::{nats, paths, process};
use futures::future::join_all;
use tempfile::TempDir;
use tokio::process::Command;

use crate::browsers::{self, Browser};
use crate::command::{self, cargo, linting_cargo, progress};
use crate::frontend::FrontEnd;
use crate::{deploy_check, fidelity, frontend, instructions, tidy, tools};

/// Crates whose tests start no server.
const WITHOUT_SERVERS: [&str; 12] = [
    "crow-embedding",
    "crow-issues",
    "crow-keyring",
    "crow-product",
    "crow-proto",
    "crow-runtime",
    "crow-scrub",
    "crow-session-core",
    "crow-sourcemap",
    "crow-story",
    "crow-types",
    "crow-web",
];

/// The test with faults.
const CHAOS: &str = "chaos";
/// The tests that start all processes of an installation.
const WHOLE: &str = "it";
/// Those of them that run after chaos. The others run after the library tests, so that both rows take
/// about the same time.
const AFTER_CHAOS: [&str; 5] = ["backup::", "kill::", "live::", "openapi::", "site_import::"];

mod leftovers;
#[cfg(test)]
mod tests;

use leftovers::Run;

/// What to test.
#[derive(Debug, Args)]
pub struct Options {
    /// Only tests whose name contains this.
    #[arg(long, value_name = "NAME-FILTER")]
    only: Option<String>,
    /// Leave out rustfmt, clippy and the documentation.
    #[arg(long)]
    skip_lints: bool,
    /// Leave out the tests in browsers, which take some minutes.
    #[arg(long)]
    skip_browser: bool,
    /// Only what needs no server and no browser: format, tidy and the tests inside the crates
    /// that need neither.
    #[arg(long, conflicts_with_all = ["only", "skip_lints", "skip_browser"])]
    quick: bool,
}

impl Options {
    /// They have names of their own, which `--only` does not know.
    fn runs_browser(&self) -> bool {
        !self.skip_browser && self.only.is_none()
    }

    /// A command of Cargo that compiles, with the lints if they are wanted.
    fn cargo(&self, arguments: &[&str]) -> Command {
        if self.skip_lints {
            cargo(arguments)
        } else {
            linting_cargo(arguments)
        }
    }
}

/// Runs everything; the error of a failed step carries its exit code.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    if options.quick {
        return quick().await;
    }
    // Said before anything that takes long.
    tools::require_postgres()?;
    if options.only.is_none() {
        deploy_check::require_programs()?;
    }
    let browsers = options.runs_browser().then(browsers::installed);
    let browsers = browsers.transpose()?.unwrap_or_default();
    // Downloads run during compilation.
    let (programs, ()) = tokio::try_join!(install(options), check_and_build(options))?;
    // Many tests wait, for a server or for a fault to pass. What needs none fills the time.
    tokio::try_join!(run_tests(options, &programs), count(options))?;
    // After everything else: some browser tests go by the clock.
    run_in_browsers(&browsers, &programs).await?;
    progress("all passed");
    Ok(())
}

async fn install(options: &Options) -> anyhow::Result<Programs> {
    let programs = Programs::install().await?;
    if options.only.is_none() {
        tools::for_deploy().await?;
    }
    Ok(programs)
}

/// The SDK takes as long as the dashboard and the fidelity check together, and each of them waits for
/// pages and servers half of its time. So they run side by side. A failure of one does not stop the other.
async fn run_in_browsers(browsers: &[Browser], programs: &Programs) -> anyhow::Result<()> {
    if browsers.is_empty() {
        return Ok(());
    }
    let nats_server = &programs.nats_server;
    let dashboard_and_fidelity = async {
        run_in_all(browsers, &frontend::DASHBOARD, nats_server).await?;
        fidelity::check().await
    };
    let sdk = run_in_all(browsers, &frontend::SDK, nats_server);
    let (sdk, rest) = tokio::join!(sdk, dashboard_and_fidelity);
    sdk.and(rest)
}

async fn run_in_all(
    browsers: &[Browser],
    front_end: &FrontEnd,
    nats_server: &Path,
) -> anyhow::Result<()> {
    for browser in browsers {
        frontend::run_in_browser(front_end.folder, nats_server, browser).await?;
    }
    Ok(())
}

/// Other work does not change the counts.
async fn count(options: &Options) -> anyhow::Result<()> {
    if options.only.is_none() {
        instructions::check_if_possible().await?;
    }
    Ok(())
}

/// The checks to run before each commit.
async fn quick() -> anyhow::Result<()> {
    command::run(&mut cargo(&["fmt", "--all", "--check"])).await?;
    tidy::run()?;
    let mut tests = cargo(&["test", "--lib"]);
    for package in WITHOUT_SERVERS {
        tests.args(["--package", package]);
    }
    command::run(&mut tests).await?;
    for folder in frontend::ALL.map(|front_end| front_end.folder) {
        frontend::install(folder).await?;
        frontend::run(folder, &["check", "test"]).await?;
    }
    progress("passed; `cargo xtask test` checks the rest");
    Ok(())
}

/// All that needs no servers.
async fn check_and_build(options: &Options) -> anyhow::Result<()> {
    if !options.skip_lints {
        command::run(&mut cargo(&["fmt", "--all", "--check"])).await?;
    }
    tidy::run()?;
    let mut build = options.cargo(&["build", "--workspace", "--lib", "--bins", "--tests"]);
    if options.only.is_some() {
        frontend::build_missing().await?;
        return command::run(&mut build).await;
    }
    // They keep one core busy at most. The programs of a debug build read what is built there when they
    // run; the compiler only looks whether the folders are there.
    frontend::make_folders()?;
    tokio::try_join!(build_front_ends(), command::run(&mut build))?;
    Ok(())
}

async fn build_front_ends() -> anyhow::Result<()> {
    frontend::build_all().await?;
    for front_end in frontend::ALL {
        frontend::check(front_end).await?;
    }
    Ok(())
}

/// How long the chaos test runs, and with which faults.
#[derive(Debug, Args)]
pub struct ChaosOptions {
    /// Minutes of faults. The check runs afterwards.
    #[arg(long, default_value_t = 3.0)]
    minutes: f64,
    /// Seed that decides the order of faults.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Run on three NATS nodes instead of one, and harm them too: kill them, cut them off from each
    /// other and from clients, fill a disk. As root each node has its own network namespace.
    #[arg(long)]
    cluster: bool,
}

impl ChaosOptions {
    /// Part of the name of the test.
    fn test(&self) -> &'static str {
        if self.cluster {
            "a_cluster_that_loses_parts"
        } else {
            "chaos_loses_nothing"
        }
    }
}

/// Runs only one chaos test, for the given time, and prints its tables.
pub async fn chaos(options: &ChaosOptions) -> anyhow::Result<()> {
    let mut command = chaos_command(options.test(), &[]);
    let seconds = (options.minutes * 60.0).round();
    command.env("CROW_CHAOS_SECONDS", seconds.to_string());
    command.env("CROW_CHAOS_SEED", options.seed.to_string());
    run_with_programs(command).await
}

/// Runs only the test of an upgrade, from the programs in this folder to those of this version.
pub async fn upgrade(from: &Path) -> anyhow::Result<()> {
    let mut command = chaos_command("an_upgrade_under_load", &["--ignored"]);
    command.env("CROW_UPGRADE_FROM", from);
    run_with_programs(command).await
}

/// One test of `tests/chaos`, with its tables.
fn chaos_command(test: &str, arguments: &[&str]) -> Command {
    let mut command = cargo(&["test", "--workspace", "--test", CHAOS, test]);
    command.args(["--", "--nocapture"]).args(arguments);
    command
}

async fn run_with_programs(command: Command) -> anyhow::Result<()> {
    let programs = Programs::install().await?;
    // With the test, so that features are the same.
    command::run(&mut cargo(&[
        "build",
        "--workspace",
        "--bins",
        "--test",
        CHAOS,
    ]))
    .await?;
    run_with_servers(vec![vec![Step::tests(command)]], &programs).await
}

/// Something to do before the next step of a row.
enum Step {
    Tests(Box<Command>),
    DeployCheck,
}

impl Step {
    fn tests(command: Command) -> Self {
        Self::Tests(Box::new(command))
    }

    async fn run(&mut self) -> anyhow::Result<()> {
        match self {
            Self::Tests(command) => command::run_tests(command).await,
            Self::DeployCheck => deploy_check::check(&deploy_check::Options::default()).await,
        }
    }
}

/// Tests wait much of their time, for a process to start or a fault to pass. So they run in two rows,
/// side by side. More rows at once make tests late that have deadlines.
async fn run_tests(options: &Options, programs: &Programs) -> anyhow::Result<()> {
    if let Some(name) = &options.only {
        let named = options.cargo(&["test", "--workspace", name]);
        return run_with_servers(vec![vec![Step::tests(named)]], programs).await;
    }
    // Without the programs that have no tests: `--bins` compiles them once more.
    let mut libraries = options.cargo(&["test", "--workspace", "--lib"]);
    for package in tidy::metadata::packages(&paths::workspace_root())? {
        let tests = package.integration_tests();
        let tests = tests.filter(|test| ![CHAOS, WHOLE].contains(test));
        libraries.args(tests.flat_map(|test| ["--test", test]));
        libraries.args(package.tested_programs().flat_map(|name| ["--bin", name]));
    }
    let chaos = options.cargo(&["test", "--workspace", "--test", CHAOS]);
    let whole = || options.cargo(&["test", "--workspace", "--test", WHOLE, "--"]);
    let (mut first, mut second) = (whole(), whole());
    first.args(AFTER_CHAOS.iter().flat_map(|part| ["--skip", part]));
    second.args(AFTER_CHAOS);
    let rows = vec![
        vec![Step::tests(libraries), Step::tests(first)],
        vec![Step::tests(chaos), Step::tests(second), Step::DeployCheck],
    ];
    run_with_servers(rows, programs).await
}

/// Runs the rows side by side. A failure of a step does not stop the others.
async fn run_with_servers(mut rows: Vec<Vec<Step>>, programs: &Programs) -> anyhow::Result<()> {
    let logs = empty_log_dir()?;
    let servers = Servers::start(&logs, programs.pgvector.as_deref()).await?;
    // Declared after the servers, so that it ends what uses them before they end.
    let run = Run::new();
    for step in rows.iter_mut().flatten() {
        let Step::Tests(command) = step else { continue };
        command.envs(programs.environment()?);
        command.envs(servers.environment());
        command.env(leftovers::VARIABLE, run.id());
    }
    let failed = join_all(rows.iter_mut().map(|row| run_row(row))).await;
    progress(format!("logs of the servers: {}", logs.display()));
    let mut errors = failed.into_iter().flatten();
    let first = errors.next();
    for error in errors {
        progress(format!("{error:#}"));
    }
    first.map_or(Ok(()), Err)
}

/// One after the other. Returns the errors of those that failed.
async fn run_row(row: &mut [Step]) -> Vec<anyhow::Error> {
    let mut errors = Vec::new();
    for step in row {
        errors.extend(step.run().await.err());
    }
    errors
}

/// Programs that tests start.
struct Programs {
    nats_server: PathBuf,
    schemathesis: PathBuf,
    /// A folder, for [`PostgresCluster::start_with_pgvector`].
    pgvector: Option<PathBuf>,
}

impl Programs {
    async fn install() -> anyhow::Result<Self> {
        tools::require_postgres()?;
        let nats_server = tools::nats_server().await?;
        frontend::install_test_tools().await?;
        Ok(Self {
            nats_server,
            schemathesis: tools::for_tests().await?,
            pgvector: tools::pgvector().await?,
        })
    }

    fn environment(&self) -> anyhow::Result<[(&'static str, PathBuf); 3]> {
        Ok([
            (nats::BINARY_VARIABLE, self.nats_server.clone()),
            ("CROW_SCHEMATHESIS", self.schemathesis.clone()),
            (process::BIN_DIR_VARIABLE, process::bin_dir()?),
        ])
    }
}

/// Tests kill processes, never the machine: what Postgres has handed to the kernel is safe. Each test has
/// a database of its own, which is soon of no use.
const POSTGRES_SETTINGS: [&str; 3] = ["fsync=off", "full_page_writes=off", "autovacuum=off"];

/// Servers that all tests of a run share. Stopped when dropped, before their folder goes away.
struct Servers {
    postgres: PostgresCluster,
    /// For the few tests that need it. So both ways of a search are tested.
    with_pgvector: Option<PostgresCluster>,
    s3: S3Server,
    _dir: TempDir,
}

impl Servers {
    async fn start(logs: &Path, pgvector: Option<&Path>) -> anyhow::Result<Self> {
        progress("starting Postgres and S3 servers");
        // Not under target/, because the user of Postgres may have no access to it.
        let dir = tempfile::Builder::new()
            .prefix("crow-test-")
            .tempdir()
            .context("cannot create a temporary folder")?;
        let second = async {
            let Some(packages) = pgvector else {
                return Ok(None);
            };
            let (home, logs) = (dir.path().join("pgvector"), logs.join("pgvector"));
            let started =
                PostgresCluster::start_with_pgvector(packages, &home, &logs, &POSTGRES_SETTINGS);
            started.await.map(Some)
        };
        let (postgres, with_pgvector, s3) = tokio::try_join!(
            PostgresCluster::start_with(dir.path(), logs, &POSTGRES_SETTINGS),
            second,
            S3Server::start(logs)
        )?;
        Ok(Self {
            postgres,
            with_pgvector,
            s3,
            _dir: dir,
        })
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            (postgres::URL_VARIABLE, self.postgres.url()),
            (s3::URL_VARIABLE, self.s3.url()),
        ];
        let second = self.with_pgvector.iter();
        variables.extend(second.map(|it| (postgres::PGVECTOR_URL_VARIABLE, it.url())));
        variables
    }
}

fn empty_log_dir() -> anyhow::Result<PathBuf> {
    let dir = paths::workspace_root().join("target/test-logs");
    if dir.exists() {
        fs::remove_dir_all(&dir).context("cannot remove the logs of the last run")?;
    }
    fs::create_dir_all(&dir).context("cannot create the log folder")?;
    Ok(dir)
}
