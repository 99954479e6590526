//! Makes text that a visitor or a page wrote safe to quote.
//!
//! The page key is public, so anybody can send any text. Cleaned text has no character that ends a
//! quotation, starts a line, hides something or reverses what is shown.

/// The longest text that a line or a claim quotes, in characters.
pub const MAX_TEXT: usize = 120;
/// The longest name of a product or a field.
pub const MAX_NAME: usize = 60;

/// Text without control, bidirectional, zero-width and other invisible characters, in one line, at
/// most `max` characters long. What could end a quotation or start markup is replaced.
#[must_use]
pub fn clean(text: &str, max: usize) -> String {
    clean_with(text, max, harmless)
}

/// The same for a sentence that quotes: quotation marks stay, all of one kind.
#[must_use]
pub fn clean_sentence(text: &str, max: usize) -> String {
    clean_with(text, max, |character| {
        if is_quotation_mark(character) {
            '"'
        } else {
            harmless(character)
        }
    })
}

fn clean_with(text: &str, max: usize, replaced: impl Fn(char) -> char) -> String {
    let mut cleaned = String::new();
    let mut length = 0;
    let mut is_spaced = false;
    for character in text.chars() {
        if character.is_whitespace() || character.is_control() {
            is_spaced = length > 0;
            continue;
        }
        if is_invisible(character) {
            continue;
        }
        let needed = 1 + usize::from(is_spaced);
        if length + needed > max {
            cleaned.push('…');
            break;
        }
        if is_spaced {
            cleaned.push(' ');
        }
        cleaned.push(replaced(character));
        length += needed;
        is_spaced = false;
    }
    cleaned
}

/// Format characters of Unicode, private and unassigned ones that show nothing.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

fn is_quotation_mark(character: char) -> bool {
    matches!(
        character,
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '〝' | '〞' | '＂'
    )
}

/// Quotation marks end a quotation; brackets and backticks are markup of HTML and Markdown.
fn harmless(character: char) -> char {
    match character {
        mark if is_quotation_mark(mark) => '\'',
        '`' => '\'',
        '<' => '‹',
        '>' => '›',
        '[' => '(',
        ']' => ')',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_keeps_its_words_and_loses_what_hides_or_commands() {
        assert_eq!(clean("  Add\n\tto\u{a0} cart ", 60), "Add to cart");
        assert_eq!(clean("a\u{202e}b\u{200b}c\u{feff}d\u{e0041}", 60), "abcd");
        assert_eq!(clean("\" quit \"`<b>[x](y)", 60), "' quit ''‹b›(x)(y)");
        assert_eq!(clean("Bücher für Öl 日本語", 60), "Bücher für Öl 日本語");
        assert_eq!(clean("abcdef", 3), "abc…");
        assert_eq!(clean("\u{200b}\u{7}", 3), "");
    }

    proptest! {
        #[test]
        fn nothing_ends_a_quotation_or_a_line(text in any::<String>(), max in 0_usize..200) {
            let cleaned = clean(&text, max);
            prop_assert!(cleaned.chars().count() <= max + 1);
            let bad = |it: char| it.is_control() || is_invisible(it) || harmless(it) != it;
            prop_assert!(!cleaned.chars().any(bad), "{cleaned:?}");
            prop_assert_eq!(cleaned.trim(), cleaned.as_str());
        }
    }
}
