//! The folders that npm builds, and that the services serve.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Context;
use clap::Args;
use crow_testkit::{nats, paths, process};
use tokio::process::Command;

use crate::browsers::{self, Browser};
use crate::command::{self, cargo, progress};
use crate::tools;

/// A folder with a `package-lock.json`, and a script `build` that fills its `dist/`.
#[derive(Debug)]
pub struct FrontEnd {
    /// From the root of the workspace.
    pub folder: &'static str,
    /// What a service serves of it, below the folder.
    served: &'static str,
    /// Scripts that check a build without a browser.
    checks: &'static [&'static str],
}

/// Recorder and tracker.
pub const SDK: FrontEnd = FrontEnd {
    folder: "sdk",
    served: "dist/script",
    checks: &["check", "test", "size", "lint:package"],
};

/// Dashboard and player.
pub const DASHBOARD: FrontEnd = FrontEnd {
    folder: "dashboard",
    served: "dist",
    checks: &["check", "test", "size"],
};

/// Both.
pub const ALL: [&FrontEnd; 2] = [&SDK, &DASHBOARD];

/// What to do beyond building and unit tests.
#[derive(Debug, Args)]
pub struct Options {
    /// Also run the tests in Chromium against a real server, which take some minutes.
    #[arg(long)]
    e2e: bool,
}

/// Builds one and runs its tests.
pub async fn build_and_test(front_end: &FrontEnd, options: &Options) -> anyhow::Result<()> {
    let folder = front_end.folder;
    build(folder).await?;
    check(front_end).await?;
    if options.e2e {
        build_and_run_in_browser(folder).await?;
    }
    progress(format!("built: {folder}/dist"));
    Ok(())
}

/// Runs the unit tests and everything else that needs no browser.
pub async fn check(front_end: &FrontEnd) -> anyhow::Result<()> {
    run(front_end.folder, front_end.checks).await
}

/// Builds all of them.
pub async fn build_all() -> anyhow::Result<()> {
    for front_end in ALL {
        build(front_end.folder).await?;
    }
    Ok(())
}

/// Makes the folders that services serve, before builds fill them.
pub fn make_folders() -> anyhow::Result<()> {
    for folder in ALL.map(|front_end| path(front_end.folder).join(front_end.served)) {
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    Ok(())
}

/// Builds those that have never been built.
pub async fn build_missing() -> anyhow::Result<()> {
    for folder in ALL.map(|front_end| front_end.folder) {
        if !path(folder).join("dist").is_dir() {
            build(folder).await?;
        }
    }
    Ok(())
}

/// Builds one, after its dev tools were installed if need be.
pub async fn build(folder: &str) -> anyhow::Result<()> {
    install(folder).await?;
    run(folder, &["build"]).await
}

/// Installs the dev tools of one, if need be.
pub async fn install(folder: &str) -> anyhow::Result<()> {
    if !are_tools_current(&path(folder)) {
        command::run_aside(&mut npm(folder, &["ci", "--no-progress"])?).await?;
    }
    Ok(())
}

/// Installs the provider of the sign-in, what makes types of the API, and the suite of the protocol of
/// assistants.
pub async fn install_test_tools() -> anyhow::Result<()> {
    for folder in ["tools/oidc", "tools/api-types", "tools/mcp"] {
        install(folder).await?;
    }
    Ok(())
}

/// Runs scripts of its `package.json`, in this order.
pub async fn run(folder: &str, scripts: &[&str]) -> anyhow::Result<()> {
    for script in scripts {
        command::run(&mut npm(folder, &["run", "--silent", script])?).await?;
    }
    Ok(())
}

/// Runs the tests of a folder in a browser, against the `crow` that was built last.
pub async fn run_in_browser(
    folder: &str,
    nats_server: &Path,
    browser: &Browser,
) -> anyhow::Result<()> {
    progress(format!("{folder} in {}", browser.name));
    let mut e2e = npm(folder, &["run", "--silent", "e2e"])?;
    e2e.env("CROW_BIN", process::binary("crow")?);
    e2e.env(nats::BINARY_VARIABLE, nats_server);
    e2e.env("CROW_BROWSER", browser.name);
    e2e.envs(browser.program.clone());
    command::run(&mut e2e).await
}

/// Builds `crow`, then runs the tests of a folder in Chromium.
async fn build_and_run_in_browser(folder: &str) -> anyhow::Result<()> {
    let (nats_server, chromium) = (tools::nats_server().await?, browsers::chromium()?);
    install_test_tools().await?;
    command::run(&mut cargo(&["build", "--workspace", "--bins"])).await?;
    run_in_browser(folder, &nats_server, &chromium).await
}

/// npm in a folder.
pub fn npm(folder: &str, arguments: &[&str]) -> anyhow::Result<Command> {
    let npm: PathBuf = paths::on_path("npm").context(
        "npm is missing; install Node.js 20 or later with npm: apt-get install nodejs npm",
    )?;
    let mut command = Command::new(npm);
    command.current_dir(path(folder)).args(arguments);
    Ok(command)
}

fn path(folder: &str) -> PathBuf {
    paths::workspace_root().join(folder)
}

/// npm writes down when and what it installed.
fn are_tools_current(folder: &Path) -> bool {
    let wanted = changed_at(&folder.join("package-lock.json"));
    let installed = changed_at(&folder.join("node_modules/.package-lock.json"));
    installed.is_some_and(|installed| wanted.is_some_and(|wanted| installed >= wanted))
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    file.metadata().ok()?.modified().ok()
}
