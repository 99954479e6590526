//! What a session can be found by: the types and names of its events, as a set of hashes in the
//! order in which they came. A list filter looks for eight bytes.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Bytes of a term.
pub const TERM: usize = 8;
/// Terms of a session; further ones are left out.
const MAX_TERMS: usize = 256;
/// Bytes of the terms of a session that may have events of further types and names.
pub const FULL: usize = MAX_TERMS * TERM;

/// The term of an event type.
#[must_use]
pub fn of_type(name: &str) -> [u8; TERM] {
    xxh3_64_with_seed(name.as_bytes(), 0).to_be_bytes()
}

/// The term of the name of a custom event.
#[must_use]
pub fn of_name(name: &str) -> [u8; TERM] {
    xxh3_64_with_seed(name.as_bytes(), 1).to_be_bytes()
}

/// Adds a term if it is not there and there is room.
pub fn add(terms: &mut Vec<u8>, term: [u8; TERM]) {
    let is_new = !terms.chunks_exact(TERM).any(|known| known == term);
    if is_new && terms.len() < FULL {
        terms.extend_from_slice(&term);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_there_once_and_a_name_is_no_type() {
        let mut terms = Vec::new();
        for term in [of_type("click"), of_name("click"), of_type("click")] {
            add(&mut terms, term);
        }
        assert_eq!(terms, [of_type("click"), of_name("click")].concat());
    }

    #[test]
    fn there_is_room_for_so_many() {
        let mut terms = Vec::new();
        for number in 0..1_000 {
            add(&mut terms, of_name(&number.to_string()));
        }
        assert_eq!(terms.len(), FULL);
    }
}
