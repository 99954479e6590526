//! Per window: which batches were seen, and how far the client's clock is off.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A difference between two measurements of a clock's skew that is network delay and not a
/// clock that was set, in milliseconds.
const SKEW_TOLERANCE: i64 = 5_000;
/// Missing ranges kept per window. A client that skips more has its oldest gaps given up.
const MAX_RANGES: usize = 1_000;
/// Names kept per window of a client that does not number its batches.
const MAX_NAMES: usize = 1_024;

/// The windows of a session by id; the empty id stands for a client without windows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Windows(pub BTreeMap<String, WindowState>);

/// What is known of one window.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WindowState {
    /// What is added to the client's times, in milliseconds.
    #[serde(default)]
    pub skew: i64,
    /// The newest corrected time of an in-order batch.
    #[serde(default)]
    pub last: i64,
    /// Every `seq` below this was seen or is in one of the two lists.
    #[serde(default)]
    pub next: u64,
    /// Ranges that have not come, both ends included: the gaps of this visit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<[u64; 2]>,
    /// Ranges that have not come since an earlier visit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<[u64; 2]>,
    /// Hashes of the names of batches without `seq`, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<u64>,
}

/// How a batch stands to what was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// Seen before: it has no effect.
    Duplicate,
    /// The next one, or one after a gap.
    InOrder,
    /// One that was missing.
    Late,
}

impl WindowState {
    /// Takes note of a batch.
    pub(crate) fn observe(&mut self, seq: Option<u64>, batch_id: &str) -> Arrival {
        match seq {
            Some(seq) => self.observe_seq(seq),
            None => self.observe_name(batch_id),
        }
    }

    /// Whether [`WindowState::observe`] would say that the batch is a duplicate.
    pub(crate) fn knows(&self, seq: Option<u64>, batch_id: &str) -> bool {
        let Some(seq) = seq else {
            return self.names.contains(&fnv1a(batch_id.as_bytes()));
        };
        let is_in = |ranges: &[[u64; 2]]| {
            ranges
                .iter()
                .any(|[first, last]| (*first..=*last).contains(&seq))
        };
        seq < self.next && !is_in(&self.missing) && !is_in(&self.earlier)
    }

    fn observe_seq(&mut self, seq: u64) -> Arrival {
        if seq >= self.next {
            if seq > self.next {
                self.missing.push([self.next, seq - 1]);
                if self.missing.len() > MAX_RANGES {
                    self.missing.remove(0);
                }
            }
            self.next = seq.saturating_add(1);
            return Arrival::InOrder;
        }
        if take(&mut self.missing, seq) || take(&mut self.earlier, seq) {
            Arrival::Late
        } else {
            Arrival::Duplicate
        }
    }

    fn observe_name(&mut self, batch_id: &str) -> Arrival {
        let name = fnv1a(batch_id.as_bytes());
        if self.names.contains(&name) {
            return Arrival::Duplicate;
        }
        self.names.push(name);
        if self.names.len() > MAX_NAMES {
            self.names.remove(0);
        }
        Arrival::InOrder
    }

    /// Takes `seq` off the gaps. True: it was one.
    pub(crate) fn fill(&mut self, seq: u64) -> bool {
        take(&mut self.missing, seq)
    }

    /// The skew to use for a batch that was measured at `measured`. Network delay must not
    /// stretch or reorder a recording, so one skew holds until the clock was clearly set.
    pub(crate) fn settle_skew(&mut self, measured: Option<i64>, is_first: bool) -> i64 {
        if let Some(measured) = measured
            && (is_first || (measured - self.skew).abs() > SKEW_TOLERANCE)
        {
            self.skew = measured;
        }
        self.skew
    }

    /// The state with which the next visit begins: what is missing stays missing, but it
    /// is a gap of the visit before.
    pub(crate) fn carried_over(&self) -> Self {
        let mut next = self.clone();
        next.earlier.append(&mut next.missing);
        next.earlier.sort_unstable();
        next
    }
}

/// Removes `seq` from the ranges. True: it was in one.
fn take(ranges: &mut Vec<[u64; 2]>, seq: u64) -> bool {
    let Some(index) = ranges
        .iter()
        .position(|[first, last]| (*first..=*last).contains(&seq))
    else {
        return false;
    };
    let [first, last] = ranges.remove(index);
    if seq < last {
        ranges.insert(index, [seq + 1, last]);
    }
    if first < seq {
        ranges.insert(index, [first, seq - 1]);
    }
    true
}

/// FNV-1a, 64 bits: stable over versions and machines, since the hashes are stored.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests;
