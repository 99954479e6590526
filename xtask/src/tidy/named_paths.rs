//! Paths that a document names must exist.

use std::path::Path;

use super::Violation;

/// Paths from the root of the workspace begin with one of these. `session/src/driver.rs` is
/// short for the same below `crates/`.
const ROOTS: [&str; 11] = [
    "crates",
    "dashboard",
    "demo",
    "deploy",
    "docs",
    "migrations",
    "proto",
    "sdk",
    "tests",
    "tools",
    "xtask",
];

/// Violations of one document; other files have none.
pub fn check(root: &Path, document: &Path, text: &str) -> Vec<Violation> {
    if document
        .extension()
        .is_none_or(|extension| extension != "md")
    {
        return Vec::new();
    }
    let folder = root.join(document.parent().unwrap_or(Path::new("")));
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let in_code = code_spans(line).filter(|name| is_path(name) && !exists(root, name));
        let linked = links(line).filter(|target| !folder.join(target).exists());
        found.extend(in_code.chain(linked).map(|name| Violation {
            place: format!("{}:{number}", document.display()),
            rule: "named path",
            remedy: format!("{name} does not exist"),
        }));
    }
    found
}

/// What stands between backticks.
fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Targets of Markdown links within this repository, without their anchors.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', ' ']).next()?.split('#').next()?;
        let is_local = !target.is_empty() && !target.contains(':') && !target.starts_with('/');
        is_local.then_some(target)
    })
}

/// Whether the text is the path of a file or folder, and not a pattern or command.
fn is_path(name: &str) -> bool {
    let mut parts = name.split('/');
    let (first, second) = (parts.next().unwrap_or_default(), parts.next());
    let is_plain = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
    let is_ours = second == Some("src") || (second.is_some() && ROOTS.contains(&first));
    is_plain && is_ours && !is_made(name)
}

/// Folders that a build makes.
fn is_made(name: &str) -> bool {
    name.split('/')
        .any(|part| part == "dist" || part == "target")
}

fn exists(root: &Path, name: &str) -> bool {
    root.join(name).exists() || root.join("crates").join(name).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let root = crow_testkit::paths::workspace_root();
        let found = check(&root, Path::new("docs/made-up.md"), text);
        found
            .into_iter()
            .map(|violation| violation.remedy)
            .collect()
    }

    #[test]
    fn a_path_that_is_missing_is_named() {
        assert_eq!(
            names("see `crates/query/src/gone.rs`, `query/src/gone.rs` and [this](gone.md#part)"),
            [
                "crates/query/src/gone.rs does not exist",
                "query/src/gone.rs does not exist",
                "gone.md does not exist"
            ]
        );
    }

    #[test]
    fn what_is_there_or_is_no_path_is_left_alone() {
        let text = "`crates/query/src`, `session/src/driver.rs`, `docs/*.md`, `sdk/dist/x.js`, \
            `/sessions/acme`, [home](https://crow.example/x), [part](#here), [more](../README.md)";
        assert_eq!(names(text), [""; 0]);
    }
}
