//! What `deny.toml` demands of dependencies, of those that Cargo has locked: a licence that it
//! allows, the default registry as the source, and a version for each one that we name.
//! `cargo deny check` asks for advisories too, which needs the network.

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
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    /// None for a package of the workspace.
    source: Option<String>,
}

/// Names each dependency that breaks a rule.
pub fn check(root: &Path) -> anyhow::Result<Vec<Violation>> {
    let deny = fs::read_to_string(root.join("deny.toml")).context("no deny.toml")?;
    let deny: Deny = toml::from_str(&deny).context("deny.toml")?;
    let metadata: Metadata = metadata::ask(root, "--locked")?;
    let mut found = violations(&metadata.packages, &deny.licenses.allow);
    found.extend(wildcards(&metadata.packages));
    Ok(found)
}

/// Dependencies of ours that would take any version.
fn wildcards(packages: &[Package]) -> impl Iterator<Item = Violation> {
    let ours = packages.iter().filter(|package| package.source.is_none());
    ours.flat_map(|package| {
        let foreign = package.dependencies.iter().filter(|it| it.source.is_some());
        let any = foreign.filter(|dependency| dependency.req == "*");
        any.map(|dependency| Violation {
            place: package.name.clone(),
            rule: "version of a dependency",
            remedy: format!("name a version of {}", dependency.name),
        })
    })
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
            dependencies: Vec::new(),
        }
    }

    #[test]
    fn our_dependencies_name_a_version() {
        let registry = "registry+the default one";
        let with = |name: &str, req: &str, source: Option<&str>| Package {
            source: None,
            dependencies: vec![Dependency {
                name: name.to_owned(),
                req: req.to_owned(),
                source: source.map(str::to_owned),
            }],
            ..package(Some("MIT"), registry)
        };
        let any = |package: Package| wildcards(&[package]).count();
        assert_eq!(any(with("serde", "*", Some(registry))), 1);
        assert_eq!(any(with("serde", "^1", Some(registry))), 0);
        assert_eq!(any(with("crow-types", "*", None)), 0);
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
