//! The crates that the programs of a release are built from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use super::PROGRAMS;
use super::packages::{Package, licence_texts, url};
use crate::command::{self, cargo};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Crate>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Crate {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    manifest_path: PathBuf,
    /// None: one of ours.
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// `dev` or `build`; none for an ordinary one.
    kind: Option<String>,
}

/// Crates of others that become part of the programs. What only tests and build scripts use is
/// left out.
pub async fn of_programs(root: &Path) -> anyhow::Result<Vec<Package>> {
    let mut command = cargo(&["metadata", "--offline", "--locked", "--format-version", "1"]);
    command.args(["--filter-platform", &target()]);
    let text = command::output(&mut command).await?;
    let metadata: Metadata =
        serde_json::from_str(&text).context("cannot read what cargo metadata says")?;
    let sums = checksums(&fs::read_to_string(root.join("Cargo.lock"))?);
    Ok(metadata.packages(&sums))
}

impl Metadata {
    fn packages(&self, sums: &BTreeMap<(String, String), String>) -> Vec<Package> {
        let crates: BTreeMap<&str, &Crate> = self
            .packages
            .iter()
            .map(|package| (package.id.as_str(), package))
            .collect();
        let edges = self.edges();
        let mut found: Vec<_> = self
            .reachable(&edges)
            .into_iter()
            .filter_map(|id| Some((id, *crates.get(id)?)))
            .filter(|(_id, package)| package.source.is_some())
            .map(|(id, package)| Package {
                kind: "cargo",
                name: package.name.clone(),
                version: package.version.clone(),
                licence: expression(package.license.as_deref().unwrap_or_default()),
                sha256: sums
                    .get(&(package.name.clone(), package.version.clone()))
                    .cloned(),
                needs: edges[id]
                    .iter()
                    .filter_map(|needed| crates.get(needed))
                    .map(|needed| url("cargo", &needed.name, &needed.version))
                    .collect(),
                texts: package
                    .manifest_path
                    .parent()
                    .map(licence_texts)
                    .unwrap_or_default(),
            })
            .collect();
        found.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
        found
    }

    /// What each package needs to run.
    fn edges(&self) -> BTreeMap<&str, Vec<&str>> {
        let is_ordinary = |edge: &&Edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none());
        self.resolve
            .nodes
            .iter()
            .map(|node| {
                let needed = node.deps.iter().filter(is_ordinary);
                (
                    node.id.as_str(),
                    needed.map(|edge| edge.pkg.as_str()).collect(),
                )
            })
            .collect()
    }

    fn reachable<'a>(&'a self, edges: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
        let mut open: Vec<&str> = self
            .packages
            .iter()
            .filter(|package| package.source.is_none() && PROGRAMS.contains(&package.name.as_str()))
            .map(|package| package.id.as_str())
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(edges.get(id).into_iter().flatten());
            }
        }
        seen
    }
}

/// The platform that the programs are built for.
fn target() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

/// Cargo once wrote `/` for `OR`.
fn expression(licence: &str) -> String {
    licence.replace(" / ", "/").replace('/', " OR ")
}

/// SHA-256 of each package, from `Cargo.lock`.
pub fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let mut sums = BTreeMap::new();
    for package in lock.split("[[package]]") {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key))?;
            Some(line.trim_matches([' ', '=', '"']).to_owned())
        };
        if let (Some(name), Some(version), Some(sum)) =
            (value("name"), value("version"), value("checksum"))
        {
            sums.insert((name, version), sum);
        }
    }
    sums
}
