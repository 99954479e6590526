//! New and old rows that wait for a remote model. Organizations take turns. One whose rows make the model
//! fail waits by itself and holds up no other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound;
use std::time::{Duration, Instant};

use crow_ai::NoVectors;

/// Attempts for one row that may be why the model fails.
const ATTEMPTS: u32 = 5;
/// After a failure. Each pause after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Rows of all organizations.
const MOST: usize = 20_000;
/// Rows of one organization.
const MOST_OF_ONE: usize = 2_000;

/// A row that waits, by its id: what was erased meanwhile is never sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) organization: String,
    pub(super) id: String,
    /// Those that failed and were for this row alone.
    attempts: u32,
    /// Others of its organization failed together with it.
    is_alone: bool,
}

#[derive(Debug, Default)]
pub(super) struct Turns {
    own: BTreeMap<String, Own>,
    count: usize,
    /// Who had the last turn.
    last: String,
}

/// What waits of one organization.
#[derive(Debug, Default)]
struct Own {
    rows: VecDeque<Row>,
    /// The model failed for some of them. They share no request with rows of others.
    is_apart: bool,
    /// In a row.
    failures: u32,
    waits_until: Option<Instant>,
}

impl Own {
    fn wait(&mut self, now: Instant) {
        let pause = FIRST_PAUSE * 2_u32.saturating_pow(self.failures);
        self.failures = self.failures.saturating_add(1);
        self.waits_until = Some(now + pause.min(LONGEST_PAUSE));
    }

    fn go_on(&mut self) {
        self.failures = 0;
        self.waits_until = None;
    }

    fn is_ready(&self, now: Instant) -> bool {
        self.waits_until.is_none_or(|until| until <= now)
    }
}

impl Turns {
    /// Adds a row that was just stored. False: there is no room.
    pub(super) fn add_new(&mut self, organization: &str, id: &str) -> bool {
        self.add(organization, id, 1)
    }

    /// Adds a row that was stored earlier. It leaves half of the room to new ones. False: there is no room.
    pub(super) fn add_old(&mut self, organization: &str, id: &str) -> bool {
        self.add(organization, id, 2)
    }

    fn add(&mut self, organization: &str, id: &str, parts: usize) -> bool {
        let of_one = self.own.get(organization).map_or(0, |own| own.rows.len());
        if self.count >= MOST / parts || of_one >= MOST_OF_ONE / parts {
            return false;
        }
        self.push(Row {
            organization: organization.to_owned(),
            id: id.to_owned(),
            attempts: 0,
            is_alone: false,
        });
        true
    }

    /// Whether the model failed for an organization the last time.
    pub(super) fn is_failing(&self, organization: &str) -> bool {
        let own = self.own.get(organization);
        own.is_some_and(|own| own.failures > 0)
    }

    /// The next rows to ask about, at most `most`, which is at least 1. Empty: no row waits, or not yet. What
    /// came of it has to be told before the next turn.
    pub(super) fn take(&mut self, most: usize, now: Instant) -> Vec<Row> {
        self.own.retain(|_organization, own| !own.rows.is_empty());
        let ready = self.ready(most, now);
        if let Some(last) = ready.last() {
            self.last.clone_from(last);
        }
        let mut taken: Vec<Row> = Vec::new();
        loop {
            let before = taken.len();
            for organization in &ready {
                let is_full = taken.len() == most || taken.first().is_some_and(|row| row.is_alone);
                if !is_full && let Some(row) = self.pop(organization, taken.is_empty()) {
                    taken.push(row);
                }
            }
            if taken.len() == before {
                return taken;
            }
        }
    }

    /// Organizations that share the next request: one that is apart, or those before the next one that is.
    fn ready(&self, most: usize, now: Instant) -> Vec<String> {
        let last = self.last.as_str();
        let after: (Bound<&str>, Bound<&str>) = (Bound::Excluded(last), Bound::Unbounded);
        let up_to: (Bound<&str>, Bound<&str>) = (Bound::Unbounded, Bound::Included(last));
        let turns = self.own.range::<str, _>(after);
        let turns = turns.chain(self.own.range::<str, _>(up_to));
        let mut ready = turns.filter(|(_, own)| own.is_ready(now)).peekable();
        let is_apart = ready.peek().is_some_and(|(_, own)| own.is_apart);
        ready
            .take_while(|(_, own)| own.is_apart == is_apart)
            .map(|(organization, _)| organization.clone())
            .take(if is_apart { 1 } else { most })
            .collect()
    }

    /// After a turn without rows, when the next ones may be asked about. `None`: no row waits.
    pub(super) fn next_at(&self) -> Option<Instant> {
        let waiting = self.own.values().filter(|own| !own.rows.is_empty());
        waiting.filter_map(|own| own.waits_until).min()
    }

    /// The model made the vectors of these rows.
    pub(super) fn note_answer(&mut self, rows: &[Row]) {
        for row in rows {
            if let Some(own) = self.own.get_mut(&row.organization) {
                own.go_on();
            }
        }
    }

