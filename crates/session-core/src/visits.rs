//! The visits of one session id, and which of them an event belongs to.

use std::hash::{BuildHasherDefault, Hasher};

use crow_proto::events::Batch;
use crow_types::{EndReason, EventRowId, Partition, SessionRecord, Timestamp};

use crate::config::Config;
use crate::message::SessionKey;
use crate::visit::{Activity, Visit};
use crate::window::{Arrival, BatchName, WindowState, Windows};

/// Visits of one session id in memory. Events of an older visit join the oldest of these, so the
/// driver need not load more.
pub const MAX_VISITS: usize = 32;
/// Event ids in memory per session; beyond that they are looked up.
const MAX_SEEN: usize = 20_000;

/// The newest visits of a session id, oldest first.
#[derive(Debug, Clone)]
pub(crate) struct Visits {
    pub(crate) list: Vec<Visit>,
    /// Known batches; stored with the newest visit.
    pub(crate) windows: Windows,
    /// Row ids of events that have an id, by their last 64 bits.
    seen: Bits,
    /// Ids that are being written. They can be looked up afterwards.
    seen_in_flight: Bits,
    /// Every event of the session is in `seen`.
    pub(crate) is_seen_complete: bool,
    /// It had more events than are kept. A look-up from before a flush may miss some, so it never
    /// counts as complete again.
    has_overflowed: bool,
    /// Time of the last batch, or of the user's last activity until there is one. For eviction.
    pub(crate) touched_at: Timestamp,
}

/// Numbers that are as good as random.
#[expect(clippy::disallowed_types, reason = "nobody iterates over it")]
type Bits = std::collections::HashSet<u64, BuildHasherDefault<AsItIs>>;

/// Their own hash.
#[derive(Debug, Clone, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, bits: u64) {
        self.0 = bits;
    }

    fn write(&mut self, _bytes: &[u8]) {
        unreachable!("only numbers are put in");
    }
}

/// Where an event goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Index of the visit.
    pub(crate) index: usize,
    /// The visit was over, and this changes its announcement.
    pub(crate) is_late: bool,
    /// The visit before it ended because of this event.
    pub(crate) has_ended_previous: bool,
}

impl Visits {
    pub(crate) fn new(records: Vec<SessionRecord>, now: Timestamp) -> Self {
        let is_seen_complete = records.is_empty();
        let newest_at = records.last().map(|newest| newest.last_activity_at);
        let mut list: Vec<Visit> = records.into_iter().map(Visit::from_record).collect();
        let windows = list
            .last_mut()
            .map(|newest| std::mem::take(&mut newest.windows))
            .unwrap_or_default();
        Self {
            list,
            windows,
            seen: Bits::default(),
            seen_in_flight: Bits::default(),
            is_seen_complete,
            has_overflowed: false,
            touched_at: newest_at.map_or(now, |at| now.min(Timestamp(at))),
        }
    }

    pub(crate) fn is_dirty(&self) -> bool {
        self.list.iter().any(|visit| visit.is_dirty)
    }

    /// The first visit has no row yet. Rows of further visits also carry what was known of batches
    /// before, so only a flush writes them.
    pub(crate) fn is_fresh(&self) -> bool {
        let first = self.list.first();
        first.is_some_and(|visit| !visit.has_row && visit.generation() == 0)
    }

    /// The row that shows that the first visit has begun. None: it has one.
    pub(crate) fn introduce(&mut self, config: &Config, now: Timestamp) -> Option<SessionRecord> {
        let is_fresh = self.is_fresh();
        let visit = self.list.first_mut().filter(|_visit| is_fresh)?;
        visit.has_row = true;
        Some(SessionRecord {
            live_until: self.windows.live_until(),
            ..visit.to_first_record(config, now)
        })
    }

    /// Records an event id. False: it is a duplicate.
    pub(crate) fn see_event(&mut self, id: &EventRowId) -> bool {
        let bits = EventRowId::bits(&id.0);
        !self.seen_in_flight.contains(&bits) && self.seen.insert(bits)
    }

    /// Records the events that are stored. Those that came since the session was loaded are known.
    pub(crate) fn know_events(&mut self, stored: Vec<u64>) {
        self.seen.extend(stored);
        self.is_seen_complete = !self.has_overflowed && self.seen.len() <= MAX_SEEN;
    }

    /// Whether the batch would be a duplicate; changes nothing.
    pub(crate) fn is_duplicate(&self, batch: &Batch) -> bool {
        self.windows
            .0
            .get(&batch.window_id)
            .is_some_and(|state| state.knows(BatchName::of(batch)))
    }

    /// Records a batch, and fills the gap that it may have left in an older visit.
    pub(crate) fn observe(&mut self, batch: &Batch) -> Arrival {
        let (window, name) = (&batch.window_id, BatchName::of(batch));
        let arrival = self.windows.observe(window, name, batch.received_at);
        if arrival == Arrival::Duplicate {
            return arrival;
        }
        let Some((newest, older)) = self.list.split_last_mut() else {
            return arrival;
        };
        newest.is_dirty = true;
        if let (Arrival::Late, Some(seq)) = (arrival, batch.seq) {
            for visit in older {
                let state = visit.windows.0.get_mut(window);
                visit.is_dirty |= state.is_some_and(|state| state.fill(seq));
            }
        }
        arrival
    }

