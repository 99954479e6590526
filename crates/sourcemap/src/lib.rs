//! Source maps (ECMA-426): from a place in a built script to the place in what it was built from.
//!
//! - [`SourceMap`]: a map that was read and checked, and can be asked.
//! - [`Work`]: what the questions of one stack may cost.
//! - `read`: reads the JSON, with limits. A map is as hostile as its uploader.
//! - `mappings`: decodes the places.
//! - `enclosing`: the function around a place of a source.
//! - [`script`]: what a built script says of its map, and how its debug id gets into it.
//!
//! Our own decoder, because limits have to hold while a map is read: one of 64 MiB can name far more
//! places than fit into memory. It keeps no names: the function is found in the source.
//!
//! Pure. Errors say what is wrong with a map, in words for whoever uploads it.

mod enclosing;
mod error;
mod mappings;
mod read;
pub mod script;
#[cfg(test)]
mod tests;

use mappings::{NO_SOURCE, Token};

pub use error::Error;
pub use read::debug_id_of;

/// Places of one map. Each takes 20 bytes.
const MAX_TOKENS: usize = 5_000_000;
/// Sources of one map, those of all sections together.
const MAX_SOURCES: usize = 50_000;
/// Bytes of `sourceRoot`. It is put before the name of every source.
const MAX_ROOT: usize = 1_024;
/// Lines of a source before and after a place.
const AROUND: usize = 5;
/// Bytes of a line of a source that are shown.
const MAX_LINE: usize = 400;
/// Bytes of the name of a source that are kept and shown.
const MAX_NAME: usize = 512;
/// The longest source in which the function is looked for, in bytes.
const MAX_SEARCHED: usize = 2 << 20;
/// Bytes that are looked at for the functions of one stack, those that are looked at again included.
const MAX_WORK: usize = 64 << 20;

/// A map in memory.
#[derive(Debug)]
pub struct SourceMap {
    /// In the order of the script.
    tokens: Vec<Token>,
    sources: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    name: Box<str>,
    content: Option<Box<str>>,
}

/// What the places of one stack may still cost. Functions that are too dear have no name.
#[derive(Debug)]
pub struct Work {
    /// Bytes.
    left: usize,
}

impl Default for Work {
    fn default() -> Self {
        Self { left: MAX_WORK }
    }
}

impl Work {
    /// `None`: nothing is left, for this place and those after it.
    fn spend(&mut self, bytes: usize) -> Option<()> {
        let left = self.left.checked_sub(bytes);
        self.left = left.unwrap_or(0);
        left.map(|_left| ())
    }
}

/// A place in what a script was built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// The name of the source. Not to be trusted; no path of ours.
    pub source: String,
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 units.
    pub column: u32,
    /// The innermost named function around it; empty: unknown.
    pub function: String,
    /// The line with up to five before and after it; empty: the map has no source.
    pub context: Vec<Line>,
}

/// A line of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: u32,
    /// Without control characters, cut at 400 bytes.
    pub text: String,
}

impl SourceMap {
    /// Reads and checks a map, also one with sections.
    ///
    /// # Errors
    /// When it is no map, or exceeds a limit.
    pub fn read(json: &[u8]) -> Result<Self, Error> {
        read::read(json)
    }

    /// About how many bytes of memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let of_source = |source: &Source| {
            let content = source.content.as_ref().map_or(0, |content| content.len());
            size_of::<Source>() + source.name.len() + content
        };
        let tokens = self.tokens.len() * size_of::<Token>();
        tokens + self.sources.iter().map(of_source).sum::<usize>()
    }

    /// Where the code at a place of the script is from. Line and column are from 1, as in stacks.
    /// `None`: the map does not say. `work` is shared by the places of a stack.
    #[must_use]
    pub fn original(&self, line: u32, column: u32, work: &mut Work) -> Option<Original> {
        let place = (line.checked_sub(1)?, column.checked_sub(1)?);
        let after = self
            .tokens
            .partition_point(|token| (token.line, token.column) <= place);
        let token = self.tokens.get(after.checked_sub(1)?)?;
        if token.line != place.0 || token.source == NO_SOURCE {
            return None;
        }
        let source = self.sources.get(usize::try_from(token.source).ok()?)?;
        let content = source.content.as_deref().unwrap_or_default();
        Some(Original {
            source: shown(&source.name, MAX_NAME),
            line: token.original_line.saturating_add(1),
            column: token.original_column.saturating_add(1),
            function: function_at(content, token, work),
            context: context_of(content, token.original_line),
        })
    }
}

fn function_at(content: &str, token: &Token, work: &mut Work) -> String {
    if content.is_empty() || content.len() > MAX_SEARCHED {
        return String::new();
    }
    let at = offset_of(content, token.original_line, token.original_column);
    let name = at.and_then(|at| enclosing::function(content, at, work));
    shown(name.unwrap_or_default(), MAX_NAME)
}

/// The byte at a line and column from 0, the column in UTF-16 units. A column after the line's end
/// is its end.
fn offset_of(content: &str, line: u32, column: u32) -> Option<usize> {
    let line = usize::try_from(line).ok()?;
    let mut start = 0;
    for _before in 0..line {
        start += content.get(start..)?.find('\n')? + 1;
    }
    let text = content.get(start..)?.lines().next().unwrap_or_default();
    let mut left = column;
    for (at, letter) in text.char_indices() {
        if left == 0 {
            return Some(start + at);
        }
        left = left.saturating_sub(u32::try_from(letter.len_utf16()).unwrap_or(1));
    }
    Some(start + text.len())
}

fn context_of(content: &str, line: u32) -> Vec<Line> {
    let Ok(wanted) = usize::try_from(line) else {
        return Vec::new();
    };
    let first = wanted.saturating_sub(AROUND);
    let lines = content.lines().enumerate();
    let around: Vec<Line> = lines
        .skip(first)
        .take(wanted - first + AROUND + 1)
        .map(|(at, text)| Line {
            number: u32::try_from(at + 1).unwrap_or(u32::MAX),
            text: shown(text, MAX_LINE),
        })
        .collect();
    // A line that is not in the source says nothing.
    let is_there = around.len() > wanted - first;
    if is_there { around } else { Vec::new() }
}

/// Up to `most` bytes without control characters.
fn shown(text: &str, most: usize) -> String {
    let is_shown = |letter: &char| *letter == '\t' || !letter.is_control();
    cut(text, most).chars().filter(is_shown).collect()
}

/// The text up to `most` bytes, cut between characters.
fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
