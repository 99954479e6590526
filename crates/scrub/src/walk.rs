//! Replaces strings of a JSON text where a place gives them a role.
//!
//! There are two passes from left to right. The first collects facts about each object, because they
//! may come after the members that they decide about. The second knows the place of each string.
//! Both take time in proportion to the text, however deep it is nested.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr2;

use crate::shape::{Facts, Shape};

/// Decides about a string; `None` keeps it.
pub(crate) type Change<'a, R> = &'a dyn Fn(R, &str) -> Option<String>;

/// The JSON with changed strings; `None` when none changes.
pub(crate) fn replace<S: Shape>(
    json: &[u8],
    place: S,
    change: Change<'_, S::Role>,
) -> Option<Vec<u8>> {
    let facts = facts_of(json);
    let mut facts = facts.into_iter();
    let mut output = Output {
        json,
        done: 0,
        changed: Vec::new(),
    };
    let mut open: Vec<Frame<'_, S>> = Vec::new();
    for token in Tokens::of(json) {
        match token {
            Token::Open { is_object } => {
                let place = next_place(&open, place);
                let facts = if is_object {
                    facts.next()?
                } else {
                    Facts::default()
                };
                open.push(Frame::new(place, is_object, facts));
            }
            Token::Close => {
                open.pop();
            }
            Token::Comma => expect_key(&mut open),
            Token::Text { start, end } => match open.last_mut() {
                Some(frame) if frame.expects_key => frame.take_key(&json[start..end]),
                _ => {
                    if let Some(role) = next_place(&open, place).role() {
                        output.change(role, start..end, change, S::HIDES_UNREADABLE);
                    }
                }
            },
            Token::Word { .. } => {}
        }
    }
    output.finish()
}

/// An object or a list that is open.
struct Frame<'a, S> {
    place: S,
    facts: Facts,
    is_object: bool,
    expects_key: bool,
    key: &'a [u8],
}

impl<'a, S> Frame<'a, S> {
    fn new(place: S, is_object: bool, facts: Facts) -> Self {
        Self {
            place,
            facts,
            is_object,
            expects_key: is_object,
            key: b"",
        }
    }

    fn take_key(&mut self, key: &'a [u8]) {
        self.key = key;
        self.expects_key = false;
    }
}

