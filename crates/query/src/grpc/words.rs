//! Values that protobuf has as text, written as REST writes them.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};

/// The longest message of the JSON parser, in characters.
const MAX_TEXT: usize = 300;

/// The value of a word.
///
/// # Errors
/// `Malformed`, with the name of the field, for an unknown word.
pub fn read<T: DeserializeOwned>(name: &str, word: String) -> Result<T> {
    serde_json::from_value(Value::String(word)).map_err(|error| malformed(name, &error))
}

/// The word of a value.
pub fn word<T: Serialize>(value: T) -> String {
    let value = serde_json::to_value(value).ok();
    let word = value.as_ref().and_then(Value::as_str);
    word.unwrap_or_default().to_owned()
}

/// What is wrong with the JSON of a field.
pub fn malformed(name: &str, error: &serde_json::Error) -> Error {
    let text: String = error.to_string().chars().take(MAX_TEXT).collect();
    Error::Malformed(format!("{name}: {text}"))
}
