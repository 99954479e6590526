use sea_orm::sea_query::{Condition, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crow_types::{ChunkRecord, OrganizationId};

use crate::Db;
use crate::entity::replay_chunks::{Column, Entity};
use crate::error::{Error, Result};
use crate::read::sessions::is_of_organization;

/// The position of a chunk in time order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChunkKey {
    /// Milliseconds since the epoch.
    pub first_at: i64,
    /// Breaks ties between chunks that begin in the same millisecond.
    pub chunk_index: i64,
}

/// Chunks that may overlap this range, in milliseconds since the epoch, both ends included. `None`
/// means no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChunkRange {
    /// The chunk ends at or after this.
    pub from: Option<i64>,
    /// The chunk begins at or before this.
    pub to: Option<i64>,
    /// The chunk has this index or a larger one.
    pub first_index: Option<i64>,
    /// The chunk has a smaller index than this.
    pub end_index: Option<i64>,
}

/// At most `limit` chunks of a session, ordered by the time of their first line.
pub async fn chunks(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
    range: ChunkRange,
    limit: u64,
) -> Result<Vec<ChunkRecord>> {
    page(in_range(organization, session, range), db, limit).await
}

/// Like [`chunks`], but starts **with** the chunk at `key`. If the first row differs from the row
/// that the caller has, the chunks were rewritten.
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

/// At most `limit` windows with a chunk that has a full snapshot and begins at or before `at`.
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

/// At most `limit` chunks of a window that have a full snapshot and begin at or before `at`,
/// ordered by their end, latest first.
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

/// At most `limit` chunks of a window that begin at or before `at`, ordered by their end, latest
/// first.
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
