//! Rules for the text of single files.

use std::path::Path;

use super::Violation;

mod causes;
mod sleeps;
#[cfg(test)]
mod tests;

/// Longest file of Rust, tests included.
const MAX_LINES: usize = 500;

/// Hosts of package registries: a build behind a mirror must not depend on them. In halves, so that
/// this file passes the check.
const REGISTRY_HOSTS: &[(&str, &str)] = &[
    ("index.crates", ".io"),
    ("static.crates", ".io"),
    ("//crates", ".io"),
    ("//pypi", ".org"),
    ("files.pythonhosted", ".org"),
    ("registry.npmjs", ".org"),
    ("registry.yarnpkg", ".com"),
    ("proxy.golang", ".org"),
];

/// All violations in a file; `path` is from the root of the workspace.
pub fn check(path: &Path, text: &str) -> Vec<Violation> {
    let mut found = registry_hosts(path, text);
    if path.ends_with("Cargo.toml") {
        found.extend(lints(path, text));
    }
    if path.extension().is_some_and(|extension| extension == "rs") {
        found.extend(length(path, text));
        found.extend(whitespace(path, text));
        found.extend(sleeps::check(path, text));
        found.extend(causes::check(path, text));
    }
    found
}

/// Whether the file holds nothing but tests.
fn is_test_file(path: &Path) -> bool {
    let in_tests = path.iter().any(|part| part == "tests");
    in_tests || path.ends_with("tests.rs")
}

fn registry_hosts(path: &Path, text: &str) -> Vec<Violation> {
    let names_a_host = |line: &str| {
        REGISTRY_HOSTS
            .iter()
            .any(|(name, domain)| line.contains(&[*name, *domain].concat()))
    };
    lines_where(text, names_a_host)
        .map(|line| Violation {
            place: place(path, line),
            rule: "registry host",
            remedy: "leave the registry to the configuration of the package manager".to_owned(),
        })
        .collect()
}

fn lints(path: &Path, text: &str) -> Option<Violation> {
    let is_package = text.lines().any(|line| line.trim() == "[package]");
    let mut lines = text.lines().skip_while(|line| line.trim() != "[lints]");
    let inherits = lines.nth(1).is_some_and(|line| line == "workspace = true");
    (is_package && !inherits).then(|| Violation {
        place: path.display().to_string(),
        rule: "lints",
        remedy: "add the section [lints] with workspace = true".to_owned(),
    })
}

fn length(path: &Path, text: &str) -> Option<Violation> {
    let lines = text.lines().count();
    (lines > MAX_LINES).then(|| Violation {
        place: path.display().to_string(),
        rule: "file length",
        remedy: format!("{lines} lines; split it, or move its tests to tests.rs: {MAX_LINES}"),
    })
}

fn whitespace(path: &Path, text: &str) -> Vec<Violation> {
    let is_bad = |line: &str| line.contains('\t') || line.ends_with(' ');
    lines_where(text, is_bad)
        .map(|line| Violation {
            place: place(path, line),
            rule: "whitespace",
            remedy: "remove the tab or the trailing space; write \\t in strings".to_owned(),
        })
        .collect()
}

/// Numbers of the lines that match.
fn lines_where(text: &str, matches: impl Fn(&str) -> bool) -> impl Iterator<Item = usize> {
    text.lines()
        .zip(1..)
        .filter(move |(line, _)| matches(line))
        .map(|(_, number)| number)
}

fn place(path: &Path, line: usize) -> String {
    format!("{}:{line}", path.display())
}
