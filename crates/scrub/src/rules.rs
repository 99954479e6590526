//! What is found in a text. Each rule gives ranges; all of them are replaced together.

mod accounts;
mod cards;
mod emails;
mod parameters;
mod phones;
pub(crate) mod secrets;

use std::ops::Range;

use crow_types::settings::ScrubbingSettings;

use crate::shape::Role;

/// The rules of an organization.
#[derive(Debug)]
pub(crate) struct Rules {
    settings: ScrubbingSettings,
}

/// Ranges of bytes, between characters.
type Found = Vec<Range<usize>>;

impl Rules {
    pub(crate) fn new(settings: &ScrubbingSettings) -> Self {
        Self {
            settings: settings.clone(),
        }
    }

    /// Whether a text has the number of a card, an account or a telephone.
    pub(crate) fn has_number(&self, text: &str) -> bool {
        let mut found = Found::new();
        self.find_numbers(text, true, &mut found);
        !found.is_empty()
    }

    fn find_numbers(&self, text: &str, has_phones: bool, found: &mut Found) {
        if self.settings.card {
            cards::find(text, found);
        }
        if self.settings.iban {
            accounts::find(text, found);
        }
        if self.settings.phone && has_phones {
            phones::find(text, found);
        }
    }

    /// The text without what the rules find; `None` when they find nothing.
    pub(crate) fn scrub(&self, role: Role, text: &str) -> Option<String> {
        if is_embedded(role, text) || role == Role::LooseText && is_like_css(text) {
            return None;
        }
        let rules = &self.settings;
        let mut found = Found::new();
        if rules.email {
            emails::find(text, role == Role::Input, &mut found);
        }
        if rules.secrets {
            secrets::find(text, &mut found);
        }
        if !rules.query_parameters.is_empty() {
            parameters::find(text, &rules.query_parameters, &mut found);
        }
        // Digits in the address of a picture only name it.
        if role != Role::Resource {
            let has_phones = role != Role::Url || text.starts_with("tel:");
            self.find_numbers(text, has_phones, &mut found);
        }
        (!found.is_empty()).then(|| blank(text, found))
    }
}

/// Whether it is the content of a picture rather than an address.
fn is_embedded(role: Role, text: &str) -> bool {
    let is_address = matches!(role, Role::Url | Role::Resource);
    is_address && (text.starts_with("data:") || text.starts_with("blob:"))
}

/// Whether a text may be a style sheet. Text of a page hardly ever has braces around a colon.
fn is_like_css(text: &str) -> bool {
    let inside = text.split_once('{').map(|(_before, inside)| inside);
    inside.is_some_and(|inside| inside.contains(':') && inside.contains('}'))
}

fn blank(text: &str, mut found: Found) -> String {
    found.sort_unstable_by_key(|range| range.start);
    let mut blanked = String::with_capacity(text.len());
    let mut done = 0;
    for range in found {
        let start = range.start.max(done);
        if range.end <= start {
            continue;
        }
        blanked.push_str(&text[done..start]);
        let hidden = text[start..range.end].chars().map(|_hidden| '*');
        blanked.extend(hidden);
        done = range.end;
    }
    blanked.push_str(&text[done..]);
    blanked
}

/// Whether the byte before this place ends what came before, so that a number or a word begins here.
fn begins_at(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| text[before]);
    before.is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

/// Whether a number or a word ends before this place.
fn ends_at(text: &[u8], at: usize) -> bool {
    text.get(at)
        .is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

/// The length of a blank or a no-break space at this place; 0: neither.
fn blank_at(text: &[u8], at: usize) -> usize {
    match text.get(at..).unwrap_or_default() {
        [b' ', ..] => 1,
        [0xc2, 0xa0, ..] => 2,
        _ => 0,
    }
}

/// Digits with separators between them.
#[derive(Debug, Default)]
struct Groups(Vec<Range<usize>>);

impl Groups {
    /// The groups that begin at `at`, where a digit is, if they have at least so many digits, and
    /// where they end. `separator` gives the length of one.
    fn read(
        text: &[u8],
        at: usize,
        least: usize,
        separator: impl Fn(&[u8], usize) -> usize,
    ) -> (Option<Self>, usize) {
        let digits_from = |at: usize| {
            let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit());
            at + digits.count()
        };
        let next_from = |end: usize| {
            let next = end + separator(text, end);
            let goes_on = next > end && text.get(next).is_some_and(u8::is_ascii_digit);
            goes_on.then_some(next)
        };
        let (mut end, mut count) = (digits_from(at), 0);
        count += end - at;
        while let Some(next) = next_from(end) {
            end = digits_from(next);
            count += end - next;
        }
        if count < least {
            return (None, end);
        }
        let mut groups = Vec::new();
        groups.push(at..digits_from(at));
        while let Some(next) = groups.last().and_then(|group| next_from(group.end)) {
            groups.push(next..digits_from(next));
        }
        (Some(Self(groups)), end)
    }

    /// Without a first or last group that is part of a word.
    fn whole(&self, text: &[u8]) -> &[Range<usize>] {
        let mut groups = self.0.as_slice();
        if let [first, rest @ ..] = groups
            && !begins_at(text, first.start)
        {
            groups = rest;
        }
        if let [rest @ .., last] = groups
            && !ends_at(text, last.end)
        {
            groups = rest;
        }
        groups
    }
}

/// Each number with at least so many digits, and where its first digit is.
fn numbers(
    text: &[u8],
    least: usize,
    separator: impl Fn(&[u8], usize) -> usize,
) -> impl Iterator<Item = (usize, Groups)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(digit) = text[at..].iter().position(u8::is_ascii_digit) {
            let start = at + digit;
            let (groups, end) = Groups::read(text, start, least, &separator);
            at = end;
            if let Some(groups) = groups {
                return Some((start, groups));
            }
        }
        None
    })
}

/// The digits of some groups, as bytes.
fn digits_of<'a>(text: &'a [u8], groups: &'a [Range<usize>]) -> impl Iterator<Item = u8> + 'a {
    groups
        .iter()
        .flat_map(|group| text[group.clone()].iter().copied())
}
