use sea_orm::{DbBackend, FromQueryResult, Statement, Value};

use crate::connection::Db;
use crate::error::{Error, Result};

const READING: &str = "reading issues";

/// An SQL text that grows with its values, which stand in it as `$1`, `$2`.
#[derive(Debug, Default)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub(super) fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(super) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.add(&place)
    }

    /// `column` contains the text, ignoring case.
    pub(super) fn contains(&mut self, column: &str, text: &str, backend: DbBackend) -> &mut Self {
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

    pub(super) async fn all<T: FromQueryResult>(self, db: &Db) -> Result<Vec<T>> {
        let backend = db.read.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, self.text, self.values);
        T::find_by_statement(statement)
            .all(&db.read)
            .await
            .map_err(Error::sql(READING))
    }
}
