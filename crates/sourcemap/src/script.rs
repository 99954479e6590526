//! A built script: where it says that its map is, and its debug id.
//!
//! A debug id names a script and its map by their content, whatever the addresses are (ECMA-426). It
//! gets into a script as three lines before the comment that names the map: code that notes the id
//! when the script has run, and two comments. Nothing before them moves, so the map stays right, and
//! neither `"use strict"` nor `#!` is affected.

use crow_types::ContentHash;

/// Begins the comment that names the map.
const MAPPING_URL: &str = "sourceMappingURL=";
/// Begins the comment that names the script.
const DEBUG_ID: &str = "//# debugId=";
/// Bytes at the end of a script in which comments are looked for. An inline map is longer, and is
/// looked for in all of it.
const TAIL: usize = 4_096;

/// What a script says of its map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapping<'a> {
    /// Nothing.
    None,
    /// It is at this address, relative to the script.
    Url(&'a str),
    /// It is in the comment: base64 of JSON.
    Inline(&'a str),
    /// It is in the comment in a form that is not supported.
    Unreadable,
}

/// What the last comment about a map says.
#[must_use]
pub fn mapping(script: &str) -> Mapping<'_> {
    let Some((_start, url)) = mapping_comment(script) else {
        return Mapping::None;
    };
    let Some(data) = url.strip_prefix("data:") else {
        return Mapping::Url(url);
    };
    match data.split_once(";base64,") {
        Some((kind, text)) if kind.starts_with("application/json") => Mapping::Inline(text),
        Some(_) | None => Mapping::Unreadable,
    }
}

/// Where the comment begins, and its address. Only a comment with a line of its own counts: the text
/// also occurs in strings of bundlers.
fn mapping_comment(script: &str) -> Option<(usize, &str)> {
    let mut end = script.len();
    while let Some(at) = script[..end].rfind(MAPPING_URL) {
        let before = &script[..at];
        let start = before.rfind('\n').map_or(0, |line| line + 1);
        let is_comment = matches!(before[start..].trim(), "//#" | "//@");
        let url = script[at + MAPPING_URL.len()..].lines().next();
        let url = url.unwrap_or_default().trim();
        if is_comment && !url.is_empty() && !url.contains(['"', '\'', ' ']) {
            return Some((start, url));
        }
        end = at;
    }
    None
}

/// The debug id in a script; `None`: it has none.
#[must_use]
pub fn debug_id(script: &str) -> Option<&str> {
    let tail = match mapping_comment(script) {
        Some((start, _)) => &script[..start],
        None => script,
    };
    let tail = &tail[tail.ceil_char_boundary(tail.len().saturating_sub(TAIL))..];
    let comments = tail.lines().rev();
    let mut found = comments.filter_map(|line| line.trim().strip_prefix(DEBUG_ID));
    found.next().map(str::trim)
}

/// Whether this is a debug id: a UUID in lower case.
#[must_use]
pub fn is_debug_id(text: &str) -> bool {
    let is_right = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _digit => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_right)
}

/// The debug id of a script without one: the same for the same script and map.
#[must_use]
pub fn new_debug_id(script: &[u8], map: &[u8]) -> String {
    let both = [ContentHash::of(script).0, ContentHash::of(map).0].concat();
    let hash = ContentHash::of(&both).0;
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    // Version 8 of RFC 9562: the bits mean what we say. The other groups begin with a letter and a digit, so
    // that no rule of the gateway takes one for the number of a telephone, a card or an account.
    let mixed = |byte: u8| (0xa0 + ((byte >> 4) % 6) * 0x10) | ((byte & 0x0f) % 10);
    bytes[0] = mixed(bytes[0]);
    bytes[4] = mixed(bytes[4]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = 0xa0 | (bytes[8] & 0x10) | ((bytes[8] & 0x0f) % 10);
    bytes[10] = mixed(bytes[10]);
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let (one, rest) = digits.split_at(8);
    let (two, rest) = rest.split_at(4);
    let (three, rest) = rest.split_at(4);
    let (four, five) = rest.split_at(4);
    [one, two, three, four, five].join("-")
}

/// The code that notes the id of its script: a map of stacks to ids, whose first place is the script.
/// It begins with `;`, because the script may not end with one.
fn snippet(id: &str) -> String {
    format!(
        ";try{{(globalThis._crowDebugIds=globalThis._crowDebugIds||{{}})[new Error().stack]=\"{id}\"}}catch(_){{}}"
    )
}

/// The script with its debug id; the same text if it has it already.
#[must_use]
pub fn with_debug_id(script: &str, id: &str) -> String {
    let code = snippet(id);
    let has_code = script.contains(&code);
    let has_comment = debug_id(script) == Some(id);
    if has_code && has_comment {
        return script.to_owned();
    }
    let at = mapping_comment(script).map_or(script.len(), |(start, _)| start);
    let (before, after) = script.split_at(at);
    let mut whole = String::with_capacity(script.len() + 256);
    whole.push_str(before);
    if !before.is_empty() && !before.ends_with('\n') {
        whole.push('\n');
    }
    if !has_code {
        whole.push_str(&code);
        whole.push('\n');
    }
    if !has_comment {
        whole.push_str(DEBUG_ID);
        whole.push_str(id);
        whole.push('\n');
    }
    whole.push_str(after);
    whole
}

/// The map with a debug id as its first field. It must have none yet. `None`: it is no JSON object.
#[must_use]
pub fn map_with_debug_id(json: &str, id: &str) -> Option<String> {
    let plain = crate::read::without_guard(json.as_bytes());
    let before = json.len() - plain.len();
    let open = json[before..].find('{')? + before + 1;
    let is_first = json[before..open - 1].trim().is_empty();
    if !is_first {
        return None;
    }
    let (head, rest) = json.split_at(open);
    let comma = if rest.trim_start().starts_with('}') {
        ""
    } else {
        ","
    };
    Some(format!("{head}\"debugId\":\"{id}\"{comma}{rest}"))
}
