//! Single fields, read from their slice of the body. Errors name the field.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crow_web::ApiError;

use super::malformed;

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

impl From<FieldError> for ApiError {
    fn from(error: FieldError) -> Self {
        malformed(error.to_string())
    }
}

/// A string that borrows from the body when it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A string.
pub(crate) fn text<'a>(
    field: &'static str,
    raw: Option<&'a [u8]>,
) -> Result<Option<Cow<'a, str>>, FieldError> {
    let Some(raw) = raw else { return Ok(None) };
    if let Some(plain) = plain_text(raw) {
        return Ok(Some(Cow::Borrowed(plain)));
    }
    match serde_json::from_slice::<Text<'_>>(raw) {
        Ok(Text(text)) => Ok(Some(text)),
        Err(_) => Err(FieldError::new(field, "must be a string")),
    }
}

/// What stands between the quotes of a string without escapes. That it is a string as JSON
/// has it was seen when the body was cut.
fn plain_text(raw: &[u8]) -> Option<&str> {
    let inner = raw.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if inner.contains(&b'\\') {
        return None;
    }
    std::str::from_utf8(inner).ok()
}

/// A string that is shown and stored but never compared: control characters are
/// removed (Postgres takes no NUL), and what is over `max_bytes` is cut off.
pub(crate) fn display_text(
    field: &'static str,
    raw: Option<&[u8]>,
    max_bytes: usize,
) -> Result<String, FieldError> {
    Ok(text(field, raw)?
        .map(|text| clean(&text, max_bytes))
        .unwrap_or_default())
}

/// Without control characters, at most `max_bytes`, whole characters.
pub(crate) fn clean(text: &str, max_bytes: usize) -> String {
    // Without an early end, many bytes are looked at at once.
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
pub(crate) fn number(field: &'static str, raw: Option<&[u8]>) -> Result<Option<f64>, FieldError> {
    let Some(raw) = raw else { return Ok(None) };
    match serde_json::from_slice::<f64>(raw) {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        Ok(_) | Err(_) => Err(FieldError::new(field, "must be a finite number")),
    }
}

/// A whole number from 0 to 2^53 - 1.
pub(crate) fn count(field: &'static str, raw: Option<&[u8]>) -> Result<Option<u64>, FieldError> {
    const MAX: f64 = 9_007_199_254_740_991.0;
    let Some(number) = number(field, raw)? else {
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

/// Milliseconds since the epoch, rounded, within what JavaScript can name as a date.
pub(crate) fn millis(field: &'static str, raw: Option<&[u8]>) -> Result<Option<i64>, FieldError> {
    const MAX: f64 = 8.64e15;
    let Some(number) = number(field, raw)? else {
        return Ok(None);
    };
    if !(0.0..=MAX).contains(&number) {
        return Err(FieldError::new(field, "must be milliseconds since 1970"));
    }
    Ok(Some(number.round() as i64))
}

/// The text of a JSON object, untouched; empty when there is none.
pub(crate) fn object<'a>(
    field: &'static str,
    raw: Option<&'a [u8]>,
) -> Result<Option<&'a [u8]>, FieldError> {
    match raw {
        Some([b'{', ..]) | None => Ok(raw),
        Some(_) => Err(FieldError::new(field, "must be an object")),
    }
}

/// `[width, height]` in pixels; zeros when there is none.
pub(crate) fn size(field: &'static str, raw: Option<&[u8]>) -> Result<(u32, u32), FieldError> {
    const MAX: f64 = 1_000_000.0;
    let Some(raw) = raw else { return Ok((0, 0)) };
    match serde_json::from_slice::<[f64; 2]>(raw) {
        Ok([width, height]) if (0.0..=MAX).contains(&width) && (0.0..=MAX).contains(&height) => {
            Ok((width.round() as u32, height.round() as u32))
        }
        Ok(_) | Err(_) => Err(FieldError::new(field, "must be [width, height] in pixels")),
    }
}

/// A field as it stands in the body; absent and `null` are the same.
pub(crate) fn slice<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'de [u8]>, D::Error> {
    Ok(bytes_of(Option::deserialize(from)?))
}

/// The slice of a raw value.
pub(crate) fn bytes_of(raw: Option<&RawValue>) -> Option<&[u8]> {
    raw.map(|raw| raw.get().as_bytes())
}
