//! What `crow backup` reads and `crow restore` writes: all rows of one moment.
//!
//! - [`positions`]: how far each stream is processed. A backup waits until that includes everything
//!   that was acknowledged before it began.
//! - [`Snapshot`]: one read transaction. Rows come out as JSON arrays that the database itself
//!   makes, so SQLite and Postgres give the same text, and one can be loaded into the other.
//! - [`Load`]: one write transaction into empty tables. Until it is committed nothing is there, so
//!   a restore that was killed begins again.
//! - [`KEY_TABLES`]: what a backup may leave out and have in another place.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult, QueryOrder,
    Statement,
};
use serde::{Deserialize, Serialize};

use crow_types::{Partition, Sequence};

use crate::connection::Db;
use crate::entity::partitions;
use crate::error::{Error, Result};

mod keys;
mod load;
mod snapshot;
#[cfg(test)]
mod tests;

pub use keys::{KEY_TABLES, LoadedKeys, awaited_keys, give_up_keys};
pub use load::{Load, Target, target};
pub use snapshot::{Snapshot, Texts};

/// The tables of a backup. A table comes after those that its rows refer to.
pub const TABLES: [&str; 51] = [
    "installation",
    "partitions",
    "sessions",
    "events",
    "withdrawals",
    "session_facts",
    "session_errors",
    "replay_chunks",
    "organization_keys",
    "session_keys",
    "outbox",
    "api_keys",
    "audit_log",
    "audit_heads",
    "users",
    "identities",
    "passkeys",
    "saved_filters",
    "dashboards",
    "cohorts",
    "notifications",
    "object_garbage",
    "asset_urls",
    "asset_versions",
    "asset_witnesses",
    "asset_refs",
    "erasures",
    "erasure_receipts",
    "erased_sessions",
    "erased_objects",
    "tombstones",
    "organization_settings",
    "interactions",
    "interaction_products",
    "interaction_outbox",
    "products",
    "embeddings",
    "ai_calls",
    "ai_usage",
    "usage_counts",
    "ai_retries",
    "issues",
    "webhook_endpoints",
    "alerts",
    "alert_issues",
    "session_notes",
    "session_tags",
    "session_watches",
    "collections",
    "collection_sessions",
    "source_maps",
];

/// Tables that a backup leaves out: keepers that are alive, people who are signed in, invitations and
/// challenges that could be used twice, public links that may have been revoked since, the holds and the
/// imports of this moment, failures to archive, which the next keeper finds again, answers of models, which
/// are kept for hours, messages about alerts, which must not be sent again, and sums of issues, which
/// triggers make again from the rows that are loaded.
#[cfg(test)]
const LEFT_OUT: [&str; 12] = [
    "ai_answers",
    "archive_failures",
    "invitations",
    "issue_hour_changes",
    "issue_hours",
    "keepers",
    "passkey_challenges",
    "replay_links",
    "sign_ins",
    "site_imports",
    "sweep_holds",
    "webhook_deliveries",
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A string in JSON.
    Text,
    /// A whole number.
    Number,
    /// A number with a fraction.
    Real,
    /// `true` or `false`.
    Boolean,
    /// Hexadecimal in JSON.
    Bytes,
}

impl Kind {
    fn of(declared: &str) -> Option<Self> {
        match declared.to_ascii_lowercase().as_str() {
            "text" => Some(Self::Text),
            "bigint" | "integer" => Some(Self::Number),
            "double precision" => Some(Self::Real),
            "boolean" => Some(Self::Boolean),
            "bytea" => Some(Self::Bytes),
            _ => None,
        }
    }
}

/// A column, in the order of the values of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

impl Column {
    /// Some names are words of SQL.
    fn quoted(&self) -> String {
        format!("\"{}\"", self.name)
    }
}

#[derive(FromQueryResult)]
struct ColumnRow {
    name: String,
    declared: String,
}

/// The columns of a table, without those that the database computes.
async fn columns_of(tx: &DatabaseTransaction, table: &str) -> Result<Vec<Column>> {
    let sql = match tx.get_database_backend() {
        DbBackend::Sqlite => {
            "select name, type as declared from pragma_table_xinfo($1) where hidden = 0 order by cid"
        }
        _postgres => {
            "select column_name::text as name, data_type::text as declared \
             from information_schema.columns where table_schema = current_schema() \
             and table_name = $1 and is_generated = 'NEVER' order by ordinal_position"
        }
    };
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [table.into()]);
    let rows = ColumnRow::find_by_statement(statement)
        .all(tx)
        .await
        .map_err(Error::sql("reading the columns of a table"))?;
    let columns: Result<Vec<Column>> = rows.into_iter().map(|row| column(table, row)).collect();
    let columns = columns?;
    if columns.is_empty() {
        return Err(Error::Unreadable(format!("there is no table {table}")));
    }
    Ok(columns)
}

fn column(table: &str, row: ColumnRow) -> Result<Column> {
    let ColumnRow { name, declared } = row;
    let Some(kind) = Kind::of(&declared) else {
        let text = format!("column {name} of {table} has the type {declared}");
        return Err(Error::Unreadable(text));
    };
    Ok(Column { name, kind })
}

/// How far a partition's stream is processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The partition.
    pub partition: Partition,
    /// The incarnation of the stream that the checkpoint counts in; 0: none yet.
    pub stream_created: i64,
    /// The last position whose effects are committed.
    pub checkpoint: Sequence,
}

/// The committed positions of all partitions.
pub async fn positions(db: &Db) -> Result<Vec<Position>> {
    let rows = partitions::Entity::find()
        .order_by_asc(partitions::Column::Id)
        .all(&db.read)
        .await
        .map_err(Error::sql("reading the partitions"))?;
    let position = |row: partitions::Model| Position {
        partition: Partition(u16::try_from(row.id).unwrap_or_default()),
        stream_created: row.stream_created,
        checkpoint: Sequence(u64::try_from(row.checkpoint).unwrap_or_default()),
    };
    Ok(rows.into_iter().map(position).collect())
}
