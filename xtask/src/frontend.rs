//! The folders that npm builds, and that the services serve.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Context;
use crow_testkit::paths;
use tokio::process::Command;

use crate::command;

/// Each has a `package-lock.json`, and a script `build` that fills its `dist/`.
const FOLDERS: [&str; 2] = ["sdk", "dashboard"];

/// Builds all of them.
pub async fn build_all() -> anyhow::Result<()> {
    for folder in FOLDERS.into_iter().filter(|folder| is_there(folder)) {
        build(folder).await?;
    }
    Ok(())
}

/// Builds those that have never been built.
pub async fn build_missing() -> anyhow::Result<()> {
    for folder in FOLDERS.into_iter().filter(|folder| is_there(folder)) {
        if !path(folder).join("dist").is_dir() {
            build(folder).await?;
        }
    }
    Ok(())
}

/// Whether this checkout has it.
pub fn is_there(folder: &str) -> bool {
    path(folder).join("package.json").is_file()
}

/// Builds one, after its dev tools were installed if need be.
pub async fn build(folder: &str) -> anyhow::Result<()> {
    if !are_tools_current(&path(folder)) {
        command::run_aside(&mut npm(folder, &["ci", "--no-progress"])?).await?;
    }
    run(folder, &["build"]).await
}

/// Runs scripts of its `package.json`, in this order.
pub async fn run(folder: &str, scripts: &[&str]) -> anyhow::Result<()> {
    for script in scripts {
        command::run(&mut npm(folder, &["run", "--silent", script])?).await?;
    }
    Ok(())
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
