//! Rules of an organization that split or merge issues.
//!
//! A rule has patterns with `*` for any text. There are no others, so matching needs no backtracking:
//! each part of a pattern is searched for once, behind the part before it. The time for an error is
//! at most the number of rules times the length of its texts, both of which are limited.

use std::fmt::Write;

use xxhash_rust::xxh3::xxh3_128;

use crow_types::settings::IssueRule;
use crow_types::settings::issue_rules::{DEFAULT, MAX_RULES, Part, parts};

use crate::cut;

/// Begins the fingerprint of a rule. The number is the version of what the placeholders stand for.
const VERSION: &str = "c2";
/// Bytes of a text that patterns are compared with: the rest of a longer text does not count.
const MAX_TEXT: usize = 1_024;
/// Bytes of a fingerprint with what is filled in.
const MAX_FILLED: usize = 4 << 10;

/// What rules know of an error.
#[derive(Debug, Clone)]
pub(crate) struct Facts<'a> {
    pub(crate) kind: &'a str,
    /// As it was reported.
    pub(crate) message: &'a str,
    /// The message without what differs between browsers and occurrences.
    pub(crate) normal: &'a str,
    /// The path of the script.
    pub(crate) file: &'a str,
    /// The name of the script without what differs between builds.
    pub(crate) file_name: String,
    pub(crate) function: &'a str,
    pub(crate) page: &'a str,
    pub(crate) release: &'a str,
    pub(crate) is_handled: bool,
    /// The fingerprint without rules.
    pub(crate) default: &'a str,
}

/// The fingerprint that the first rule that applies gives; `None`: the one without rules.
pub(crate) fn fingerprint(rules: &[IssueRule], facts: &Facts<'_>) -> Option<String> {
    let mut rules = rules.iter().take(MAX_RULES);
    let rule = rules.find(|rule| applies(rule, facts))?;
    if rule.fingerprint == DEFAULT {
        return None;
    }
    let mut filled = String::new();
    for part in parts(&rule.fingerprint) {
        filled.push_str(match part {
            Part::Text(text) => text,
            Part::Placeholder("type") => facts.kind,
            Part::Placeholder("message") => facts.normal,
            Part::Placeholder("file") => &facts.file_name,
            Part::Placeholder("function") => facts.function,
            Part::Placeholder("page") => facts.page,
            Part::Placeholder("default") => facts.default,
            // Settings of a newer release.
            Part::Placeholder(_) => "",
        });
    }
    let hash = xxh3_128(cut(&filled, MAX_FILLED).as_bytes());
    let mut fingerprint = String::from(VERSION);
    let _always = write!(fingerprint, ":{hash:032x}");
    Some(fingerprint)
}

fn applies(rule: &IssueRule, facts: &Facts<'_>) -> bool {
    let patterns = [
        (&rule.r#type, facts.kind),
        (&rule.message, facts.message),
        (&rule.file, facts.file),
        (&rule.function, facts.function),
        (&rule.page, facts.page),
        (&rule.release, facts.release),
    ];
    let is_handled = rule.is_handled.is_none_or(|is| is == facts.is_handled);
    is_handled
        && patterns.iter().all(|(pattern, text)| {
            let pattern = pattern.as_deref();
            pattern.is_none_or(|pattern| matches(pattern, cut(text, MAX_TEXT)))
        })
}

/// Whether a pattern matches a whole text; `*` stands for any text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(text) = text.strip_prefix(start) else {
        return false;
    };
    let Some(mut text) = text.strip_suffix(end) else {
        return false;
    };
    // The first place of each part is enough: it leaves the most text for the others.
    middle.split('*').all(|part| match text.find(part) {
        Some(at) => {
            text = &text[at + part.len()..];
            true
        }
        None => false,
    })
}
