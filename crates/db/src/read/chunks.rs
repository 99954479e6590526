use sea_orm::sea_query::{Condition, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crow_types::{ChunkRecord, OrganizationId};

use crate::Db;
use crate::entity::replay_chunks::{Column, Entity};
use crate::error::{Error, Result};
use crate::read::sessions::is_of_organization;

/// The place of a chunk in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChunkKey {
    /// Milliseconds since the epoch.
    pub first_at: i64,
    /// Decides between chunks that begin in the same millisecond.
    pub chunk_index: i64,
}

/// Chunks that may hold something of this time; `None` is no bound. Milliseconds since
/// the epoch, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChunkRange {
    /// Ends at or after this.
    pub from: Option<i64>,
    /// Begins at or before this.
    pub to: Option<i64>,
    /// Has this index or a larger one.
    pub first_index: Option<i64>,
    /// Has a smaller index than this.
    pub end_index: Option<i64>,
}

/// The chunks of a session by the time of their first line, at most `limit`.
pub async fn chunks(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
    range: ChunkRange,
    limit: u64,
) -> Result<Vec<ChunkRecord>> {
    page(in_range(organization, session, range), db, limit).await
}

/// As [`chunks`], beginning **with** the chunk at `key`: when the first row that comes
/// back is not the one that was seen there before, the chunks were rewritten meanwhile.
pub async fn chunks_from(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
    range: ChunkRange,
    key: ChunkKey,
    limit: u64,
) -> Result<Vec<ChunkRecord>> {
    let is_later = Column::FirstAt.gt(key.first_at);
    let is_from = Column::FirstAt
        .gte(key.first_at)
        .and(is_later.or(Column::ChunkIndex.gte(key.chunk_index)));
    page(
        in_range(organization, session, range).filter(is_from),
        db,
        limit,
    )
    .await
}

async fn page(select: Select<Entity>, db: &Db, limit: u64) -> Result<Vec<ChunkRecord>> {
    let rows = select
        .order_by_asc(Column::FirstAt)
        .order_by_asc(Column::ChunkIndex)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing chunks"))?;
    Ok(rows.into_iter().map(ChunkRecord::from).collect())
}

fn of_session(organization: &OrganizationId, session: &str) -> Select<Entity> {
    Entity::find()
        .filter(Column::SessionId.eq(session))
        .filter(is_of_organization(session, organization))
}

fn in_range(organization: &OrganizationId, session: &str, range: ChunkRange) -> Select<Entity> {
    of_session(organization, session).filter(
        Condition::all()
            .add_option(range.from.map(|from| Column::LastAt.gte(from)))
            .add_option(range.to.map(|to| Column::FirstAt.lte(to)))
            .add_option(range.first_index.map(|first| Column::ChunkIndex.gte(first)))
            .add_option(range.end_index.map(|end| Column::ChunkIndex.lt(end))),
    )
}

/// The windows that have a chunk with a full snapshot which begins at or before `at`,
/// at most `limit`.
pub async fn snapshot_windows(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
    at: i64,
    limit: u64,
) -> Result<Vec<String>> {
    of_session(organization, session)
        .select_only()
        .column(Column::WindowId)
        .distinct()
        .filter(Column::HasFullSnapshot.eq(true))
        .filter(Column::FirstAt.lte(at))
        .order_by_asc(Column::WindowId)
        .limit(limit)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("listing windows"))
}

/// The chunks of a window with a full snapshot which begin at or before `at`, the one
/// that ends last first, at most `limit`.
pub async fn snapshot_chunks(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
    window: &str,
    at: i64,
    limit: u64,
) -> Result<Vec<ChunkRecord>> {
    let with_snapshot =
        begun(organization, session, window, at).filter(Column::HasFullSnapshot.eq(true));
    latest(with_snapshot, db, limit).await
}

/// The chunks of a window which begin at or before `at`, the one that ends last first,
/// at most `limit`.
pub async fn last_chunks(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
    window: &str,
    at: i64,
    limit: u64,
) -> Result<Vec<ChunkRecord>> {
    latest(begun(organization, session, window, at), db, limit).await
}

fn begun(organization: &OrganizationId, session: &str, window: &str, at: i64) -> Select<Entity> {
    of_session(organization, session)
        .filter(Column::WindowId.eq(window))
        .filter(Column::FirstAt.lte(at))
}

async fn latest(select: Select<Entity>, db: &Db, limit: u64) -> Result<Vec<ChunkRecord>> {
    let rows = select
        .order_by_desc(Column::LastAt)
        .order_by_desc(Column::ChunkIndex)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing chunks"))?;
    Ok(rows.into_iter().map(ChunkRecord::from).collect())
}