    /// The newest visit, if it is not over.
    pub(crate) fn open(&mut self) -> Option<&mut Visit> {
        self.list.last_mut().filter(|newest| newest.is_open())
    }

    /// The state of a window; a new one if the window is unknown.
    pub(crate) fn window(&mut self, id: &str) -> &mut WindowState {
        self.windows.get_or_begin(id)
    }

    /// Finds the visit of an event at `at`, and starts the next visit if the event requires it.
    pub(crate) fn place(
        &mut self,
        key: &SessionKey,
        partition: Partition,
        at: Timestamp,
        activity: Activity,
        now: Timestamp,
        config: &Config,
    ) -> Place {
        let Some(newest) = self.list.last_mut() else {
            self.list.push(Visit::begin(key, partition, 0, at, now));
            return Place {
                index: 0,
                is_late: false,
                has_ended_previous: false,
            };
        };
        let (deadline, reason) = newest.deadline(config);
        let is_after = if newest.is_open() {
            at > deadline
        } else {
            at > newest.accepts_until(config)
        };
        if is_after && activity == Activity::User {
            let has_ended_previous = newest.is_open();
            if has_ended_previous {
                newest.end(reason, deadline, config);
            }
            self.begin_next(key, partition, at, now);
            return Place {
                index: self.list.len() - 1,
                is_late: false,
                has_ended_previous,
            };
        }
        // Changes of a page after the end are stored with the visit, but need no new revision.
        let index = if is_after {
            self.list.len() - 1
        } else {
            self.covering(at, config)
        };
        let is_late = !is_after && !self.list[index].is_open();
        Place {
            index,
            is_late,
            has_ended_previous: false,
        }
    }

    /// The visit of an event in the past: the last one that had started and still accepts it, else
    /// the next one.
    fn covering(&self, at: Timestamp, config: &Config) -> usize {
        let begun = self
            .list
            .iter()
            .rposition(|visit| visit.record.started_at <= at.0);
        match begun {
            None => 0,
            Some(index) if at <= self.list[index].accepts_until(config) => index,
            Some(index) => (index + 1).min(self.list.len() - 1),
        }
    }

    fn begin_next(
        &mut self,
        key: &SessionKey,
        partition: Partition,
        at: Timestamp,
        now: Timestamp,
    ) {
        let previous = self
            .list
            .last_mut()
            .expect("a next visit has one before it");
        let carried = self.windows.carry_over();
        previous.windows = std::mem::replace(&mut self.windows, carried);
        previous.is_dirty = true;
        let generation = previous.generation() + 1;
        self.list
            .push(Visit::begin(key, partition, generation, at, now));
    }

    /// The rows of changed visits. They count as written from now on.
    pub(crate) fn take_changes(&mut self, config: &Config, now: Timestamp) -> Vec<SessionRecord> {
        let newest = self.list.len().saturating_sub(1);
        let changed = self.list.iter_mut().enumerate();
        let records = changed
            .filter(|(_index, visit)| visit.is_dirty)
            .map(|(index, visit)| {
                visit.is_dirty = false;
                visit.is_announced = false;
                visit.has_row = true;
                let is_newest = index == newest;
                let windows = if is_newest {
                    &self.windows
                } else {
                    &visit.windows
                };
                visit.to_record(windows, config, now)
            })
            .collect();
        self.list
            .drain(..self.list.len().saturating_sub(MAX_VISITS));
        if self.seen.len() > MAX_SEEN {
            self.seen_in_flight = std::mem::take(&mut self.seen);
            self.is_seen_complete = false;
            self.has_overflowed = true;
        }
        records
    }

    /// The rows from [`Visits::take_changes`] are written.
    pub(crate) fn changes_written(&mut self) {
        self.seen_in_flight = Bits::default();
    }

    /// Ends the newest visit if it is open. True: it was.
    pub(crate) fn end(&mut self, reason: EndReason, at: Timestamp, config: &Config) -> bool {
        match self.list.last_mut() {
            Some(visit) if visit.is_open() => {
                visit.end(reason, at, config);
                true
            }
            Some(_) | None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crow_types::{OrganizationId, SessionId};

    #[test]
    fn events_of_a_session_are_told_apart_by_64_bits() {
        const EVENTS: usize = 300_000;
        let organization = OrganizationId::new("acme").unwrap();
        let session = SessionId::new("s-1").unwrap();
        let bits: std::collections::BTreeSet<u64> = (0..EVENTS)
            .map(|event| EventRowId::named(&organization, &session, &event.to_string()))
            .map(|id| EventRowId::bits(&id.0))
            .collect();
        // Of 32 bits some ten would be the same.
        assert_eq!(bits.len(), EVENTS);
    }
}
