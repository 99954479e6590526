//! What `deny.toml` demands of dependencies, of those that Cargo has locked: a licence that it
//! allows, and the default registry as the source. `cargo deny check` asks for advisories too.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use spdx::{Expression, LicenseReq, ParseMode};

use super::{Violation, metadata};

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: HashSet<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// None for a package of the workspace.
    source: Option<String>,
}

/// Names each dependency that breaks a rule.
pub fn check(root: &Path) -> anyhow::Result<Vec<Violation>> {
    let deny = fs::read_to_string(root.join("deny.toml")).context("no deny.toml")?;
    let deny: Deny = toml::from_str(&deny).context("deny.toml")?;
    let metadata: Metadata = metadata::ask(root, "--locked")?;
    Ok(violations(&metadata.packages, &deny.licenses.allow))
}

fn violations(packages: &[Package], allowed: &HashSet<String>) -> Vec<Violation> {
    let others = packages.iter().filter(|package| package.source.is_some());
    others
        .filter_map(|package| {
            let (rule, remedy) = broken_rule(package, allowed)?;
            Some(Violation {
                place: format!("{} {}", package.name, package.version),
                rule,
                remedy,
            })
        })
        .collect()
}

fn broken_rule(package: &Package, allowed: &HashSet<String>) -> Option<(&'static str, String)> {
    let source = package.source.as_deref().unwrap_or_default();
    if !source.starts_with("registry+") {
        return Some(("source of a dependency", format!("comes from {source}")));
    }
    let licence = package.license.as_deref().unwrap_or_default();
    let is_allowed = |asked: &LicenseReq| allowed.contains(&asked.to_string());
    let expression = Expression::parse_mode(licence, ParseMode::LAX);
    if expression.is_ok_and(|expression| expression.evaluate(is_allowed)) {
        return None;
    }
    let remedy = format!("deny.toml does not allow `{licence}`");
    Some(("licence of a dependency", remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(license: Option<&str>, source: &str) -> Package {
        Package {
            name: "a".to_owned(),
            version: "1.0.0".to_owned(),
            license: license.map(str::to_owned),
            source: Some(source.to_owned()),
        }
    }

    #[test]
    fn a_dependency_needs_an_allowed_licence_and_the_registry() {
        let allowed = ["MIT", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
        let allowed = HashSet::from(allowed);
        let registry = "registry+the default one";
        for (license, source, rule) in [
            (Some("MIT"), registry, None),
            (Some("MIT/GPL-3.0"), registry, None),
            (Some("GPL-3.0-only OR MIT"), registry, None),
            (Some("Apache-2.0 WITH LLVM-exception"), registry, None),
            (
                Some("Apache-2.0"),
                registry,
                Some("licence of a dependency"),
            ),
            (
                Some("MIT AND GPL-3.0-only"),
                registry,
                Some("licence of a dependency"),
            ),
            (None, registry, Some("licence of a dependency")),
            (
                Some("MIT"),
                "git+ssh://somewhere",
                Some("source of a dependency"),
            ),
        ] {
            let found = violations(&[package(license, source)], &allowed);
            let rules: Vec<_> = found.iter().map(|found| found.rule).collect();
            assert_eq!(rules, Vec::from_iter(rule), "{license:?} from {source}");
        }
    }
}