fn expect_key<S>(open: &mut [Frame<'_, S>]) {
    if let Some(frame) = open.last_mut() {
        frame.expects_key = frame.is_object;
    }
}

/// The place of the next value.
fn next_place<S: Shape>(open: &[Frame<'_, S>], root: S) -> S {
    match open.last() {
        None => root,
        Some(frame) if frame.is_object => frame.place.member(frame.facts, frame.key),
        Some(frame) => frame.place.item(),
    }
}

/// The facts of each object, in the order in which the objects begin.
fn facts_of(json: &[u8]) -> Vec<Facts> {
    let mut all: Vec<Facts> = Vec::new();
    // The number of each open object; `None` for a list.
    let mut open: Vec<(Option<usize>, Frame<'_, ()>)> = Vec::new();
    for token in Tokens::of(json) {
        match token {
            Token::Open { is_object } => {
                open.push((
                    is_object.then_some(all.len()),
                    Frame::new((), is_object, Facts::default()),
                ));
                if is_object {
                    all.push(Facts::default());
                }
            }
            Token::Close => {
                open.pop();
            }
            Token::Comma => {
                if let Some((_number, frame)) = open.last_mut() {
                    frame.expects_key = frame.is_object;
                }
            }
            Token::Text { start, end } => match open.last_mut() {
                Some((_number, frame)) if frame.expects_key => frame.take_key(&json[start..end]),
                Some((Some(number), frame)) => {
                    all[*number].note_text(frame.key, &json[start..end]);
                }
                Some((None, _)) | None => {}
            },
            Token::Word { start, end } => {
                if let Some((Some(number), frame)) = open.last() {
                    all[*number].note_word(frame.key, &json[start..end]);
                }
            }
        }
    }
    all
}

struct Output<'a> {
    json: &'a [u8],
    /// Up to here the text is in `changed`, if anything is.
    done: usize,
    changed: Vec<u8>,
}

impl Output<'_> {
    /// Changes the string between these quotes.
    fn change<R>(&mut self, role: R, at: Range<usize>, change: Change<'_, R>, hides: bool) {
        let Range { start, end } = at;
        let new = match text_of(self.json, start, end) {
            Some(text) => change(role, &text),
            None => hides.then(String::new),
        };
        let Some(new) = new else {
            return;
        };
        let quoted = serde_json::to_string(&new).expect("a text is JSON");
        if self.changed.is_empty() {
            // Changes seldom make a text longer, and callers count on one copy.
            self.changed.reserve_exact(self.json.len());
        }
        self.changed
            .extend_from_slice(&self.json[self.done..start - 1]);
        self.changed.extend_from_slice(quoted.as_bytes());
        self.done = end + 1;
    }

    fn finish(mut self) -> Option<Vec<u8>> {
        (self.done > 0).then(|| {
            self.changed.extend_from_slice(&self.json[self.done..]);
            self.changed
        })
    }
}

/// `type` of an event, and `source` in its `data`, as far as they are small numbers.
pub(crate) fn kind_and_source(json: &[u8]) -> (Option<u8>, Option<u8>) {
    let (mut kind, mut source) = (None, None);
    let mut open: Vec<Frame<'_, ()>> = Vec::new();
    for token in Tokens::of(json) {
        match token {
            Token::Open { is_object } => open.push(Frame::new((), is_object, Facts::default())),
            Token::Close => {
                open.pop();
            }
            Token::Comma => expect_key(&mut open),
            Token::Text { start, end } => {
                if let Some(frame) = open.last_mut()
                    && frame.expects_key
                {
                    frame.take_key(&json[start..end]);
                }
            }
            Token::Word { start, end } => {
                let number = || std::str::from_utf8(&json[start..end]).ok()?.parse().ok();
                match open.as_slice() {
                    [event] if event.key == b"type" => kind = number(),
                    [event, data] if event.key == b"data" && data.key == b"source" => {
                        source = number();
                    }
                    _ => {}
                }
            }
        }
    }
    (kind, source)
}

/// The text of the string between these quotes.
pub(crate) fn text_of(json: &[u8], start: usize, end: usize) -> Option<Cow<'_, str>> {
    let raw = std::str::from_utf8(&json[start..end]).ok()?;
    if !raw.contains('\\') {
        return Some(Cow::Borrowed(raw));
    }
    let quoted = std::str::from_utf8(&json[start - 1..=end]).ok()?;
    serde_json::from_str(quoted).ok().map(Cow::Owned)
}

enum Token {
    Open {
        is_object: bool,
    },
    Close,
    Comma,
    /// A string, without its quotes.
    Text {
        start: usize,
        end: usize,
    },
    /// A number, `true`, `false` or `null`.
    Word {
        start: usize,
        end: usize,
    },
}

/// Splits valid JSON. Whatever is not valid ends it.
struct Tokens<'a> {
    json: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    fn of(json: &'a [u8]) -> Self {
        Self { json, at: 0 }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let start = self.at;
            let byte = *self.json.get(start)?;
            self.at += 1;
            match byte {
                b'{' | b'[' => {
                    return Some(Token::Open {
                        is_object: byte == b'{',
                    });
                }
                b'}' | b']' => return Some(Token::Close),
                b',' => return Some(Token::Comma),
                b'"' => {
                    let end = end_of_string(self.json, self.at)?;
                    self.at = end + 1;
                    return Some(Token::Text {
                        start: start + 1,
                        end,
                    });
                }
                b':' | b' ' | b'\t' | b'\n' | b'\r' => {}
                _ => {
                    let rest = &self.json[self.at..];
                    let is_over = |byte: &u8| b",:]} \t\n\r\"".contains(byte);
                    let length = rest.iter().position(is_over).unwrap_or(rest.len());
                    self.at += length;
                    return Some(Token::Word {
                        start,
                        end: self.at,
                    });
                }
            }
        }
    }
}

/// The place of the closing quote of a string that begins at `at`.
fn end_of_string(json: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let found = at + memchr2(b'"', b'\\', json.get(at..)?)?;
        if json[found] == b'"' {
            return Some(found);
        }
        at = found + 2;
    }
}
