//! How the installation and an organization are doing, for the pages of its admins.

use sea_orm::{EntityTrait, FromQueryResult, QueryOrder, Statement, Value};

use crow_types::{OrganizationId, Partition};

use crate::connection::Db;
use crate::entity::{keepers, partitions};
use crate::error::{Error, Result};

pub use crate::entity::keepers::Model as KeeperRow;
pub use crate::entity::partitions::Model as PartitionRow;

/// All partitions of the installation, by number.
pub async fn partitions(db: &Db) -> Result<Vec<PartitionRow>> {
    partitions::Entity::find()
        .order_by_asc(partitions::Column::Id)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing partitions"))
}

/// The keepers that said that they live, also those that did not lately.
pub async fn keepers(db: &Db) -> Result<Vec<KeeperRow>> {
    keepers::Entity::find()
        .order_by_asc(keepers::Column::Id)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing keepers"))
}

impl PartitionRow {
    /// Its number.
    #[must_use]
    pub fn partition(&self) -> Partition {
        Partition(u16::try_from(self.id).unwrap_or(u16::MAX))
    }
}

/// What an organization has stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromQueryResult)]
pub struct Stored {
    /// Bytes of its chunks in archives, compressed.
    pub archive_bytes: i64,
    /// Bytes of its chunks in packs, compressed.
    pub pack_bytes: i64,
    /// Chunks.
    pub chunks: i64,
    /// Sessions.
    pub sessions: i64,
    /// Interactions, whether or not they have rows.
    pub events: i64,
    /// Start of the first session, milliseconds since the epoch.
    pub first_at: Option<i64>,
}

/// Counts what an organization has stored. Reads all its rows: for a page of admins, and
/// to be remembered for a while.
pub async fn stored(db: &Db, organization: &OrganizationId) -> Result<Stored> {
    const SQL: &str = "select s.sessions, s.events, s.first_at, \
        coalesce(c.chunks, 0) as chunks, \
        coalesce(c.archive_bytes, 0) as archive_bytes, coalesce(c.pack_bytes, 0) as pack_bytes \
        from (select count(*) as sessions, cast(coalesce(sum(event_count), 0) as bigint) as events, \
              min(started_at) as first_at from sessions where organization_id = $1) s, \
        (select count(*) as chunks, \
              cast(sum(case when c.chunk_index < 0 then c.byte_length else 0 end) as bigint) as archive_bytes, \
              cast(sum(case when c.chunk_index < 0 then 0 else c.byte_length end) as bigint) as pack_bytes \
              from replay_chunks c join sessions s on s.id = c.session_id where s.organization_id = $1) c";
    let statement = statement(db, SQL, vec![organization.as_str().into()]);
    let found = Stored::find_by_statement(statement).one(&db.read).await;
    let found = found.map_err(Error::sql("counting what is stored"))?;
    Ok(found.unwrap_or_default())
}

fn statement(db: &Db, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(db.read.get_database_backend(), sql, values)
}
