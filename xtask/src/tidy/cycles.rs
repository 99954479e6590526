//! Files of a crate must not import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Violation;

#[cfg(test)]
mod tests;

/// Crates that are free of circles, and stay so.
const CRATES: [&str; 3] = ["crates/bus", "crates/ingest", "crates/query"];

/// The names that lead from the crate to a module.
type Module = Vec<String>;

/// The modules of one crate, each with the modules that it imports from.
#[derive(Debug, Default)]
pub struct Imports {
    texts: BTreeMap<(&'static str, Module), String>,
}

impl Imports {
    /// Notes a file, when it is one of a crate that is checked. Tests may import what they like.
    pub fn add(&mut self, path: &Path, text: &str) {
        for name in CRATES {
            if let Ok(path) = path.strip_prefix(Path::new(name).join("src"))
                && let Some(module) = module_of(path)
            {
                self.texts.insert((name, module), code_of(text));
            }
        }
    }

    /// One violation for each circle.
    pub fn check(&self) -> Vec<Violation> {
        CRATES.iter().flat_map(|name| self.circles(name)).collect()
    }

    fn circles(&self, name: &'static str) -> Vec<Violation> {
        let of_crate = self.texts.iter().filter(|((other, _), _)| *other == name);
        let texts: BTreeMap<&Module, &String> =
            of_crate.map(|((_, module), text)| (module, text)).collect();
        let edges: BTreeMap<&Module, BTreeSet<&Module>> = texts
            .iter()
            .map(|(module, text)| (*module, targets(module, text, &texts)))
            .collect();
        let mut told = BTreeSet::new();
        let mut found = Vec::new();
        for module in texts.keys() {
            let reached = reach(module, &edges);
            let mates = reached
                .iter()
                .filter(|other| reach(other, &edges).contains(*module));
            let circle: Vec<String> = mates.map(|module| module.join("::")).collect();
            if !circle.is_empty() && told.insert(circle.clone()) {
                found.push(Violation {
                    place: name.to_owned(),
                    rule: "import circle",
                    remedy: format!("these import each other: {}", circle.join(", ")),
                });
            }
        }
        found
    }
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
    known: &BTreeMap<&'a Module, &String>,
) -> BTreeSet<&'a Module> {
    let paths = paths_of(text)
        .into_iter()
        .filter_map(|path| absolute(module, path));
    let target = |path: Module| {
        let prefixes = (1..=path.len()).rev().map(|length| &path[..length]);
        prefixes.into_iter().find_map(|prefix| {
            let prefix = prefix.to_vec();
            known.keys().copied().find(|known| **known == prefix)
        })
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
