//! People: users, and browsers of which no user is known. There is no table of them. They are read
//! from the rows of sessions, so that an erased person is gone, and so that signing in rewrites
//! nothing.
//!
//! A browser belongs to the user that the latest session with a user named. That is the rule of the
//! analytics, too.
//!
//! - [`list`]: who visited, last seen first.
//! - [`find`]: one person, and what is known.
//! - [`sessions`]: a person's sessions, newest first.

mod list;
mod one;
#[cfg(test)]
mod tests;

use sea_orm::{DbBackend, FromQueryResult, Statement, Value};

pub use list::{ListPeople, PeopleSeen, list};
pub use one::{Found, Totals, find, interactions, sessions, totals};

use crate::connection::Db;
use crate::error::{Error, Result};

const READING: &str = "reading people";

/// Who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// A user that the client named.
    User(String),
    /// A browser of which no user is known, by the SDK's id.
    Visitor(String),
}

impl Person {
    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::User(id) | Self::Visitor(id) => id,
        }
    }

    /// The column of `sessions` that has the id.
    fn column(&self) -> &'static str {
        match self {
            Self::User(_) => "user_id",
            Self::Visitor(_) => "visitor_id",
        }
    }
}

/// A statement that grows.
struct Sql {
    text: String,
    values: Vec<Value>,
    backend: DbBackend,
}

impl Sql {
    fn new(db: &Db) -> Self {
        Self {
            text: String::new(),
            values: Vec::new(),
            backend: db.read.get_database_backend(),
        }
    }

    fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.add(&place)
    }

    /// `in (…)`.
    fn is_in(&mut self, values: &[String]) -> &mut Self {
        self.add(" in (");
        for (place, value) in values.iter().enumerate() {
            if place > 0 {
                self.add(", ");
            }
            self.bind(value.as_str());
        }
        self.add(")")
    }

    /// `column` contains the text, ignoring the case of ASCII letters: SQLite does, and Postgres with
    /// the collation `C`.
    fn contains(&mut self, column: &str, text: &str) -> &mut Self {
        let text = text
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_")
            .to_ascii_lowercase();
        match self.backend {
            DbBackend::Postgres => self.add(&format!("lower({column} collate \"C\") like ")),
            _sqlite => self.add(&format!("{column} like ")),
        };
        self.bind(format!("%{text}%")).add(" escape '!'")
    }

    async fn all<T: FromQueryResult>(self, db: &Db) -> Result<Vec<T>> {
        let statement = Statement::from_sql_and_values(self.backend, self.text, self.values);
        T::find_by_statement(statement)
            .all(&db.read)
            .await
            .map_err(Error::sql(READING))
    }

    async fn one<T: FromQueryResult>(self, db: &Db) -> Result<Option<T>> {
        Ok(self.all(db).await?.into_iter().next())
    }
}
