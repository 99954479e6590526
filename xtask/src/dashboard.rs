//! `cargo xtask dashboard`: the dashboard's build and tests.

use clap::Args;
use crow_testkit::{nats, process};

use crate::command::{self, cargo};
use crate::{frontend, tools};

pub const FOLDER: &str = "dashboard";

/// What to do beyond building and unit tests.
#[derive(Debug, Args)]
pub struct Options {
    /// Also run the tests in Chromium against real servers, which take some minutes.
    #[arg(long)]
    e2e: bool,
}

/// Builds the dashboard and runs its tests.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    check().await?;
    if options.e2e {
        run_in_browser().await?;
    }
    command::progress("the dashboard is in dashboard/dist");
    Ok(())
}

/// Builds the dashboard and runs its unit tests.
pub async fn check() -> anyhow::Result<()> {
    frontend::build(FOLDER).await?;
    frontend::run(FOLDER, &["check", "test"]).await
}

async fn run_in_browser() -> anyhow::Result<()> {
    let nats_server = tools::nats_server().await?;
    command::run(&mut cargo(&["build", "--workspace", "--bins"])).await?;
    let mut e2e = frontend::npm(FOLDER, &["run", "--silent", "e2e"])?;
    e2e.env("CROW_BIN", process::binary("crow")?);
    e2e.env(nats::BINARY_VARIABLE, nats_server);
    command::run(&mut e2e).await
}
