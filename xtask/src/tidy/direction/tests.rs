use super::super::metadata::{Dependency, Package};
use super::{check, check_unused};

fn package(name: &str, uses: &[(&str, Option<&str>)]) -> Package {
    let dependencies = uses.iter().map(|(name, kind)| Dependency {
        name: (*name).to_owned(),
        kind: kind.map(str::to_owned),
        path: name.starts_with("crow").then(|| format!("/{name}")),
    });
    Package {
        name: name.to_owned(),
        version: "0.1.0".to_owned(),
        manifest: format!("{name}/Cargo.toml").into(),
        dependencies: dependencies.collect(),
        targets: Vec::new(),
    }
}

/// The remedies for one package, as lines.
fn remedies(name: &str, uses: &[(&str, Option<&str>)]) -> Vec<String> {
    let violations = check(&[package(name, uses)]);
    violations.into_iter().map(|found| found.remedy).collect()
}

#[test]
fn allowed_edges_and_foreign_crates_pass() {
    let uses = [
        ("crow-types", None),
        ("crow-session-core", None),
        ("tokio", None),
        ("crow-testkit", Some("dev")),
    ];
    assert!(remedies("crow-session", &uses).is_empty());
}

#[test]
fn services_do_not_see_each_other() {
    let found = remedies("crow-ingest", &[("crow-session", None)]);
    assert_eq!(
        found,
        ["must not use crow-session; see EDGES in xtask/src/tidy/direction.rs"]
    );
}

#[test]
fn adapters_do_not_see_each_other_even_in_tests() {
    assert_eq!(remedies("crow-bus", &[("crow-db", Some("dev"))]).len(), 1);
}

#[test]
fn only_the_session_service_sees_the_core() {
    let uses = [("crow-session-core", None)];
    assert!(remedies("crow-session", &uses).is_empty());
    assert_eq!(remedies("crow", &uses).len(), 1);
    assert_eq!(remedies("crow-tests", &uses).len(), 1);
}

#[test]
fn the_testkit_is_for_tests() {
    assert_eq!(remedies("crow-web", &[("crow-testkit", None)]).len(), 1);
    assert!(remedies("xtask", &[("crow-testkit", None)]).is_empty());
}

#[test]
fn the_testkit_sees_nothing_of_ours() {
    let uses = [("crow-types", Some("dev"))];
    assert_eq!(remedies("crow-testkit", &uses).len(), 1);
}

#[test]
fn an_edge_that_nobody_uses_is_reported() {
    let found = check_unused(&[package("crow-scrub", &[])]);
    assert_eq!(found.len(), 1);
    assert!(found[0].remedy.starts_with("does not use crow-types"));
    let used = package("crow-scrub", &[("crow-types", None)]);
    assert!(check_unused(&[used]).is_empty());
}

#[test]
fn an_unknown_package_is_reported() {
    let found = remedies("crow-utils", &[]);
    assert!(found[0].starts_with("add it to EDGES"), "{found:?}");
}
