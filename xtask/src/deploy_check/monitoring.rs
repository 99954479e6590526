//! Alert rules and dashboard.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use crow_testkit::paths;
use serde_json::Value;
use tokio::process::Command;

use super::manifests::{Overlay, parse};
use crate::command::{self, progress};

const RULES: &str = "deploy/monitoring/crow.rules.yaml";
const RULE_TESTS: &str = "deploy/monitoring/crow.rules.test.yaml";
const DASHBOARD: &str = "deploy/monitoring/crow.dashboard.json";
/// Generated from the table of metrics in the code; a test keeps both equal.
const METRICS: &str = "docs/metrics.md";

/// The path of promtool.
pub fn promtool() -> anyhow::Result<PathBuf> {
    paths::on_path("promtool")
        .context("promtool is missing; install it: apt-get install prometheus")
}

/// Checks and tests the rules, and compares what rules and dashboard name with what the services
/// export.
pub async fn check(overlays: &[Overlay]) -> anyhow::Result<()> {
    let root = paths::workspace_root();
    for arguments in [["check", "rules", RULES], ["test", "rules", RULE_TESTS]] {
        let mut command = Command::new(promtool()?);
        command.current_dir(&root).args(arguments);
        command::output(&mut command).await?;
    }
    let rules = parse(&fs::read_to_string(root.join(RULES))?).await?;
    let rules = &rules[0]["groups"];
    check_runbooks(rules)?;
    check_tests(rules, &fs::read_to_string(root.join(RULE_TESTS))?)?;
    check_copies(rules, overlays)?;
    let dashboard: Value = serde_json::from_str(&fs::read_to_string(root.join(DASHBOARD))?)
        .context("the dashboard is not JSON")?;
    let exported = exported(&fs::read_to_string(root.join(METRICS))?);
    let mut queries = Vec::new();
    collect(rules, "expr", &mut queries);
    collect(&dashboard, "expr", &mut queries);
    let unknown = unknown(&queries, &exported);
    ensure!(
        unknown.is_empty(),
        "no service exports {}; see {METRICS}",
        unknown.join(", ")
    );
    progress(format!(
        "{} queries of rules and dashboard name metrics that exist",
        queries.len()
    ));
    Ok(())
}

fn alerts(rules: &Value) -> impl Iterator<Item = &Value> {
    let groups = rules.as_array().into_iter().flatten();
    groups.flat_map(|group| group["rules"].as_array().into_iter().flatten())
}

fn check_runbooks(rules: &Value) -> anyhow::Result<()> {
    for alert in alerts(rules) {
        for needed in ["summary", "runbook"] {
            let text = alert["annotations"][needed].as_str().unwrap_or_default();
            ensure!(!text.is_empty(), "{} has no {needed}", alert["alert"]);
        }
    }
    Ok(())
}

/// Each alert must be seen firing in a test.
fn check_tests(rules: &Value, tests: &str) -> anyhow::Result<()> {
    for alert in alerts(rules) {
        let name = alert["alert"].as_str().unwrap_or_default();
        ensure!(
            tests.contains(&format!("alertname: {name}\n        exp_alerts:")),
            "no test in {RULE_TESTS} shows {name} firing"
        );
    }
    Ok(())
}

/// The component holds the same rules as a resource.
fn check_copies(rules: &Value, overlays: &[Overlay]) -> anyhow::Result<()> {
    let copies: Vec<_> = overlays
        .iter()
        .flat_map(|overlay| overlay.of_kind("PrometheusRule"))
        .collect();
    ensure!(!copies.is_empty(), "no component has the alert rules");
    for copy in copies {
        ensure!(
            copy["spec"]["groups"] == *rules,
            "the PrometheusRule differs from {RULES}"
        );
    }
    Ok(())
}

/// Every text under this key, at any depth.
fn collect(value: &Value, key: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner {
                    Value::String(text) if name == key => found.push(text.clone()),
                    _ => collect(inner, key, found),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(item, key, found);
            }
        }
        _ => {}
    }
}

/// Names as Prometheus stores them, from the tables of the page.
pub fn exported(page: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in page.lines() {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let (Some(name), Some(kind)) = (cells.next(), cells.next()) else {
            continue;
        };
        let name = name.trim_matches('`');
        if kind == "histogram" {
            for part in ["bucket", "sum", "count"] {
                names.insert(format!("{name}_{part}"));
            }
        } else if name.starts_with("crow_") {
            names.insert(name.to_owned());
        }
    }
    names
}

/// Names of ours in the queries that nobody exports.
pub fn unknown(queries: &[String], exported: &BTreeSet<String>) -> Vec<String> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = queries
        .iter()
        .flat_map(|query| query.split(|letter| !is_name(letter)));
    let unknown: BTreeSet<_> = words
        .filter(|word| word.starts_with("crow_") && !exported.contains(*word))
        .collect();
    unknown.into_iter().map(str::to_owned).collect()
}
