//! WordPiece as BERT does it for lower case: words without accents, cut into pieces of a vocabulary.
//!
//! Two things differ. Words that the vocabulary cannot make are left out, and every symbol is a word of
//! its own, not only those of ASCII.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One token a line. Its number is that of the line, from 0.
static VOCABULARY: &str = include_str!("../data/vocab.txt");
/// Longer words are left out.
const MAX_CHARS: usize = 100;
/// Marks a piece that continues a word.
const CONTINUED: &str = "##";

struct Pieces {
    first: HashMap<&'static str, usize>,
    next: HashMap<&'static str, usize>,
}

static PIECES: LazyLock<Pieces> = LazyLock::new(|| {
    let mut pieces = Pieces {
        first: HashMap::new(),
        next: HashMap::new(),
    };
    for (token, piece) in VOCABULARY.lines().enumerate() {
        match piece.strip_prefix(CONTINUED) {
            Some(next) if !next.is_empty() => pieces.next.insert(next, token),
            _ => pieces.first.insert(piece, token),
        };
    }
    pieces
});

/// The numbers of the tokens. It reads no more of the text than the caller takes.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = usize> {
    Words::of(text).flat_map(|word| cut(&word).unwrap_or_default())
}

/// A word as the longest pieces from left to right; `None` when no piece fits.
fn cut(word: &str) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let pieces = if found.is_empty() {
            &PIECES.first
        } else {
            &PIECES.next
        };
        let ends = rest.char_indices().map(|(at, char)| at + char.len_utf8());
        let ends: Vec<usize> = ends.collect();
        let (end, token) = ends
            .into_iter()
            .rev()
            .find_map(|end| Some((end, *pieces.get(&rest[..end])?)))?;
        found.push(token);
        rest = &rest[end..];
    }
    Some(found)
}

/// The words of a text.
struct Words<I> {
    chars: I,
    /// A character that is a word by itself, after a word that it ended.
    symbol: Option<char>,
}

impl Words<()> {
    fn of(text: &str) -> Words<impl Iterator<Item = char>> {
        Words {
            chars: text
                .chars()
                .flat_map(char::to_lowercase)
                .nfd()
                .filter(|char| !is_combining_mark(*char)),
            symbol: None,
        }
    }
}

impl<I: Iterator<Item = char>> Iterator for Words<I> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if let Some(symbol) = self.symbol.take() {
            return Some(symbol.into());
        }
        let mut word = String::new();
        let mut length = 0;
        for char in self.chars.by_ref() {
            if char.is_alphanumeric() && !is_ideograph(char) {
                length += 1;
                if length <= MAX_CHARS {
                    word.push(char);
                }
                continue;
            }
            let symbol = (!char.is_whitespace() && !is_invisible(char)).then_some(char);
            match (symbol, length) {
                // Invisible characters do not end a word.
                (None, _) if is_invisible(char) => {}
                (None, 0) => {}
                (Some(symbol), 0) => return Some(symbol.into()),
                _ => {
                    self.symbol = symbol;
                    break;
                }
            }
        }
        match length {
            0 => None,
            // The text goes on after a word that is too long.
            _ if length > MAX_CHARS => Some(String::new()),
            _ => Some(word),
        }
    }
}

/// Control characters that are no space, and the sign of a character that was lost.
fn is_invisible(char: char) -> bool {
    let is_format = matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    is_format || char == '\u{fffd}' || (char.is_control() && !char.is_whitespace())
}

/// Chinese characters, which the vocabulary knows one by one.
fn is_ideograph(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}
