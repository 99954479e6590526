//! International bank account numbers: two letters, two digits, and a correct checksum.

use super::{Found, begins_at, blank_at, ends_at};

const LEAST: usize = 15;
const MOST: usize = 34;

pub(super) fn find(text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + LEAST <= bytes.len() {
        match bytes[at..] {
            [a, b, c, d, ..]
                if a.is_ascii_alphabetic()
                    && b.is_ascii_alphabetic()
                    && c.is_ascii_digit()
                    && d.is_ascii_digit()
                    && begins_at(bytes, at) =>
            {
                match end_of_account(bytes, at) {
                    Some(end) => {
                        found.push(at..end);
                        at = end;
                    }
                    None => at += 1,
                }
            }
            _ => at += 1,
        }
    }
}

/// The end of the longest account number at this place. Words may follow it.
fn end_of_account(text: &[u8], start: usize) -> Option<usize> {
    let mut account: Vec<u8> = Vec::with_capacity(MOST);
    let mut longest = None;
    let mut at = start;
    while account.len() < MOST {
        let next = at + separator(text, at);
        let Some(byte) = text.get(next).filter(|byte| byte.is_ascii_alphanumeric()) else {
            break;
        };
        account.push(byte.to_ascii_uppercase());
        at = next + 1;
        if account.len() >= LEAST && ends_at(text, at) && has_checksum(&account) {
            longest = Some(at);
        }
    }
    longest
}

fn separator(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'-') => 1,
        _ => blank_at(text, at),
    }
}

/// ISO 7064: the first four characters at the end, letters as numbers from 10, modulo 97.
fn has_checksum(account: &[u8]) -> bool {
    let (head, tail) = account.split_at(4);
    let rest = tail
        .iter()
        .chain(head)
        .fold(0_u32, |rest, byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
        });
    rest == 1
}
