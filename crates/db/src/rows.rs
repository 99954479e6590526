//! Many rows in one statement, and all statements of a flush in one transaction.
//!
//! The statement is written out: building it from values by the column costs more than
//! running it. Its length is one of a few, so that it is prepared once and found again by
//! its text. Values are put once into the form in which the driver takes them, before the
//! transaction begins: SQLite has one writer, and nobody should wait for it meanwhile.

use std::borrow::Cow;
use std::sync::Arc;

use sea_orm::sqlx::Error::PoolClosed;
use sea_orm::sqlx::postgres::PgArguments;
use sea_orm::sqlx::sqlite::SqliteArguments;
use sea_orm::sqlx::{
    Arguments, AssertSqlSafe, Database, Executor, IntoArguments, Pool, Postgres, Sqlite,
    Transaction, query_with,
};

use crate::connection::Db;
use crate::error::{Error, Result};

/// One field of a row.
#[derive(Debug)]
pub(crate) enum Value<'a> {
    Text(Option<&'a str>),
    Bytes(Cow<'a, [u8]>),
    Number(Option<i64>),
    Flag(bool),
}

/// What is written, and where.
pub(crate) struct Insert<'a> {
    /// For the error: what we were doing.
    pub doing: &'static str,
    pub table: &'static str,
    pub columns: &'a [&'static str],
    /// After the values: `on conflict …`.
    pub on_conflict: &'a str,
}

/// One statement and what it binds.
pub(crate) struct Statement<D: Database> {
    /// For the error.
    doing: &'static str,
    sql: String,
    arguments: D::Arguments,
}

/// What a transaction is going to do.
pub(crate) enum Statements {
    Sqlite(Vec<Statement<Sqlite>>),
    Postgres(Vec<Statement<Postgres>>),
}

impl Statements {
    pub(crate) fn new(db: &Db) -> Self {
        if db.is_sqlite() {
            Self::Sqlite(Vec::new())
        } else {
            Self::Postgres(Vec::new())
        }
    }

    /// Adds one with `?` in place of each value; `doing` is for the error.
    pub(crate) fn push<'a>(
        &mut self,
        doing: &'static str,
        sql: &str,
        values: impl IntoIterator<Item = Value<'a>>,
    ) {
        match self {
            Self::Sqlite(list) => {
                let sql = sql.to_owned();
                list.push(Statement::of_sqlite(doing, sql, 0, [values]));
            }
            Self::Postgres(list) => {
                let sql = numbered(sql);
                list.push(Statement::of_postgres(doing, sql, 0, [values]));
            }
        }
    }

    /// Adds what inserts the records; `values` are a row's, in the order of the columns.
    pub(crate) fn insert<'a, T, V>(
        &mut self,
        into: &Insert<'_>,
        records: &'a [T],
        values: impl Fn(&'a T) -> V,
    ) where
        V: IntoIterator<Item = Value<'a>>,
    {
        let most = self.max_bound_values() / into.columns.len();
        let mut rest = records;
        while !rest.is_empty() {
            let rows = 1 << rest.len().min(most).ilog2();
            let (these, others) = rest.split_at(rows);
            rest = others;
            let count = rows * into.columns.len();
            let these = these.iter().map(&values);
            match self {
                Self::Sqlite(list) => {
                    // SQLite copies each page that a statement of many rows changes, to take back
                    // half of it, unless it may leave it at that: a failed transaction is taken
                    // back as a whole. (It still does where rows refer to others, or change.)
                    let sql = into.sql("insert or fail", rows);
                    list.push(Statement::of_sqlite(into.doing, sql, count, these));
                }
                Self::Postgres(list) => {
                    let sql = numbered(&into.sql("insert", rows));
                    list.push(Statement::of_postgres(into.doing, sql, count, these));
                }
            }
        }
    }

    /// Runs them in one transaction, in their order. The first one returns a row when the others
    /// are to follow. False: it returned none, and nothing was written.
    pub(crate) async fn commit(self, db: &Db) -> Result<bool> {
        match self {
            Self::Sqlite(list) => commit(db.write.get_sqlite_connection_pool(), list, db).await,
            Self::Postgres(list) => commit(db.write.get_postgres_connection_pool(), list, db).await,
        }
    }

    fn max_bound_values(&self) -> usize {
        match self {
            Self::Sqlite(_) => 32_000,
            Self::Postgres(_) => 65_000,
        }
    }
}

