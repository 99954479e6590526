//! Who belongs to cohorts, as conditions ask.

use std::collections::{HashMap, HashSet};

use crow_db::analytics::{Facts, Whole};

use super::people::People;

/// The people of cohorts, or those of a sample.
#[derive(Debug, Default)]
pub struct Members {
    pub(super) people: People,
    /// By id of the cohort: hashes of people.
    pub(super) by_cohort: HashMap<String, HashSet<u64>>,
    /// Which sessions decided who is who; `None`: no cohort was asked for.
    pub(super) whole: Option<Whole>,
    /// Which sample was read.
    pub(super) halvings: u32,
}

impl Members {
    /// Whether the person of a session belongs to a cohort. A session that names neither a user nor a
    /// browser belongs to none.
    pub fn holds(&self, cohort: &str, facts: &Facts<'_>) -> bool {
        let person = self.people.person(facts.visitor);
        let members = self.by_cohort.get(cohort);
        is_somebody(facts) && members.is_some_and(|members| members.contains(&person))
    }

    /// Which sessions decided who is who. The sessions of a question have to be read in the same way.
    pub fn whole(&self) -> Option<Whole> {
        self.whole
    }

    /// How often the sessions of a question must be halved at least.
    pub fn halvings(&self) -> u32 {
        self.halvings
    }

    /// Which browser belongs to which user.
    pub fn people(&self) -> &People {
        &self.people
    }
}

pub(super) fn is_somebody(facts: &Facts<'_>) -> bool {
    facts.is_user || facts.browser_hash != 0
}
