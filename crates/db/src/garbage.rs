//! What the sweeper asks before it removes an object.

use std::collections::HashSet;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crow_types::{Partition, Timestamp};

use crate::connection::Db;
use crate::entity::{
    asset_versions, events, object_garbage, partitions, replay_chunks, sessions, source_maps,
};
use crate::error::{Error, Result};

/// In place of a time: the sweeper has begun to remove the object.
pub(crate) const SWEEPING: i64 = -1;

/// Noted objects without a row, and noted at or before `at`.
pub async fn due(db: &Db, at: Timestamp, limit: u64) -> Result<Vec<String>> {
    object_garbage::Entity::find()
        .select_only()
        .column(object_garbage::Column::R2Key)
        .filter(object_garbage::Column::Since.lte(at.0))
        .filter(has_no_row())
        .order_by_asc(object_garbage::Column::Since)
        .limit(limit)
        .into_tuple()
        .all(&db.write)
        .await
        .map_err(Error::sql("listing objects to sweep"))
}

/// Marks objects as being removed, so that no archive is committed on them; returns those
/// that may be removed now.
pub async fn mark_for_removal(db: &Db, keys: &[String]) -> Result<Vec<String>> {
    object_garbage::Entity::update_many()
        .col_expr(object_garbage::Column::Since, Expr::value(SWEEPING))
        .filter(object_garbage::Column::R2Key.is_in(keys))
        .filter(has_no_row())
        .exec(&db.write)
        .await
        .map_err(Error::sql("claiming objects to sweep"))?;
    object_garbage::Entity::find()
        .select_only()
        .column(object_garbage::Column::R2Key)
        .filter(object_garbage::Column::R2Key.is_in(keys))
        .filter(object_garbage::Column::Since.eq(SWEEPING))
        .into_tuple()
        .all(&db.write)
        .await
        .map_err(Error::sql("claiming objects to sweep"))
}

/// Rows of events whose session has none. The database does not check it, but there are none: a
/// flush writes both.
pub async fn events_without_session(db: &Db) -> Result<u64> {
    let session = Query::select()
        .expr(Expr::val(1))
        .from(sessions::Entity)
        .and_where(
            Expr::col((sessions::Entity, sessions::Column::Id))
                .equals((events::Entity, events::Column::SessionId)),
        )
        .take();
    events::Entity::find()
        .filter(Expr::exists(session).not())
        .count(&db.read)
        .await
        .map_err(Error::sql("looking for events without a session"))
}

fn has_no_row() -> Expr {
    let rows = Query::select()
        .expr(Expr::val(1))
        .from(replay_chunks::Entity)
        .and_where(
            Expr::col((replay_chunks::Entity, replay_chunks::Column::R2Key))
                .equals((object_garbage::Entity, object_garbage::Column::R2Key)),
        )
        .take();
    let versions = Query::select()
        .expr(Expr::val(1))
        .from(asset_versions::Entity)
        .and_where(
            Expr::col((asset_versions::Entity, asset_versions::Column::ObjectKey))
                .equals((object_garbage::Entity, object_garbage::Column::R2Key)),
        )
        .take();
    let maps = Query::select()
        .expr(Expr::val(1))
        .from(source_maps::Entity)
        .and_where(
            Expr::col((source_maps::Entity, source_maps::Column::ObjectKey))
                .equals((object_garbage::Entity, object_garbage::Column::R2Key)),
        )
        .take();
    let has_none = |rows| Expr::exists(rows).not();
    has_none(rows).and(has_none(versions)).and(has_none(maps))
}

/// Forgets notes of objects that have a row after all, noted at or before `at`.
pub async fn forget_named(db: &Db, at: Timestamp) -> Result<u64> {
    let outcome = object_garbage::Entity::delete_many()
        .filter(object_garbage::Column::Since.lte(at.0))
        .filter(has_no_row().not())
        .exec(&db.write)
        .await
        .map_err(Error::sql("forgetting objects that have rows"))?;
    Ok(outcome.rows_affected)
}

/// Which of these objects are noted.
pub async fn noted(db: &Db, keys: &[String]) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    for keys in keys.chunks(500) {
        let some: Vec<String> = object_garbage::Entity::find()
            .select_only()
            .column(object_garbage::Column::R2Key)
            .filter(object_garbage::Column::R2Key.is_in(keys))
            .into_tuple()
            .all(&db.write)
            .await
            .map_err(Error::sql("looking for replaced objects"))?;
        found.extend(some);
    }
    Ok(found)
}

/// Which of these objects have rows. Reads what is committed last.
pub async fn referenced(db: &Db, keys: &[String]) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    for keys in keys.chunks(500) {
        let some: Vec<String> = replay_chunks::Entity::find()
            .select_only()
            .column(replay_chunks::Column::R2Key)
            .distinct()
            .filter(replay_chunks::Column::R2Key.is_in(keys))
            .into_tuple()
            .all(&db.write)
            .await
            .map_err(Error::sql("looking for rows of objects"))?;
        found.extend(some);
    }
    Ok(found)
}

/// Forgets objects that were dealt with.
pub async fn forget(db: &Db, keys: &[String]) -> Result<()> {
    for keys in keys.chunks(500) {
        object_garbage::Entity::delete_many()
            .filter(object_garbage::Column::R2Key.is_in(keys))
            .exec(&db.write)
            .await
            .map_err(Error::sql("forgetting swept objects"))?;
    }
    Ok(())
}

/// When each partition was committed last, milliseconds since the epoch by the clock of
/// its owner. A pack that is clearly older than that, and has no row, will never have one:
/// its flush was this commit or an earlier one, or its owner lost the partition.
pub async fn last_commits(db: &Db) -> Result<Vec<(Partition, Timestamp)>> {
    let rows = partitions::Entity::find()
        .all(&db.write)
        .await
        .map_err(Error::sql("reading the partitions"))?;
    let pair = |row: partitions::Model| {
        let id = u16::try_from(row.id).ok()?;
        Some((Partition(id), Timestamp(row.updated_at)))
    };
    Ok(rows.into_iter().filter_map(pair).collect())
}
