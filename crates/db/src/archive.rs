//! The rewriting of finished sessions into archives: which are next, and the commit.
//!
//! The key of an archive is noted for the sweeper before the object is written, and the
//! commit takes the note back: whatever happens in between, no object is forgotten. The
//! commit takes the place of all chunks that the session has; what came meanwhile makes it
//! fail, and the session is archived again later. Objects that lost a row are noted, too.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use std::collections::{BTreeSet, HashMap};

use crow_types::{ChunkRecord, Epoch, Partition, SessionKeyRecord, SessionRecord, Timestamp};

use crate::connection::Db;
use crate::entity::{object_garbage, partitions, replay_chunks, session_keys, sessions};
use crate::error::{Error, Result};
use crate::garbage::SWEEPING;
use crate::records::chunk_row;
use crate::sessions::each;

pub mod compaction;
pub mod failures;
#[cfg(test)]
mod tests;
mod unsealed;

pub use unsealed::{Marked, mark_unsealed, unsealed};

/// A session rewritten.
#[derive(Debug, Clone)]
pub struct Archive {
    /// The session's partition.
    pub partition: Partition,
    /// The fencing number under which it was rewritten.
    pub epoch: Epoch,
    /// `sessions.id`.
    pub session_id: String,
    /// As it was when the session was read: a later one means that it has changed.
    pub updated_at: i64,
    /// The chunks whose place is taken: all that the session has.
    pub replaced: Vec<ChunkRecord>,
    /// The frames of the archive; their `chunk_index` is negative.
    pub chunks: Vec<ChunkRecord>,
    /// The key of a session that had none.
    pub key: Option<SessionKeyRecord>,
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The session is archived.
    Archived,
    /// It changed meanwhile, and nothing was written.
    Changed,
}

/// A session to archive.
#[derive(Debug)]
pub struct Candidate {
    /// `sessions.id`.
    pub id: String,
    /// The session; an error when this version cannot read its row.
    pub session: Result<SessionRecord>,
}

/// Finished sessions of the partition that were not archived since they last changed,
/// which was at or before `at`; those that began first come first. Sessions that failed
/// before come behind all others, and only when they have rested.
pub async fn candidates(
    db: &Db,
    partition: Partition,
    at: Timestamp,
    limit: u64,
) -> Result<Vec<Candidate>> {
    let mut found = some(db, partition, at, failures::has_none(), limit).await?;
    let left = limit.saturating_sub(found.len() as u64);
    if left > 0 {
        let rested = failures::has_rested(Timestamp::now());
        found.extend(some(db, partition, at, rested, left).await?);
    }
    Ok(found)
}

async fn some(
    db: &Db,
    partition: Partition,
    at: Timestamp,
    which: Expr,
    limit: u64,
) -> Result<Vec<Candidate>> {
    let query = sessions::Entity::find()
        .filter(sessions::Column::Partition.eq(i64::from(partition.0)))
        .filter(sessions::Column::Status.eq("closed"))
        .filter(sessions::Column::ArchivedAt.is_null())
        .filter(sessions::Column::UpdatedAt.lte(at.0))
        .filter(which)
        .order_by_asc(sessions::Column::StartedAt)
        .limit(limit);
    let found = each(db, query, "looking for sessions to archive").await?;
    let candidates = found
        .into_iter()
        .map(|(id, session)| Candidate { id, session });
    Ok(candidates.collect())
}

/// Marks the finished sessions of an organization that have no chunks: there is nothing to
/// rewrite.
pub async fn pass_over_empty(db: &Db, organization: &str) -> Result<()> {
    sessions::Entity::update_many()
        .col_expr(
            sessions::Column::ArchivedAt,
            Expr::col(sessions::Column::UpdatedAt),
        )
        .filter(sessions::Column::OrganizationId.eq(organization))
        .filter(sessions::Column::Status.eq("closed"))
        .filter(sessions::Column::ArchivedAt.is_null())
        .filter(sessions::Column::ChunkCount.eq(0))
        .exec(&db.write)
        .await
        .map(drop)
        .map_err(Error::sql("passing over sessions without chunks"))
}

