//! Log lines give an error with its causes: `Display` of our errors leaves those out.

use std::path::Path;

use super::{Violation, is_test_file, lines_where, place};

/// Every line that logs an error without its causes.
pub fn check(path: &Path, text: &str) -> Vec<Violation> {
    if is_test_file(path) {
        return Vec::new();
    }
    lines_where(text, leaves_causes_out)
        .map(|line| Violation {
            place: place(path, line),
            rule: "error without its causes",
            remedy: "log `error = crow_types::log_chain(&error)`".to_owned(),
        })
        .collect()
}

/// Whether a line has a field of a log line that shows an error by itself.
fn leaves_causes_out(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with("//") || line.starts_with("let ") {
        return false;
    }
    let is_shorthand = ["%error", "?error"]
        .iter()
        .any(|sigil| line.contains(sigil) && !line.contains(&format!("\"{sigil}")));
    let field = line.split_once("error = ").map(|(_, value)| value);
    let is_alone = field.is_some_and(|value| {
        let value = value.split([',', ')']).next().unwrap_or_default();
        value.starts_with('%') || value.starts_with('?') || value.ends_with(".to_string(")
    });
    is_shorthand || is_alone
}
