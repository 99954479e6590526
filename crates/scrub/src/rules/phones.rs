//! Telephone numbers: a `+`, a leading zero, or the North American form. Digits alone are none,
//! because order numbers and times look the same.

use std::ops::Range;

use super::{Found, begins_at, blank_at, digits_of, numbers};

/// The least digits of a number that we know by its form.
const LEAST: usize = 8;
/// The most digits of a number in the world.
const MOST: usize = 15;

pub(super) fn find(text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    for (start, groups) in numbers(bytes, LEAST, separator) {
        let opening = opening(bytes, start);
        let is_apart = begins_at(bytes, opening) && !is_in_word(bytes, opening);
        if is_apart {
            find_in(bytes, groups.whole(bytes), opening, found);
        }
    }
}

/// Up to two characters: a blank, a hyphen, a dot, a slash or a bracket.
fn separator(text: &[u8], at: usize) -> usize {
    let one = |at: usize| match text.get(at) {
        Some(b'-' | b'.' | b'/' | b'(' | b')') => 1,
        _ => blank_at(text, at),
    };
    let two = |at: usize| at + one(at);
    two(two(two(at))) - at
}

/// Where the number begins: at a `+` or a bracket before its first digit.
fn opening(text: &[u8], digit: usize) -> usize {
    let is_before = |at: usize, byte: u8| at > 0 && text[at - 1] == byte;
    let bracket = digit - usize::from(is_before(digit, b'('));
    bracket - usize::from(is_before(bracket, b'+'))
}

/// Whether it goes on from something else, such as a fraction, a path or a name.
fn is_in_word(text: &[u8], opening: usize) -> bool {
    let before = opening.checked_sub(1).map(|before| text[before]);
    matches!(before, Some(b'.' | b'-' | b'_' | b'/' | b'#' | b'=' | b'$'))
}

/// Several numbers may stand side by side.
fn find_in(text: &[u8], groups: &[Range<usize>], opening: usize, found: &mut Found) {
    let mut first = 0;
    while first < groups.len() {
        let start = if first == 0 {
            opening
        } else {
            groups[first].start
        };
        let has_plus = first == 0 && text[opening] == b'+';
        let is_start = first == 0 || text[start - 1] == b' ';
        let mut lasts = (first..groups.len().min(first + MOST)).rev();
        let last = lasts.find(|last| is_start && is_phone(text, &groups[first..=*last], has_plus));
        match last {
            Some(last) => {
                found.push(start..groups[last].end);
                first = last + 1;
            }
            None => first += 1,
        }
    }
}

fn is_phone(text: &[u8], groups: &[Range<usize>], has_plus: bool) -> bool {
    let lengths: Vec<usize> = groups.iter().map(Range::len).collect();
    let length: usize = lengths.iter().sum();
    if length > MOST + 2 {
        return false;
    }
    let digits: Vec<u8> = digits_of(text, groups).take(3).collect();
    match (has_plus, digits.as_slice(), lengths.as_slice()) {
        (true, _, _) => (8..=MOST).contains(&length),
        (false, _, [_alone]) => false,
        (false, [b'0', b'0', b'1'..=b'9'], _) => length >= 10,
        (false, [b'0', ..], [2, 2, 2, 2, 2]) => true,
        (false, [b'0', ..], [area, ..]) => *area >= 3 && (9..=13).contains(&length),
        (false, [b'2'..=b'9', ..], [3, 3, 4]) | (false, [b'1', ..], [1, 3, 3, 4]) => true,
        (false, _, _) => false,
    }
}
