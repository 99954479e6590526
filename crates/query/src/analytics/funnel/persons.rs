//! Funnels of people: steps in any of their sessions.

use std::collections::HashMap;

use crow_db::analytics::SampledSession;

use super::chain::Chain;
use super::counting::{Counting, Visit};
use crate::analytics::people::People;
use crate::analytics::tally::Names;
use crate::error::{Error, Result};

/// Events in memory at most: some 24 bytes each.
const MAX_EVENTS: usize = 4_000_000;

/// An event that is one of the steps.
#[derive(Debug, Clone, Copy)]
struct Event {
    /// Milliseconds since the epoch.
    at: i64,
    /// Which session of [`Taken::sessions`].
    session: u32,
    /// One bit for each step that it is.
    steps: u8,
}

#[derive(Debug)]
struct Session {
    id: Box<str>,
    started_at: i64,
    /// What the breakdown says of it, a number of [`Taken::values`].
    value: u32,
}

/// The steps that visitors took, until it is known who is the same person.
#[derive(Debug, Default)]
pub(super) struct Taken {
    sessions: Vec<Session>,
    values: Names,
    by_visitor: HashMap<u64, Vec<Event>>,
    events: usize,
}

impl Taken {
    /// Keeps the events of a session that are steps.
    pub(super) fn add(&mut self, counting: &Counting<'_>, session: &SampledSession<'_>) {
        let Ok(number) = u32::try_from(self.sessions.len()) else {
            return;
        };
        let mut own = Vec::new();
        for step in session.steps.list() {
            let mut steps = 0;
            for (index, wanted) in counting.wanted.iter().enumerate() {
                if wanted.is(session.steps, step) {
                    steps |= 1 << index;
                }
            }
            if steps != 0 {
                own.push(Event {
                    at: step.at,
                    session: number,
                    steps,
                });
            }
        }
        self.events += own.len();
        if own.is_empty() || self.events > MAX_EVENTS {
            return;
        }
        let value = counting.breakdown.map(|dimension| dimension.value(session));
        self.sessions.push(Session {
            id: session.id.into(),
            started_at: session.started_at,
            value: self.values.number(value.as_deref().unwrap_or_default()),
        });
        let visitor = session.facts.visitor;
        self.by_visitor.entry(visitor).or_default().append(&mut own);
    }

    /// Counts how far each person came.
    ///
    /// # Errors
    /// `Malformed` when too many events are steps.
    pub(super) fn count(self, people: &People, counting: &mut Counting<'_>) -> Result<()> {
        if self.events > MAX_EVENTS {
            return Err(Error::Malformed(format!(
                "steps: more than {MAX_EVENTS} events match the steps; choose a shorter range or rarer steps, or leave out `exact`"
            )));
        }
        let mut by_person: HashMap<u64, Vec<Event>> = HashMap::new();
        for (visitor, mut events) in self.by_visitor {
            let person = by_person.entry(people.person(visitor)).or_default();
            person.append(&mut events);
        }
        let session = |event: &Event| &self.sessions[event.session as usize];
        for mut events in by_person.into_values() {
            // Sessions come in no order, and the answer must not depend on it.
            events.sort_by(|one, other| {
                let key = |event: &Event| (event.at, &session(event).id);
                key(one).cmp(&key(other))
            });
            let mut chain = Chain::new(counting.wanted.len(), counting.window_ms);
            for event in &events {
                chain.see(event.at, |index| event.steps >> index & 1 == 1);
            }
            let taken_in = |index: usize| {
                let at = chain.reached()[index];
                let mut since = events[events.partition_point(|event| event.at < at)..].iter();
                let is_it = |event: &&Event| event.steps >> index & 1 == 1;
                since.find(is_it).map(session)
            };
            let visit = |index: usize| {
                let session = taken_in(index);
                Visit {
                    id: session.map_or("", |session| &*session.id),
                    started_at: session.map_or(0, |session| session.started_at),
                }
            };
            let first = (!chain.reached().is_empty()).then(|| taken_in(0)).flatten();
            let value = first.filter(|_| counting.breakdown.is_some());
            let value = value.map(|session| self.values.text(session.value));
            counting.add(chain.reached(), visit, value);
        }
        Ok(())
    }
}
