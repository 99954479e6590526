//! Which visitors are the same person.

use std::collections::HashMap;

use crow_db::analytics::Facts;

/// Which browser belongs to which user, learned from the sessions in which both are known.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// By hash of the visitor id: the user, with the start of the latest session that named one.
    users: HashMap<u64, (i64, u64)>,
}

impl People {
    /// Learns from one session.
    pub fn learn(&mut self, facts: &Facts<'_>, started_at: i64) {
        if facts.is_user && facts.browser_hash != 0 {
            let said = (started_at, facts.visitor);
            let known = self.users.entry(facts.browser_hash).or_insert(said);
            *known = said.max(*known);
        }
    }

    /// The user of a visitor's browser if known, else the visitor.
    #[must_use]
    pub fn person(&self, visitor: u64) -> u64 {
        self.users
            .get(&visitor)
            .map_or(visitor, |(_at, user)| *user)
    }
}
