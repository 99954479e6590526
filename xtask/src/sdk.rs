//! `cargo xtask sdk`: the SDK's build and tests.

use clap::Args;

use crate::{command, frontend};

/// Where it lies.
pub const FOLDER: &str = "sdk";

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
        frontend::build_and_run_in_browser(FOLDER).await?;
    }
    command::progress("the SDK is in sdk/dist");
    Ok(())
}

/// Builds the SDK, runs its unit tests and looks at its size.
pub async fn check() -> anyhow::Result<()> {
    frontend::build(FOLDER).await?;
    frontend::run(FOLDER, &["check", "test", "size", "lint:package"]).await
}
