//! One version for all: the packages of Cargo and those of npm.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use super::Violation;
use super::metadata::Package;

/// Packages of npm that belong to a release.
const NPM: [&str; 2] = ["sdk/package.json", "dashboard/package.json"];

#[derive(Deserialize)]
struct Manifest {
    version: String,
}

/// Names each package whose version is not that of the workspace.
pub fn check(root: &Path, packages: &[Package]) -> anyhow::Result<Vec<Violation>> {
    let release = packages.first().map_or("", |package| &package.version);
    let mut versions = Vec::new();
    for package in packages {
        versions.push((package.name.clone(), package.version.clone()));
    }
    for file in NPM {
        let text = fs::read_to_string(root.join(file)).with_context(|| format!("no {file}"))?;
        let manifest: Manifest = serde_json::from_str(&text).with_context(|| file.to_owned())?;
        versions.push((file.to_owned(), manifest.version));
    }
    Ok(differing(release, versions))
}

fn differing(release: &str, versions: Vec<(String, String)>) -> Vec<Violation> {
    let others = versions.into_iter().filter(|(_, it)| it != release);
    let violation = |(place, version)| Violation {
        place,
        rule: "one version for all",
        remedy: format!("is {version}; the workspace is {release}"),
    };
    others.map(violation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_of_another_version_is_named() {
        let versions = [("a", "0.1.0"), ("sdk/package.json", "0.2.0")];
        let versions = versions.map(|(place, version)| (place.to_owned(), version.to_owned()));
        let found = differing("0.1.0", versions.to_vec());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "sdk/package.json");
    }
}
