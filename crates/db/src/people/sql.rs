use sea_orm::{DbBackend, FromQueryResult, Statement, Value};

use crate::connection::Db;
use crate::error::{Error, Result};

const READING: &str = "reading people";

/// A statement that grows.
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
    backend: DbBackend,
}

impl Sql {
    pub(super) fn new(db: &Db) -> Self {
        Self {
            text: String::new(),
            values: Vec::new(),
            backend: db.read.get_database_backend(),
        }
    }

    pub(super) fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(super) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.add(&place)
    }

    /// `in (…)`.
    pub(super) fn is_in(&mut self, values: &[String]) -> &mut Self {
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
    pub(super) fn contains(&mut self, column: &str, text: &str) -> &mut Self {
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

    pub(super) async fn all<T: FromQueryResult>(self, db: &Db) -> Result<Vec<T>> {
        let statement = Statement::from_sql_and_values(self.backend, self.text, self.values);
        T::find_by_statement(statement)
            .all(&db.read)
            .await
            .map_err(Error::sql(READING))
    }

    pub(super) async fn one<T: FromQueryResult>(self, db: &Db) -> Result<Option<T>> {
        Ok(self.all(db).await?.into_iter().next())
    }
}
