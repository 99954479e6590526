//! Takes all texts and pictures from a recording, for whoever may not see them.

use bytes::Bytes;
use serde::de::IgnoredAny;

use crow_types::settings::ScrubbingSettings;

use crate::rules::Rules;
use crate::shape::Role;
use crate::shape::blank::{Blank, Shown};
use crate::walk;

/// Types of rrweb events that build a page: it was loaded, a snapshot, a change, its address.
const KINDS: [u8; 5] = [0, 1, SNAPSHOT, CHANGE, META];
const SNAPSHOT: u8 = 2;
const CHANGE: u8 = 3;
const META: u8 = 4;
/// Sources of changes that are shown without texts. The others, such as commands of a canvas, may
/// draw one.
const SOURCES: [u8; 13] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15];
/// An empty picture.
const EMPTY_PICTURE: &str =
    "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
/// Values of attributes that style sheets ask for. They say nothing of anybody, but in attributes that
/// a page or a visitor writes.
const STATES: &[&str] = &[
    "",
    "true",
    "false",
    "on",
    "off",
    "yes",
    "no",
    "none",
    "auto",
    "open",
    "closed",
    "active",
    "inactive",
    "selected",
    "checked",
    "unchecked",
    "disabled",
    "enabled",
    "visible",
    "hidden",
    "light",
    "dark",
    "left",
    "right",
    "top",
    "bottom",
    "center",
    "start",
    "end",
    "horizontal",
    "vertical",
    "small",
    "medium",
    "large",
    "primary",
    "secondary",
    "default",
    "page",
    "step",
    "dialog",
    "menu",
    "listbox",
    "polite",
    "assertive",
    "ascending",
    "descending",
    "played",
    "paused",
];

/// Takes texts and pictures from rrweb events.
///
/// What stays: the tree of elements, style sheets, sizes, classes and ids, and the origin of the
/// page. Each character of a text, of what was typed and of any other attribute becomes `*`, but for
/// blanks; so lengths stay. Pictures of elements are empty. Canvases are left out.
#[derive(Debug)]
pub struct Blanker {
    rules: Rules,
}

impl Default for Blanker {
    fn default() -> Self {
        let all = ScrubbingSettings {
            email: true,
            card: true,
            iban: true,
            phone: true,
            secrets: true,
            query_parameters: Vec::new(),
        };
        Self {
            rules: Rules::new(&all),
        }
    }
}

impl Blanker {
    /// The event without texts and pictures. `None`: the event must not be shown, because it is not
    /// known to be without them, or is no JSON.
    #[must_use]
    pub fn blank(&self, event: &Bytes) -> Option<Bytes> {
        // The walk reads only valid JSON.
        serde_json::from_slice::<IgnoredAny>(event).ok()?;
        let (kind, source) = walk::kind_and_source(event);
        let kind = kind.filter(|kind| KINDS.contains(kind))?;
        if kind == CHANGE && !source.is_some_and(|source| SOURCES.contains(&source)) {
            return None;
        }
        let changed = walk::replace(event, Blank::Event, &|shown, text| self.hide(shown, text));
        Some(changed.map_or_else(|| event.clone(), Bytes::from))
    }

    fn hide(&self, shown: Shown, text: &str) -> Option<String> {
        match shown {
            Shown::AsIs => None,
            Shown::Name => self.rules.scrub(Role::Text, text),
            Shown::Fragment if text.starts_with('#') => self.rules.scrub(Role::Text, text),
            Shown::Fragment | Shown::Pictures => Some(String::new()),
            Shown::Style => Some(plain_style(text)),
            Shown::Page => Some(origin_of(text)),
            Shown::Picture => Some(EMPTY_PICTURE.to_owned()),
            Shown::Attribute if STATES.contains(&text) => None,
            Shown::Attribute | Shown::Text => Some(stars(text)),
        }
    }
}

fn stars(text: &str) -> String {
    let star = |letter: char| if letter.is_whitespace() { letter } else { '*' };
    text.chars().map(star).collect()
}

/// The address of the page without its path, and without whoever signed in with it.
fn origin_of(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return String::new();
    };
    if !matches!(scheme, "http" | "https") {
        return String::new();
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}/")
}

/// CSS of an element without addresses, strings, and values of custom properties. Nothing stays of CSS
/// with an escape, which could spell a function or end an address, with a comment, or with a block.
/// Few styles have one.
fn plain_style(css: &str) -> String {
    if css.contains(['\\', '{', '}']) || css.contains("/*") {
        return String::new();
    }
    without_custom(&without_texts(css))
}

/// CSS without the values of custom properties, which hold anything.
fn without_custom(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    loop {
        let is_custom = rest.trim_start().starts_with("--");
        let end = if is_custom {
            end_of_value(rest)
        } else {
            rest.find(';')
        };
        let (declaration, after) = rest.split_at(end.unwrap_or(rest.len()));
        if !is_custom {
            plain.push_str(declaration);
        } else if let Some((name, _value)) = declaration.split_once(':') {
            plain.push_str(name);
            plain.push(':');
        }
        let Some(next) = after.strip_prefix(';') else {
            return plain;
        };
        plain.push(';');
        rest = next;
    }
}

/// The place of the `;` that ends a declaration.
fn end_of_value(css: &str) -> Option<usize> {
    let mut depth = 0_usize;
    css.bytes().position(|byte| {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b';' && depth == 0
    })
}

fn without_texts(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find(['"', '\'', '(']) {
        let (before, after) = rest.split_at(at);
        match after.as_bytes()[0] {
            b'(' if is_address(before) => {
                plain.push_str(&before[..before.len() - "url".len()]);
                plain.push_str("none");
                rest = after_address(&after[1..]);
            }
            b'(' => {
                plain.push_str(before);
                plain.push('(');
                rest = &after[1..];
            }
            quote => {
                plain.push_str(before);
                plain.push_str("\"\"");
                rest = after_quote(&after[1..], quote);
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn is_address(before: &str) -> bool {
    let start = before.len().checked_sub("url".len());
    let name = start.and_then(|start| before.get(start..));
    name.is_some_and(|name| name.eq_ignore_ascii_case("url"))
}

/// What follows a quoted text that has begun. There are no escapes.
fn after_quote(text: &str, quote: u8) -> &str {
    let at = text.bytes().position(|byte| byte == quote);
    at.map_or("", |at| &text[at + 1..])
}

/// What follows an address that has begun.
fn after_address(text: &str) -> &str {
    let inside = text.trim_start();
    let rest = match inside.as_bytes().first() {
        Some(quote @ (b'"' | b'\'')) => after_quote(&inside[1..], *quote),
        Some(_) | None => inside,
    };
    rest.split_once(')').map_or("", |(_address, rest)| rest)
}
