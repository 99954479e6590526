//! `cargo xtask sdk`: the SDK's build and tests.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use crow_testkit::{nats, paths, process};
use tokio::process::Command;

use crate::command::{self, cargo};
use crate::tools;

/// What to do beyond building and unit tests.
#[derive(Debug, Args)]
pub struct Options {
    /// Also run the tests in Chromium against a real server, which take some minutes.
    #[arg(long)]
    e2e: bool,
}

/// Builds the SDK and runs its tests.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    check().await?;
    if options.e2e {
        run_in_browser().await?;
    }
    command::progress("the SDK is in sdk/dist");
    Ok(())
}

/// Builds the SDK, runs its unit tests and looks at its size.
pub async fn check() -> anyhow::Result<()> {
    command::run(&mut npm(&["ci", "--no-progress"])?).await?;
    for script in ["build", "check", "test", "size", "lint:package"] {
        command::run(&mut npm(&["run", "--silent", script])?).await?;
    }
    Ok(())
}

async fn run_in_browser() -> anyhow::Result<()> {
    let nats_server = tools::nats_server().await?;
    command::run(&mut cargo(&["build", "--workspace", "--bins"])).await?;
    let mut e2e = npm(&["run", "--silent", "e2e"])?;
    e2e.env("CROW_BIN", process::binary("crow")?);
    e2e.env(nats::BINARY_VARIABLE, nats_server);
    command::run(&mut e2e).await
}

fn npm(arguments: &[&str]) -> anyhow::Result<Command> {
    let npm: PathBuf = paths::on_path("npm").context(
        "npm is missing; install Node.js 20 or later with npm: apt-get install nodejs npm",
    )?;
    let mut command = Command::new(npm);
    command
        .current_dir(paths::workspace_root().join("sdk"))
        .args(arguments);
    Ok(command)
}
