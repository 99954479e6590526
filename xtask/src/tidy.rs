//! `cargo xtask tidy`: the workspace's own rules, which the compiler does not check.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use crow_testkit::paths;

use crate::command::progress;

mod cycles;
mod direction;
mod files;
mod licences;
mod log_fields;
pub mod metadata;
mod named_paths;
mod versions;

/// Folders that are not ours to judge.
const SKIPPED_DIRS: [&str; 5] = [".git", ".crow", "node_modules", "target", "__pycache__"];

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Violation {
    /// File, from the root of the workspace, with the line where there is one.
    place: String,
    rule: &'static str,
    remedy: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            rule,
            remedy,
        } = self;
        write!(formatter, "{place}: {rule}: {remedy}")
    }
}

/// Checks everything, writes each violation to standard error, and fails if there is one.
pub fn run() -> anyhow::Result<()> {
    let root = paths::workspace_root();
    let packages = metadata::packages(&root)?;
    let mut violations = direction::check(&packages);
    violations.extend(direction::check_unused(&packages));
    let mut imports = cycles::Imports::default();
    let mut log_fields = log_fields::LogFields::default();
    violations.extend(versions::check(&root, &packages)?);
    violations.extend(licences::check(&root)?);
    for path in text_files(&root)? {
        let Ok(text) = fs::read_to_string(root.join(&path)) else {
            continue; // Not text.
        };
        violations.extend(files::check(&path, &text));
        violations.extend(named_paths::check(&root, &path, &text));
        imports.add(&path, &text);
        log_fields.add(&path, &text);
    }
    violations.extend(imports.check());
    violations.extend(log_fields.check());
    for violation in &violations {
        eprintln!("{violation}");
    }
    if !violations.is_empty() {
        bail!("{} violations of the workspace's rules", violations.len());
    }
    progress("tidy");
    Ok(())
}

/// All files of the workspace, from its root, in a stable order.
fn text_files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut dirs = vec![root.to_path_buf()];
    while let Some(dir) = dirs.pop() {
        let entries =
            fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))?;
        for entry in entries {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() && !is_skipped(&entry.path()) {
                dirs.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path().strip_prefix(root)?.to_path_buf());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_skipped(dir: &Path) -> bool {
    SKIPPED_DIRS.iter().any(|name| dir.ends_with(name))
}
