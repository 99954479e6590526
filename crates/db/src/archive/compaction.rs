//! The merging of chunks while their session is open. A flush adds a small chunk every few
//! seconds, and reading each of them takes a request to the object store.
//!
//! The frames of a merge look like those of an archive: their indexes are negative. They begin at
//! [`FIRST_INDEX`] and count up, so they come in the order of their merges.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crow_types::{ChunkRecord, Epoch, Partition, SessionKeyRecord, Timestamp};

use super::{
    Outcome, add_chunks, add_key, check_epoch, failures, give_up, insert_garbage, keys_of,
    remove_chunks, take_back,
};
use crate::connection::Db;
use crate::entity::{replay_chunks, sessions};
use crate::error::{Error, Result};

/// Chunks of a session that are merged at once. The index `replay_chunks_to_merge` has it, too.
pub const CHUNKS: u32 = 32;
/// The index of a session's first merged frame. An archive has far fewer frames.
pub const FIRST_INDEX: i64 = -(1 << 40);

/// An open session with chunks to merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mergeable {
    /// `sessions.id`.
    pub session_id: String,
    /// Its chunks up to this index are merged.
    pub last_index: i64,
}

/// What becomes of the chunks of one session.
#[derive(Debug, Clone)]
pub struct Merged {
    /// `sessions.id`.
    pub session_id: String,
    /// The chunks whose place is taken.
    pub replaced: Vec<ChunkRecord>,
    /// Their lines in frames.
    pub frames: Vec<ChunkRecord>,
    /// The key of a session that had none.
    pub key: Option<SessionKeyRecord>,
}

/// Sessions whose chunks are merged into one object.
#[derive(Debug, Clone)]
pub struct Compaction {
    /// The partition of the sessions.
    pub partition: Partition,
    /// The fencing number under which they were merged.
    pub epoch: Epoch,
    /// The sessions.
    pub sessions: Vec<Merged>,
}

/// Open sessions of the partition with `chunks` chunks that were written at or before `until`, at
/// most `limit`. Sessions that failed before are left out until they have rested. There is an
/// index for [`CHUNKS`].
pub async fn candidates(
    db: &Db,
    partition: Partition,
    chunks: u32,
    until: Timestamp,
    limit: u64,
) -> Result<Vec<Mergeable>> {
    // Word for word as in the index, so that the database uses it.
    let is_last = format!("chunk_index % {chunks} = {}", chunks.saturating_sub(1));
    let rows: Vec<(String, i64)> = replay_chunks::Entity::find()
        .select_only()
        .column(replay_chunks::Column::SessionId)
        .column_as(replay_chunks::Column::ChunkIndex.max(), "last_index")
        .filter(Expr::cust(is_last))
        .filter(replay_chunks::Column::CreatedAt.lte(until.0))
        .filter(Expr::exists(open_session(partition)))
        .group_by(replay_chunks::Column::SessionId)
        .limit(limit)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("looking for chunks to merge"))?;
    let mergeable = |(session_id, last_index)| Mergeable {
        session_id,
        last_index,
    };
    Ok(rows.into_iter().map(mergeable).collect())
}

/// The session of the outer query's chunk, if it may be merged.
fn open_session(partition: Partition) -> SelectStatement {
    use sessions::Column;
    let of_chunk = (replay_chunks::Entity, replay_chunks::Column::SessionId);
    let is_ready = Condition::any()
        .add(failures::has_none())
        .add(failures::has_rested(Timestamp::now()));
    Query::select()
        .expr(Expr::val(1))
        .from(sessions::Entity)
        .and_where(Expr::col((sessions::Entity, Column::Id)).equals(of_chunk))
        .and_where(Column::Partition.eq(i64::from(partition.0)))
        .and_where(Column::Status.eq("open"))
        .cond_where(is_ready)
        .take()
}

/// Commits a compaction whose object was noted with [`super::note`].
///
/// # Errors
/// [`Error::LeaseLost`]: nothing was written, and the partition has another owner.
pub async fn commit(db: &Db, compaction: &Compaction) -> Result<Outcome> {
    let transaction = db.begin("beginning a compaction").await?;
    check_epoch(&transaction, compaction.partition, compaction.epoch).await?;
    let frames = compaction.sessions.iter().flat_map(|it| &it.frames);
    if !take_back(&transaction, &keys_of(frames)).await? {
        return give_up(transaction).await;
    }
    for session in &compaction.sessions {
        if !(remove_chunks(&transaction, &session.replaced).await?
            && add_key(&transaction, session.key.as_ref()).await?)
        {
            return give_up(transaction).await;
        }
        insert_garbage(&transaction, &keys_of(&session.replaced)).await?;
        add_chunks(&transaction, &session.frames).await?;
        failures::forget(&transaction, &session.session_id).await?;
    }
    transaction
        .commit()
        .await
        .map_err(Error::sql("committing a compaction"))?;
    Ok(Outcome::Archived)
}

#[cfg(test)]
mod tests;
