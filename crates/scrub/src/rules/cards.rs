//! Numbers of payment cards: a known beginning, its length, and a correct check digit.

use std::ops::Range;

use super::{Found, blank_at, digits_of, numbers};

const LEAST: usize = 13;
const MOST: usize = 19;

pub(super) fn find(text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    for (start, groups) in numbers(bytes, LEAST, separator) {
        let is_fraction = bytes[..start].ends_with(b".");
        if !is_fraction {
            find_in(bytes, groups.whole(bytes), found);
        }
    }
}

fn separator(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'-') => 1,
        _ => blank_at(text, at),
    }
}

/// Other numbers may be beside the card's, such as the date of its end.
fn find_in(text: &[u8], groups: &[Range<usize>], found: &mut Found) {
    let mut first = 0;
    while first < groups.len() {
        let length = (first..groups.len()).find_map(|last| {
            let part = &groups[first..=last];
            is_card(text, part).then_some(part.len())
        });
        match length {
            Some(length) => {
                found.push(groups[first].start..groups[first + length - 1].end);
                first += length;
            }
            None => first += 1,
        }
    }
}

fn is_card(text: &[u8], groups: &[Range<usize>]) -> bool {
    let length: usize = groups.iter().map(Range::len).sum();
    if !(LEAST..=MOST).contains(&length) {
        return false;
    }
    let digits: Vec<u8> = digits_of(text, groups).map(|digit| digit - b'0').collect();
    is_issued(&digits) && has_check_digit(&digits)
}

/// Whether a network issues cards of this length with this beginning.
fn is_issued(digits: &[u8]) -> bool {
    let length = digits.len();
    match (digits[0], digits[1]) {
        (4, _) => matches!(length, 13 | 16 | 19),
        (5, 1..=5) | (2, 2..=7) => length == 16,
        (3, 4 | 7) => length == 15,
        (3, 0 | 6 | 8 | 9) => length >= 14,
        (3, 5) => length >= 16,
        (5, 0 | 6..=8) => true,
        (6, _) => length >= 16,
        _ => false,
    }
}

/// Luhn's rule.
fn has_check_digit(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) => digit * 2 % 10 + digit * 2 / 10,
        })
        .sum();
    sum.is_multiple_of(10)
}
