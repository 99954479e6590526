//! What can be given, and how it is read from a text.

use jiff::tz::TimeZone;

use crate::cursor::{self, Key};
use crate::error::{Error, Result};

/// The longest text, in bytes.
const MAX_TEXT: usize = 2_048;

/// What a value must be, for documents.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A text; in bytes at most this long, then it is never empty.
    Text {
        /// `None`: any.
        most: Option<usize>,
    },
    /// A whole number.
    Number {
        /// At least this.
        least: u64,
        /// At most this.
        most: Option<u64>,
        /// When it is not given.
        default: Option<u64>,
    },
    /// Yes or no.
    Flag,
    /// One of these.
    Words(&'static [&'static str]),
}

/// What can be given as a text.
pub trait Value: Sized {
    /// What the text must be, for the message of a refusal.
    fn expected() -> String;

    /// The same, for documents.
    fn shape() -> Shape;

    /// `None`: the text is something else.
    fn read(text: &str) -> Option<Self>;

    /// # Errors
    /// `Malformed`, with the name, when the text is something else.
    fn named(name: &str, text: &str) -> Result<Self> {
        Self::read(text)
            .ok_or_else(|| Error::Malformed(format!("{name}: must be {}", Self::expected())))
    }
}

/// A text that can be looked for. Postgres takes no NUL in a text, and nobody looks for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(pub String);

impl Text {
    /// As it is given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// # Errors
    /// `Malformed`, with the name, when nobody can look for it.
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

/// Names something. What is named wrongly does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(pub String);

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
        // A `+` that was not escaped arrives as a blank.
        let text = text.replace(' ', "+");
        let at: jiff::Timestamp = text.parse().ok()?;
        Some(Self(at.as_millisecond()))
    }
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

/// Yes or no.
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

/// `open` or `closed`; true: open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOrClosed(pub bool);

impl Value for OpenOrClosed {
    fn expected() -> String {
        "open or closed".to_owned()
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
