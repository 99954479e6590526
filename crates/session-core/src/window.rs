//! Per window: known batches, and the skew of the client's clock.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crow_proto::events::Batch;

mod life;
mod recent;
#[cfg(test)]
mod tests;

use life::Life;
pub(crate) use life::Sign;
use recent::{Recent, fnv1a};

/// Up to this difference, two measurements of a skew differ by network delay. Above it, the clock
/// was set. In milliseconds.
pub(crate) const SKEW_TOLERANCE: i64 = 5_000;
/// Windows kept per session. Beyond that, the ones without activity for the longest time are
/// dropped.
const MAX_WINDOWS: usize = 128;
/// Missing ranges kept per session, shared evenly by its windows. Beyond that, the oldest gaps are
/// dropped.
const MAX_RANGES: usize = 512;
/// A gap in the replay, or a missing first snapshot, is not expected to fill after this time, in
/// milliseconds.
const HOLE_PATIENCE: i64 = 15_000;
/// The client is asked for a full snapshot at most this often, in milliseconds.
const ASK_INTERVAL: i64 = 30_000;
/// Batch ids kept per session of a client without numbers, shared evenly by its windows.
const MAX_NAMES: usize = 1_024;
/// Hashes of batch ids kept per session of numbered batches, shared evenly by its windows.
const MAX_RECENT: usize = 256;

/// What distinguishes a batch from the others of its window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchName<'a> {
    /// Its number.
    pub(crate) seq: Option<u64>,
    /// Its name; never empty.
    pub(crate) id: &'a str,
    /// The client chose the name, and repeats it in a retry.
    pub(crate) is_named: bool,
}

impl<'a> BatchName<'a> {
    pub(crate) fn of(batch: &'a Batch) -> Self {
        Self {
            seq: batch.seq,
            id: &batch.batch_id,
            is_named: batch.named,
        }
    }

    fn given(&self) -> Option<&'a str> {
        self.is_named.then_some(self.id)
    }
}

/// The windows of a session by id; the empty id stands for a client without windows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
// Boxed, because a node of the tree has room for eleven.
#[serde(transparent)]
pub struct Windows(pub BTreeMap<String, Box<WindowState>>);

impl Windows {
    /// The state of a window; a new one if the window is unknown.
    pub(crate) fn get_or_begin(&mut self, id: &str) -> &mut WindowState {
        if !self.0.contains_key(id) {
            self.make_room();
        }
        self.0.entry(id.to_owned()).or_default()
    }

    /// Records a batch that was received at `at`.
    pub(crate) fn observe(&mut self, window: &str, name: BatchName<'_>, at: i64) -> Arrival {
        let state = self.get_or_begin(window);
        let arrival = state.observe(name, at);
        let share = self.0.len();
        if let Some(state) = self.0.get_mut(window) {
            state.keep_to(share);
        }
        arrival
    }

    /// The states with which the next visit starts. The gaps of this visit stay here.
    pub(crate) fn carry_over(&mut self) -> Self {
        let carried = self.0.iter_mut().map(|(id, state)| {
            let next = state.carried_over();
            state.earlier = Vec::new();
            state.names = Vec::new();
            state.recent = Recent::default();
            (id.clone(), Box::new(next))
        });
        let mut carried = Self(carried.collect());
        let share = carried.0.len();
        carried
            .0
            .values_mut()
            .for_each(|state| state.keep_to(share));
        carried
    }

    /// Until when one of the windows counts as live, milliseconds since the epoch.
    pub(crate) fn live_until(&self) -> Option<i64> {
        let until = self.0.values().map(|state| state.life.0).max();
        until.filter(|until| *until > 0)
    }

    fn make_room(&mut self) {
        if self.0.len() >= MAX_WINDOWS {
            let quietest = self.0.iter().min_by_key(|(_id, state)| state.last);
            if let Some(id) = quietest.map(|(id, _state)| id.clone()) {
                self.0.remove(&id);
            }
        }
        let share = self.0.len() + 1;
        self.0.values_mut().for_each(|state| state.keep_to(share));
    }
}

