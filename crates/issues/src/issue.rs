//! Fingerprints of issues.
//!
//! **Version 2.** The fingerprint is a hash of three texts:
//!
//! 1. the type, such as `TypeError`;
//! 2. the message, without what differs between browsers and occurrences. Codes of errors stay;
//! 3. the file and the function of the innermost frame of the page's own code, if it is among the
//!    first ten frames. Chromium reports no more, others do. A name of up to three
//!    letters is a minifier's, and differs in the next build, so it does not count. Lines and columns
//!    do not count either.
//!
//! Only this frame, although it leaves different errors of one minified file together. WebKit leaves
//! out each function that returns what another one returns, so the frames around it differ between
//! browsers even where their names are stable: of `callback` in the recorded stacks, Chromium and
//! Firefox name `total` next, WebKit names `callback`. Browsers also tell different parts of what
//! happened before an `await`.
//!
//! Without a stack, type and message decide. The page never counts: an error of all products would be
//! an issue of each. A change of what is hashed needs another version, because decisions about issues
//! are stored by fingerprint. Alerts know the beginnings of earlier versions (`crow_db::alerts::renamed`).
//! Version 1 counted the page, and no codes.
//!
//! A rule of the organization can give an error another fingerprint: see [`crate::rules`].

use serde::Deserialize;
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use crow_types::settings::IssueRule;
use crow_types::settings::issue_rules::MAX_TYPE;

use crate::cut;
use crate::file;
use crate::message::{self, MINIFIED, Normal, Place};
use crate::rules::{self, Facts};
use crate::stack::{Frame, Kind, frames};

/// Begins each fingerprint. 2 is the version of release 0.1.0; until then, what is hashed may change without another
/// number.
const VERSION: u32 = 2;
/// Frames that Chromium reports.
const MAX_CHROMIUM: usize = 10;
/// Bytes of the message that is shown.
const MAX_MESSAGE: usize = 200;
/// Bytes of the place that is shown.
const MAX_CULPRIT: usize = 160;
/// Bytes of a release.
const MAX_RELEASE: usize = 64;
/// Bytes of a path.
const MAX_PAGE: usize = 256;

/// An error, as an event reports it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reported {
    /// Its type, such as `TypeError`; empty: something else was thrown.
    pub name: String,
    /// What it says.
    pub message: String,
    /// The stack as the browser wrote it.
    pub stack: String,
    /// The address of the page.
    pub page: String,
    /// The version of the page; empty: it does not say.
    pub release: String,
    /// The page itself reported it.
    pub is_handled: bool,
}

/// The issue of an error, with what is shown of this occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The same for the same error: `2:`, or `c2:` by a rule, and 32 hexadecimal digits.
    pub fingerprint: String,
    /// The type; empty: unknown.
    pub kind: String,
    /// The first line of the message.
    pub message: String,
    /// Where it happened: function and file, or the path of the page.
    pub culprit: String,
    /// The path of the page.
    pub page: String,
    /// The version of the page; empty: unknown.
    pub release: String,
}

/// The payload of an event of the type `error`. A field of another kind is taken as missing.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Payload {
    name: Value,
    message: Value,
    stack: Value,
    release: Value,
    handled: Value,
}

impl Reported {
    /// From the payload of an event and the address of its page. A payload that is no object says
    /// nothing.
    #[must_use]
    pub fn of_event(data: &str, page: &str) -> Self {
        let payload: Payload = serde_json::from_str(data).unwrap_or_default();
        let text = |value: Value| match value {
            Value::String(text) => text,
            _other => String::new(),
        };
        Self {
            name: text(payload.name),
            message: text(payload.message),
            stack: text(payload.stack),
            page: page.to_owned(),
            release: text(payload.release),
            is_handled: payload.handled == Value::Bool(true),
        }
    }

    /// Which issue it is without rules.
    #[must_use]
    pub fn identify(&self) -> Issue {
        self.identify_by(&[])
    }

