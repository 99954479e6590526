//! Who belongs to cohorts. This is found out when it is asked, from the same rows as everything else,
//! so that late data, a sign-in and an erasure count at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use crow_db::Db;
use crow_db::analytics::{self as rows, Question, SampledSession, Whole, stored_word};
use crow_db::cohorts;
use crow_types::{OrganizationId, Timestamp};

use super::conditions::Wanted;
use super::members::{Members, is_somebody};
use super::people::People;
use crate::ask::cohorts::{CohortDefinition, PersonTest, TestOf};
use crate::ask::conditions::Conditions;
use crate::error::{Error, Result};

const DAY: i64 = 86_400_000;
/// The most sessions that are read to find the members for a list. A list needs all of them.
const MOST_FOR_LISTS: u64 = 250_000;
/// The most sessions that are read to find the members for numbers without a sample.
const MOST_WITHOUT_SAMPLE: u64 = 2_000_000;

/// Which members are needed.
#[derive(Debug, Clone, Copy)]
pub struct Needed<'a> {
    /// The tenant.
    pub organization: &'a OrganizationId,
    /// They name the cohorts.
    pub conditions: &'a Conditions,
    /// Sessions that began in this range are asked about, in milliseconds since the epoch.
    pub range: (i64, i64),
    /// About how many sessions to read. `None`: all of them.
    pub budget: Option<u64>,
}

/// The members of the cohorts that conditions name, for a list: all of them.
///
/// # Errors
/// `Malformed` when a cohort does not exist, or too many sessions would have to be read.
pub async fn all_members(
    db: &Db,
    organization: &OrganizationId,
    conditions: &Conditions,
) -> Result<Members> {
    let now = Timestamp::now().0;
    let needed = Needed {
        organization,
        conditions,
        range: (now, now),
        budget: None,
    };
    find(db, needed, Some(MOST_FOR_LISTS), now).await
}

/// The members of the cohorts that conditions name; without such conditions nobody.
///
/// # Errors
/// `Malformed` when a cohort does not exist, or without a budget too many sessions would have to be read.
pub async fn members(db: &Db, needed: Needed<'_>) -> Result<Members> {
    let most = needed.budget.is_none().then_some(MOST_WITHOUT_SAMPLE);
    find(db, needed, most, Timestamp::now().0).await
}

/// As of `now`, milliseconds since the epoch. `most`: sessions that may be read.
pub(super) async fn find(
    db: &Db,
    needed: Needed<'_>,
    most: Option<u64>,
    now: i64,
) -> Result<Members> {
    let ids = needed.conditions.cohorts();
    if ids.is_empty() {
        return Ok(Members::default());
    }
    let mut definitions = BTreeMap::new();
    for id in ids {
        let found = cohorts::find(db, needed.organization, id).await?;
        let found = found.ok_or_else(|| {
            Error::Malformed(format!(
                "cohort: `{id}` does not exist; use an id from the list of cohorts"
            ))
        })?;
        definitions.insert(id.to_owned(), CohortDefinition::stored(&found.definition)?);
    }
    let nobody = Members::default();
    let counted: Vec<Counted<'_>> = definitions
        .iter()
        .map(|(id, definition)| Counted::new(id, definition, &nobody, now))
        .collect();
    let begin = counted.iter().map(|cohort| cohort.since).min();
    let whole = Whole {
        from: begin.map_or(needed.range.0, |begin| begin.min(needed.range.0)),
        to: needed.range.1.max(now.saturating_add(1)),
    };
    let question = Question {
        organization: needed.organization,
        from: whole.from,
        to: whole.to,
        user_id: None,
        with_steps: counted.iter().any(Counted::needs_steps),
        active_since: None,
        budget: needed.budget,
        whole: Some(whole),
        least_halvings: 0,
    };
    let range = (whole.from, whole.to);
    if let Some(most) = most
        && rows::are_more(db, needed.organization, range, most).await?
    {
        return Err(Error::Malformed(format!(
            "cohort: finding all members would read more than {most} sessions; give the cohort fewer days, or choose a shorter range"
        )));
    }
    let mut finding = Finding::new(counted);
    let sampling = rows::scan(db, &question, |session| finding.add(session)).await?;
    Ok(finding.finish(whole, sampling.halvings))
}

/// A cohort with its tests prepared.
struct Counted<'a> {
    id: &'a str,
    /// Only sessions that began at or after this, milliseconds since the epoch.
    since: i64,
    groups: Vec<Vec<Prepared<'a>>>,
}

struct Prepared<'a> {
    test: &'a PersonTest,
    since: i64,
    wanted: Wanted<'a>,
}

