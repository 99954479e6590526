use std::path::Path;

use crow_testkit::paths;

use super::cargo_packages::checksums;
use super::packages::{Package, url};
use super::{data, licences, npm_packages, sbom};

fn package(name: &str, needs: &[&str], text: &str) -> Package {
    Package {
        kind: "cargo",
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        licence: "MIT".to_owned(),
        sha256: Some("ab".to_owned()),
        needs: needs
            .iter()
            .map(|needed| url("cargo", needed, "1.0.0"))
            .collect(),
        texts: vec![text.to_owned()],
    }
}

#[test]
fn a_licence_text_stands_once_with_all_its_users() {
    let packages = [
        package("a", &[], "be kind \n"),
        package("b", &[], "be kind"),
    ];
    let text = licences::text(&packages);
    assert_eq!(text.matches("be kind").count(), 1);
    assert!(text.contains("a 1.0.0 (MIT)"), "{text}");
    assert!(text.contains("Used by a 1.0.0, b 1.0.0:"), "{text}");
}

#[test]
fn the_bill_of_materials_names_only_what_it_lists() {
    let document = sbom::document(
        "0.1.0",
        &[package("a", &["b", "gone"], ""), package("b", &[], "")],
    );
    assert_eq!(document["bomFormat"], "CycloneDX");
    assert_eq!(document["components"][0]["purl"], "pkg:cargo/a@1.0.0");
    assert_eq!(document["components"][0]["hashes"][0]["content"], "ab");
    let needs = &document["dependencies"][1]["dependsOn"];
    assert_eq!(*needs, serde_json::json!(["pkg:cargo/b@1.0.0"]));
}

#[test]
fn an_npm_scope_is_escaped() {
    assert_eq!(
        url("npm", "@rrweb/replay", "2.1.6"),
        "pkg:npm/%40rrweb/replay@2.1.6"
    );
}

#[test]
fn checksums_come_from_the_lock_file() {
    let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry\"\nchecksum = \"ab\"\n\n\
        [[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n";
    let sums = checksums(lock);
    assert_eq!(sums.len(), 1);
    assert_eq!(sums[&("a".to_owned(), "1.0.0".to_owned())], "ab");
}

#[test]
fn the_dashboard_contains_its_libraries_and_not_its_tools() {
    let root: &Path = &paths::workspace_root();
    let packages = npm_packages::of_dashboard(root).unwrap();
    let has = |name: &str| packages.iter().any(|package| package.name == name);
    assert!(has("react") && has("@rrweb/replay") && has("tailwindcss"));
    assert!(!has("vitest"));
}

#[test]
fn embedded_data_is_listed_with_its_licence_and_the_version_that_was_taken() {
    let root = paths::workspace_root();
    let packages = data::of_programs(&root).unwrap();
    let text = licences::text(&packages);
    for listed in [
        "crawler-user-agents 1.60.0 (MIT)",
        "uap-core 0.18.0 (Apache-2.0)",
        "all-MiniLM-L6 v2 (Apache-2.0)",
        "Copyright (c) 2017 Martin Monperrus",
        "Apache License",
    ] {
        assert!(text.contains(listed), "{listed}: {text}");
    }
    let taken = std::fs::read_to_string(root.join("crates/ingest/data/README.md")).unwrap();
    for package in packages.iter().filter(|package| package.kind == "npm") {
        let is_row = |line: &&str| line.contains(&package.name) && line.contains(&package.version);
        assert!(taken.lines().any(|line| is_row(&line)), "{}", package.name);
    }
    // Another folder of data needs a notice, too.
    let folders = ["crates/ingest/data", "crates/embedding/data"];
    for entry in std::fs::read_dir(root.join("crates")).unwrap() {
        let folder = entry.unwrap().path().join("data");
        let is_known = folders.iter().any(|known| root.join(known) == folder);
        assert!(is_known || !folder.exists(), "{}", folder.display());
    }
}

#[test]
fn the_sdk_carries_the_licence_of_the_project() {
    let root = paths::workspace_root();
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    assert_eq!(read("LICENSE"), read("sdk/LICENSE"));
}