async fn commit<D>(pool: &Pool<D>, list: Vec<Statement<D>>, db: &Db) -> Result<bool>
where
    D: Database,
    D::Arguments: IntoArguments<D>,
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    let mut transaction = begin(pool.clone()).await?;
    for (place, statement) in list.into_iter().enumerate() {
        let query = query_with(AssertSqlSafe(statement.sql), statement.arguments);
        let goes_on = if place == 0 {
            let row = query.fetch_optional(&mut *transaction).await;
            row.map(|row| row.is_some())
        } else {
            query.execute(&mut *transaction).await.map(|_done| true)
        };
        db.tell_observer();
        if !goes_on.map_err(Error::driver(statement.doing))? {
            return Ok(false);
        }
    }
    let committed = transaction.commit().await;
    committed.map_err(Error::driver("committing a transaction"))?;
    db.tell_observer();
    Ok(true)
}

/// In a task of its own, for the reason that [`Db::begin`] gives.
pub(crate) async fn begin<D: Database>(pool: Pool<D>) -> Result<Transaction<'static, D>> {
    let beginning = tokio::spawn(async move { pool.begin().await });
    // Only the end of the runtime stops it.
    let begun = beginning.await.unwrap_or(Err(PoolClosed));
    begun.map_err(Error::driver("beginning a transaction"))
}

impl Statement<Sqlite> {
    /// A text that stands in the row before, too, such as a session's name, is not copied again.
    fn of_sqlite<'a, V>(
        doing: &'static str,
        sql: String,
        count: usize,
        rows: impl IntoIterator<Item = V>,
    ) -> Self
    where
        V: IntoIterator<Item = Value<'a>>,
    {
        let mut arguments = SqliteArguments::default();
        arguments.reserve(count, 0);
        let mut row_before: Vec<Option<Arc<str>>> = Vec::new();
        for row in rows {
            for (column, value) in row.into_iter().enumerate() {
                if column == row_before.len() {
                    row_before.push(None);
                }
                let before = &mut row_before[column];
                let added = match value {
                    Value::Text(Some(text)) => arguments.add(shared(before, text)),
                    Value::Text(None) => arguments.add(None::<i64>),
                    Value::Bytes(bytes) => arguments.add(bytes.into_owned()),
                    Value::Number(number) => arguments.add(number),
                    Value::Flag(flag) => arguments.add(flag),
                };
                added.expect(ENCODABLE);
            }
        }
        Self {
            doing,
            sql,
            arguments,
        }
    }
}

fn shared(before: &mut Option<Arc<str>>, text: &str) -> Arc<str> {
    match before {
        Some(same) if **same == *text => Arc::clone(same),
        Some(_) | None => Arc::clone(before.insert(text.into())),
    }
}

impl Statement<Postgres> {
    pub(crate) fn new(doing: &'static str, sql: String, arguments: PgArguments) -> Self {
        Self {
            doing,
            sql,
            arguments,
        }
    }

    fn of_postgres<'a, V>(
        doing: &'static str,
        sql: String,
        count: usize,
        rows: impl IntoIterator<Item = V>,
    ) -> Self
    where
        V: IntoIterator<Item = Value<'a>>,
    {
        let mut arguments = PgArguments::default();
        arguments.reserve(count, 0);
        for value in rows.into_iter().flatten() {
            let added = match value {
                Value::Text(text) => arguments.add(text),
                Value::Bytes(bytes) => arguments.add(&*bytes),
                Value::Number(number) => arguments.add(number),
                Value::Flag(flag) => arguments.add(flag),
            };
            added.expect(ENCODABLE);
        }
        Self::new(doing, sql, arguments)
    }
}

/// What a driver says no to are types that it does not know, and gigabytes.
pub(crate) const ENCODABLE: &str = "texts, bytes and numbers can be encoded";

impl Insert<'_> {
    fn sql(&self, insert: &str, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.columns.len()].join(", "));
        format!(
            "{insert} into {} ({}) values {} {}",
            self.table,
            self.columns.join(", "),
            vec![row; rows].join(", "),
            self.on_conflict
        )
    }
}

/// With `$1`, `$2` … as Postgres names values. SQLite would take them for names, and look through
/// all names for each.
fn numbered(sql: &str) -> String {
    let mut pieces = sql.split('?');
    let mut numbered = pieces.next().unwrap_or_default().to_owned();
    for (place, piece) in pieces.enumerate() {
        numbered.push('$');
        numbered.push_str(&(place + 1).to_string());
        numbered.push_str(piece);
    }
    numbered
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(text: &'a Option<String>) -> Self {
        Self::Text(text.as_deref())
    }
}

impl From<&i64> for Value<'_> {
    fn from(number: &i64) -> Self {
        Self::Number(Some(*number))
    }
}

impl From<&i32> for Value<'_> {
    fn from(number: &i32) -> Self {
        Self::Number(Some(i64::from(*number)))
    }
}

impl From<&Option<i64>> for Value<'_> {
    fn from(number: &Option<i64>) -> Self {
        Self::Number(*number)
    }
}

impl From<&bool> for Value<'_> {
    fn from(flag: &bool) -> Self {
        Self::Flag(*flag)
    }
}
