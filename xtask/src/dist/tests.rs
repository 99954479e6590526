use std::path::Path;

use crow_testkit::paths;

use super::cargo_packages::checksums;
use super::packages::{Package, url};
use super::{licences, npm_packages, sbom};

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
fn the_sdk_carries_the_licence_of_the_project() {
    let root = paths::workspace_root();
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    assert_eq!(read("LICENSE"), read("sdk/LICENSE"));
}
