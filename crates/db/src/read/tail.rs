use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, Iterable, JoinType, QueryFilter, QuerySelect,
};

use crow_types::OrganizationId;

use crate::Db;
use crate::by_key::belongs_to;
use crate::entity::{partitions, sessions};
use crate::error::{Error, Result};
use crate::records::StoredSession;

/// How much of a session is stored, as of one commit.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct TailState {
    /// The session's partition.
    pub partition: i64,
    /// The incarnation of the stream that `checkpoint` refers to.
    pub stream_created: i64,
    /// All lines from messages up to this position are in chunks.
    pub checkpoint: i64,
    /// These chunks have indexes below this.
    pub chunk_count: i64,
    /// `open` or `closed`.
    pub status: String,
    /// Why the session ended.
    pub end_reason: Option<String>,
    /// When its chunks were rewritten into an archive, whose frames have other indexes.
    pub archived_at: Option<i64>,
}

/// How much of the session with this row id is stored. A single statement keeps the values
/// consistent.
pub async fn tail_state(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
) -> Result<Option<TailState>> {
    let of_partition = sessions::Entity::belongs_to(partitions::Entity)
        .from(sessions::Column::Partition)
        .to(partitions::Column::Id);
    sessions::Entity::find()
        .select_only()
        .columns([
            sessions::Column::Partition,
            sessions::Column::ChunkCount,
            sessions::Column::Status,
            sessions::Column::EndReason,
            sessions::Column::ArchivedAt,
        ])
        .column(partitions::Column::StreamCreated)
        .column(partitions::Column::Checkpoint)
        .join(JoinType::InnerJoin, of_partition.into())
        .filter(sessions::Column::Id.eq(session))
        .filter(sessions::Column::OrganizationId.eq(organization.as_str()))
        .into_model::<TailState>()
        .one(&db.read)
        .await
        .map_err(Error::sql("asking how far a session is stored"))
}

/// The sessions with these row ids, in any order, without their `windows`.
pub async fn sessions_by_id(
    db: &Db,
    organization: &OrganizationId,
    ids: &[String],
) -> Result<Vec<StoredSession>> {
    let is_shown = |column: &sessions::Column| !matches!(column, sessions::Column::Windows);
    let rows = sessions::Entity::find()
        .select_only()
        .columns(sessions::Column::iter().filter(is_shown))
        .column_as(Expr::val(""), sessions::Column::Windows)
        .filter(belongs_to(
            sessions::Column::OrganizationId,
            organization.as_str(),
        ))
        .filter(sessions::Column::Id.is_in(ids))
        .all(&db.read)
        .await
        .map_err(Error::sql("listing sessions"))?;
    Ok(rows.into_iter().map(StoredSession::from).collect())
}
