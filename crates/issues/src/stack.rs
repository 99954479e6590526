//! Frames of a stack. V8 writes `    at name (url:line:column)`; Gecko and WebKit write
//! `name@url:line:column`.

use crate::cut;
use crate::file;

pub use crate::file::Kind;

/// Bytes of a stack that are read.
const MAX_STACK: usize = 16 << 10;
/// Frames that are kept.
const MAX_FRAMES: usize = 60;
/// Bytes of one line that are read: V8 nests the places of `eval`.
const MAX_LINE: usize = 2_048;
/// Names of functions that only say that there is none.
const NAMELESS: [&str; 8] = [
    "<anonymous>",
    "anonymous",
    "global code",
    "module code",
    "eval code",
    "eval",
    // What Angular calls it in Chromium only.
    "computation",
    "?",
];
/// Functions that React assigns to its exports. WebKit has no names for such functions.
const OF_REACT: [&str; 18] = [
    "cloneElement",
    "useActionState",
    "useCallback",
    "useContext",
    "useDeferredValue",
    "useEffect",
    "useEffectEvent",
    "useId",
    "useImperativeHandle",
    "useInsertionEffect",
    "useLayoutEffect",
    "useMemo",
    "useOptimistic",
    "useReducer",
    "useRef",
    "useState",
    "useSyncExternalStore",
    "useTransition",
];

/// A frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The function without its owner; empty: it has no name, or the code is in none.
    pub function: &'a str,
    /// Where the code is from; empty: unknown.
    pub url: &'a str,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The column, from 1. Browsers mean different places of one call.
    pub column: Option<u32>,
    /// What kind of code.
    pub kind: Kind,
    /// It, or a frame before it, had returned already: browsers tell different parts of this.
    pub is_past: bool,
}

/// The frames of a stack, the innermost first. Lines that are none are left out.
#[must_use]
pub fn frames(stack: &str) -> Vec<Frame<'_>> {
    let lines = || {
        cut(stack, MAX_STACK)
            .lines()
            .map(|line| cut(line, MAX_LINE).trim())
    };
    let mut frames: Vec<Frame<'_>> = lines().filter_map(of_v8).take(MAX_FRAMES).collect();
    if frames.is_empty() {
        frames = lines().filter_map(of_others).take(MAX_FRAMES).collect();
    }
    let mut is_past = false;
    for frame in &mut frames {
        is_past |= frame.is_past;
        frame.is_past = is_past;
    }
    frames
}

fn of_v8(line: &str) -> Option<Frame<'_>> {
    let rest = line.strip_prefix("at ")?;
    let (rest, is_past) = match rest.strip_prefix("async ") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let (name, place) = match rest.split_once(" (") {
        Some((name, place)) => (name, place.strip_suffix(')')?),
        None => ("", rest),
    };
    // `owner.name [as property]`: the others tell the name.
    let name = name.split_once(" [as ").map_or(name, |(name, _)| name);
    let place = place.strip_prefix("address at ").unwrap_or(place);
    let frame = frame(last_name(name), place);
    // A message may have a line that begins with `at`.
    let is_frame = frame.kind != Kind::Evaluated || place.starts_with("eval at ");
    is_frame.then_some(Frame { is_past, ..frame })
}

fn of_others(line: &str) -> Option<Frame<'_>> {
    let (name, place) = match line.split_once('@') {
        Some(parts) => parts,
        None if line.contains("://") && position(line).1.is_some() => ("", line),
        None => return None,
    };
    // Gecko: `async*name`, `setTimeout handler*name`.
    let (name, is_past) = match name.rsplit_once('*') {
        Some((_why, name)) => (name, true),
        None => (name, false),
    };
    Some(Frame {
        is_past,
        ..frame(last_name(name), place)
    })
}

/// Without owner, kind of function, and the functions around it.
fn last_name(name: &str) -> &str {
    let mut name = name.trim();
    for kind in ["new ", "get ", "set "] {
        name = name.strip_prefix(kind).unwrap_or(name);
    }
    // Gecko: `outer/inner`, and `outer/<` for one without a name.
    if name.ends_with('<') && !name.starts_with('<') {
        return "";
    }
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = name.rsplit('.').next().unwrap_or(name);
    let is_nameless = NAMELESS.contains(&name) || OF_REACT.contains(&name);
    if is_nameless { "" } else { name }
}

fn frame<'a>(function: &'a str, place: &'a str) -> Frame<'a> {
    let none = Frame {
        function,
        url: "",
        line: None,
        column: None,
        kind: Kind::Evaluated,
        is_past: false,
    };
    if let Some((_before, rest)) = place.split_once("wasm-function[") {
        // The number when the module has no names.
        let number = rest.split_once(']').map_or("", |(number, _)| number);
        let is_named = !function.is_empty() && function != number;
        return Frame {
            function: if is_named { function } else { number },
            url: file::WASM,
            kind: Kind::App,
            ..none
        };
    }
    let is_native = place.starts_with('[')
        || matches!(place, "<anonymous>" | "native")
        || place.starts_with("index ");
    if is_native {
        return Frame {
            kind: Kind::Native,
            ..none
        };
    }
    // V8: `eval at …`; Gecko: `… line 5 > eval:1:1`; WebKit: nothing.
    if place.starts_with("eval at ") || place.contains(" > ") {
        return none;
    }
    let (url, line, column) = position(place);
    if url.is_empty() || line.is_none() || url == "<anonymous>" {
        return none;
    }
    Frame {
        url,
        line,
        column,
        kind: file::kind_of(url),
        ..none
    }
}

/// `url:line:column` or `url:line`.
fn position(place: &str) -> (&str, Option<u32>, Option<u32>) {
    let Some((rest, last)) = number_at_end(place) else {
        return (place, None, None);
    };
    match number_at_end(rest) {
        Some((url, line)) => (url, Some(line), Some(last)),
        None => (rest, Some(last), None),
    }
}

fn number_at_end(text: &str) -> Option<(&str, u32)> {
    let (rest, digits) = text.rsplit_once(':')?;
    Some((rest, digits.parse().ok()?))
}
