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
    /// What it builds.
    pub targets: Vec<Target>,
}

impl Package {
    /// The names of its integration tests.
    pub fn integration_tests(&self) -> impl Iterator<Item = &str> {
        let tests = self.targets.iter().filter(|target| target.kind == ["test"]);
        tests.map(|target| target.name.as_str())
    }

    /// The names of its programs that have tests inside.
    pub fn tested_programs(&self) -> impl Iterator<Item = &str> {
        let programs = self.targets.iter().filter(|target| target.kind == ["bin"]);
        let tested = programs.filter(|target| target.test);
        tested.map(|target| target.name.as_str())
    }
}

/// What Cargo builds of a package.
#[derive(Debug, Deserialize)]
pub struct Target {
    name: String,
    kind: Vec<String>,
    test: bool,
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

#[cfg(test)]
mod tests {
    use crow_testkit::paths;

    use super::*;

    #[test]
    fn integration_tests_are_named() {
        let packages = packages(&paths::workspace_root()).unwrap();
        let tests = packages
            .iter()
            .find(|package| package.name == "crow-tests")
            .map(|package| package.integration_tests().collect::<Vec<_>>());
        assert_eq!(tests, Some(vec!["chaos", "it"]));
    }
}
