//! What was fixed when the installation was created.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use crow_types::{PartitionCount, Timestamp};

use crate::connection::Db;
use crate::entity::{installation, partitions};
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// Partitions of an installation that nobody configured: one node.
pub const DEFAULT_PARTITIONS: u16 = 8;

/// The number of partitions; creates the installation when it is new.
///
/// Refuses when the configuration asks for another number than the one stored: sessions
/// would move to partitions whose keepers do not know them.
pub async fn ensure(db: &Db, configured: Option<u16>) -> Result<PartitionCount> {
    let wanted = configured.unwrap_or(DEFAULT_PARTITIONS);
    let wanted = PartitionCount::new(wanted)
        .ok_or_else(|| Error::Config("bus.partitions must be 1 to 1024".to_owned()))?;
    let row = installation::ActiveModel {
        id: Set(1),
        partitions: Set(i64::from(wanted.get())),
        created_at: Set(Timestamp::now().0),
        salt: Set(String::new()),
    };
    installation::Entity::insert(row)
        .on_conflict(
            OnConflict::column(installation::Column::Id)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(&db.write)
        .await
        .map_err(Error::sql("creating the installation"))?;

    let stored = stored(db).await?;
    if configured.is_some_and(|configured| configured != stored.get()) {
        return Err(Error::PartitionMismatch {
            stored: stored.get(),
            configured: wanted.get(),
        });
    }
    create_partitions(db, stored).await?;
    Ok(stored)
}

/// The number of partitions of an installation that exists.
pub(crate) async fn partitions(db: &Db) -> Result<PartitionCount> {
    stored(db).await
}

async fn stored(db: &Db) -> Result<PartitionCount> {
    let row = installation::Entity::find_by_id(1)
        .one(&db.write)
        .await
        .map_err(Error::sql("reading the installation"))?;
    row.and_then(|row| PartitionCount::new(u16::try_from(row.partitions).ok()?))
        .ok_or_else(|| Error::Unreadable("installation.partitions".to_owned()))
}

async fn create_partitions(db: &Db, count: PartitionCount) -> Result<()> {
    let rows = count.iter().map(|partition| partitions::ActiveModel {
        id: Set(i64::from(partition.0)),
        epoch: Set(0),
        lease_until: Set(0),
        stream_created: Set(0),
        checkpoint: Set(0),
        updated_at: Set(0),
        owner: Set(None),
        flush_id: Set(None),
    });
    partitions::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::column(partitions::Column::Id)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(&db.write)
        .await
        .map(drop)
        .map_err(Error::sql("creating the partitions"))
}
