//! Announcements to make: written in the flush, published later, marked when the bus has them.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crow_types::{OutboxRecord, Partition, Timestamp};

use crate::connection::Db;
use crate::entity::outbox;
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// The oldest announcements of these partitions that the bus does not have yet, at most
/// `limit`; those behind `after`, if it is given.
pub async fn unsent(
    db: &Db,
    partitions: &[Partition],
    after: Option<&OutboxRecord>,
    limit: u64,
) -> Result<Vec<OutboxRecord>> {
    let partitions = partitions.iter().map(|partition| i64::from(partition.0));
    let behind = after.map(|last| {
        let created_at = outbox::Column::CreatedAt;
        let same = created_at.eq(last.created_at);
        created_at
            .gt(last.created_at)
            .or(same.and(outbox::Column::Id.gt(last.id.as_str())))
    });
    let rows = outbox::Entity::find()
        .filter(outbox::Column::SentAt.is_null())
        .filter(outbox::Column::Partition.is_in(partitions))
        .filter(Condition::all().add_option(behind))
        .order_by_asc(outbox::Column::CreatedAt)
        .order_by_asc(outbox::Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("reading the outbox"))?;
    Ok(rows
        .into_iter()
        .map(|row| OutboxRecord {
            id: row.id,
            partition: row.partition,
            session_id: row.session_id,
            revision: row.revision,
            created_at: row.created_at,
        })
        .collect())
}

/// Marks announcements that the bus has.
pub async fn mark_sent(db: &Db, ids: Vec<String>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    outbox::Entity::update_many()
        .col_expr(outbox::Column::SentAt, Expr::value(Timestamp::now().0))
        .filter(outbox::Column::Id.is_in(ids))
        .exec(&db.write)
        .await
        .map(drop)
        .map_err(Error::sql("marking the outbox"))
}

/// Removes announcements that were sent before the given time.
pub async fn forget_sent(db: &Db, before: Timestamp) -> Result<u64> {
    let outcome = outbox::Entity::delete_many()
        .filter(outbox::Column::SentAt.lt(before.0))
        .exec(&db.write)
        .await
        .map_err(Error::sql("cleaning the outbox"))?;
    Ok(outcome.rows_affected)
}
