//! The packages of the workspace, as Cargo sees them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A package of the workspace.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its `Cargo.toml`, from the root of the workspace.
    #[serde(rename = "manifest_path")]
    pub manifest: PathBuf,
    /// All that it depends on.
    pub dependencies: Vec<Dependency>,
}

/// An edge between two packages.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The package depended on.
    pub name: String,
    /// `dev` or `build`; none for an ordinary one.
    pub kind: Option<String>,
    /// Set when it is a package of ours.
    pub path: Option<String>,
}

impl Dependency {
    /// Whether only tests see it.
    pub fn is_dev(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }

    /// Whether it is a package of the workspace.
    pub fn is_ours(&self) -> bool {
        self.path.is_some()
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// Asks Cargo for the packages of the workspace.
pub fn packages(root: &Path) -> anyhow::Result<Vec<Package>> {
    let mut metadata: Metadata = ask(root, "--no-deps")?;
    for package in &mut metadata.packages {
        if let Ok(relative) = package.manifest.strip_prefix(root) {
            package.manifest = relative.to_path_buf();
        }
    }
    Ok(metadata.packages)
}

/// What `cargo metadata` answers, with one more argument.
pub fn ask<T: DeserializeOwned>(root: &Path, argument: &str) -> anyhow::Result<T> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", argument])
        .current_dir(root)
        .output()
        .context("cannot run cargo metadata")?;
    ensure!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).context("cannot read what cargo metadata says")
}
