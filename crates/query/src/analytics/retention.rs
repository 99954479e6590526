//! How many people return.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Instant;

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::analytics::{SampledSession, Sampling, stored_word};

use super::buckets::{Buckets, Length};
use super::events::EventChoice;
use super::people::People;
use super::tally::{NONE, Names};
use super::top::Dimension;
use super::{Analytics, Answer, Asked, answer};
use crate::ask::analytics::MAX_COHORTS;
use crate::ask::words::Breakdown;
use crate::error::Result;

/// Values of the breakdown, those with the most people.
const BREAKDOWN: usize = 10;

/// How many people return.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retention {
    /// Oldest first.
    pub cohorts: Vec<Cohort>,
    /// By value, those with the most people first, at most ten; empty unless asked for.
    pub breakdown: Vec<RetentionBreakdown>,
}

/// The people who start in one period: with their first session, of all that were read, or with the
/// event that the question names.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cohort {
    /// Start of the period, or of the range if that is later. Milliseconds since the epoch.
    pub start: i64,
    /// People.
    pub size: u64,
    /// How many of them had a session, or the event with which people return, in this period, in the
    /// next one, and so on.
    pub returned: Vec<u64>,
}

/// The people with one value.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RetentionBreakdown {
    /// The value; `(none)` means unknown.
    pub value: String,
    /// Oldest first.
    pub cohorts: Vec<Cohort>,
}

/// A question about people who return.
#[derive(Debug, Clone, Copy)]
pub struct RetentionQuestion<'a> {
    /// The length of a period.
    pub length: Length,
    /// The last periods of the range, at most this many.
    pub count: usize,
    /// Where days begin.
    pub zone: &'a TimeZone,
    /// With what people start. Nothing: a session.
    pub start: EventChoice<'a>,
    /// With what they return. Nothing: a session.
    pub back: EventChoice<'a>,
    /// Split by this.
    pub breakdown: Option<Breakdown>,
}

impl<'a> RetentionQuestion<'a> {
    /// About sessions.
    pub fn new(length: Length, count: usize, zone: &'a TimeZone) -> Self {
        Self {
            length,
            count,
            zone,
            start: EventChoice::default(),
            back: EventChoice::default(),
            breakdown: None,
        }
    }
}

/// The times at which a session has what is chosen, in order: its start when nothing is.
fn times<'a>(
    choice: EventChoice<'a>,
    session: &'a SampledSession<'_>,
) -> impl Iterator<Item = i64> + 'a {
    let (word, name) = (choice.word.map(stored_word), choice.name.map(stored_word));
    let steps = session.steps;
    let events = steps.list().iter().filter(move |step| {
        word.is_none_or(|word| steps.word(step) == word)
            && name.is_none_or(|name| steps.name(step) == name)
    });
    let is_session = choice.is_empty();
    let events = events.map(|step| step.at).filter(move |_| !is_session);
    is_session
        .then_some(session.started_at)
        .into_iter()
        .chain(events)
}

/// What a visitor did.
#[derive(Debug, Clone, Default)]
struct Seen {
    /// When they started, and a number of the breakdown's value.
    start: Option<(i64, u32)>,
    /// Periods, and the last time in each.
    back: Vec<(usize, i64)>,
}

impl Seen {
    fn started(&mut self, start: (i64, u32)) {
        self.start = Some(self.start.map_or(start, |known| known.min(start)));
    }

    fn returned(&mut self, period: usize, at: i64) {
        match self.back.iter_mut().find(|(known, _)| *known == period) {
            Some((_, last)) => *last = at.max(*last),
            None => self.back.push((period, at)),
        }
    }

    fn join(&mut self, other: Self) {
        if let Some(start) = other.start {
            self.started(start);
        }
        for (period, at) in other.back {
            self.returned(period, at);
        }
    }
}

struct Counting<'a> {
    question: RetentionQuestion<'a>,
    dimension: Option<Dimension>,
    periods: Buckets,
    values: Names,
    by_visitor: HashMap<u64, Seen>,
}

