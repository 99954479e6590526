//! Files of a crate must not import each other in a circle.
//!
//! An import is a path in a `use` declaration, or one in code that begins with `crate` or `super`. A path
//! in code that begins with the name of a child does not count yet: a dozen parents call functions of
//! children that use their types.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Violation;

#[cfg(test)]
mod tests;

/// A crate, and its files that import each other: by their modules, in the order of their names.
type Circle = (&'static str, &'static [&'static str]);

/// Circles that are there. The list only becomes shorter.
const KNOWN: [Circle; 4] = [
    (
        "crates/db",
        &[
            "ai::retries",
            "embeddings",
            "embeddings::near",
            "embeddings::pages",
            "interactions",
            "interactions::products",
            "interactions::put",
            "interactions::reworded",
            "interactions::stored",
        ],
    ),
    (
        "crates/db",
        &["backup", "backup::keys", "backup::load", "backup::snapshot"],
    ),
    (
        "crates/db",
        &[
            "erasure",
            "erasure::burial",
            "erasure::matching",
            "erasure::progress",
            "erasure::rows",
        ],
    ),
    (
        "crates/types",
        &["settings", "settings::beside", "settings::issue_rules"],
    ),
];

/// The names that lead from the crate to a module.
type Module = Vec<String>;

/// The files of each crate, with their text.
#[derive(Debug, Default)]
pub struct Imports {
    crates: BTreeMap<String, BTreeMap<Module, String>>,
}

impl Imports {
    /// Notes a file, when it belongs to a crate. Tests may import what they like.
    pub fn add(&mut self, path: &Path, text: &str) {
        if let Some((name, path)) = crate_of(path)
            && let Some(module) = module_of(path)
        {
            let files = self.crates.entry(name).or_default();
            files.insert(module, code_of(text));
        }
    }

    /// One violation for each circle that is not known, and for each known one that is gone.
    pub fn check(&self) -> Vec<Violation> {
        self.check_against(&KNOWN)
    }

    fn check_against(&self, known: &[Circle]) -> Vec<Violation> {
        let known: BTreeSet<(&str, String)> = known
            .iter()
            .map(|(name, files)| (*name, files.join(", ")))
            .collect();
        let found: BTreeSet<(&str, String)> = self
            .crates
            .iter()
            .flat_map(|(name, files)| {
                circles(files)
                    .into_iter()
                    .map(move |it| (name.as_str(), it))
            })
            .collect();
        let new = found.difference(&known).map(|(name, files)| Violation {
            place: (*name).to_owned(),
            rule: "import circle",
            remedy: format!("these import each other: {files}"),
        });
        let gone = known.difference(&found).map(|(name, files)| Violation {
            place: (*name).to_owned(),
            rule: "known import circle",
            remedy: format!("it is gone; remove it from xtask/src/tidy/cycles.rs: {files}"),
        });
        new.chain(gone).collect()
    }
}

/// The crate of a Rust file, and the path below its `src`; `None` for other files.
fn crate_of(path: &Path) -> Option<(String, &Path)> {
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    let depth = if path.starts_with("crates") { 2 } else { 1 };
    let mut names = path.iter();
    let name: PathBuf = names.by_ref().take(depth).collect();
    let is_source = names.next().is_some_and(|name| name == "src");
    (is_rust && is_source).then(|| (name.display().to_string(), names.as_path()))
}

/// The circles of a crate, each as the names of its modules.
fn circles(files: &BTreeMap<Module, String>) -> BTreeSet<String> {
    let edges: BTreeMap<&Module, BTreeSet<&Module>> = files
        .iter()
        .map(|(module, text)| (module, targets(module, text, files)))
        .collect();
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = files
        .keys()
        .map(|module| (module, reach(module, &edges)))
        .collect();
    let circle_of = |module: &Module| {
        let mates = reached[module].iter();
        let mates = mates.filter(|other| reached[**other].contains(module));
        let names: Vec<String> = mates.map(|module| module.join("::")).collect();
        names.join(", ")
    };
    let circles = files.keys().map(circle_of);
    circles.filter(|circle| !circle.is_empty()).collect()
}

/// The module of a file below `src`; `None` for tests and for the crate itself.
fn module_of(path: &Path) -> Option<Module> {
    let path = path.with_extension("");
    let mut names: Module = path
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let is_test = names.iter().any(|name| name == "tests");
    if names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    let is_root = matches!(names.as_slice(), [one] if one == "lib" || one == "main");
    (!is_test && !is_root && !names.is_empty()).then_some(names)
}

/// The text without comments and without its inline tests.
fn code_of(text: &str) -> String {
    let code = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let lines = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules that a module imports from, or names.
fn targets<'a>(
    module: &Module,
    text: &str,
    known: &'a BTreeMap<Module, String>,
) -> BTreeSet<&'a Module> {
    let paths = paths_of(text)
        .into_iter()
        .filter_map(|path| absolute(module, path));
    let target = |path: Module| {
        let mut prefixes = (1..=path.len()).rev().map(|length| &path[..length]);
        let found = prefixes.find_map(|prefix| known.get_key_value(prefix));
        found.map(|(known, _text)| known)
    };
    paths
        .filter_map(target)
        .filter(|target| *target != module)
        .collect()
}

/// Paths in `use` declarations, with their braces taken apart, and those in code.
fn paths_of(text: &str) -> Vec<Module> {
    let mut paths = Vec::new();
    for statement in text.split(';') {
        let tree = statement.rsplit_once("use ").map(|(_, tree)| tree);
        if let Some(tree) = tree.filter(|tree| !tree.contains('=') && !tree.contains('(')) {
            expand(&[], tree, &mut paths);
            continue;
        }
        for root in ["crate::", "super::"] {
            for (at, _) in statement.match_indices(root) {
                let is_path = |letter: char| letter.is_alphanumeric() || "_:".contains(letter);
                let path: String = statement[at..]
                    .chars()
                    .take_while(|c| is_path(*c))
                    .collect();
                paths.push(path.split("::").map(str::to_owned).collect());
            }
        }
    }
    paths
}

/// Takes the braces of a tree apart.
fn expand(prefix: &[String], tree: &str, paths: &mut Vec<Module>) {
    let mut depth = 0_usize;
    let at_top = |letter: char| {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    };
    for part in tree
        .split(at_top)
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (head, inner) = part.split_once('{').unwrap_or((part, ""));
        let names = head.split(" as ").next().unwrap_or_default().split("::");
        let names = names.map(str::trim).filter(|name| !name.is_empty());
        let mut path = prefix.to_vec();
        path.extend(names.map(str::to_owned));
        match inner.rsplit_once('}') {
            Some((inner, _)) => expand(&path, inner, paths),
            None => paths.push(path),
        }
    }
}

/// A path from the crate; `None` when it leads elsewhere.
fn absolute(module: &Module, path: Module) -> Option<Module> {
    let mut names = path.into_iter().peekable();
    let mut found = match names.peek()?.as_str() {
        "crate" => {
            names.next();
            Vec::new()
        }
        // From here: a relative path, a child, or another crate, which is no module of ours.
        _ => module.clone(),
    };
    for name in names {
        match name.as_str() {
            "self" => {}
            "super" => drop(found.pop()),
            _ => found.push(name),
        }
    }
    Some(found)
}

/// Everything that is reached from a module by one import or more.
fn reach<'a>(
    module: &Module,
    edges: &BTreeMap<&'a Module, BTreeSet<&'a Module>>,
) -> BTreeSet<&'a Module> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&Module> = edges.get(module).into_iter().flatten().copied().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module) {
            next.extend(edges.get(module).into_iter().flatten());
        }
    }
    reached
}
