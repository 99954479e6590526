//! Every field of a log line is described in the documentation.

use std::collections::BTreeMap;
use std::path::Path;

use super::Violation;

/// Where fields are described.
pub(super) const DOCUMENT: &str = "docs/deploy/observability.md";
const MACROS: [&str; 4] = ["error!(", "warn!(", "info!(", "debug!("];
/// Programs that nobody operates.
const OTHERS: [&str; 3] = ["crates/bench/", "crates/testkit/", "crates/seed/"];

/// The fields of the code, each with its first place, and the document.
#[derive(Default)]
pub(super) struct LogFields {
    used: BTreeMap<String, String>,
    document: String,
}

impl LogFields {
    pub(super) fn add(&mut self, path: &Path, text: &str) {
        if path == Path::new(DOCUMENT) {
            text.clone_into(&mut self.document);
        }
        let name = path.to_string_lossy();
        let is_ours = name.starts_with("crates/")
            && name.ends_with(".rs")
            && !name.contains("tests")
            && !OTHERS.iter().any(|other| name.starts_with(other));
        if !is_ours {
            return;
        }
        for macro_name in MACROS {
            for (at, _) in text.match_indices(macro_name) {
                for field in fields(&text[at + macro_name.len()..]) {
                    let line = text[..at].lines().count();
                    self.used.entry(field).or_insert(format!("{name}:{line}"));
                }
            }
        }
    }

    pub(super) fn check(&self) -> Vec<Violation> {
        let is_unknown = |field: &str| !self.document.contains(&format!("`{field}`"));
        let unknown = self.used.iter().filter(|(field, _place)| is_unknown(field));
        unknown
            .map(|(field, place)| Violation {
                place: place.clone(),
                rule: "log fields are documented",
                remedy: format!("describe `{field}` in {DOCUMENT}"),
            })
            .collect()
    }
}

/// The names of the fields of a log line, from behind its parenthesis.
fn fields(text: &str) -> Vec<String> {
    arguments(text).into_iter().filter_map(field).collect()
}

/// `name = value`, or a variable alone. A text is the message.
fn field(argument: &str) -> Option<String> {
    let argument = argument.trim();
    let name = match argument.split_once('=') {
        Some((name, _value)) if !argument.starts_with('"') => name.trim(),
        Some(_) | None => argument.trim_start_matches(['%', '?']),
    };
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || b"_.".contains(&byte));
    is_name.then(|| name.to_owned())
}

/// Splits at the commas of the outermost level, up to the closing parenthesis.
fn arguments(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut depth, mut is_text) = (Vec::new(), 0, 0_usize, false);
    let mut before = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if before != b'\\' => is_text = !is_text,
            _ if is_text => {}
            b'(' | b'[' | b'{' => depth += 1,
            b')' if depth == 0 => {
                found.push(&text[start..at]);
                return found;
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        before = byte;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_what_stands_before_the_equals_sign() {
        let line = "\n    partition = self.partition(),\n    %reason,\n    error = chain(&a, [1, 2]),\n    \
                    \"it failed, a = b\"\n);";
        assert_eq!(fields(line), ["partition", "reason", "error"]);
        assert_eq!(fields("setting, \"listening\")"), ["setting"]);
    }

    #[test]
    fn a_field_without_a_description_is_a_violation() {
        let mut all = LogFields::default();
        let code = "fn f() {\n    info!(known = 1, unknown = 2, \"text\");\n}";
        all.add(Path::new("crates/db/src/a.rs"), code);
        all.add(
            Path::new("crates/bench/src/a.rs"),
            "info!(other = 1, \"text\");",
        );
        all.add(Path::new(DOCUMENT), "| `known` | something |");
        let found = all.check();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, "crates/db/src/a.rs:2");
        assert!(found[0].remedy.contains("`unknown`"));
    }
}
