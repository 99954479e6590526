//! The quick pass: whether a string could hold something that a rule matches, wherever it is. It may
//! be wrong only in one direction.

use aho_corasick::AhoCorasick;
use memchr::memmem::{self, Finder};
use memchr::{memchr, memchr_iter, memchr2_iter};

use crow_types::settings::ScrubbingSettings;

use crate::rules::{Rules, secrets};
use crate::walk::text_of;

/// What makes a JSON text suspicious.
#[derive(Debug)]
pub(crate) struct Suspicion {
    has_email: bool,
    has_secrets: bool,
    /// Names of query parameters with their `=`.
    parameters: Option<AhoCorasick>,
    /// So many digits with nothing but separators between them. `None`: digits do not matter.
    digits: Option<usize>,
    /// `%40`, an escaped `@`.
    escaped_sign: Finder<'static>,
}

/// The least digits of a telephone number.
const OF_PHONE: usize = 8;
/// Of a card.
const OF_CARD: usize = 13;
/// In a row, of an IBAN.
const OF_IBAN: usize = 6;
/// How our SDK writes events that only move something. They hold no text.
const STEADY: [&[u8]; 8] = [
    br#"{"type":3,"data":{"source":1,"#,
    br#"{"type":3,"data":{"source":2,"#,
    br#"{"type":3,"data":{"source":3,"#,
    br#"{"type":3,"data":{"source":4,"#,
    br#"{"type":3,"data":{"source":6,"#,
    br#"{"type":3,"data":{"source":7,"#,
    br#"{"type":3,"data":{"source":8,"#,
    br#"{"type":3,"data":{"source":9,"#,
];

/// Whether an rrweb event holds no text that is looked at.
pub(crate) fn is_steady(event: &[u8]) -> bool {
    // All of them have the same length.
    event
        .get(..STEADY[0].len())
        .is_some_and(|beginning| STEADY.contains(&beginning))
}

impl Suspicion {
    pub(crate) fn of(settings: &ScrubbingSettings) -> Self {
        let least = [
            settings.phone.then_some(OF_PHONE),
            settings.card.then_some(OF_CARD),
            settings.iban.then_some(OF_IBAN),
        ];
        Self {
            has_email: settings.email,
            has_secrets: settings.secrets,
            parameters: parameters(&settings.query_parameters),
            digits: least.into_iter().flatten().min(),
            escaped_sign: Finder::new(b"%40"),
        }
    }

    /// Whether the JSON needs a closer look.
    pub(crate) fn covers(&self, json: &[u8], rules: &Rules) -> bool {
        has_escaped_ascii(json)
            || self.has_email && self.has_address(json)
            || self.parameters.as_ref().is_some_and(|it| it.is_match(json))
            || self.has_secrets && secrets::is_likely(json)
            || self
                .digits
                .is_some_and(|least| has_number(json, least, rules))
    }

    /// Whether there is a name before an `@`.
    fn has_address(&self, json: &[u8]) -> bool {
        let has_name = |at: usize| at > 0 && !b" \"\\,:;>{}()[]".contains(&json[at - 1]);
        memchr_iter(b'@', json).any(has_name) || self.escaped_sign.find_iter(json).any(has_name)
    }
}

fn parameters(names: &[String]) -> Option<AhoCorasick> {
    if names.is_empty() {
        return None;
    }
    let names = names.iter().map(|name| format!("{name}="));
    let mut builder = AhoCorasick::builder();
    let finder = builder.ascii_case_insensitive(true).build(names);
    Some(finder.expect("the names are few and short"))
}

/// Whether a character that is plain ASCII may be escaped. Hardly anybody does that.
fn has_escaped_ascii(json: &[u8]) -> bool {
    memchr(b'\\', json).is_some_and(|first| memmem::find(&json[first..], b"\\u00").is_some())
}

/// Whether a string has so many digits in a row, with only separators between them, and a rule
/// matches it.
fn has_number(json: &[u8], least: usize, rules: &Rules) -> bool {
    // The first byte of the string that is open.
    let mut open = None;
    let mut escaped = usize::MAX;
    for at in memchr2_iter(b'"', b'\\', json) {
        if at == escaped {
            escaped = usize::MAX;
        } else if json[at] == b'\\' {
            escaped = at + 1;
        } else if let Some(begin) = open.take() {
            let is_match = || text_of(json, begin, at).is_some_and(|text| rules.has_number(&text));
            if has_digits(&json[begin..at], least) && is_match() {
                return true;
            }
        } else {
            open = Some(at + 1);
        }
    }
    false
}

fn has_digits(text: &[u8], least: usize) -> bool {
    if text.len() < least {
        return false;
    }
    // The compiler vectorises this.
    let all: usize = text
        .iter()
        .map(|byte| usize::from(byte.is_ascii_digit()))
        .sum();
    all >= least && most_in_a_row(text) >= least
}

fn most_in_a_row(text: &[u8]) -> usize {
    let (mut most, mut count) = (0, 0);
    for byte in text {
        if byte.is_ascii_digit() {
            count += 1;
            most = most.max(count);
        } else if byte.is_ascii_alphabetic() {
            count = 0;
        }
    }
    most
}
