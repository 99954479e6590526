//! Messages. What a browser says by itself becomes one text for all browsers. Other messages lose
//! what differs between occurrences: see [`crate::values`].

use crate::cut;
use crate::values::without_values;

/// Letters of the longest name that a minifier makes. One scope of a large page has more than the 3,510
/// names of one and two letters.
pub(crate) const MINIFIED: usize = 3;

/// Bytes of a message that are read.
const MAX_MESSAGE: usize = 1_024;
/// The type of what was aborted. Each browser and each function that can be aborted has its own words.
const ABORTED: &str = "AbortError";

/// What besides the message tells where an error is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The function and the file.
    Function,
    /// Only the file: WebKit leaves out the function that called into the browser last.
    File,
    /// Nothing: some browsers have no stack. The page does not tell either: a gateway that is down
    /// would be an issue of each product.
    Nowhere,
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
const FIXED: [(&str, &[&str], Place, Option<&str>); 11] = [
    (
        "network request failed",
        &[
            "Failed to fetch",
            "NetworkError when attempting to fetch",
            "Load failed",
            "The network connection was lost",
            "Network request failed",
            "The Internet connection appears to be offline",
            "Could not connect to the server",
        ],
        Place::Nowhere,
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
        "cyclic structure in JSON",
        &[
            "Converting circular structure to JSON",
            "cyclic object value",
            "JSON.stringify cannot serialize cyclic structures",
        ],
        Place::File,
        None,
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
        "timed out",
        &["signal timed out", "The operation timed out"],
        Place::Nowhere,
        None,
    ),
    (
        "super() was not called",
        &[
            "Must call super constructor",
            "must call super constructor",
            "'super()' must be called",
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
        Place::Nowhere,
        None,
    ),
];

/// The same text for all occurrences of an error of this type.
pub(crate) fn normal(kind: &str, message: &str) -> Normal {
    let message = cut(message.trim(), MAX_MESSAGE);
    let said = |text: &str, place: Place, kind: Option<&'static str>| Normal {
        text: text.to_owned(),
        place,
        kind,
    };
    if kind == ABORTED {
        return said("aborted", Place::Nowhere, None);
    }
    // Gecko begins with the name of the property.
    let begin = if message.ends_with(" is read-only") {
        "invalid assignment to const"
    } else {
        message
    };
    // The module's name is longer than what other failures to fetch say, so it comes last.
    let begins = |starts: &[&str]| starts.iter().any(|start| begin.starts_with(start));
    let found = FIXED.iter().rev().find(|(_, starts, ..)| begins(starts));
    if let Some((text, _, place, kind_of_all)) = found {
        return said(text, *place, *kind_of_all);
    }
    if message.ends_with("is not valid JSON") || message.contains(" JSON at position ") {
        return said("invalid JSON", Place::File, None);
    }
    if let Some(text) = of_value(kind, message) {
        return said(text, Place::Function, None);
    }
    let known = of_property(message).or_else(|| of_call(message));
    let text = known.unwrap_or_else(|| without_values(message));
    said(&text, Place::Function, None)
}

/// A value that cannot be used in this way. Its name does not count: some browsers leave it out.
fn of_value(kind: &str, message: &str) -> Option<&'static str> {
    let is_early = message.starts_with("Cannot access uninitialized variable")
        || message.starts_with("can't access lexical declaration ")
        || message.starts_with("Cannot access ")
            && message
                .trim_end_matches('.')
                .ends_with(" before initialization");
    if is_early {
        return Some("use before initialization");
    }
    if is_not_iterable(message) {
        return Some("not iterable");
    }
    (kind == "TypeError" && is_not_destructured(message)).then_some("cannot be destructured")
}

fn is_not_iterable(message: &str) -> bool {
    // WebKit shows some code: `undefined is not a function (near '...item of items...')`.
    let near = message.split_once(" (near '...");
    let near = near.map_or("", |(_said, code)| code);
    message.ends_with(" is not iterable")
        || message.ends_with(" is not async iterable")
        || message.contains(" is not iterable (cannot read property ")
        || message.starts_with("Spread syntax requires ")
        // Of nothing.
        || message.ends_with(" (reading 'Symbol(Symbol.iterator)')")
        || message.starts_with("can't access property Symbol.iterator")
        || near.starts_with('[')
        || near.contains(" of ")
}