/// All chunks of a session, by the time of their first line.
pub async fn chunks_of(db: &Db, session: &str) -> Result<Vec<ChunkRecord>> {
    let mut chunks = chunks_of_all(db, &[session]).await?;
    Ok(chunks.remove(session).unwrap_or_default())
}

/// The same of some sessions. Those without chunks are left out.
pub async fn chunks_of_all(
    db: &Db,
    sessions: &[&str],
) -> Result<HashMap<String, Vec<ChunkRecord>>> {
    let rows = replay_chunks::Entity::find()
        .filter(replay_chunks::Column::SessionId.is_in(sessions.iter().copied()))
        .order_by_asc(replay_chunks::Column::SessionId)
        .order_by_asc(replay_chunks::Column::FirstAt)
        .order_by_asc(replay_chunks::Column::ChunkIndex)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing chunks"))?;
    let mut chunks: HashMap<String, Vec<ChunkRecord>> = HashMap::new();
    for row in rows {
        let of_session = chunks.entry(row.session_id.clone()).or_default();
        of_session.push(ChunkRecord::from(row));
    }
    Ok(chunks)
}

/// Notes an object that is about to be written: without a commit, the sweeper removes it.
pub async fn note(db: &Db, key: &str) -> Result<()> {
    insert_garbage(&db.write, &[key]).await
}

/// Commits an archive whose objects were noted. [`Error::LeaseLost`]: nothing was written, and the partition has
/// another owner.
pub async fn commit(db: &Db, archive: &Archive) -> Result<Outcome> {
    let transaction = db.begin("beginning an archive").await?;
    check_epoch(&transaction, archive.partition, archive.epoch).await?;
    if !(mark(&transaction, archive).await?
        && remove_chunks(&transaction, &archive.replaced).await?
        && !has_chunks(&transaction, &archive.session_id).await?
        && take_back(&transaction, &keys_of(&archive.chunks)).await?
        && add_key(&transaction, archive.key.as_ref()).await?)
    {
        return give_up(transaction).await;
    }
    insert_garbage(&transaction, &keys_of(&archive.replaced)).await?;
    add_chunks(&transaction, &archive.chunks).await?;
    transaction
        .commit()
        .await
        .map_err(Error::sql("committing an archive"))?;
    Ok(Outcome::Archived)
}

async fn give_up(transaction: DatabaseTransaction) -> Result<Outcome> {
    transaction
        .rollback()
        .await
        .map_err(Error::sql("giving up an archive"))?;
    Ok(Outcome::Changed)
}

/// Locks the partition's row, as a flush does.
async fn check_epoch(
    transaction: &DatabaseTransaction,
    partition: Partition,
    epoch: Epoch,
) -> Result<()> {
    let outcome = partitions::Entity::update_many()
        .col_expr(partitions::Column::Epoch, Expr::value(epoch.0))
        .filter(partitions::Column::Id.eq(i64::from(partition.0)))
        .filter(partitions::Column::Epoch.eq(epoch.0))
        .exec(transaction)
        .await
        .map_err(Error::sql("checking the lease"))?;
    if outcome.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::LeaseLost)
    }
}

async fn mark(transaction: &DatabaseTransaction, archive: &Archive) -> Result<bool> {
    let outcome = sessions::Entity::update_many()
        .col_expr(
            sessions::Column::ArchivedAt,
            Expr::value(Timestamp::now().0),
        )
        .filter(sessions::Column::Id.eq(archive.session_id.as_str()))
        .filter(sessions::Column::UpdatedAt.eq(archive.updated_at))
        .filter(sessions::Column::Status.eq("closed"))
        .exec(transaction)
        .await
        .map_err(Error::sql("marking an archived session"))?;
    Ok(outcome.rows_affected == 1)
}

