//! Properties of a person or of an event, in the form in which facts and steps hold them: name and
//! value in turn, each ended by a NUL. Only what can be compared is kept: texts, numbers and
//! booleans, all as texts.

use std::collections::BTreeMap;

use serde_json::Value;

use super::bytes::cut;

/// The maximum number of properties. The first ones by name are kept.
const MOST: usize = 20;
/// A property with a longer name is left out, in bytes.
const MAX_NAME: usize = 64;
/// Longer values are cut, in bytes.
const MAX_VALUE: usize = 200;
/// The longest text that [`pairs_of`] returns, in bytes.
pub(super) const MAX_PAIRS: usize = MOST * (MAX_NAME + MAX_VALUE + 2);
/// Ends names and values. A property that contains it is left out.
const END: char = '\0';

/// The properties of a JSON object. Empty when it has none, or is no object.
#[must_use]
pub fn pairs_of(json: &str) -> String {
    let object: BTreeMap<String, Value> = serde_json::from_str(json).unwrap_or_default();
    let mut pairs = String::new();
    let mut count = 0;
    for (name, value) in &object {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        let is_kept = !name.is_empty()
            && !value.is_empty()
            && name.len() <= MAX_NAME
            && !name.contains(END)
            && !value.contains(END);
        if !is_kept {
            continue;
        }
        if count == MOST {
            break;
        }
        count += 1;
        for text in [name, stored_value(&value)] {
            pairs.push_str(text);
            pairs.push(END);
        }
    }
    pairs
}

/// The value of a property as [`pairs_of`] keeps it: at most 200 bytes.
#[must_use]
pub fn stored_value(value: &str) -> &str {
    cut(value, MAX_VALUE)
}

/// Names and values of what [`pairs_of`] returned.
pub fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut parts = text.split_terminator(END);
    std::iter::from_fn(move || Some((parts.next()?, parts.next()?)))
}

/// The value of one property; `None`: there is none.
#[must_use]
pub fn property<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut found = pairs(text).filter(|(known, _)| *known == name);
    found.next().map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_compared_is_kept() {
        let json = r#"{"plan":"pro","seats":5,"isTrial":false,"tags":["a"],"address":{"city":"x"},
            "none":null,"empty":"","nul":"a\u0000b"}"#;
        let text = pairs_of(json);
        let found: Vec<_> = pairs(&text).collect();
        assert_eq!(
            found,
            [("isTrial", "false"), ("plan", "pro"), ("seats", "5")]
        );
        assert_eq!(property(&text, "seats"), Some("5"));
        assert_eq!(property(&text, "pro"), None);
        for nothing in ["", "null", "[1]", "{", r#"{"a":{}}"#] {
            assert_eq!(pairs_of(nothing), "", "{nothing}");
        }
    }

    #[test]
    fn names_values_and_their_number_are_bounded() {
        let long = "x".repeat(10_000);
        let many: BTreeMap<String, String> = (0..100)
            .map(|number| (format!("{number:064}"), long.clone()))
            .collect();
        let text = pairs_of(&serde_json::to_string(&many).unwrap());
        assert_eq!(pairs(&text).count(), MOST);
        assert_eq!(text.len(), MAX_PAIRS);
        assert_eq!(pairs_of(&format!(r#"{{"{long}":1}}"#)), "");
    }
}
