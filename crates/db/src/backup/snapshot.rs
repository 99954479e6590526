use futures::stream::LocalBoxStream;
use futures::{StreamExt, TryStreamExt};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, IsolationLevel, Statement,
    StreamTrait, TransactionTrait,
};

use super::{Column, Kind, columns_of};
use crate::connection::Db;
use crate::error::{Error, Result};

/// Texts that the database sends as they are read.
pub type Texts<'a> = LocalBoxStream<'a, Result<String>>;

const READING: &str = "reading a snapshot";

/// The database at one moment. Writers go on; what they commit is not in it.
///
/// On SQLite the log cannot begin again while it is open, so it should not stay open for long.
pub struct Snapshot {
    tx: DatabaseTransaction,
    backend: DbBackend,
}

impl Snapshot {
    /// Takes it now.
    pub async fn take(db: &Db) -> Result<Self> {
        let begun = if db.is_sqlite() {
            db.read.begin().await
        } else {
            let level = Some(IsolationLevel::RepeatableRead);
            let mode = Some(AccessMode::ReadOnly);
            db.read.begin_with_config(level, mode).await
        };
        let tx = begun.map_err(Error::sql(READING))?;
        // The moment is that of the first read.
        let backend = db.read.get_database_backend();
        let first = "select count(*) from installation";
        tx.query_one_raw(Statement::from_string(backend, first))
            .await
            .map_err(Error::sql(READING))?;
        Ok(Self { tx, backend })
    }

    /// The migrations that were applied, oldest first.
    pub async fn schema(&self) -> Result<Vec<String>> {
        let applied = "select version from seaql_migrations order by version";
        self.texts(applied).await?.try_collect().await
    }

    /// The columns of a table, in the order in which [`Self::rows`] gives their values.
    pub async fn columns(&self, table: &str) -> Result<Vec<Column>> {
        columns_of(&self.tx, table).await
    }

    /// All rows of a table, each as the text of a JSON array.
    pub async fn rows(&self, table: &str, columns: &[Column]) -> Result<Texts<'_>> {
        let is_sqlite = self.backend == DbBackend::Sqlite;
        let values: Vec<String> = columns
            .iter()
            .map(|column| value_of(column, is_sqlite))
            .collect();
        let values = values.join(", ");
        let sql = if is_sqlite {
            format!("select json_array({values}) from {table}")
        } else {
            format!("select json_build_array({values})::text from {table}")
        };
        self.texts(&sql).await
    }

    /// The keys of all objects that rows name, each once, in the order of their bytes.
    pub async fn object_keys(&self) -> Result<Texts<'_>> {
        let collate = match self.backend {
            DbBackend::Sqlite => "",
            _postgres => " collate \"C\"",
        };
        let sql = format!(
            "select k{collate} from (select r2_key as k from replay_chunks \
             union select object_key from asset_versions \
             union select object_key from source_maps) as named order by 1"
        );
        self.texts(&sql).await
    }

    async fn texts(&self, sql: &str) -> Result<Texts<'_>> {
        let rows = self
            .tx
            .stream_raw(Statement::from_string(self.backend, sql))
            .await
            .map_err(Error::sql(READING))?;
        let texts = rows.map(|row| {
            let row = row.map_err(Error::sql(READING))?;
            row.try_get_by_index(0).map_err(Error::row(READING))
        });
        Ok(texts.boxed_local())
    }
}

/// A column as a value of JSON.
fn value_of(column: &Column, is_sqlite: bool) -> String {
    let name = column.quoted();
    match (column.kind, is_sqlite) {
        (Kind::Text | Kind::Number | Kind::Real, _) | (Kind::Boolean, false) => name,
        (Kind::Bytes, false) => format!("encode({name}, 'hex')"),
        (Kind::Bytes, true) => format!("iif({name} is null, null, lower(hex({name})))"),
        (Kind::Boolean, true) => format!(
            "json(case when {name} is null then 'null' when {name} then 'true' else 'false' end)"
        ),
    }
}
