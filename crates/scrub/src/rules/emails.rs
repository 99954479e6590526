//! E-mail addresses, also with `%40`.

use memchr::memmem;

use super::Found;

/// The longest name before the `@`, in characters.
const MAX_NAME: usize = 64;
/// The longest domain, in characters.
const MAX_DOMAIN: usize = 253;
/// What looks like a domain and is the end of a file name, as in `logo@2x.png`.
const FILES: [&str; 22] = [
    "avif", "bmp", "css", "eot", "gif", "htm", "html", "ico", "jpeg", "jpg", "js", "json", "map",
    "mjs", "mp4", "otf", "png", "svg", "ts", "ttf", "webp", "woff",
];

/// Finds addresses. While one is typed its domain is not complete; then `is_typed`.
pub(super) fn find(text: &str, is_typed: bool, found: &mut Found) {
    for sign in ["@", "%40"] {
        for at in memmem::find_iter(text.as_bytes(), sign) {
            let (before, after) = (&text[..at], &text[at + sign.len()..]);
            let name = name_length(before);
            let domain = domain_length(after);
            if name > 0 && (is_domain(&after[..domain]) || is_typed) {
                found.push(at - name..at + sign.len() + domain);
            }
        }
    }
}

fn name_length(before: &str) -> usize {
    let is_name = |one: &char| one.is_alphanumeric() || "._%+-'".contains(*one);
    let characters = before.chars().rev().take(MAX_NAME);
    characters.take_while(is_name).map(char::len_utf8).sum()
}

fn domain_length(after: &str) -> usize {
    let is_domain = |one: &char| one.is_alphanumeric() || ".-".contains(*one);
    let characters = after.chars().take(MAX_DOMAIN).take_while(is_domain);
    let length = characters.map(char::len_utf8).sum();
    after[..length].trim_end_matches(['.', '-']).len()
}

fn is_domain(text: &str) -> bool {
    let Some((host, last)) = text.rsplit_once('.') else {
        return false;
    };
    let is_word = last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
    let is_file = FILES.iter().any(|end| last.eq_ignore_ascii_case(end));
    !host.is_empty() && is_word && !is_file
}
