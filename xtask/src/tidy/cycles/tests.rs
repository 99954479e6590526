use std::path::Path;

use super::Imports;

/// The circles of files in `crates/query/src`.
fn circles(files: &[(&str, &str)]) -> Vec<String> {
    let mut imports = Imports::default();
    for (name, text) in files {
        let path = Path::new("crates/query/src").join(name);
        imports.add(&path, text);
    }
    let found = imports.check().into_iter();
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
