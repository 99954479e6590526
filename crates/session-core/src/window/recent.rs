//! Hashes of the batch ids of a window's newest numbered batches. A known number with another id is
//! not a retry.

use data_encoding::BASE64_NOPAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of the hash of an id. Two different ids collide once in 16 million cases.
const MARK: usize = 3;
/// The mark of a batch that has no id from the client, or is missing.
const UNKNOWN: [u8; MARK] = [0; MARK];

/// Marks of the batches with the numbers before the window's next one, the newest last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recent(Vec<u8>);

impl Recent {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Records a batch with a new number; `skipped` numbers before it are missing. At most
    /// `most` are remembered.
    pub(super) fn push(&mut self, skipped: u64, name: Option<&str>, most: usize) {
        if skipped > most as u64 {
            self.0.clear();
        } else {
            (0..skipped).for_each(|_| self.0.extend_from_slice(&UNKNOWN));
        }
        self.0.extend_from_slice(&mark(name));
        self.keep_newest(most);
    }

    /// Records a batch that fills a gap; `next` is the window's next number.
    pub(super) fn fill(&mut self, seq: u64, next: u64, name: Option<&str>) {
        if let Some(place) = self.place(seq, next) {
            self.0[place..place + MARK].copy_from_slice(&mark(name));
        }
    }

    /// Whether a batch with this number is known to have had another name.
    pub(super) fn had_other_name(&self, seq: u64, next: u64, name: &str) -> bool {
        self.place(seq, next).is_some_and(|place| {
            let known = &self.0[place..place + MARK];
            known != UNKNOWN && known != mark(Some(name))
        })
    }

    pub(super) fn keep_newest(&mut self, most: usize) {
        self.0.drain(..self.0.len().saturating_sub(most * MARK));
    }

    fn place(&self, seq: u64, next: u64) -> Option<usize> {
        let from_end = usize::try_from(next.checked_sub(seq)?).ok()?;
        self.0.len().checked_sub(from_end.checked_mul(MARK)?)
    }
}

fn mark(name: Option<&str>) -> [u8; MARK] {
    let Some(name) = name else { return UNKNOWN };
    let [.., first, second, third] = fnv1a(name.as_bytes()).to_be_bytes();
    match [first, second, third] {
        UNKNOWN => [0, 0, 1],
        mark => mark,
    }
}

/// FNV-1a, 64 bits: stable over versions and machines, since the hashes are stored.
pub(super) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Serialize for Recent {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64_NOPAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Recent {
    /// Unreadable marks are dropped. Then a known number counts as a retry.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let marks = BASE64_NOPAD.decode(text.as_bytes()).unwrap_or_default();
        let is_whole = marks.len().is_multiple_of(MARK);
        Ok(Self(if is_whole { marks } else { Vec::new() }))
    }
}