/// `const {name} = nothing`.
fn is_not_destructured(message: &str) -> bool {
    if message.starts_with("Cannot destructure ")
        || message.starts_with("Right side of assignment cannot be destructured")
    {
        return true;
    }
    // Gecko: `cart is undefined`, `(destructured parameter) is null`, `undefined has no properties`.
    let owner = ["undefined", "null"].iter().find_map(|nothing| {
        let owner = message.strip_suffix(*nothing)?;
        owner.strip_suffix(" is ")
    });
    owner.is_some_and(|owner| !owner.contains(' ') || owner.starts_with('('))
        || matches!(
            message,
            "undefined has no properties" | "null has no properties"
        )
}

/// Something of nothing: `undefined.name`, `null.name` or `undefined[]`.
fn of_property(message: &str) -> Option<String> {
    // V8.
    for (start, middle) in [
        ("Cannot read properties of ", " (reading '"),
        ("Cannot set properties of ", " (setting '"),
    ] {
        if let Some(rest) = message.strip_prefix(start) {
            let (owner, rest) = rest.split_once(middle)?;
            return Some(of_key(owner, rest.strip_suffix("')")?));
        }
    }
    // V8 before 2021.
    for start in ["Cannot read property '", "Cannot set property '"] {
        if let Some(rest) = message.strip_prefix(start) {
            let (key, owner) = rest.split_once("' of ")?;
            return Some(of_key(owner, key));
        }
    }
    // Gecko: `can't access property "name", cart is undefined`, `can't access property 0 of null`.
    if let Some(rest) = message.strip_prefix("can't access property ") {
        let owner = rest.rsplit(' ').next()?;
        let key = match rest.strip_prefix('"') {
            Some(rest) => rest.split_once('"')?.0,
            None => INDEX,
        };
        return Some(of_key(owner, key));
    }
    // WebKit.
    for owner in ["undefined", "null"] {
        let start = format!("{owner} is not an object (evaluating '");
        if let Some(rest) = message.strip_prefix(start.as_str()) {
            let code = rest.strip_suffix("')")?;
            // An assignment, too: `a.b = c`.
            let code = code.split(" = ").next()?;
            return Some(of_key(owner, last_key(code)));
        }
    }
    None
}

/// What stands for a key that is no name.
const INDEX: &str = "0";

/// An index or a symbol does not count: it differs between occurrences, and WebKit tells `list[place]`.
fn of_key(owner: &str, key: &str) -> String {
    let is_index = key.bytes().all(|byte| byte.is_ascii_digit()) || key.starts_with("Symbol(");
    if is_index {
        format!("{owner}[]")
    } else {
        format!("{owner}.{key}")
    }
}

/// The key that an expression reads last.
fn last_key(code: &str) -> &str {
    let Some((_owner, key)) = code
        .strip_suffix(']')
        .and_then(|code| code.rsplit_once('['))
    else {
        return last_word(code);
    };
    let quoted = ['\'', '"']
        .iter()
        .find_map(|quote| key.strip_prefix(*quote)?.strip_suffix(*quote));
    quoted.unwrap_or(INDEX)
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
    let code = without_arguments(code).trim_end_matches(['(', ')']);
    let start =
        code.rfind(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '$');
    match start {
        // Of a minified variable, nothing stays the same.
        None if code.len() <= MINIFIED => "*",
        None => code,
        Some(at) => &code[at..][code[at..].chars().next().map_or(0, char::len_utf8)..],
    }
}

/// `a.b` of `a.b(c)`, and what is in the brackets of `(0, a.b)`.
fn without_arguments(code: &str) -> &str {
    if !code.ends_with(')') {
        return code;
    }
    let mut depth = 0_usize;
    for (at, letter) in code.char_indices().rev() {
        match letter {
            ')' => depth += 1,
            '(' => depth -= 1,
            _other => continue,
        }
        if depth == 0 {
            return match &code[..at] {
                "" => &code[1..code.len() - 1],
                called => called,
            };
        }
    }
    code
}
