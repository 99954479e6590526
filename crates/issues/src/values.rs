//! Texts of pages. What differs between occurrences becomes `*`: numbers, ids, addresses and quoted
//! texts. Codes of errors stay, because they tell different errors apart.

use crate::cut;

/// Bytes of a message that tell issues apart.
const MAX_NORMAL: usize = 300;
/// Letters of the longest quoted text.
const MAX_QUOTED: usize = 300;
/// Digits of the longest code.
const MAX_CODE: usize = 5;
/// Digits of the longest code behind the word `code`: longer ones are those of places or people.
const MAX_SHORT_CODE: usize = 3;
/// A number behind one of these words is a code.
const BEFORE_A_CODE: [&str; 6] = [
    "error",
    "errno",
    "http",
    "status",
    "statuscode",
    "errorcode",
];
/// A status of HTTP behind one of these words is a code.
const BEFORE_A_STATUS: [&str; 5] = ["with", "got", "received", "returned", "responded"];
/// How the reasons of these statuses begin.
const REASONS: [&str; 12] = [
    "Bad",
    "Conflict",
    "Forbidden",
    "Gateway",
    "Gone",
    "Internal",
    "Method",
    "Not",
    "Service",
    "Too",
    "Unauthorized",
    "Unprocessable",
];
/// What codes begin with.
const CODES: [&str; 4] = ["NG", "E", "ERR", "ERROR"];
/// Where frameworks explain an error. In production, the address is all that it says.
const EXPLAINED: [&str; 2] = [
    "https://svelte.dev/e/",
    "https://vuejs.org/error-reference/#",
];

/// With `*` for what differs between occurrences.
pub(crate) fn without_values(message: &str) -> String {
    let unquoted = without_quoted(message);
    let mut text = String::with_capacity(unquoted.len());
    let mut before = "";
    let mut words = unquoted.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let after = words.peek().copied().unwrap_or_default();
        let is_star = is_value(word) && !is_code(before, word, after);
        before = word;
        let word = if is_star { "*" } else { word };
        let is_repeated = word == "*" && text.ends_with('*');
        if is_repeated {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    cut(text.trim_end_matches('.'), MAX_NORMAL).to_owned()
}

fn is_value(word: &str) -> bool {
    word.contains(|letter: char| letter.is_numeric())
        || word.contains("://")
        || word.contains('@')
        || word.len() > 1 && word.starts_with('/')
        || word.len() > 60
}

/// Whether a word between two others is the code of an error: `#418`, `NG0100`, `status=404`.
fn is_code(before: &str, word: &str, after: &str) -> bool {
    if EXPLAINED.iter().any(|start| word.starts_with(start)) {
        return !word.contains('?');
    }
    let word = bare(word);
    let (before, word) = word.rsplit_once(['=', ':']).unwrap_or((before, word));
    if is_named_code(word) {
        return true;
    }
    let digits = word.strip_prefix('#').unwrap_or(word);
    if !is_number(digits) {
        return false;
    }
    let before = bare(before);
    let follows = |words: &[&str]| words.iter().any(|it| it.eq_ignore_ascii_case(before));
    let is_failure = matches!(digits.parse::<u32>(), Ok(400..=599));
    follows(&BEFORE_A_CODE)
        || follows(&["code"]) && digits.len() <= MAX_SHORT_CODE
        || is_failure
            && (follows(&BEFORE_A_STATUS)
                || before.starts_with("HTTP/")
                || REASONS.contains(&bare(after)))
}

/// `NG0100`, `E404` or `ERR_HTTP2_PROTOCOL_ERROR`.
fn is_named_code(word: &str) -> bool {
    let rest = word.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    let name = &word[..word.len() - rest.len()];
    let is_of_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    CODES.contains(&name) && is_number(rest)
        || word.starts_with("ERR_") && word.bytes().all(is_of_name)
}

fn is_number(text: &str) -> bool {
    (1..=MAX_CODE).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|letter: char| letter.is_ascii_punctuation() && letter != '#')
}

fn without_quoted(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        let end = match letter {
            // In a word it is an apostrophe.
            '\'' if text.ends_with(char::is_alphanumeric) => None,
            '\'' | '"' | '`' => Some(letter),
            '“' | '„' => Some('”'),
            '«' => Some('»'),
            _other => None,
        };
        let closing = end.and_then(|end| cut(after, MAX_QUOTED).find(end).map(|at| (at, end)));
        match closing {
            Some((at, end)) => {
                text.push('*');
                rest = &after[at + end.len_utf8()..];
            }
            None => {
                text.push(letter);
                rest = after;
            }
        }
    }
    text
}