/// False: not all of them are there any more.
async fn remove_chunks(
    transaction: &DatabaseTransaction,
    replaced: &[ChunkRecord],
) -> Result<bool> {
    let mut removed = 0;
    for some in replaced.chunks(1_000) {
        let ids = some.iter().map(|chunk| chunk.id.as_str());
        let sessions: BTreeSet<&str> = some.iter().map(|chunk| chunk.session_id.as_str()).collect();
        let outcome = replay_chunks::Entity::delete_many()
            .filter(replay_chunks::Column::SessionId.is_in(sessions))
            .filter(replay_chunks::Column::Id.is_in(ids))
            .exec(transaction)
            .await
            .map_err(Error::sql("replacing chunks"))?;
        removed += outcome.rows_affected;
    }
    Ok(removed == replaced.len() as u64)
}

/// Whether the session still has chunks: others than those that were rewritten. That as many were
/// removed as were rewritten is not enough: an earlier archive of the same chunks may have been
/// committed although its answer was lost, and would be left without row and note.
async fn has_chunks(transaction: &DatabaseTransaction, session: &str) -> Result<bool> {
    let others = replay_chunks::Entity::find()
        .filter(replay_chunks::Column::SessionId.eq(session))
        .limit(1)
        .all(transaction)
        .await
        .map_err(Error::sql("looking for other chunks"))?;
    Ok(!others.is_empty())
}

/// False: the sweeper has begun to remove the objects.
async fn take_back(transaction: &DatabaseTransaction, keys: &[&str]) -> Result<bool> {
    let outcome = object_garbage::Entity::delete_many()
        .filter(object_garbage::Column::R2Key.is_in(keys.iter().copied()))
        .filter(object_garbage::Column::Since.ne(SWEEPING))
        .exec(transaction)
        .await
        .map_err(Error::sql("taking back notes for the sweeper"))?;
    Ok(outcome.rows_affected == keys.len() as u64)
}

/// False: a flush gave the session another key meanwhile.
async fn add_key(
    transaction: &DatabaseTransaction,
    key: Option<&SessionKeyRecord>,
) -> Result<bool> {
    let Some(key) = key.cloned() else {
        return Ok(true);
    };
    let row = session_keys::ActiveModel {
        session_id: Set(key.session_id),
        organization_id: Set(key.organization_id),
        organization_key: Set(key.organization_key),
        wrapped: Set(key.wrapped),
    };
    let added = session_keys::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql("writing the key of a session"))?;
    Ok(added == 1)
}

async fn add_chunks(transaction: &DatabaseTransaction, chunks: &[ChunkRecord]) -> Result<()> {
    for chunks in chunks.chunks(1_000) {
        let rows = chunks.iter().cloned().map(chunk_row);
        replay_chunks::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await
            .map_err(Error::sql("writing chunks"))?;
    }
    Ok(())
}

fn keys_of<'a>(chunks: impl IntoIterator<Item = &'a ChunkRecord>) -> Vec<&'a str> {
    let keys: BTreeSet<&str> = chunks
        .into_iter()
        .map(|chunk| chunk.r2_key.as_str())
        .collect();
    keys.into_iter().collect()
}

/// Notes objects that may be without a row; the sweeper looks at them.
pub(crate) async fn insert_garbage(connection: &impl ConnectionTrait, keys: &[&str]) -> Result<()> {
    let now = Timestamp::now().0;
    for keys in keys.chunks(1_000) {
        let rows = keys.iter().map(|key| object_garbage::ActiveModel {
            r2_key: Set((*key).to_owned()),
            since: Set(now),
        });
        object_garbage::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::column(object_garbage::Column::R2Key)
                    .update_column(object_garbage::Column::Since)
                    .to_owned(),
            )
            .exec_without_returning(connection)
            .await
            .map_err(Error::sql("noting objects for the sweeper"))?;
    }
    Ok(())
}