    /// Which issue it is. The first rule that applies decides.
    #[must_use]
    pub fn identify_by(&self, rules: &[IssueRule]) -> Issue {
        let (kind, message) = self.kind_and_message();
        let normal = message::normal(kind, message);
        let page = file::page_of(&self.page);
        let stack = self.stack_alone();
        let frames = frames(stack);
        let place = place_of(&frames, kind);
        let kind_of_all = normal.kind.unwrap_or(kind);
        let told = where_of(&normal, place, &self.page);
        let identity = format!("{kind_of_all}\n{}\n{told}", normal.text);
        let fingerprint = format!("{VERSION}:{:032x}", xxh3_128(identity.as_bytes()));
        let facts = Facts {
            kind,
            message,
            normal: &normal.text,
            file: place.map_or("", |frame| file::path_of(frame.url)),
            file_name: place.map_or_else(String::new, |frame| file::name_of(frame.url, &self.page)),
            function: place.map_or("", |frame| frame.function),
            page: &page,
            release: self.release.trim(),
            is_handled: self.is_handled,
            default: &fingerprint,
        };
        let by_rule = rules::fingerprint(rules, &facts);
        Issue {
            fingerprint: by_rule.unwrap_or(fingerprint),
            kind: shown(kind, MAX_TYPE),
            message: shown(message.lines().next().unwrap_or_default(), MAX_MESSAGE),
            culprit: shown(&culprit(place, &page), MAX_CULPRIT),
            page: shown(&page, MAX_PAGE),
            release: shown(self.release.trim(), MAX_RELEASE),
        }
    }

    /// `Error: text` is a message of the type `Error` when nothing else tells the type.
    fn kind_and_message(&self) -> (&str, &str) {
        let message = self.message.trim();
        if !self.name.trim().is_empty() {
            return (cut(self.name.trim(), MAX_TYPE), message);
        }
        let is_type = |word: &str| {
            let is_name = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
            is_name && (word.ends_with("Error") || word.ends_with("Exception"))
        };
        match cut(message, MAX_TYPE + 2).split_once(": ") {
            Some((word, _)) if is_type(word) => (word, message[word.len() + 2..].trim_start()),
            Some(_) | None => ("", message),
        }
    }

    /// V8 repeats type and message before the frames, and a message may look like frames.
    fn stack_alone(&self) -> &str {
        let stack = self.stack.as_str();
        let rest = stack.strip_prefix(self.name.as_str());
        let rest = rest.and_then(|rest| rest.strip_prefix(": "));
        rest.and_then(|rest| rest.strip_prefix(self.message.as_str()))
            .unwrap_or(stack)
    }
}

/// The innermost frame of the page's own code, else of a library or an extension.
fn place_of<'a>(frames: &'a [Frame<'a>], kind: &str) -> Option<&'a Frame<'a>> {
    // Gecko and WebKit begin with the constructor of an error of the page.
    let is_own_constructor = |frame: &&Frame<'_>| !kind.is_empty() && frame.function == kind;
    let of = |wanted: &[Kind]| {
        let mut left = frames
            .iter()
            .filter(|frame| !frame.is_past)
            .skip_while(is_own_constructor)
            .take(MAX_CHROMIUM);
        left.find(|frame| wanted.contains(&frame.kind))
    };
    of(&[Kind::App]).or_else(|| of(&[Kind::Library, Kind::Extension, Kind::Sdk]))
}

fn where_of(normal: &Normal, place: Option<&Frame<'_>>, page: &str) -> String {
    let Some(frame) = place.filter(|_| normal.place != Place::Nowhere) else {
        return String::new();
    };
    let file = file::name_of(frame.url, page);
    let is_name = frame.function.chars().count() > MINIFIED || frame.url == file::WASM;
    if normal.place == Place::Function && is_name {
        format!("{file} {}", cut(frame.function, MAX_CULPRIT))
    } else {
        file
    }
}

fn culprit(place: Option<&Frame<'_>>, page: &str) -> String {
    let Some(frame) = place else {
        return page.to_owned();
    };
    let name = file::last_part(file::path_of(frame.url));
    // A script in a page has the page's address, which may hold a token or an e-mail address.
    let file = if frame.url == file::WASM || file::is_code(name) {
        name.to_owned()
    } else {
        file::page_of(frame.url)
    };
    match frame.function {
        "" => file,
        function => format!("{} in {file}", cut(function, MAX_CULPRIT / 2)),
    }
}

/// One line of text without control characters.
fn shown(text: &str, most: usize) -> String {
    let is_shown = |letter: &char| !letter.is_control();
    let text: String = cut(text, most).chars().filter(is_shown).collect();
    text.trim().to_owned()
}