impl<'a> Counted<'a> {
    fn new(id: &'a str, definition: &'a CohortDefinition, nobody: &'a Members, now: i64) -> Self {
        let before = |days: u32| now.saturating_sub(i64::from(days) * DAY);
        let prepared = |test: &'a PersonTest| Prepared {
            since: before(test.days.unwrap_or(definition.days)),
            wanted: Wanted::new(&test.conditions, nobody),
            test,
        };
        let group = |group: &'a Vec<PersonTest>| group.iter().map(prepared).collect();
        Self {
            id,
            since: before(definition.days),
            groups: definition.groups.iter().map(group).collect(),
        }
    }

    fn needs_steps(&self) -> bool {
        let mut tests = self.groups.iter().flatten();
        tests.any(|prepared| prepared.test.of == TestOf::Events || prepared.wanted.needs_steps())
    }

    /// One number for each test, and how many sessions there are.
    fn slots(&self) -> usize {
        1 + self.groups.iter().map(Vec::len).sum::<usize>()
    }

    fn add(&self, session: &SampledSession<'_>, slots: &mut [i64]) {
        if session.started_at < self.since {
            return;
        }
        slots[0] += 1;
        let tests = self.groups.iter().flatten();
        for (prepared, slot) in tests.zip(&mut slots[1..]) {
            *slot = prepared.joined(*slot, prepared.of_session(session));
        }
    }

    /// The numbers of two visitors who are one person.
    fn join(&self, slots: &mut [i64], others: &[i64]) {
        slots[0] += others[0];
        let tests = self.groups.iter().flatten();
        let pairs = slots[1..].iter_mut().zip(&others[1..]);
        for (prepared, (slot, other)) in tests.zip(pairs) {
            *slot = prepared.joined(*slot, *other);
        }
    }

    fn holds(&self, slots: &[i64]) -> bool {
        let mut numbers = slots[1..].iter();
        let mut fits = slots[0] > 0;
        for group in &self.groups {
            let mut is_one = false;
            for (prepared, number) in group.iter().zip(numbers.by_ref()) {
                is_one |= prepared.holds(*number);
            }
            fits &= is_one;
        }
        fits
    }
}

impl Prepared<'_> {
    fn none(&self) -> i64 {
        match self.test.of {
            TestOf::Sessions | TestOf::Events => 0,
            TestOf::FirstSeen => i64::MAX,
            TestOf::LastSeen => i64::MIN,
        }
    }

    fn joined(&self, one: i64, other: i64) -> i64 {
        match self.test.of {
            TestOf::Sessions | TestOf::Events => one.saturating_add(other),
            TestOf::FirstSeen => one.min(other),
            TestOf::LastSeen => one.max(other),
        }
    }

    fn of_session(&self, session: &SampledSession<'_>) -> i64 {
        match self.test.of {
            TestOf::FirstSeen | TestOf::LastSeen => session.started_at,
            TestOf::Sessions => {
                let fits = session.started_at >= self.since && self.wanted.matches(session);
                i64::from(fits)
            }
            TestOf::Events => {
                let (word, name) = (self.test.r#type.as_deref(), self.test.name.as_deref());
                let (word, name) = (word.map(stored_word), name.map(stored_word));
                let steps = session.steps;
                let fit = steps.list().iter().filter(|step| {
                    step.at >= self.since
                        && word.is_none_or(|word| steps.word(step) == word)
                        && name.is_none_or(|name| steps.name(step) == name)
                });
                i64::try_from(fit.count()).unwrap_or(i64::MAX)
            }
        }
    }

    fn holds(&self, number: i64) -> bool {
        let test = self.test;
        let fits = match test.of {
            TestOf::Sessions | TestOf::Events => u64::try_from(number).unwrap_or(0) >= test.times(),
            TestOf::FirstSeen | TestOf::LastSeen => {
                test.after.is_none_or(|after| number >= after)
                    && test.before.is_none_or(|before| number < before)
            }
        };
        fits != test.not
    }
}

/// What is counted while the sessions are read.
struct Finding<'a> {
    cohorts: Vec<Counted<'a>>,
    /// The numbers of somebody without sessions, of all cohorts in turn.
    empty: Box<[i64]>,
    people: People,
    by_visitor: HashMap<u64, Box<[i64]>>,
}

impl<'a> Finding<'a> {
    fn new(cohorts: Vec<Counted<'a>>) -> Self {
        let mut empty = Vec::new();
        for cohort in &cohorts {
            let tests = cohort.groups.iter().flatten();
            empty.push(0);
            empty.extend(tests.map(Prepared::none));
        }
        Self {
            cohorts,
            empty: empty.into(),
            people: People::default(),
            by_visitor: HashMap::new(),
        }
    }

    fn add(&mut self, session: &SampledSession<'_>) {
        let facts = &session.facts;
        if !is_somebody(facts) {
            return;
        }
        self.people.learn(facts, session.started_at);
        let numbers = self.by_visitor.entry(facts.visitor);
        let mut rest = &mut numbers.or_insert_with(|| self.empty.clone())[..];
        for cohort in &self.cohorts {
            let (own, others) = rest.split_at_mut(cohort.slots());
            cohort.add(session, own);
            rest = others;
        }
    }

    fn finish(self, whole: Whole, halvings: u32) -> Members {
        let mut by_person: HashMap<u64, Box<[i64]>> = HashMap::new();
        for (visitor, numbers) in self.by_visitor {
            let person = self.people.person(visitor);
            let joined = by_person.entry(person);
            let joined = joined.or_insert_with(|| self.empty.clone());
            let (mut rest, mut numbers) = (&mut joined[..], &numbers[..]);
            for cohort in &self.cohorts {
                let (own, others) = rest.split_at_mut(cohort.slots());
                let (given, further) = numbers.split_at(cohort.slots());
                cohort.join(own, given);
                (rest, numbers) = (others, further);
            }
        }
        let mut by_cohort: HashMap<String, HashSet<u64>> = HashMap::new();
        for (person, numbers) in by_person {
            let mut rest = &numbers[..];
            for cohort in &self.cohorts {
                let (own, others) = rest.split_at(cohort.slots());
                if cohort.holds(own) {
                    let members = by_cohort.entry(cohort.id.to_owned()).or_default();
                    members.insert(person);
                }
                rest = others;
            }
        }
        Members {
            people: self.people,
            by_cohort,
            whole: Some(whole),
            halvings,
        }
    }
}
