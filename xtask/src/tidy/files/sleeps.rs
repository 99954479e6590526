//! Tests do not sleep: they wait for something, or use Tokio's paused time.

use std::path::Path;

use super::{Violation, is_test_file, lines_where, place};

/// The one place that may sleep.
const WAIT: &str = "crates/testkit/src/wait.rs";

/// Every sleep in the test code of a file.
pub fn check(path: &Path, text: &str) -> Vec<Violation> {
    if path == Path::new(WAIT) {
        return Vec::new();
    }
    let first = first_test_line(path, text);
    lines_where(text, sleeps)
        .filter(|line| *line >= first)
        .map(|line| Violation {
            place: place(path, line),
            rule: "sleeping test",
            remedy: "wait for what is to happen: crow_testkit::wait::eventually".to_owned(),
        })
        .collect()
}

/// The first line of test code; past the end when there is none.
fn first_test_line(path: &Path, text: &str) -> usize {
    if is_test_file(path) || path.starts_with("crates/testkit") {
        return 1;
    }
    let lines: Vec<&str> = text.lines().collect();
    let inline = lines.windows(2).position(is_test_module);
    inline.map_or(usize::MAX, |index| index + 1)
}

/// `#[cfg(test)]` before a module whose content follows.
fn is_test_module(pair: &[&str]) -> bool {
    pair[0].trim() == "#[cfg(test)]" && pair[1].contains("mod ") && pair[1].ends_with('{')
}

fn sleeps(line: &str) -> bool {
    let named = ["thread::sleep", "time::sleep"]
        .iter()
        .any(|path| line.contains(path));
    let imported = line.contains("time::{") && line.contains("sleep");
    let is_comment = line.trim_start().starts_with("//");
    (named || imported) && !is_comment
}
