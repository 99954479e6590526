//! Messages. What a browser says by itself becomes one text for all browsers; in other messages,
//! numbers, ids, addresses and quoted texts become `*`.

use crate::cut;

/// Bytes of a message that are read.
const MAX_MESSAGE: usize = 1_024;
/// Bytes of a message that tell issues apart.
const MAX_NORMAL: usize = 300;
/// Letters of the longest quoted text.
const MAX_QUOTED: usize = 300;

/// What besides the message tells where an error is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The function and the file.
    Function,
    /// Only the file: WebKit leaves out the function that called into the browser last.
    File,
    /// Only the page: some browsers have no stack.
    Page,
}

/// A message that is the same in all browsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Normal {
    pub(crate) text: String,
    pub(crate) place: Place,
    /// The type, where browsers differ.
    pub(crate) kind: Option<&'static str>,
}

/// Messages that say the same, by how they begin.
const FIXED: [(&str, &[&str], Place, Option<&str>); 8] = [
    (
        "network request failed",
        &[
            "Failed to fetch",
            "NetworkError when attempting to fetch",
            "Load failed",
            "The network connection was lost",
            "Network request failed",
        ],
        Place::Page,
        None,
    ),
    (
        "invalid JSON",
        &[
            "JSON.parse: ",
            "JSON Parse error: ",
            "Unexpected end of JSON input",
        ],
        Place::File,
        Some("SyntaxError"),
    ),
    (
        "too much recursion",
        &["Maximum call stack size exceeded", "too much recursion"],
        Place::Function,
        Some("RangeError"),
    ),
    (
        "assignment to a constant or read-only property",
        &[
            "Cannot assign to read only property",
            "Assignment to constant variable",
            "Attempted to assign to readonly property",
            "invalid assignment to const",
        ],
        Place::Function,
        Some("TypeError"),
    ),
    (
        "invalid array length",
        &[
            "Invalid array length",
            "invalid array length",
            "Array size is not a small enough positive integer",
        ],
        Place::Function,
        None,
    ),
    (
        "unreachable",
        &["unreachable", "Unreachable code should not be executed"],
        Place::Function,
        None,
    ),
    (
        "memory access out of bounds",
        &[
            "memory access out of bounds",
            "index out of bounds",
            "Out of bounds memory access",
        ],
        Place::Function,
        None,
    ),
    (
        "a chunk of the page could not be loaded",
        &[
            "Failed to fetch dynamically imported module",
            "error loading dynamically imported module",
            "Importing a module script failed",
        ],
        Place::Page,
        None,
    ),
];

/// The same text for all occurrences.
pub(crate) fn normal(message: &str) -> Normal {
    let message = cut(message.trim(), MAX_MESSAGE);
    let plain = |text: String| Normal {
        text,
        place: Place::Function,
        kind: None,
    };
    // The module's name is longer than what other failures to fetch say, so it comes last.
    let begins = |starts: &[&str]| starts.iter().any(|start| message.starts_with(start));
    let found = FIXED.iter().rev().find(|(_, starts, ..)| begins(starts));
    if let Some((text, _, place, kind)) = found {
        return Normal {
            text: (*text).to_owned(),
            place: *place,
            kind: *kind,
        };
    }
    if message.ends_with("is not valid JSON") || message.contains(" JSON at position ") {
        return Normal {
            text: "invalid JSON".to_owned(),
            place: Place::File,
            kind: None,
        };
    }
    if message.ends_with(" is read-only") {
        return normal("Assignment to constant variable");
    }
    let known = of_property(message).or_else(|| of_call(message));
    plain(known.unwrap_or_else(|| without_values(message)))
}

/// Something of nothing: `undefined.name` or `null.name`.
fn of_property(message: &str) -> Option<String> {
    let dotted = |owner: &str, name: &str| Some(format!("{owner}.{name}"));
    // V8.
    if let Some(rest) = message.strip_prefix("Cannot read properties of ") {
        let (owner, rest) = rest.split_once(" (reading '")?;
        return dotted(owner, rest.strip_suffix("')")?);
    }
    if let Some(rest) = message.strip_prefix("Cannot set properties of ") {
        let (owner, rest) = rest.split_once(" (setting '")?;
        return dotted(owner, rest.strip_suffix("')")?);
    }
    // Gecko.
    if let Some(rest) = message.strip_prefix("can't access property \"") {
        let (name, rest) = rest.split_once('"')?;
        let owner = rest.rsplit(' ').next()?;
        return dotted(owner, name);
    }
    // WebKit.
    for owner in ["undefined", "null"] {
        let start = format!("{owner} is not an object (evaluating '");
        if let Some(rest) = message.strip_prefix(start.as_str()) {
            let code = rest.strip_suffix("')")?;
            // An assignment, too: `a.b = c`.
            let code = code.split(" = ").next()?;
            return dotted(owner, last_word(code));
        }
    }
    None
}

/// Something that is not what the code takes it for.
fn of_call(message: &str) -> Option<String> {
    // WebKit adds: `(In 'a.b()', 'a.b' is undefined)`.
    let said = message
        .split_once(". (In '")
        .map_or(message, |(said, _)| said);
    for what in ["is not a function", "is not a constructor"] {
        if let Some(code) = said.strip_suffix(what) {
            return Some(format!("{} {what}", last_word(code.trim())));
        }
    }
    if let Some(name) = message.strip_suffix(" is not defined") {
        return Some(format!("{name} is not defined"));
    }
    let name = message.strip_prefix("Can't find variable: ")?;
    Some(format!("{name} is not defined"))
}

/// The last name in an expression such as `this.items[0].name`. Minifiers keep the names of
/// properties.
fn last_word(code: &str) -> &str {
    let code = code.trim_end_matches(['(', ')']);
    let start =
        code.rfind(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '$');
    match start {
        // Of a minified variable, nothing stays the same.
        None if code.len() <= 2 => "*",
        None => code,
        Some(at) => &code[at..][code[at..].chars().next().map_or(0, char::len_utf8)..],
    }
}

/// With `*` for what differs between occurrences.
fn without_values(message: &str) -> String {
    let unquoted = without_quoted(message);
    let mut text = String::with_capacity(unquoted.len());
    for word in unquoted.split_whitespace() {
        let word = if is_value(word) { "*" } else { word };
        let is_repeated = word == "*" && text.ends_with('*');
        if is_repeated {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    cut(text.trim_end_matches('.'), MAX_NORMAL).to_owned()
}

fn is_value(word: &str) -> bool {
    word.contains(|letter: char| letter.is_numeric())
        || word.contains("://")
        || word.contains('@')
        || word.len() > 1 && word.starts_with('/')
        || word.len() > 60
}

fn without_quoted(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        let end = match letter {
            // In a word it is an apostrophe.
            '\'' if text.ends_with(char::is_alphanumeric) => None,
            '\'' | '"' | '`' => Some(letter),
            '“' | '„' => Some('”'),
            '«' => Some('»'),
            _other => None,
        };
        let closing = end.and_then(|end| cut(after, MAX_QUOTED).find(end).map(|at| (at, end)));
        match closing {
            Some((at, end)) => {
                text.push('*');
                rest = &after[at + end.len_utf8()..];
            }
            None => {
                text.push(letter);
                rest = after;
            }
        }
    }
    text
}
