//! Errors, grouped.
//!
//! The flush writes a row for each session and fingerprint (`session_errors`) in its transaction. All
//! that is said of an issue is counted from these rows when somebody asks. So no total needs
//! correcting when a session is erased, expires or is anonymized: its rows go, and with the last one
//! the issue. Flushes of different partitions write rows of different sessions and never wait for
//! each other.
//!
//! Triggers of the database add each change of these rows to sums by issue and hour, which the list
//! reads. See [`merge_hours`].
//!
//! What people decide is in `issues`. That an issue is back is not stored: a resolved one is open
//! when it has occurred since then. See [`Status`].

use sea_orm::{DbBackend, FromQueryResult, Statement, Value};

use crate::connection::Db;
use crate::error::{Error, Result};

mod decide;
mod list;
mod one;
mod people;
mod sums;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use decide::assign_to_nobody;
pub use decide::{Decided, Decision, decide};
pub use list::{IssueFilter, IssueKey, IssueOrder, IssueRow, Range, find, list};
pub use one::{IssueDetail, IssueSession, Part, detail, of_session};
pub(crate) use sums::wait_for_merge;
pub use sums::{MERGED, merge_hours};
pub(crate) use write::add_errors;

const READING: &str = "reading issues";

/// What is to be done about an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nobody has decided, or it has occurred again since it was resolved.
    Open,
    /// It should not occur again.
    Resolved,
    /// It may occur.
    Ignored,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Resolved, Self::Ignored];

    /// The word in rows and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::Ignored => "ignored",
        }
    }

    /// The status with this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// An SQL text that grows with its values, which stand in it as `$1`, `$2`.
#[derive(Debug, Default)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.add(&place)
    }

    /// `column` contains the text, ignoring case.
    fn contains(&mut self, column: &str, text: &str, backend: DbBackend) -> &mut Self {
        // SQLite ignores the case of ASCII letters.
        let like = match backend {
            DbBackend::Postgres => "ilike",
            _sqlite => "like",
        };
        let text = text
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_");
        self.add(&format!("{column} {like} "));
        self.bind(format!("%{text}%")).add(" escape '!'")
    }

    async fn all<T: FromQueryResult>(self, db: &Db) -> Result<Vec<T>> {
        let backend = db.read.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, self.text, self.values);
        T::find_by_statement(statement)
            .all(&db.read)
            .await
            .map_err(Error::sql(READING))
    }
}

/// A row of `session_errors` occurred after its issue was resolved. Of one that was resolved in the next
/// release, the releases that were known then do not count. `e` is the row and `i` the issue.
pub(crate) fn came_back(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "e.last_at > i.resolved_at and (e.app_release = '' or \
             position(chr(10) || e.app_release || chr(10) in i.resolved_releases) = 0)"
        }
        _sqlite => {
            "e.last_at > i.resolved_at and (e.app_release = '' or \
             instr(i.resolved_releases, char(10) || e.app_release || char(10)) = 0)"
        }
    }
}
