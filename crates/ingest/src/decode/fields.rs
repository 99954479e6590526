//! Single fields of a body. Errors name the field.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{BodyError, malformed};

/// A field that cannot be used: `{field} {problem}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub field: &'static str,
    pub problem: Cow<'static, str>,
}

impl FieldError {
    pub(crate) fn new(field: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        Self {
            field,
            problem: problem.into(),
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.problem)
    }
}

impl From<FieldError> for BodyError {
    fn from(error: FieldError) -> Self {
        malformed(error.to_string())
    }
}

/// A field that should be a text or a number, parsed once. The caller knows the field's name and
/// reports a wrong type. Texts without escapes borrow from the body.
#[derive(Debug, Default)]
pub(crate) enum Scalar<'a> {
    /// Absent or `null`.
    #[default]
    Absent,
    Text(Cow<'a, str>),
    Number(f64),
    /// `true`, `false`, an array or an object.
    Other,
}

impl<'a> Scalar<'a> {
    /// Reads it from its slice of the body. An unreadable value counts as another type.
    pub(crate) fn of(raw: Option<&'a [u8]>) -> Self {
        let Some(raw) = raw else { return Self::Absent };
        serde_json::from_slice(raw).unwrap_or(Self::Other)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

macro_rules! visit {
    ($($visit:ident: $kind:ty, $value:ident => $scalar:expr;)*) => {
        $(fn $visit<E>(self, $value: $kind) -> Result<Self::Value, E> {
            Ok($scalar)
        })*
    };
}

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    visit!(
        visit_borrowed_str: &'de str, text => Scalar::Text(Cow::Borrowed(text));
        visit_str: &str, text => Scalar::Text(Cow::Owned(text.to_owned()));
        visit_u64: u64, number => Scalar::Number(number as f64);
        visit_i64: i64, number => Scalar::Number(number as f64);
        visit_f64: f64, number => Scalar::Number(number);
        visit_bool: bool, _bool => Scalar::Other;
    );

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

/// A string field.
pub(crate) fn text<'a>(
    field: &'static str,
    scalar: Scalar<'a>,
) -> Result<Option<Cow<'a, str>>, FieldError> {
    match scalar {
        Scalar::Absent => Ok(None),
        Scalar::Text(text) => Ok(Some(text)),
        Scalar::Number(_) | Scalar::Other => Err(FieldError::new(field, "must be a string")),
    }
}

/// Removes control characters and cuts at a character boundary, to at most `max_bytes`.
pub(crate) fn clean(text: &str, max_bytes: usize) -> String {
    // No early return, so that the compiler can vectorise the check.
    let is_clean = |clean, byte| clean & matches!(byte, b' '..=b'~');
    if text.len() <= max_bytes && text.bytes().fold(true, is_clean) {
        return text.to_owned();
    }
    let mut cleaned = String::with_capacity(text.len().min(max_bytes));
    for character in text.chars().filter(|character| !character.is_control()) {
        if cleaned.len() + character.len_utf8() > max_bytes {
            break;
        }
        cleaned.push(character);
    }
    cleaned
}

/// A finite number.
fn number(field: &'static str, scalar: &Scalar<'_>) -> Result<Option<f64>, FieldError> {
    match scalar {
        Scalar::Absent => Ok(None),
        Scalar::Number(number) if number.is_finite() => Ok(Some(*number)),
        Scalar::Number(_) | Scalar::Text(_) | Scalar::Other => {
            Err(FieldError::new(field, "must be a finite number"))
        }
    }
}

/// A whole number from 0 to 2^53 - 1.
pub(crate) fn count(field: &'static str, scalar: &Scalar<'_>) -> Result<Option<u64>, FieldError> {
    const MAX: f64 = 9_007_199_254_740_991.0;
    let Some(number) = number(field, scalar)? else {
        return Ok(None);
    };
    if number.fract() != 0.0 || !(0.0..=MAX).contains(&number) {
        return Err(FieldError::new(
            field,
            "must be a whole number from 0 to 2^53 - 1",
        ));
    }
    Ok(Some(number as u64))
}

/// Milliseconds since 1970, rounded, within the range of JavaScript dates. A wrong clock is
/// corrected before its times are checked.
pub(crate) fn millis(field: &'static str, scalar: &Scalar<'_>) -> Result<Option<i64>, FieldError> {
    const MAX: f64 = 8.64e15;
    let Some(number) = number(field, scalar)? else {
        return Ok(None);
    };
    if number.abs() > MAX {
        return Err(FieldError::new(field, "must be milliseconds since 1970"));
    }
    Ok(Some(number.round() as i64))
}

/// A raw field; absent and `null` are the same.
pub(crate) fn slice<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'de [u8]>, D::Error> {
    Ok(bytes_of(Option::deserialize(from)?))
}

/// Describes why an object could not be read.
pub(crate) fn unreadable(error: &serde_json::Error) -> Cow<'static, str> {
    if error.is_data() {
        "must be an object without duplicate fields".into()
    } else {
        format!("cannot be read: {error}").into()
    }
}

/// The slice of a raw value.
pub(crate) fn bytes_of(raw: Option<&RawValue>) -> Option<&[u8]> {
    raw.map(|raw| raw.get().as_bytes())
}
