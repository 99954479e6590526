//! The words of names.

use std::collections::BTreeSet;

/// Words that say nothing of a product.
const EMPTY: &[&str] = &[
    "a", "an", "and", "the", "of", "for", "with", "in", "on", "der", "die", "das", "und", "mit",
    "für", "le", "la", "les", "et", "de", "du", "el", "los", "y", "con", "para", "il", "e", "per",
];

/// The words of a text in lower case, without those that say nothing. A plural is its singular.
pub(crate) fn words_of(text: &str) -> BTreeSet<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| singular(word.to_lowercase()))
        .filter(|word| !EMPTY.contains(&word.as_str()))
        .collect()
}

/// English only; other languages keep their endings.
fn singular(word: String) -> String {
    let is_plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
    if is_plural {
        word[..word.len() - 1].to_owned()
    } else {
        word
    }
}
