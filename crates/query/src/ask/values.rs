//! Types of parameters, and how they are parsed from text.

use std::ops::Range;

use jiff::tz::TimeZone;

use crow_types::Timestamp;

use crate::cursor::{self, Key};
use crate::error::{Error, Result};

/// The range when the caller gives none, in milliseconds.
const DEFAULT_RANGE: i64 = 7 * 24 * 3_600_000;
/// The longest text, in bytes.
const MAX_TEXT: usize = 2_048;
/// What a text must be that is one of a few words. Errors list none of these; the documents do.
pub const ONE_OF_FEW_WORDS: &str = "a word that is allowed here; see /openapi.json";

/// The type of a parameter, for documents.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A text. With a limit in bytes, it must not be empty.
    Text {
        /// The limit in bytes; `None` for no limit.
        most: Option<usize>,
    },
    /// A whole number.
    Number {
        /// At least this.
        least: u64,
        /// At most this.
        most: Option<u64>,
        /// The default, if there is one.
        default: Option<u64>,
    },
    /// A boolean.
    Flag,
    /// One of these.
    Words(&'static [&'static str]),
}

/// A type that is parsed from a text.
pub trait Value: Sized {
    /// What the text must be, for error messages.
    fn expected() -> String;

    /// The same, for documents.
    fn shape() -> Shape;

    /// `None` when the text does not fit.
    fn read(text: &str) -> Option<Self>;

    /// # Errors
    /// `Malformed`, with the parameter's name, when the text does not fit.
    fn named(name: &str, text: &str) -> Result<Self> {
        Self::read(text)
            .ok_or_else(|| Error::Malformed(format!("{name}: must be {}", Self::expected())))
    }
}

/// A text to search for. It contains no NUL: Postgres does not store one in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(pub String);

impl Text {
    /// The text as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// # Errors
    /// `Malformed`, with the parameter's name, when the text is empty, too long or contains NUL.
    pub fn check(name: &str, text: Option<&str>) -> Result<()> {
        text.map_or(Ok(()), |text| Self::named(name, text).map(drop))
    }
}

impl Value for Text {
    fn expected() -> String {
        format!("1 to {MAX_TEXT} bytes without NUL")
    }

    fn shape() -> Shape {
        Shape::Text {
            most: Some(MAX_TEXT),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let is_text = !text.is_empty() && text.len() <= MAX_TEXT && !text.contains('\0');
        is_text.then(|| Self(text.to_owned()))
    }
}

/// Names something. A malformed name simply matches nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(pub String);

impl Name {
    /// The name, if something stored can have it: Postgres stores no NUL.
    ///
    /// # Errors
    /// `NotFound` when nothing can have this name.
    pub fn stored(&self) -> Result<&str> {
        if self.0.contains('\0') {
            return Err(Error::NotFound);
        }
        Ok(&self.0)
    }
}

impl Value for Name {
    fn expected() -> String {
        "a name".to_owned()
    }

    fn shape() -> Shape {
        Shape::Text { most: None }
    }

    fn read(text: &str) -> Option<Self> {
        Some(Self(text.to_owned()))
    }

    /// # Errors
    /// `NotFound` when nothing stored can have this name.
    fn named(_name: &str, text: &str) -> Result<Self> {
        let named = Self(text.to_owned());
        named.stored()?;
        Ok(named)
    }
}

/// A point in time, milliseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub i64);

impl Value for Moment {
    fn expected() -> String {
        "milliseconds since the epoch or RFC 3339, such as 2025-11-21T08:00:00Z".to_owned()
    }

    fn shape() -> Shape {
        Shape::Text { most: None }
    }

