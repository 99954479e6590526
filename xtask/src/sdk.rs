//! `cargo xtask sdk`: the SDK's build and tests.

use std::path::Path;

use clap::Args;
use crow_testkit::{nats, process};

use crate::command::{self, cargo};
use crate::{frontend, tools};

const FOLDER: &str = "sdk";

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
        let (nats_server, chromium) = (tools::nats_server().await?, tools::chromium()?);
        command::run(&mut cargo(&["build", "--workspace", "--bins"])).await?;
        run_in_browser(&nats_server, &chromium).await?;
    }
    command::progress("the SDK is in sdk/dist");
    Ok(())
}

/// Builds the SDK, runs its unit tests and looks at its size.
pub async fn check() -> anyhow::Result<()> {
    frontend::build(FOLDER).await?;
    frontend::run(FOLDER, &["check", "test", "size", "lint:package"]).await
}

/// Visits pages and the demo shop in Chromium, against the `crow` that was built last.
pub async fn run_in_browser(nats_server: &Path, chromium: &Path) -> anyhow::Result<()> {
    let mut e2e = frontend::npm(FOLDER, &["run", "--silent", "e2e"])?;
    e2e.env("CROW_BIN", process::binary("crow")?);
    e2e.env(nats::BINARY_VARIABLE, nats_server);
    e2e.env(tools::CHROMIUM_VARIABLE, chromium);
    command::run(&mut e2e).await
}
