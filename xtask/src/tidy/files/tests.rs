use std::path::Path;

use super::check;

/// The violations in a file, as `place: rule`.
fn found(path: &str, text: &str) -> Vec<String> {
    check(Path::new(path), text)
        .into_iter()
        .map(|violation| format!("{}: {}", violation.place, violation.rule))
        .collect()
}

#[test]
fn a_tidy_file_passes() {
    assert!(found("crates/x/src/a.rs", "fn a() {}\n").is_empty());
}

#[test]
fn long_files_are_reported_tests_included() {
    let text = "\n".repeat(501);
    for path in [
        "crates/x/src/a.rs",
        "crates/x/src/a/tests.rs",
        "tests/it/a.rs",
    ] {
        assert_eq!(found(path, &text), [format!("{path}: file length")]);
    }
    assert!(found("crates/x/src/a.rs", &"\n".repeat(500)).is_empty());
    assert!(found("crates/x/src/a.css", &text).is_empty());
}

#[test]
fn tabs_and_trailing_spaces_are_reported() {
    let text = "fn a() {} \n\tfn b() {}\nfn c() {}\n";
    assert_eq!(
        found("xtask/src/a.rs", text),
        [
            "xtask/src/a.rs:1: whitespace",
            "xtask/src/a.rs:2: whitespace"
        ]
    );
    assert!(found("README.md", "two spaces  \n").is_empty());
}

#[test]
fn registry_hosts_are_reported_in_any_file() {
    let text = ["fine\nurl = https://index.crates", ".io/\n"].concat();
    assert_eq!(found("any/file", &text), ["any/file:2: registry host"]);
    assert!(found("Cargo.lock", "registry+https://x/crates.io-index").is_empty());
}

#[test]
fn packages_must_inherit_the_lints() {
    let with = "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n";
    let without = "[package]\nname = \"a\"\n\n[lints.rust]\n";
    assert!(found("crates/a/Cargo.toml", with).is_empty());
    assert_eq!(
        found("crates/a/Cargo.toml", without),
        ["crates/a/Cargo.toml: lints"]
    );
    assert!(found("Cargo.toml", "[workspace]\n").is_empty());
}

#[test]
fn sleeping_is_for_services_only() {
    let text = ["use tokio::time", "::sleep;\n"].concat();
    assert!(found("crates/x/src/a.rs", &text).is_empty());
    assert!(found("crates/testkit/src/wait.rs", &text).is_empty());
    assert_eq!(
        found("tests/it/a.rs", &text),
        ["tests/it/a.rs:1: sleeping test"]
    );
    assert_eq!(
        found("crates/testkit/src/a.rs", &text).len(),
        1,
        "testkit runs in tests"
    );
}

#[test]
fn a_sleep_in_an_inline_test_module_is_reported() {
    let text = [
        "fn work() { thread",
        "::sleep(x) }\n#[cfg(test)]\nmod tests {\n    thread",
        "::sleep(y)\n}\n",
    ];
    assert_eq!(
        found("crates/x/src/a.rs", &text.concat()),
        ["crates/x/src/a.rs:4: sleeping test"]
    );
}

#[test]
fn log_lines_give_errors_with_their_causes() {
    for line in [
        "warn!(error = error.to_string(), \"it failed\");",
        "warn!(error = %error, \"it failed\");",
        "warn!(%error, \"it failed\");",
        "    error = failure.to_string(),",
        "    ?error,",
    ] {
        let text = format!("{line}\n");
        assert_eq!(
            found("crates/x/src/a.rs", &text),
            ["crates/x/src/a.rs:1: error without its causes"],
            "{line}"
        );
        assert!(found("crates/x/src/tests.rs", &text).is_empty());
    }
    for line in [
        "warn!(error = log_chain(&error), \"it failed\");",
        "error!(error = format!(\"{error:#}\"), \"it failed\");",
        "let error = error.to_string();",
        "let text: String = error.to_string();",
        "// error = error.to_string()",
    ] {
        assert!(found("crates/x/src/a.rs", &format!("{line}\n")).is_empty());
    }
}