impl Counting<'_> {
    fn add(&mut self, session: &SampledSession<'_>) {
        let facts = &session.facts;
        if !facts.is_user && facts.browser_hash == 0 {
            return;
        }
        let seen = self.by_visitor.entry(facts.visitor).or_default();
        if let Some(at) = times(self.question.start, session).next() {
            let value = self.dimension.map(|dimension| dimension.value(session));
            let value = self.values.number(value.as_deref().unwrap_or_default());
            seen.started((at, value));
        }
        for at in times(self.question.back, session) {
            seen.returned(self.periods.index(at), at);
        }
    }

    fn empty(&self) -> Vec<Cohort> {
        let starts = &self.periods.starts;
        let cohort = |(index, start): (usize, &i64)| Cohort {
            start: *start,
            size: 0,
            returned: vec![0; starts.len() - index],
        };
        starts.iter().enumerate().map(cohort).collect()
    }

    fn finish(mut self, people: &People, sampling: Sampling) -> Retention {
        let mut by_person: HashMap<u64, Seen> = HashMap::new();
        for (visitor, seen) in std::mem::take(&mut self.by_visitor) {
            let person = by_person.entry(people.person(visitor)).or_default();
            person.join(seen);
        }
        let mut breakdown = self.rows(&by_person);
        let mut cohorts = self.empty();
        for seen in by_person.into_values() {
            let Some((at, value)) = seen.start else {
                continue;
            };
            let first = self.periods.index(at);
            add_person(&mut cohorts, first, at, &seen, sampling);
            if let Some((_, row)) = breakdown.iter_mut().find(|(known, _)| *known == value) {
                add_person(&mut row.cohorts, first, at, &seen, sampling);
            }
        }
        Retention {
            cohorts,
            breakdown: breakdown.into_iter().map(|(_, row)| row).collect(),
        }
    }

    /// A row for each value with the most people, in order. Visitors write values, so there can be as
    /// many as people: only what is shown gets a table.
    fn rows(&self, by_person: &HashMap<u64, Seen>) -> Vec<(u32, RetentionBreakdown)> {
        if self.dimension.is_none() {
            return Vec::new();
        }
        let mut people: HashMap<u32, u64> = HashMap::new();
        for (_, value) in by_person.values().filter_map(|seen| seen.start) {
            *people.entry(value).or_default() += 1;
        }
        let text = |value: u32| match self.values.text(value) {
            "" => NONE,
            text => text,
        };
        let mut values: Vec<(u32, u64)> = people.into_iter().collect();
        values.sort_unstable_by_key(|(value, people)| (Reverse(*people), text(*value)));
        let rows = values.into_iter().take(BREAKDOWN).map(|(value, _)| {
            let row = RetentionBreakdown {
                value: text(value).to_owned(),
                cohorts: self.empty(),
            };
            (value, row)
        });
        rows.collect()
    }
}

/// Whoever started at `at`, in the period `first`, returned in the periods with something at or after
/// that.
fn add_person(cohorts: &mut [Cohort], first: usize, at: i64, seen: &Seen, sampling: Sampling) {
    let Some(cohort) = cohorts.get_mut(first) else {
        return;
    };
    cohort.size += sampling.scale(1);
    for (period, last) in &seen.back {
        let later = period.checked_sub(first).filter(|_| *last >= at);
        let returned = later.and_then(|later| cohort.returned.get_mut(later));
        if let Some(returned) = returned {
            *returned += sampling.scale(1);
        }
    }
}

impl Analytics {
    /// Cohorts of the last `count` periods of the range. Leaves out sessions outside the range, and
    /// those with neither a user id nor a visitor id.
    pub async fn retention(
        &self,
        asked: &Asked,
        question: RetentionQuestion<'_>,
    ) -> Result<Answer<Retention>> {
        let started = Instant::now();
        let last = asked.to.saturating_sub(1);
        let count = question.count.min(MAX_COHORTS as usize);
        let mut periods = Buckets::until(last, count, question.length, question.zone)?;
        periods.begin_at(asked.from);
        let asked = Asked {
            from: periods.starts.first().copied().unwrap_or(asked.from),
            ..asked.clone()
        };
        let mut counting = Counting {
            question,
            dimension: question.breakdown.map(Dimension::from),
            periods,
            values: Names::default(),
            by_visitor: HashMap::new(),
        };
        let needs_steps = !question.start.is_empty() || !question.back.is_empty();
        let look = |session: &SampledSession<'_>| counting.add(session);
        let (sampling, people) = self.read_people(&asked, needs_steps, look).await?;
        let body = counting.finish(&people, sampling);
        Ok(answer(started, sampling, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_with_the_most_people_have_tables() {
        let mut values = Names::default();
        let mut by_person = HashMap::new();
        for value in 1..=1_000_u64 {
            let number = values.number(&format!("written {value:04}"));
            // The last two have three people, and the others two.
            let people = if value > 998 { 3 } else { 2 };
            for person in 0..people {
                let seen = Seen {
                    start: Some((0, number)),
                    ..Seen::default()
                };
                by_person.insert(value * 10 + person, seen);
            }
        }
        let zone = TimeZone::UTC;
        let counting = Counting {
            question: RetentionQuestion::new(Length::Day, 1, &zone),
            dimension: Some(Dimension::Country),
            periods: Buckets::until(0, 1, Length::Day, &zone).unwrap(),
            values,
            by_visitor: HashMap::new(),
        };
        let rows = counting.rows(&by_person);
        let rows: Vec<&str> = rows.iter().map(|(_, row)| row.value.as_str()).collect();
        assert_eq!(rows.len(), BREAKDOWN);
        assert_eq!(rows[..3], ["written 0999", "written 1000", "written 0001"]);
    }
}
