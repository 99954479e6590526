//! A JSON array cut into its items, with a limit on their number, so that a body of
//! tiny items cannot cost many times its size.

use std::fmt;

use serde::Deserializer;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Why an array was not cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ListError {
    /// More items than allowed.
    TooMany,
    /// Not a JSON array.
    NotAnArray,
}

const TOO_MANY: &str = "too many items";

struct Items {
    max: usize,
}

impl<'de> Visitor<'de> for Items {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            if items.len() == self.max {
                return Err(A::Error::custom(TOO_MANY));
            }
            items.push(item);
        }
        Ok(items)
    }
}

/// The items, as slices of `json`; none when there is no array.
pub(crate) fn cut(json: Option<&[u8]>, max: usize) -> Result<Vec<&RawValue>, ListError> {
    let Some(json) = json else {
        return Ok(Vec::new());
    };
    let mut parser = serde_json::Deserializer::from_slice(json);
    parser.deserialize_seq(Items { max }).map_err(|error| {
        if error.to_string().starts_with(TOO_MANY) {
            ListError::TooMany
        } else {
            ListError::NotAnArray
        }
    })
}