    fn read(text: &str) -> Option<Self> {
        if let Ok(ms) = text.parse() {
            return Some(Self(ms));
        }
        // A `+` that the client did not escape arrives as a space.
        let text = text.replace(' ', "+");
        let at: jiff::Timestamp = text.parse().ok()?;
        Some(Self(at.as_millisecond()))
    }
}

/// The range of a question, in milliseconds since the epoch: by default up to now, and from seven days before
/// its end.
///
/// # Errors
/// `Malformed` when it is empty.
pub fn range(from: Option<i64>, to: Option<i64>) -> Result<Range<i64>> {
    // What happens now is in it.
    let to = to.unwrap_or_else(|| Timestamp::now().0 + 1);
    let from = from.unwrap_or(to.saturating_sub(DEFAULT_RANGE));
    if from >= to {
        return Err(Error::Malformed("from: must be before `to`".to_owned()));
    }
    Ok(from..to)
}

/// A duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milliseconds(pub i64);

impl Value for Milliseconds {
    fn expected() -> String {
        "a whole number of milliseconds".to_owned()
    }

    fn shape() -> Shape {
        u64::shape()
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|ms| *ms >= 0).map(Self)
    }
}

impl Value for u64 {
    fn expected() -> String {
        "a whole number".to_owned()
    }

    fn shape() -> Shape {
        Shape::Number {
            least: 0,
            most: None,
            default: None,
        }
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// A boolean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag(pub bool);

impl Value for Flag {
    fn expected() -> String {
        "true or false".to_owned()
    }

    fn shape() -> Shape {
        Shape::Flag
    }

    fn read(text: &str) -> Option<Self> {
        match text {
            "true" | "1" => Some(Self(true)),
            "false" | "0" => Some(Self(false)),
            _ => None,
        }
    }
}

/// A number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share(pub f64);

impl Value for Share {
    fn expected() -> String {
        "a number from 0 to 1".to_owned()
    }

    fn shape() -> Shape {
        Shape::Text { most: None }
    }

    fn read(text: &str) -> Option<Self> {
        let share: f64 = text.parse().ok()?;
        (0.0..=1.0).contains(&share).then_some(Self(share))
    }
}

/// `open` or `closed`; true: open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOrClosed(pub bool);

impl Value for OpenOrClosed {
    fn expected() -> String {
        ONE_OF_FEW_WORDS.to_owned()
    }

    fn shape() -> Shape {
        Shape::Words(&["open", "closed"])
    }

    fn read(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self(true)),
            "closed" => Some(Self(false)),
            _ => None,
        }
    }
}

/// A time zone by its IANA name; UTC when none is given.
#[derive(Debug, Clone)]
pub struct Zone(pub TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Value for Zone {
    fn expected() -> String {
        "an IANA name, such as Europe/Berlin".to_owned()
    }

    fn shape() -> Shape {
        Shape::Text { most: None }
    }

    fn read(text: &str) -> Option<Self> {
        TimeZone::get(text).ok().map(Self)
    }
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor<K>(pub K);

impl<K: Key> Value for Cursor<K> {
    fn expected() -> String {
        "one of this list; send the `nextCursor` of the page before, unchanged".to_owned()
    }

    fn shape() -> Shape {
        Shape::Text { most: None }
    }

    fn read(text: &str) -> Option<Self> {
        cursor::decode(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_of_seven_days_and_never_empty() {
        let week = 7 * 24 * 3_600_000;
        assert_eq!(range(None, Some(week + 5)).unwrap(), 5..week + 5);
        assert_eq!(range(Some(1), Some(2)).unwrap(), 1..2);
        let now = Timestamp::now().0;
        let whole = range(None, None).unwrap();
        assert!(whole.contains(&now), "{whole:?}");
        for (from, to) in [(Some(2), Some(2)), (Some(i64::MAX), None)] {
            assert!(range(from, to).is_err(), "{from:?} {to:?}");
        }
    }

    #[test]
    fn a_name_with_nul_names_nothing() {
        let wrong = Name::named("noteId", "a\0b");
        assert!(matches!(wrong, Err(Error::NotFound)), "{wrong:?}");
        assert!(matches!(
            Name("\0".to_owned()).stored(),
            Err(Error::NotFound)
        ));
        let name = Name::named("noteId", "a b").unwrap();
        assert_eq!(name.stored().unwrap(), "a b");
    }
}
