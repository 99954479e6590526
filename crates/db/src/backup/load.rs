use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement, Value};

use crow_types::Timestamp;

use super::{Column, Kind, TABLES};
use crate::connection::Db;
use crate::error::{Error, Result};
use crate::holds;

pub(super) const LOADING: &str = "loading a backup";

/// Added to each epoch. A keeper of the lost database may still run, with an epoch that is later
/// than the backup. No partition changes its owner so often between two backups.
const LATER_EPOCHS: i64 = 1_000_000;

/// The hold of a restored database has this name and that of the backup.
const RESTORED: &str = "restore of ";

/// How long objects that a restored database does not know are kept: a week, in milliseconds.
const KEEP_UNKNOWN: i64 = 7 * 86_400_000;

/// Whether a database can take a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// There are no rows.
    Empty,
    /// This backup was loaded already.
    Loaded,
    /// A table has rows.
    Used {
        /// The first one that has.
        table: &'static str,
    },
    /// A session keeper works on it.
    Kept,
}

/// Looks at a database, with whatever tables it has.
pub async fn target(db: &Db, backup: &str) -> Result<Target> {
    look(db, &db.write, backup).await
}

async fn look(db: &Db, connection: &impl ConnectionTrait, backup: &str) -> Result<Target> {
    let marker = "select count(*) as n from sweep_holds where id = $1";
    if has(connection, "sweep_holds").await?
        && count(connection, marker, [marker_of(backup).into()]).await? > 0
    {
        return Ok(Target::Loaded);
    }
    for table in TABLES {
        // A keeper that starts on an empty database makes these two. They are replaced.
        if matches!(table, "installation" | "partitions") || !has(connection, table).await? {
            continue;
        }
        let sql = format!("select count(*) as n from (select 1 from {table} limit 1) as some_rows");
        if count(connection, &sql, []).await? > 0 {
            return Ok(Target::Used { table });
        }
    }
    let alive = format!(
        "select count(*) as n from keepers where alive_until > {}",
        db.clock()
    );
    if has(connection, "keepers").await? && count(connection, &alive, []).await? > 0 {
        return Ok(Target::Kept);
    }
    Ok(Target::Empty)
}

async fn has(connection: &impl ConnectionTrait, table: &str) -> Result<bool> {
    let sql = match connection.get_database_backend() {
        DbBackend::Sqlite => "select count(*) as n from sqlite_schema where name = $1",
        _postgres => {
            "select count(*) as n from information_schema.tables \
             where table_schema = current_schema() and table_name = $1"
        }
    };
    Ok(count(connection, sql, [table.into()]).await? > 0)
}

fn marker_of(backup: &str) -> String {
    format!("{RESTORED}{backup}")
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

pub(super) async fn count<const N: usize>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: [Value; N],
) -> Result<i64> {
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let row = Count::find_by_statement(statement)
        .one(connection)
        .await
        .map_err(Error::sql("looking for rows"))?;
    Ok(row.map_or(0, |row| row.n))
}

/// Rows on their way into an empty database. Nobody sees them before [`Self::commit`].
pub struct Load {
    pub(super) db: Db,
    pub(super) tx: DatabaseTransaction,
    pub(super) backup: String,
}

impl Load {
    /// Begins to load the backup of this name. Gives the reason if the database cannot take it.
    pub async fn begin(db: &Db, backup: &str) -> Result<std::result::Result<Self, Target>> {
        let load = Self {
            db: db.clone(),
            tx: db.begin(LOADING).await?,
            backup: backup.to_owned(),
        };
        // What a keeper would create waits for us from here on.
        load.execute("delete from partitions", []).await?;
        load.execute("delete from installation", []).await?;
        match look(db, &load.tx, backup).await? {
            Target::Empty => Ok(Ok(load)),
            refused => Ok(Err(refused)),
        }
    }

    /// Adds rows to a table: the text of a JSON array of rows, each as
    /// [`Snapshot::rows`](super::Snapshot::rows) gave it.
    pub async fn add(&self, table: &str, columns: &[Column], rows: &str) -> Result<()> {
        let sql = insert(self.tx.get_database_backend(), table, columns);
        self.execute(&sql, [rows.into()]).await
    }

    /// Makes the rows those of an installation whose streams are new, and commits. Announcements
    /// that the bus got at or after `announced_since` are made again: their message may be lost.
    pub async fn commit(self, announced_since: Timestamp) -> Result<()> {
        // Streams are read from their first message; what is known has no effect.
        self.execute(
            "update partitions set epoch = epoch + $1, owner = null, lease_until = 0, \
             stream_created = 0, checkpoint = 0, flush_id = null",
            [LATER_EPOCHS.into()],
        )
        .await?;
        self.execute(
            "update outbox set sent_at = null where sent_at >= $1",
            [announced_since.0.into()],
        )
        .await?;
        let values = [marker_of(&self.backup).into(), KEEP_UNKNOWN.into()];
        self.execute(&holds::hold_sql(&self.db), values).await?;
        self.tx.commit().await.map_err(Error::sql(LOADING))?;
        if self.db.is_sqlite() {
            return Ok(());
        }
        // Before that, Postgres plans as if the tables were empty.
        let analyzed = self.db.write.execute_unprepared("analyze").await;
        analyzed.map(drop).map_err(Error::sql("analyzing tables"))
    }

    pub(super) async fn execute<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<()> {
        let backend = self.tx.get_database_backend();
        self.tx
            .execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await
            .map(drop)
            .map_err(Error::sql(LOADING))
    }
}

fn insert(backend: DbBackend, table: &str, columns: &[Column]) -> String {
    let names: Vec<String> = columns.iter().map(Column::quoted).collect();
    let is_sqlite = backend == DbBackend::Sqlite;
    let values: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| value_at(index, column.kind, is_sqlite))
        .collect();
    let rows = if is_sqlite {
        "json_each($1)"
    } else {
        "jsonb_array_elements($1::jsonb) as loaded(value)"
    };
    format!(
        "insert into {table} ({}) select {} from {rows}",
        names.join(", "),
        values.join(", ")
    )
}

/// A value of a row, as the column takes it.
fn value_at(index: usize, kind: Kind, is_sqlite: bool) -> String {
    if is_sqlite {
        let value = format!("json_extract(value, '$[{index}]')");
        return match kind {
            Kind::Text | Kind::Number | Kind::Real | Kind::Boolean => value,
            Kind::Bytes => format!("unhex({value})"),
        };
    }
    let value = format!("value->>{index}");
    match kind {
        Kind::Text => value,
        Kind::Number => format!("({value})::bigint"),
        Kind::Real => format!("({value})::double precision"),
        Kind::Boolean => format!("({value})::boolean"),
        Kind::Bytes => format!("decode({value}, 'hex')"),
    }
}
