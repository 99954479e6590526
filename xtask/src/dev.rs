//! `cargo xtask dev`: everything in one process on this machine, with a demo session to look at.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use crow_testkit::process::{self, Process};
use crow_testkit::{paths, wait};

use crate::command::{self, cargo, progress};
use crate::interrupt::{interrupted, or_interrupted};
use crate::{frontend, tools};

mod address;
pub(crate) mod crow;
mod demo;
mod keys;
#[cfg(test)]
mod tests;
mod visit;

use crow::Crow;
use keys::Keys;

/// The first start creates streams and tables.
const READY_DEADLINE: Duration = Duration::from_secs(60);

/// Time to drain what is in flight.
const STOP_DEADLINE: Duration = Duration::from_secs(30);

/// Longer than any session of development.
const EVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// How to run.
#[derive(Debug, Args)]
pub struct Options {
    /// Stop as soon as the demo session can be read, for tests of this command.
    #[arg(long)]
    once: bool,
}

/// Runs until Ctrl-C, or until the server ends.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let site = Site::new();
    let (mut server, keys) = or_interrupted(start(&site)).await?;
    let result = tokio::select! {
        result = show(&keys, options.once) => result,
        signal = interrupted() => signal.map(|name| progress(format!("stopping after {name}"))),
        status = ended(&mut server) => bail!("crow serve ended: {}\n{}", status?, server.log_tail(20)),
    };
    stop(&mut server).await?;
    result
}

/// Data folder of the development server.
struct Site {
    root: PathBuf,
}

impl Site {
    fn new() -> Self {
        Self {
            root: paths::workspace_root(),
        }
    }

    fn data_dir(&self) -> PathBuf {
        self.root.join(".crow/dev")
    }

    fn keys_file(&self) -> PathBuf {
        self.data_dir().join("keys.json")
    }

    fn log_dir(&self) -> PathBuf {
        self.data_dir().join("logs")
    }
}

/// Builds and starts the server, with a database and keys.
async fn start(site: &Site) -> anyhow::Result<(Process, Keys)> {
    address::require_free()?;
    let nats_server = tools::nats_server().await?;
    if let Err(error) = frontend::build_all().await {
        progress(format!(
            "without the SDK, the demo shop or the dashboard: {error:#}"
        ));
    }
    command::run(&mut build()).await?;
    let crow = Crow {
        binary: process::binary("crow")?,
        data_dir: site.data_dir(),
        nats_server,
    };
    std::fs::create_dir_all(site.data_dir()).context("cannot create .crow/dev")?;
    command::run(&mut crow.command(&["migrate"])).await?;
    let keys = keys::load_or_create(&site.keys_file(), &crow).await?;
    let server = crow.serve(&site.log_dir())?;
    progress(format!(
        "crow serve logs to {}",
        server.log_file().display()
    ));
    Ok((server, keys))
}

fn build() -> tokio::process::Command {
    // Builds the whole workspace. Then dependencies have the same features as in the tests, and
    // nothing is built twice.
    cargo(&["build", "--workspace", "--bin", "crow"])
}

/// Records the demo session, prints the addresses, and keeps running unless `once` is set.
async fn show(keys: &Keys, once: bool) -> anyhow::Result<()> {
    for url in [
        address::ready(address::INGEST),
        address::ready(address::QUERY),
    ] {
        wait::until_http_ready(&url, READY_DEADLINE).await?;
    }
    progress("sending the demo session");
    let session_id = visit::record(keys).await?;
    println!("{}", visit::welcome(keys, &session_id));
    if once {
        return Ok(());
    }
    progress("running; Ctrl-C stops");
    std::future::pending().await
}

async fn ended(server: &mut Process) -> anyhow::Result<ExitStatus> {
    server.ended(EVER).await
}

async fn stop(server: &mut Process) -> anyhow::Result<()> {
    if server.is_running() {
        let status = server.terminate(STOP_DEADLINE).await?;
        progress(format!("crow serve stopped: {status}"));
    }
    Ok(())
}
