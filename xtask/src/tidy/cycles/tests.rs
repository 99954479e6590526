use std::path::Path;

use super::{Circle, Imports};

/// The circles of files in `crates/query/src`.
fn circles(files: &[(&str, &str)]) -> Vec<String> {
    let paths = files.iter().map(|(name, text)| (in_query(name), *text));
    violations(&paths.collect::<Vec<_>>(), &[])
}

fn in_query(name: &str) -> String {
    format!("crates/query/src/{name}")
}

/// What is wrong with these files if these circles are known.
fn violations(files: &[(String, &str)], known: &[Circle]) -> Vec<String> {
    let mut imports = Imports::default();
    for (path, text) in files {
        imports.add(Path::new(path), text);
    }
    let found = imports.check_against(known).into_iter();
    found.map(|violation| violation.remedy).collect()
}

#[test]
fn files_that_import_each_other_are_named() {
    for (first, second) in [
        ("use crate::b::Thing;", "use crate::a;"),
        (
            "use crate::{c, b::{self, Thing}};",
            "fn f() { crate::a::g() }",
        ),
        (
            "use super::b::Thing as Other;",
            "use crate::{\n    a::{X, Y},\n};",
        ),
    ] {
        let found = circles(&[("a.rs", first), ("b.rs", second), ("c.rs", "")]);
        assert_eq!(found, ["these import each other: a, b"], "{first} {second}");
    }
}

#[test]
fn a_parent_and_its_child_are_two_files() {
    let parent = "mod child;\nuse child::Thing;";
    let found = circles(&[("a.rs", parent), ("a/child.rs", "use super::Other;")]);
    assert_eq!(found, ["these import each other: a, a::child"]);
    assert!(circles(&[("a.rs", parent), ("a/child.rs", "use crate::b;")]).is_empty());
}

#[test]
fn longer_circles_are_found_once() {
    let files = [
        ("a.rs", "use crate::b;"),
        ("b/mod.rs", "use crate::c;"),
        ("c.rs", "use crate::a;\nuse crate::d;"),
        ("d.rs", "use crate::e;"),
        ("e.rs", ""),
    ];
    assert_eq!(circles(&files), ["these import each other: a, b, c"]);
}

#[test]
fn comments_tests_and_other_crates_do_not_count() {
    let files = [
        (
            "a.rs",
            "use crate::b;\n#[cfg(test)]\nmod tests {\n    use crate::c;\n}",
        ),
        ("b.rs", "// use crate::a;\nuse a::Thing;"),
        ("c.rs", "use crate::a;"),
        ("b/tests.rs", "use crate::a;"),
        ("lib.rs", "use crate::a;"),
    ];
    assert!(circles(&files).is_empty());
}

#[test]
fn every_crate_is_looked_at_alone() {
    for folder in ["crates/db/src", "migrations/src", "xtask/src"] {
        let file = |name: &str| format!("{folder}/{name}");
        let files = [
            (file("a.rs"), "use crate::b;"),
            (file("b.rs"), "use crate::a;"),
        ];
        let found = violations(&files, &[]);
        assert_eq!(found, ["these import each other: a, b"], "{folder}");
    }
    let apart = [
        ("crates/db/src/a.rs".to_owned(), "use crate::b;"),
        ("crates/bus/src/b.rs".to_owned(), "use crate::a;"),
        ("crates/db/src/b.sql".to_owned(), "use crate::a;"),
    ];
    assert!(violations(&apart, &[]).is_empty());
}

#[test]
fn a_known_circle_passes_until_it_is_gone() {
    let (first, second) = (in_query("a.rs"), in_query("b.rs"));
    let circle = [
        (first.clone(), "use crate::b;"),
        (second.clone(), "use crate::a;"),
    ];
    let known: [Circle; 1] = [("crates/query", &["a", "b"])];
    assert!(violations(&circle, &known).is_empty());
    let found = violations(&[(first, "use crate::b;"), (second, "")], &known);
    assert_eq!(
        found,
        ["it is gone; remove it from xtask/src/tidy/cycles.rs: a, b"]
    );
    let elsewhere: [Circle; 1] = [("crates/bus", &["a", "b"])];
    assert_eq!(violations(&circle, &elsewhere).len(), 2);
}
