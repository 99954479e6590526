//! Display-only fields. A bad value is cut, converted or dropped, with a note. It costs neither the
//! event nor the batch.

use std::borrow::Cow;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::notes::IgnoreReason::{InvalidCharacters, InvalidType, OutOfRange, TooDeep, TooLong};
use super::notes::{Field, Notes};
use crate::decode::depth;
use crate::decode::fields::{Scalar, clean};

/// The largest `traits` or `exitContext`, in bytes.
const MAX_OBJECT: usize = 64 * 1024;
/// The longest list of languages, in bytes of JSON.
const MAX_LIST: usize = 4 * 1024;
/// The longest side of a viewport or a screen, in pixels.
const MAX_SIDE: f64 = 1_000_000.0;
/// Hexadecimal digits of the digest at the end of a shortened id.
const DIGEST: usize = 32;
/// Below this, every whole number is exact.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// A text of at most `max` bytes without control characters. Postgres, for example, rejects NUL.
pub(super) fn text(notes: &mut Notes, field: Field, given: Scalar<'_>, max: usize) -> String {
    let Some(text) = written(notes, field, given) else {
        return String::new();
    };
    let kept = clean(&text, max);
    if kept.len() != text.len() {
        if text.len() > max {
            notes.add(field, TooLong, format!("was cut to {max} bytes"));
        } else {
            notes.add(field, InvalidCharacters, "control characters were removed");
        }
    }
    kept
}

/// An id. Different ids must stay different, so a long one keeps a digest.
pub(super) fn id(notes: &mut Notes, field: Field, given: Scalar<'_>, max: usize) -> String {
    let Some(text) = written(notes, field, given) else {
        return String::new();
    };
    if text.contains(char::REPLACEMENT_CHARACTER) {
        let message = "holds half a surrogate pair, and was left out";
        notes.add(field, InvalidCharacters, message);
        return String::new();
    }
    let mut kept = text.into_owned();
    if kept.contains(char::is_control) {
        kept.retain(|character| !character.is_control());
        notes.add(field, InvalidCharacters, "control characters were removed");
    }
    if kept.len() > max {
        let message =
            format!("was shortened to {max} bytes, with a digest of the whole at the end");
        notes.add(field, TooLong, message);
        kept = shortened(&kept, max);
    }
    kept
}

/// The beginning, and a digest of the whole.
fn shortened(id: &str, max: usize) -> String {
    let digest = HEXLOWER.encode(&Sha256::digest(id)[..DIGEST / 2]);
    let beginning = &id[..id.floor_char_boundary(max - DIGEST - 1)];
    format!("{beginning}~{digest}")
}

/// A text, or a whole number converted to text.
fn written<'a>(notes: &mut Notes, field: Field, given: Scalar<'a>) -> Option<Cow<'a, str>> {
    match given {
        Scalar::Absent => None,
        Scalar::Text(text) => Some(text),
        Scalar::Number(number) if number.fract() == 0.0 && number.abs() < MAX_EXACT => {
            let message = "must be a string; the number was written out";
            notes.add(field, InvalidType, message);
            Some(Cow::Owned(format!("{number:.0}")))
        }
        Scalar::Number(_) | Scalar::Other => {
            notes.add(field, InvalidType, "must be a string, and was left out");
            None
        }
    }
}

/// The language; the first one if a list was given.
pub(super) fn locale(notes: &mut Notes, field: Field, raw: Option<&[u8]>, max: usize) -> String {
    let is_list = |raw: &&[u8]| raw.starts_with(b"[") && raw.len() <= MAX_LIST;
    let Some(list) = raw.filter(is_list) else {
        return text(notes, field, Scalar::of(raw), max);
    };
    let all: Vec<Scalar<'_>> = serde_json::from_slice(list).unwrap_or_default();
    let first = all.into_iter().find(|one| matches!(one, Scalar::Text(_)));
    let message = "must be a string; the first of the list was taken";
    notes.add(field, InvalidType, message);
    text(notes, field, first.unwrap_or_default(), max)
}

/// `[width, height]` in pixels; zeros when absent.
pub(super) fn size(notes: &mut Notes, field: Field, raw: Option<&[u8]>) -> (u32, u32) {
    let Some(raw) = raw else { return (0, 0) };
    let Ok(sides) = serde_json::from_slice::<[f64; 2]>(raw) else {
        let message = "must be [width, height] in pixels, and was left out";
        notes.add(field, InvalidType, message);
        return (0, 0);
    };
    if sides.iter().all(|side| (0.0..=MAX_SIDE).contains(side)) {
        let [width, height] = sides.map(|side| side.round() as u32);
        return (width, height);
    }
    let message = format!("must be 0 to {MAX_SIDE} pixels, and was left out");
    notes.add(field, OutOfRange, message);
    (0, 0)
}

/// A JSON object as an unchanged slice of the body; empty when absent.
pub(super) fn object(
    notes: &mut Notes,
    field: Field,
    raw: Option<&[u8]>,
    body: &Bytes,
    max_depth: usize,
) -> Bytes {
    let Some(raw) = raw else { return Bytes::new() };
    let refused = if !raw.starts_with(b"{") {
        (
            InvalidType,
            Cow::from("must be an object, and was left out"),
        )
    } else if raw.len() > MAX_OBJECT {
        let message = format!("is over {MAX_OBJECT} bytes, and was left out");
        (TooLong, message.into())
    } else if depth::is_over(max_depth, raw) {
        let message = format!("is nested deeper than {max_depth}, and was left out");
        (TooDeep, message.into())
    } else {
        return body.slice_ref(raw);
    };
    let (code, message) = refused;
    notes.add(field, code, message);
    Bytes::new()
}
