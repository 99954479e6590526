//! What `crow doctor --deep` asks: every row that names an object, in pages.

use std::collections::HashSet;

use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crow_types::ChunkRecord;

use crate::connection::Db;
use crate::entity::{asset_versions, replay_chunks, sessions, source_maps};
use crate::error::{Error, Result};
use crate::garbage;

/// Where a page of chunks ended: session row and chunk index.
pub type ChunkPlace = (String, i64);

/// The chunks of all organizations after a place, at most `limit`, by session and index.
pub async fn chunks_after(
    db: &Db,
    after: Option<&ChunkPlace>,
    limit: u64,
) -> Result<Vec<ChunkRecord>> {
    use replay_chunks::Column;
    let place = after.map(|(session, index)| {
        let later_in_session = Column::ChunkIndex.gt(*index);
        Condition::any().add(Column::SessionId.gt(session)).add(
            Condition::all()
                .add(Column::SessionId.eq(session))
                .add(later_in_session),
        )
    });
    let rows = replay_chunks::Entity::find()
        .filter(Condition::all().add_option(place))
        .order_by_asc(Column::SessionId)
        .order_by_asc(Column::ChunkIndex)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing chunks"))?;
    Ok(rows.into_iter().map(ChunkRecord::from).collect())
}

/// Whether a chunk row is still there and names the same object. A running keeper replaces chunks
/// when it archives a session.
pub async fn names_object(db: &Db, chunk: &ChunkRecord) -> Result<bool> {
    let row = replay_chunks::Entity::find()
        .filter(replay_chunks::Column::SessionId.eq(&chunk.session_id))
        .filter(replay_chunks::Column::ChunkIndex.eq(chunk.chunk_index))
        .one(&db.read)
        .await
        .map_err(Error::sql("looking for a chunk"))?;
    Ok(row.is_some_and(|row| row.r2_key == chunk.r2_key))
}

/// Organization and id of the session of a chunk, as its clients call it; `None` if the row is gone.
pub async fn session_of(db: &Db, row: &str) -> Result<Option<(String, String)>> {
    sessions::Entity::find_by_id(row)
        .select_only()
        .column(sessions::Column::OrganizationId)
        .column(sessions::Column::SessionId)
        .into_tuple()
        .one(&db.read)
        .await
        .map_err(Error::sql("looking for a session"))
}

/// The objects of assets after a key, at most `limit`, in order, without repetition.
pub async fn assets_after(db: &Db, after: &str, limit: u64) -> Result<Vec<String>> {
    use asset_versions::Column;
    asset_versions::Entity::find()
        .select_only()
        .column(Column::ObjectKey)
        .distinct()
        .filter(Column::ObjectKey.gt(after))
        .order_by_asc(Column::ObjectKey)
        .limit(limit)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("listing assets"))
}

/// The objects of source maps after a key, at most `limit`, in order, without repetition.
pub async fn source_maps_after(db: &Db, after: &str, limit: u64) -> Result<Vec<String>> {
    use source_maps::Column;
    source_maps::Entity::find()
        .select_only()
        .column(Column::ObjectKey)
        .distinct()
        .filter(Column::ObjectKey.gt(after))
        .order_by_asc(Column::ObjectKey)
        .limit(limit)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("listing source maps"))
}

/// Which of these objects a row names, or a note that the sweeper will remove them.
pub async fn known(db: &Db, keys: &[String]) -> Result<HashSet<String>> {
    let mut known = garbage::referenced(db, keys).await?;
    known.extend(garbage::noted(db, keys).await?);
    for keys in keys.chunks(500) {
        let assets: Vec<String> = asset_versions::Entity::find()
            .select_only()
            .column(asset_versions::Column::ObjectKey)
            .distinct()
            .filter(asset_versions::Column::ObjectKey.is_in(keys))
            .into_tuple()
            .all(&db.read)
            .await
            .map_err(Error::sql("looking for assets"))?;
        known.extend(assets);
        let maps: Vec<String> = source_maps::Entity::find()
            .select_only()
            .column(source_maps::Column::ObjectKey)
            .distinct()
            .filter(source_maps::Column::ObjectKey.is_in(keys))
            .into_tuple()
            .all(&db.read)
            .await
            .map_err(Error::sql("looking for source maps"))?;
        known.extend(maps);
    }
    Ok(known)
}
