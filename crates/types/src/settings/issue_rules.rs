//! Rules that group errors in another way.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SettingsError;

/// The most rules.
pub const MAX_RULES: usize = 50;
/// The longest pattern or fingerprint, in bytes.
pub const MAX_TEXT: usize = 200;
/// Bytes of an error's type. Patterns are compared with so much of it.
pub const MAX_TYPE: usize = 64;
/// The most `*` in a pattern.
pub const MAX_STARS: usize = 8;
/// The fingerprint of a rule that leaves errors as they are.
pub const DEFAULT: &str = "default";
/// What a fingerprint may have in braces.
pub const PLACEHOLDERS: [&str; 6] = ["type", "message", "file", "function", "page", "default"];

const FIELD: &str = "issueRules";

/// Which errors become which issue. A pattern must match the whole text; `*` in it stands for any
/// text, and upper and lower case differ. Only the first 1,024 bytes of a text are compared, and the
/// first 64 of a type. An absent condition always holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct IssueRule {
    /// Pattern of the type, such as `TypeError`.
    #[schema(max_length = 200)]
    pub r#type: Option<String>,
    /// Pattern of the message as the browser reports it, such as `Loading chunk * failed*`.
    #[schema(max_length = 200)]
    pub message: Option<String>,
    /// Pattern of the script with the innermost frame of the page's own code: the path of its
    /// address, such as `/assets/checkout-*.js`.
    #[schema(max_length = 200)]
    pub file: Option<String>,
    /// Pattern of the function in that frame.
    #[schema(max_length = 200)]
    pub function: Option<String>,
    /// Pattern of the path of the page, with `*` for ids.
    #[schema(max_length = 200)]
    pub page: Option<String>,
    /// Pattern of the release.
    #[schema(max_length = 200)]
    pub release: Option<String>,
    /// Whether the page itself reported the error.
    pub is_handled: Option<bool>,
    /// Names the issue: a text in which `{type}`, `{message}` (without ids and other values;
    /// at most 300 bytes), `{file}`, `{function}`, `{page}` and `{default}` (the fingerprint without rules) are filled in.
    /// Errors with the same text are one issue. `default`: the error is grouped as without rules.
    #[schema(max_length = 200)]
    pub fingerprint: String,
}

impl IssueRule {
    /// The patterns, with their names in a document.
    fn patterns(&self) -> [(&'static str, Option<&String>); 6] {
        [
            ("type", self.r#type.as_ref()),
            ("message", self.message.as_ref()),
            ("file", self.file.as_ref()),
            ("function", self.function.as_ref()),
            ("page", self.page.as_ref()),
            ("release", self.release.as_ref()),
        ]
    }

    /// What is wrong with it.
    fn problem(&self) -> Option<String> {
        let patterns = self.patterns();
        let has_condition = patterns.iter().any(|(_, pattern)| pattern.is_some());
        if !has_condition && self.is_handled.is_none() {
            return Some("needs a condition".to_owned());
        }
        for (name, pattern) in patterns {
            let Some(pattern) = pattern else { continue };
            if !is_text(pattern) {
                return Some(format!(
                    "`{name}` must be one line of 1 to {MAX_TEXT} bytes"
                ));
            }
            if pattern.matches('*').count() > MAX_STARS {
                return Some(format!("`{name}` must have at most {MAX_STARS} `*`"));
            }
            if name == "type" && pattern.replace('*', "").len() > MAX_TYPE {
                return Some(format!(
                    "`type` must have at most {MAX_TYPE} bytes beside `*`, because longer types are cut"
                ));
            }
        }
        if !is_text(&self.fingerprint) {
            return Some(format!(
                "`fingerprint` must be one line of 1 to {MAX_TEXT} bytes"
            ));
        }
        let unknown = parts(&self.fingerprint).find_map(|part| match part {
            Part::Placeholder(name) if !PLACEHOLDERS.contains(&name) => Some(name),
            Part::Placeholder(_) | Part::Text(_) => None,
        });
        unknown.map(|name| {
            format!(
                "`fingerprint` has the unknown placeholder {{{name}}}; known: {}",
                PLACEHOLDERS.join(", ")
            )
        })
    }
}

/// Checks a list of rules, and names the first that cannot be used.
pub(super) fn check(rules: &[IssueRule]) -> Result<(), SettingsError> {
    let refuse = |problem: String| {
        Err(SettingsError {
            field: FIELD,
            problem,
        })
    };
    if rules.len() > MAX_RULES {
        return refuse(format!("must be at most {MAX_RULES} rules"));
    }
    for (place, rule) in rules.iter().enumerate() {
        if let Some(problem) = rule.problem() {
            return refuse(format!("rule {} {problem}", place + 1));
        }
    }
    Ok(())
}

fn is_text(text: &str) -> bool {
    let is_empty = text.trim().is_empty();
    !is_empty && text.len() <= MAX_TEXT && !text.contains(char::is_control)
}

/// A part of a fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// As it is.
    Text(&'a str),
    /// The name in braces.
    Placeholder(&'a str),
}

/// The parts of a fingerprint. A brace without its other one is text.
pub fn parts(fingerprint: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = fingerprint;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(after) = rest.strip_prefix('{')
            && let Some((name, tail)) = after.split_once('}')
            && !name.contains('{')
        {
            rest = tail;
            return Some(Part::Placeholder(name));
        }
        // At least one character, so that this ends.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find('{').map_or(rest.len(), |at| at + first);
        let (text, tail) = rest.split_at(end);
        rest = tail;
        Some(Part::Text(text))
    })
}
