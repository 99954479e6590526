//! Who is the same person.

use std::collections::HashMap;

use crow_db::analytics::Facts;

/// Which browser belongs to which user, as the sessions say in which both are known.
#[derive(Debug, Default)]
pub struct People {
    /// By hash of the browser, with the start of the session that said so last.
    users: HashMap<u64, (i64, u64)>,
}

impl People {
    /// Takes note of what a session says.
    pub fn learn(&mut self, facts: &Facts<'_>, started_at: i64) {
        if facts.is_user && facts.browser_hash != 0 {
            let said = (started_at, facts.visitor);
            let known = self.users.entry(facts.browser_hash).or_insert(said);
            *known = said.max(*known);
        }
    }

    /// The user of a visitor's browser, else the visitor.
    #[must_use]
    pub fn person(&self, visitor: u64) -> u64 {
        self.users
            .get(&visitor)
            .map_or(visitor, |(_at, user)| *user)
    }
}