/// What is known of one window.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WindowState {
    /// What is added to the client's times, in milliseconds.
    #[serde(default)]
    pub skew: i64,
    /// The newest corrected time.
    #[serde(default)]
    pub last: i64,
    /// The newest corrected time of each lane.
    #[serde(default)]
    pub lanes: Lanes,
    /// Every `seq` below this was seen or is in one of the two lists.
    #[serde(default)]
    pub next: u64,
    /// Missing ranges: the gaps of this visit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// Missing ranges of earlier visits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Missing>,
    /// Hashes of the names of batches without `seq`, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<u64>,
    /// Names of the newest batches with `seq`.
    #[serde(default, skip_serializing_if = "Recent::is_empty")]
    pub recent: Recent,
    /// A measurement that was clearly larger than `skew`, until the next batch tells
    /// whether that batch was late or the clock was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<i64>,
    /// How far the replay can be played.
    #[serde(default, skip_serializing_if = "ReplayLane::is_empty")]
    pub replay: ReplayLane,
    /// Whether the window shows its page.
    #[serde(default, skip_serializing_if = "Life::is_empty")]
    pub life: Life,
}

/// The newest corrected times of interactions and of rrweb events. A client sends each kind in
/// order, but not both together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lanes(pub i64, pub i64);

/// The difference to our clock that holds for a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Skew {
    pub(crate) ms: i64,
    /// The batch shows that the clock was not set since the previous one.
    pub(crate) is_steady: bool,
    /// The clock was set, or may have been.
    pub(crate) has_moved: bool,
}

/// Missing batches: first and last number, both included, and the time of detection in milliseconds
/// since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Missing(pub u64, pub u64, pub i64);

impl Missing {
    fn contains(&self, seq: u64) -> bool {
        (self.0..=self.1).contains(&seq)
    }
}

/// What is known of a window's replay. A player can start only at a full snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReplayLane {
    /// Number of the newest batch with a full snapshot; 0 without numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<u64>,
    /// When replay arrived without a full snapshot before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headless_since: Option<i64>,
    /// When the client was asked last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<i64>,
}

impl ReplayLane {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
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
    /// Another batch had this number: this one counts as a batch without number.
    Reused,
}

impl WindowState {
    /// Takes note of a batch.
    pub(crate) fn observe(&mut self, name: BatchName<'_>, at: i64) -> Arrival {
        match name.seq {
            Some(seq) => self.observe_seq(seq, name, at),
            None => self.observe_name(name.id),
        }
    }

    /// Whether [`WindowState::observe`] would say that the batch is a duplicate.
    pub(crate) fn knows(&self, name: BatchName<'_>) -> bool {
        let knows_name = || self.names.contains(&fnv1a(name.id.as_bytes()));
        let Some(seq) = name.seq else {
            return knows_name();
        };
        let is_in = |ranges: &[Missing]| ranges.iter().any(|range| range.contains(seq));
        let knows_seq = seq < self.next && !is_in(&self.missing) && !is_in(&self.earlier);
        knows_seq && (!self.is_reused(seq, name) || knows_name())
    }

    fn observe_seq(&mut self, seq: u64, name: BatchName<'_>, at: i64) -> Arrival {
        if seq >= self.next {
            let skipped = seq - self.next;
            if skipped > 0 {
                self.missing.push(Missing(self.next, seq - 1, at));
            }
            self.recent.push(skipped, name.given(), MAX_RECENT);
            self.next = seq.saturating_add(1);
            return Arrival::InOrder;
        }
        if take(&mut self.missing, seq) || take(&mut self.earlier, seq) {
            self.recent.fill(seq, self.next, name.given());
            return Arrival::Late;
        }
        if self.is_reused(seq, name) && self.observe_name(name.id) == Arrival::InOrder {
            return Arrival::Reused;
        }
        Arrival::Duplicate
    }

    /// Whether another batch is known to have had this number.
    fn is_reused(&self, seq: u64, name: BatchName<'_>) -> bool {
        let given = name.given();
        given.is_some_and(|name| self.recent.had_other_name(seq, self.next, name))
    }

