//! JSON of callers. What is wrong with it is said in texts of our own: those of the parser list the fields
//! and words that it would take. The OpenAPI document is the place for these.

use serde::de::DeserializeOwned;
use serde_json::Error;
use serde_json::error::Category;

/// The longest name of a field that an error repeats, in characters.
const MAX_NAME: usize = 64;
/// The longest place, in characters.
const MAX_PLACE: usize = 300;

/// Problems by the beginning of the parser's text.
const PROBLEMS: [(&str, &str); 4] = [
    (
        "missing field",
        "lacks a field that is required; see /openapi.json",
    ),
    ("duplicate field", "is given twice"),
    (
        "invalid type",
        "has a value of the wrong type; see /openapi.json",
    ),
    (
        "unknown field",
        "has a field that is not known; leave it out, or correct its name",
    ),
];
const UNKNOWN: &str = "is not a known field; leave it out, or correct its name";
const NOT_ALLOWED: &str = "has a value that is not allowed; see /openapi.json";

/// Parses JSON.
///
/// # Errors
/// What is wrong, where, and what to do. Of names, only those that the caller sent are in it.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    serde_json::from_slice(json).map_err(|error| problem(json, &error))
}

fn problem(json: &[u8], error: &Error) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => "is cut off: the JSON has no end".to_owned(),
        Category::Syntax | Category::Io => {
            format!("is no valid JSON at line {line}, column {column}")
        }
        Category::Data => {
            let place = Place::at(before(json, line, column));
            let text = error.to_string();
            let mut known = PROBLEMS.into_iter();
            let known = known.find(|(start, _)| text.starts_with(*start));
            let problem = match known {
                Some(("unknown field", _)) if place.is_name => UNKNOWN,
                Some((_, problem)) => problem,
                None => NOT_ALLOWED,
            };
            match place.path.as_str() {
                "" => problem.to_owned(),
                path => format!("`{path}` {problem}"),
            }
        }
    }
}

/// What was read before an error. Lines count from 1; columns are bytes.
fn before(json: &[u8], line: usize, column: usize) -> &[u8] {
    let lines = json.split_inclusive(|byte| *byte == b'\n');
    let lines_before: usize = lines.take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let end = lines_before.saturating_add(column).min(json.len());
    json.get(..end).unwrap_or_default()
}

/// A place in JSON, such as `frameAnalyses[3].timestamp`.
struct Place {
    path: String,
    /// It is the name of a field, whose value has not begun.
    is_name: bool,
}

/// An object or a list that has not ended.
enum Open<'a> {
    Object(Option<&'a [u8]>),
    List(usize),
}

impl Place {
    /// Where this beginning of a JSON text ends.
    fn at(beginning: &[u8]) -> Self {
        let mut open: Vec<Open<'_>> = Vec::new();
        let mut is_name = false;
        // The next text is the name of a field.
        let mut awaits_name = false;
        let mut at = 0;
        while let Some(byte) = beginning.get(at) {
            match byte {
                b'{' => {
                    open.push(Open::Object(None));
                    awaits_name = true;
                }
                b'[' => {
                    open.push(Open::List(0));
                    awaits_name = false;
                }
                b'}' | b']' => {
                    open.pop();
                    awaits_name = false;
                }
                b',' => match open.last_mut() {
                    Some(Open::Object(name)) => {
                        *name = None;
                        awaits_name = true;
                    }
                    Some(Open::List(index)) => *index += 1,
                    None => {}
                },
                b':' => is_name = false,
                b'"' => {
                    let text = text_of(beginning.get(at + 1..).unwrap_or_default());
                    if awaits_name && let Some(Open::Object(name)) = open.last_mut() {
                        *name = Some(text);
                        (is_name, awaits_name) = (true, false);
                    }
                    at += 1 + text.len();
                }
                _other => {}
            }
            at += 1;
        }
        Self {
            path: path_of(&open),
            is_name,
        }
    }
}

/// Up to the quotation mark that ends it, or to the end.
fn text_of(rest: &[u8]) -> &[u8] {
    let mut is_escaped = false;
    let end = rest.iter().position(|byte| {
        let is_end = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end
    });
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

fn path_of(open: &[Open<'_>]) -> String {
    let mut path = String::new();
    for one in open {
        match one {
            Open::Object(Some(name)) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.extend(String::from_utf8_lossy(name).chars().take(MAX_NAME));
            }
            Open::Object(None) => {}
            Open::List(index) => path += &format!("[{index}]"),
        }
    }
    path.chars().take(MAX_PLACE).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Whole {
        secret_size: u16,
        #[serde(default)]
        parts: Vec<Part>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Part {
        secret_kind: Kind,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum Kind {
        SecretWord,
    }

    #[test]
    fn an_error_says_where_and_what_and_lists_nothing() {
        for (json, expected) in [
            ("", "is cut off"),
            ("{", "is cut off"),
            (
                "{\n\"secretSize\": 1,}",
                "is no valid JSON at line 2, column ",
            ),
            ("{\"secretSize\": 1} 2", "is no valid JSON at line 1"),
            ("5", "has a value of the wrong type"),
            ("{}", "lacks a field that is required"),
            ("{\"color\": 1}", "`color` is not a known field"),
            (
                "{\n  \"a,[{\\\"b\" : 1, \"secretSize\": 1}",
                "`a,[{\\\"b` is not a known field",
            ),
            (
                "{\"secretSize\": \"x\"}",
                "`secretSize` has a value of the wrong type",
            ),
            (
                "{\"secretSize\": []}",
                "`secretSize` has a value of the wrong type",
            ),
            (
                "{\"secretSize\": 70000, \"parts\": []}",
                "`secretSize` has a value that is not allowed",
            ),
            (
                "{\"secretSize\": 1, \"secretSize\": 2}",
                "`secretSize` is given twice",
            ),
            (
                "{\"secretSize\": 1, \"parts\": [{\"secretKind\": \"secretWord\"}, {}]}",
                "`parts[1]` lacks a field",
            ),
            (
                "{\"parts\": [{\"secretKind\": \"secretWord\"},\n{\"secretKind\": \"x\"}]}",
                "`parts[1].secretKind` has a value that is not allowed",
            ),
            (
                "{\"parts\": [{\"secretKind\": \"secretWord\", \"color\": {}}]}",
                "`parts[0].color` is not a known field",
            ),
        ] {
            let said = read::<Whole>(json.as_bytes()).unwrap_err();
            assert!(said.starts_with(expected), "{json}: {said}");
            for secret in ["secretSize", "secretKind", "secretWord", "Part", "u16"] {
                assert!(json.contains(secret) || !said.contains(secret), "{said}");
            }
        }
        let long = format!("{{\"{}\": 1}}", "é".repeat(10_000));
        assert!(read::<Whole>(long.as_bytes()).unwrap_err().len() < 300);
        let good = b"{\"secretSize\": 1, \"parts\": [{\"secretKind\": \"secretWord\"}]}";
        let Whole { secret_size, parts } = read(good).unwrap();
        assert_eq!((secret_size, parts.len()), (1, 1));
        assert!(matches!(parts[0].secret_kind, Kind::SecretWord));
    }
}
