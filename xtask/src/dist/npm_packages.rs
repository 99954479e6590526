//! The npm packages that the dashboard is built from: `crow` and `crow-query` contain it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use super::packages::{Package, licence_texts};

/// A tool whose output contains some of its own text.
const TOOLS: [&str; 1] = ["tailwindcss"];

#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    version: Option<String>,
    license: Option<String>,
    #[serde(default)]
    dev: bool,
}

/// Packages of others that become part of the dashboard. The SDK contains none.
pub fn of_dashboard(root: &Path) -> anyhow::Result<Vec<Package>> {
    let folder = root.join("dashboard");
    let text = fs::read_to_string(folder.join("package-lock.json"))
        .context("cannot read dashboard/package-lock.json")?;
    let lock: Lock = serde_json::from_str(&text).context("dashboard/package-lock.json")?;
    let packages = lock.packages.into_iter().filter_map(|(place, entry)| {
        let (_, name) = place.rsplit_once("node_modules/")?;
        (!entry.dev || TOOLS.contains(&name)).then(|| Package {
            kind: "npm",
            name: name.to_owned(),
            version: entry.version.unwrap_or_default(),
            licence: entry.license.unwrap_or_default(),
            sha256: None,
            needs: Vec::new(),
            texts: licence_texts(&folder.join(&place)),
        })
    });
    Ok(packages.collect())
}