    fn observe_name(&mut self, batch_id: &str) -> Arrival {
        let name = fnv1a(batch_id.as_bytes());
        if self.names.contains(&name) {
            return Arrival::Duplicate;
        }
        self.names.push(name);
        Arrival::InOrder
    }

    /// Drops the oldest entries beyond the share of one of `windows`.
    fn keep_to(&mut self, windows: usize) {
        let ranges = (MAX_RANGES / windows).max(1);
        keep_newest(&mut self.missing, ranges);
        keep_newest(&mut self.earlier, ranges);
        keep_newest(&mut self.names, (MAX_NAMES / windows).max(1));
        self.recent.keep_newest((MAX_RECENT / windows).max(1));
    }

    /// Takes `seq` off the gaps. True: it was one.
    pub(crate) fn fill(&mut self, seq: u64) -> bool {
        take(&mut self.missing, seq)
    }

    /// Records a batch with replay events that was received at `at`. True: ask the client for a
    /// full snapshot, because this replay cannot be played.
    pub(crate) fn observe_replay(&mut self, seq: Option<u64>, has_snapshot: bool, at: i64) -> bool {
        let lane = &mut self.replay;
        if has_snapshot {
            lane.snapshot = lane.snapshot.max(Some(seq.unwrap_or(0)));
            lane.headless_since = None;
        } else if lane.snapshot.is_none() {
            lane.headless_since.get_or_insert(at);
        }
        let is_old = |since: i64| at.saturating_sub(since) >= HOLE_PATIENCE;
        let is_behind_hole = |missing: &Missing| {
            lane.snapshot.is_some_and(|snapshot| missing.1 > snapshot) && is_old(missing.2)
        };
        let is_broken =
            lane.headless_since.is_some_and(is_old) || self.missing.iter().any(is_behind_hole);
        let was_asked = lane
            .asked_at
            .is_some_and(|asked_at| at.saturating_sub(asked_at) < ASK_INTERVAL);
        if !is_broken || was_asked {
            return false;
        }
        self.replay.asked_at = Some(at);
        true
    }

    /// The skew to use for a batch that was measured at `measured`. Network delay must not
    /// stretch or reorder a recording, so one skew holds until the clock was clearly set.
    ///
    /// A measurement is the skew plus the delay of its batch. So a smaller one applies at once. A
    /// larger one may come from a retry, and applies only when the next batch confirms it.
    pub(crate) fn settle_skew(&mut self, measured: Option<i64>, is_first: bool) -> Skew {
        let Some(measured) = measured else {
            return Skew {
                ms: self.skew,
                is_steady: false,
                has_moved: false,
            };
        };
        let is_larger = measured.saturating_sub(self.skew) > SKEW_TOLERANCE;
        let is_smaller = self.skew.saturating_sub(measured) > SKEW_TOLERANCE;
        if is_first || is_smaller {
            self.skew = measured;
            self.doubt = None;
        } else if !is_larger {
            self.doubt = None;
        } else if let Some(before) = self.doubt.take() {
            self.skew = before.min(measured);
        } else {
            self.doubt = Some(measured);
        }
        let has_moved = !is_first && (is_larger || is_smaller);
        Skew {
            ms: self.skew,
            is_steady: !has_moved,
            has_moved,
        }
    }

    /// The state with which the next visit starts. Missing ranges stay known, as gaps of the
    /// previous visit.
    fn carried_over(&self) -> Self {
        let mut next = self.clone();
        next.earlier.append(&mut next.missing);
        next.earlier.sort_unstable();
        // A player of the next visit needs a snapshot of its own.
        next.replay = ReplayLane::default();
        next
    }
}

fn keep_newest<T>(list: &mut Vec<T>, count: usize) {
    list.drain(..list.len().saturating_sub(count));
}

/// Removes `seq` from the ranges. True: it was in one.
fn take(ranges: &mut Vec<Missing>, seq: u64) -> bool {
    let Some(index) = ranges.iter().position(|range| range.contains(seq)) else {
        return false;
    };
    let Missing(first, last, since) = ranges.remove(index);
    if seq < last {
        ranges.insert(index, Missing(seq + 1, last, since));
    }
    if first < seq {
        ranges.insert(index, Missing(first, seq - 1, since));
    }
    true
}