    /// These rows have no vectors. True: the model failed too often for one, which waits no more.
    pub(super) fn put_back(&mut self, rows: Vec<Row>, why: NoVectors, now: Instant) -> bool {
        let of: BTreeSet<String> = rows.iter().map(|row| row.organization.clone()).collect();
        let (is_of_one, is_single) = (of.len() == 1, rows.len() == 1);
        for organization in of {
            let own = self.own.entry(organization).or_default();
            own.is_apart |= why != NoVectors::Unavailable;
            match why {
                NoVectors::Unavailable => own.wait(now),
                NoVectors::Unclear if is_of_one => own.wait(now),
                // It may be because of others.
                NoVectors::Unclear => {}
                // It has answered.
                NoVectors::Refused => own.go_on(),
            }
        }
        let mut is_left_out = false;
        for mut row in rows {
            match why {
                NoVectors::Unavailable => {}
                NoVectors::Refused if is_single => continue,
                NoVectors::Unclear if is_single => {
                    row.attempts += 1;
                    if row.attempts == ATTEMPTS {
                        is_left_out = true;
                        continue;
                    }
                }
                NoVectors::Unclear | NoVectors::Refused => row.is_alone |= is_of_one,
            }
            self.push(row);
        }
        is_left_out
    }

    fn push(&mut self, row: Row) {
        let own = self.own.entry(row.organization.clone()).or_default();
        own.rows.push_back(row);
        self.count += 1;
    }

    /// The first row of an organization, unless it has to be asked about alone and is not the first.
    fn pop(&mut self, organization: &str, is_first: bool) -> Option<Row> {
        let rows = &mut self.own.get_mut(organization)?.rows;
        if rows.front()?.is_alone && !is_first {
            return None;
        }
        self.count -= 1;
        rows.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BATCH: usize = 32;

    fn ids(rows: &[Row]) -> Vec<&str> {
        rows.iter().map(|row| row.id.as_str()).collect()
    }

    fn of_one(organization: &str, count: usize) -> Turns {
        let mut turns = Turns::default();
        for number in 0..count {
            assert!(turns.add_new(organization, &format!("{organization}-{number}")));
        }
        turns
    }

    #[test]
    fn what_a_model_refuses_makes_nobody_wait() {
        let now = Instant::now();
        let mut turns = of_one("acme", 32);
        turns.add_new("acme", "good");
        let batch = turns.take(BATCH, now);
        assert_eq!(batch.len(), 32);
        assert!(!turns.put_back(batch, NoVectors::Refused, now));
        assert_eq!(ids(&turns.take(BATCH, now)), ["good"]);
        for _row in 0..32 {
            let row = turns.take(BATCH, now);
            assert_eq!(row.len(), 1, "each alone, and at once");
            assert!(!turns.put_back(row, NoVectors::Refused, now));
        }
        assert!(turns.take(BATCH, now).is_empty());
        assert_eq!(turns.next_at(), None);
    }

    #[test]
    fn who_makes_a_model_fail_waits_alone() {
        let start = Instant::now();
        let mut turns = of_one("evil", 40);
        for id in ["a", "b"] {
            turns.add_new("acme", id);
        }
        turns.add_new("globex", "g");
        let mixed = turns.take(BATCH, start);
        assert_eq!(ids(&mixed)[..5], ["a", "evil-0", "g", "b", "evil-1"]);
        assert!(!turns.put_back(mixed, NoVectors::Unclear, start));

        // Each by itself. The others go on.
        let mut seen = Vec::new();
        for _turn in 0..3 {
            let own = turns.take(BATCH, start);
            let of: BTreeSet<&str> = own.iter().map(|row| row.organization.as_str()).collect();
            assert_eq!(of.len(), 1, "{of:?}");
            let organization = own[0].organization.clone();
            if organization == "evil" {
                turns.put_back(own, NoVectors::Unclear, start);
            } else {
                turns.note_answer(&own);
            }
            seen.push(organization);
        }
        seen.sort();
        assert_eq!(seen, ["acme", "evil", "globex"]);
        assert!(turns.is_failing("evil"));
        assert!(turns.take(BATCH, start).is_empty(), "it waits");
        assert_eq!(turns.next_at(), Some(start + FIRST_PAUSE));
        assert!(turns.add_new("acme", "c"));
        assert_eq!(ids(&turns.take(BATCH, start)), ["c"]);

        let mut now = start;
        let mut left_out = 0;
        while let Some(next) = turns.next_at() {
            assert!(next - now <= LONGEST_PAUSE);
            now = next;
            let rows = turns.take(BATCH, now);
            left_out += usize::from(turns.put_back(rows, NoVectors::Unclear, now));
        }
        assert_eq!(left_out, 40, "after some attempts each");
    }

    #[test]
    fn organizations_take_turns_and_none_takes_all_the_room() {
        let now = Instant::now();
        let mut turns = of_one("acme", MOST_OF_ONE);
        assert!(!turns.add_new("acme", "more"));
        assert!(turns.add_new("globex", "g"));
        assert_eq!(ids(&turns.take(3, now)), ["acme-0", "g", "acme-1"]);
        let rest = turns.take(2, now);
        assert_eq!(ids(&rest), ["acme-2", "acme-3"]);

        // Nobody is to blame.
        turns.put_back(rest, NoVectors::Unavailable, now);
        assert!(turns.take(2, now).is_empty());
        assert!(turns.add_new("globex", "h"));
        assert_eq!(ids(&turns.take(2, now)), ["h"]);
        assert_eq!(turns.take(2, now + FIRST_PAUSE).len(), 2);

        let mut old = Turns::default();
        let added = (0..MOST).filter(|number| old.add_old("acme", &number.to_string()));
        assert_eq!(added.count(), MOST_OF_ONE / 2);
        assert!(old.add_new("acme", "new"), "there is room for new ones");
    }
}
