//! Splits a JSON array into its items. The number of items is limited, so that a body of tiny items
//! cannot use many times its size in memory.

use std::fmt;

use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Why an array was not split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ListError {
    /// More items than allowed.
    TooMany,
    /// Not a JSON array, or an item of another form.
    Mismatch,
}

const TOO_MANY: &str = "too many items";

struct Items<T> {
    max: usize,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
    type Value = Vec<T>;

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

/// The items; empty when there is no array.
pub(crate) fn cut<'a, T: Deserialize<'a>>(
    json: Option<&'a [u8]>,
    max: usize,
) -> Result<Vec<T>, ListError> {
    let Some(json) = json else {
        return Ok(Vec::new());
    };
    let text = std::str::from_utf8(json).map_err(|_not_text| ListError::Mismatch)?;
    let mut parser = serde_json::Deserializer::from_str(text);
    let items = Items {
        max,
        of: PhantomData,
    };
    parser.deserialize_seq(items).map_err(|error| {
        if error.to_string().starts_with(TOO_MANY) {
            ListError::TooMany
        } else {
            ListError::Mismatch
        }
    })
}

/// Accepts only an object. Serde would otherwise also accept a list of the field values.
pub(crate) struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}
