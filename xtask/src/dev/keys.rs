//! The API keys of the development server, created once and kept.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::crow::Crow;
use crate::command;

/// The organization that the keys belong to.
pub const ORGANIZATION: &str = "demo";

/// One key for each use.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// May write sessions.
    pub ingest: String,
    /// May read them.
    pub read: String,
    /// May read and administer: for signing in to the dashboard.
    pub dashboard: String,
}

/// The output of `crow keys create --json`. Further fields are ignored.
#[derive(Debug, Deserialize)]
struct CreatedKey {
    key: String,
}

/// The keys of earlier runs, else new ones.
pub async fn load_or_create(file: &Path, crow: &Crow) -> anyhow::Result<Keys> {
    if let Some(keys) = load(file)? {
        return Ok(keys);
    }
    let keys = Keys {
        ingest: create(crow, "ingest", &["ingest"]).await?,
        read: create(crow, "read", &["read"]).await?,
        dashboard: create(crow, "dashboard", &["read", "admin"]).await?,
    };
    save(file, &keys)?;
    Ok(keys)
}

/// The stored keys; none before the first run.
pub(super) fn load(file: &Path) -> anyhow::Result<Option<Keys>> {
    let text = match fs::read(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other.with_context(|| format!("cannot read {}", file.display()))?,
    };
    let keys = serde_json::from_slice(&text)
        .with_context(|| format!("delete {}, which is damaged", file.display()))?;
    Ok(Some(keys))
}

/// Stores the keys in a file that only its owner may read.
pub(super) fn save(file: &Path, keys: &Keys) -> anyhow::Result<()> {
    let mut output = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("cannot create {}", file.display()))?;
    let text = serde_json::to_vec_pretty(keys).context("keys are JSON")?;
    output.write_all(&text).context("cannot write the keys")
}

async fn create(crow: &Crow, purpose: &str, scopes: &[&str]) -> anyhow::Result<String> {
    command::progress(format!("creating a key for {purpose}"));
    let name = format!("dev-{purpose}");
    let mut command = crow.command(&["keys", "create"]);
    command.args(["--org", ORGANIZATION, "--name", &name]);
    for scope in scopes {
        command.args(["--scope", scope]);
    }
    let answer = command::output(command.arg("--json")).await?;
    let created: CreatedKey =
        serde_json::from_str(answer.trim()).context("cannot read the new key")?;
    Ok(created.key)
}
