//! Many rows in one statement.
//!
//! The statement is written out: building it from values by the column costs more than
//! running it. Its length is one of a few, so that it is prepared once and found again by
//! its text.

use sea_orm::{ConnectionTrait, Statement, Value};

use crate::connection::Db;
use crate::error::{Error, Result};

/// What is written, and where.
pub(crate) struct Insert<'a> {
    /// For the error: what we were doing.
    pub doing: &'static str,
    pub table: &'static str,
    pub columns: &'a [&'static str],
    /// After the values: `on conflict …`.
    pub on_conflict: &'a str,
}

/// What a transaction is going to do. Made before it begins: SQLite has one writer, and
/// nobody should wait for it while values are put together.
#[derive(Default)]
pub(crate) struct Statements(Vec<(&'static str, Statement)>);

impl Statements {
    /// Adds one; `doing` is for the error.
    pub(crate) fn push(&mut self, doing: &'static str, statement: Statement) {
        self.0.push((doing, statement));
    }

    /// Runs them in their order.
    pub(crate) async fn run(self, transaction: &impl ConnectionTrait) -> Result<()> {
        for (doing, statement) in self.0 {
            transaction
                .execute_raw(statement)
                .await
                .map_err(Error::sql(doing))?;
        }
        Ok(())
    }
}

impl Insert<'_> {
    /// Adds what inserts the records; `values` are a row's, in the order of the columns.
    pub(crate) fn add_to<T, V>(
        &self,
        statements: &mut Statements,
        db: &Db,
        records: &[T],
        values: impl Fn(&T) -> V,
    ) where
        V: IntoIterator<Item = Value>,
    {
        let most = db.max_bound_values() / self.columns.len();
        let mut rest = records;
        while !rest.is_empty() {
            let rows = 1 << rest.len().min(most).ilog2();
            let (these, others) = rest.split_at(rows);
            rest = others;
            let statement = Statement::from_sql_and_values(
                db.write.get_database_backend(),
                self.sql(db.is_sqlite(), rows),
                these.iter().flat_map(&values),
            );
            statements.push(self.doing, statement);
        }
    }

    fn sql(&self, is_sqlite: bool, rows: usize) -> String {
        let columns = self.columns.len();
        let values = if is_sqlite {
            // SQLite takes `$1` for a name, and looks through all names for each.
            let row = format!("({})", vec!["?"; columns].join(", "));
            vec![row; rows].join(", ")
        } else {
            let row = |row: usize| {
                let places = (1..=columns).map(|place| format!("${}", row * columns + place));
                format!("({})", places.collect::<Vec<_>>().join(", "))
            };
            (0..rows).map(row).collect::<Vec<_>>().join(", ")
        };
        // SQLite copies each page that a statement of many rows changes, to take back half of it, unless
        // it may leave it at that: a failed transaction is taken back as a whole. (It still does where
        // rows refer to others, or change.)
        let insert = if is_sqlite {
            "insert or fail"
        } else {
            "insert"
        };
        format!(
            "{insert} into {} ({}) values {values} {}",
            self.table,
            self.columns.join(", "),
            self.on_conflict
        )
    }
}
