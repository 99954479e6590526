//! Values of query parameters by their names, in URLs and in texts that hold URLs.

use memchr::memchr_iter;

use super::Found;

/// Bytes before a name.
const BEFORE: &[u8] = b"?&#;";
/// The longest name, in bytes.
const MAX_NAME: usize = 64;

pub(super) fn find(text: &str, names: &[String], found: &mut Found) {
    let bytes = text.as_bytes();
    for equals in memchr_iter(b'=', bytes) {
        let near = &bytes[equals.saturating_sub(MAX_NAME + 1)..equals];
        let Some(before) = near.iter().rposition(|byte| BEFORE.contains(byte)) else {
            continue;
        };
        let name = &near[before + 1..];
        let is_named = |it: &&String| name.eq_ignore_ascii_case(it.as_bytes());
        if names.iter().find(is_named).is_none() {
            continue;
        }
        let value = &text[equals + 1..];
        let is_end = |one: char| "&#\"'<>".contains(one) || one.is_whitespace();
        let length = value.find(is_end).unwrap_or(value.len());
        if length > 0 {
            found.push(equals + 1..equals + 1 + length);
        }
    }
}
