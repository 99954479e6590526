//! `cargo xtask dashboard`: the dashboard's build and tests.

use clap::Args;

use crate::{command, frontend};

/// Where it lies.
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
        frontend::build_and_run_in_browser(FOLDER).await?;
    }
    command::progress("the dashboard is in dashboard/dist");
    Ok(())
}

/// Builds the dashboard and runs its unit tests.
pub async fn check() -> anyhow::Result<()> {
    frontend::build(FOLDER).await?;
    frontend::run(FOLDER, &["check", "test", "size"]).await
}
