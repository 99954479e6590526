//! Secrets that can be recognised: JSON web tokens, private keys, and keys with a known beginning.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;
use memchr::memmem;

use super::{Found, begins_at};

/// Beginnings of keys, ours first.
const BEGINNINGS: [&str; 32] = [
    "crow_",
    "eyJ",
    "-----BEGIN",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "whsec_",
    "sk-",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xoxs-",
    "xapp-",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "SG.",
    "hf_",
    "npm_",
    "pypi-",
    "dop_v1_",
    "shpat_",
    "dckr_pat_",
];
/// The shortest key, in bytes.
const LEAST: usize = 20;
/// The shortest JSON web token, in bytes.
const LEAST_TOKEN: usize = 30;

static FINDER: LazyLock<Finder> = LazyLock::new(|| Finder {
    all: AhoCorasick::new(BEGINNINGS).expect("the list is short"),
    quick: Searcher::new(BEGINNINGS),
});

struct Finder {
    all: AhoCorasick,
    /// Only with the instructions that it needs.
    quick: Option<Searcher>,
}

/// Whether a text has one of the beginnings.
pub(crate) fn is_likely(text: &[u8]) -> bool {
    match &FINDER.quick {
        Some(quick) => quick.find(text).is_some(),
        None => FINDER.all.is_match(text),
    }
}

pub(super) fn find(text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for candidate in FINDER.all.find_iter(text) {
        let (start, after) = (candidate.start(), candidate.end());
        if start < done || !begins_at(bytes, start) {
            continue;
        }
        let end = match BEGINNINGS[candidate.pattern().as_usize()] {
            "eyJ" => end_of_token(bytes, start),
            "-----BEGIN" => end_of_private_key(text, start),
            _ => end_of_key(bytes, start, after),
        };
        if let Some(end) = end {
            found.push(start..end);
            done = end;
        }
    }
}

fn is_of_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Letters alone are a name.
fn end_of_key(text: &[u8], start: usize, after: usize) -> Option<usize> {
    let end = after
        + text[after..]
            .iter()
            .take_while(|byte| is_of_key(**byte))
            .count();
    // A dot at the end belongs to the sentence.
    let end = end
        - text[after..end]
            .iter()
            .rev()
            .take_while(|byte| **byte == b'.')
            .count();
    let has_digit = text[after..end].iter().any(u8::is_ascii_digit);
    (end - start >= LEAST && has_digit).then_some(end)
}

/// Three parts with dots between them; the last one may be empty.
fn end_of_token(text: &[u8], start: usize) -> Option<usize> {
    let end = start
        + text[start..]
            .iter()
            .take_while(|byte| is_of_key(**byte))
            .count();
    let parts = text[start..end].split(|byte| *byte == b'.');
    let mut lengths = parts.map(<[u8]>::len);
    let (head, body, signature) = (lengths.next()?, lengths.next()?, lengths.next()?);
    let length = head + 1 + body + 1 + signature;
    let is_token = head >= 10 && body >= 10 && length >= LEAST_TOKEN;
    is_token.then_some(start + length)
}

fn end_of_private_key(text: &str, start: usize) -> Option<usize> {
    const LONGEST_TITLE: usize = 60;
    const TITLE: &str = "PRIVATE KEY-----";
    let rest = &text.as_bytes()[start..];
    let title = memmem::find(&rest[..rest.len().min(LONGEST_TITLE)], TITLE.as_bytes())?;
    let body = start + title + TITLE.len();
    let end = text[body..].find(TITLE).map(|end| body + end + TITLE.len());
    Some(end.unwrap_or(text.len()))
}
