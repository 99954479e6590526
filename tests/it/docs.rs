//! What is written down is what the code says.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crow_runtime::metrics::METRICS;
use crow_testkit::{paths, process};

#[test]
fn the_references_are_up_to_date() {
    for (page, command) in [("configuration", "reference"), ("metrics", "metrics")] {
        let output = Command::new(process::binary("crow").unwrap())
            .args(["config", command])
            .output()
            .unwrap();
        assert!(output.status.success());
        let page = format!("docs/{page}.md");
        let written = std::fs::read_to_string(paths::workspace_root().join(&page)).unwrap();
        let made = String::from_utf8(output.stdout).unwrap();
        assert!(made == written, "run `crow config {command} > {page}`");
    }
}

/// Metrics that the code counts are those of the table, and of the same kind.
#[test]
fn the_table_of_metrics_names_what_the_code_counts() {
    let mut counted = BTreeMap::new();
    rust_files(&paths::workspace_root().join("crates"), &mut |text| {
        for kind in ["counter", "gauge", "histogram"] {
            for call in text.split(&format!("{kind}!(")).skip(1) {
                let name = call.split('"').nth(1).unwrap_or_default();
                let is_literal = call.trim_start().starts_with('"');
                if is_literal && name.starts_with("crow_") {
                    counted.insert(name.to_owned(), kind);
                }
            }
        }
    });
    let table: BTreeMap<_, _> = METRICS
        .iter()
        .map(|metric| (metric.name.to_owned(), metric.kind.as_str()))
        .collect();
    assert_eq!(counted, table);
}

fn rust_files(folder: &Path, look: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, look);
        } else if path.extension().is_some_and(|it| it == "rs") {
            look(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn the_example_configuration_is_accepted_by_every_service() {
    let example = paths::workspace_root().join("deploy/crow.example.toml");
    for binary in ["crow-ingest", "crow-session", "crow-query"] {
        let mut command = Command::new(process::binary(binary).unwrap());
        let output = command
            .arg("--check-config")
            .arg("--config")
            .arg(&example)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{binary}: {errors}");
    }
}

#[test]
fn an_unknown_setting_is_refused_by_name() {
    let mut command = Command::new(process::binary("crow-ingest").unwrap());
    let output = command
        .arg("--check-config")
        .env("CROW_INGEST__LISTN", "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("listn"));
}
