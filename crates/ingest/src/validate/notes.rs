//! Fields of a body that were cut, converted or dropped without another effect.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

/// The maximum number of ignored fields in a receipt.
const MAX_NOTES: usize = 100;

/// Why a field was not taken as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IgnoreReason {
    /// The value has another type than the field.
    InvalidType,
    /// The value is longer than allowed.
    TooLong,
    /// Characters that cannot be shown or compared.
    InvalidCharacters,
    /// The number is outside the range of the field.
    OutOfRange,
    /// The value is nested deeper than allowed.
    TooDeep,
}

impl IgnoreReason {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InvalidType => "invalid_type",
            Self::TooLong => "too_long",
            Self::InvalidCharacters => "invalid_characters",
            Self::OutOfRange => "out_of_range",
            Self::TooDeep => "too_deep",
        }
    }
}

/// A display-only field that was cut, converted or dropped. Its event is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Ignored {
    /// Its path in the body, such as `context.userId` or `events[3].url`.
    pub field: String,
    /// Why, for programs.
    pub code: IgnoreReason,
    /// What became of it, for people.
    pub message: Cow<'static, str>,
}

/// The location of a field in the body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    name: &'static str,
    /// The index of its event.
    event: Option<usize>,
}

impl Field {
    /// A field with its full name, such as `context.url`.
    pub(crate) fn named(name: &'static str) -> Self {
        Self { name, event: None }
    }

    /// A field of the event at this index of `events`.
    pub(crate) fn of_event(name: &'static str, place: usize) -> Self {
        Self {
            name,
            event: Some(place),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.event {
            Some(place) => write!(f, "events[{place}].{}", self.name),
            None => f.write_str(self.name),
        }
    }
}

/// The notes of one body, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Notes(pub Vec<Ignored>);

impl Notes {
    /// Adds a note on a field.
    #[cold]
    pub(crate) fn add(
        &mut self,
        field: Field,
        code: IgnoreReason,
        message: impl Into<Cow<'static, str>>,
    ) {
        if self.0.len() < MAX_NOTES {
            self.0.push(Ignored {
                field: field.to_string(),
                code,
                message: message.into(),
            });
        }
    }

    /// Adds the notes of another part of the same body.
    pub(crate) fn extend(&mut self, others: Notes) {
        let room = MAX_NOTES.saturating_sub(self.0.len());
        self.0.extend(others.0.into_iter().take(room));
    }
}
