//! Who owns a partition: rows with an expiry by the database's clock, and an epoch that
//! grows with each owner. The lease decides who tries; the epoch check in
//! [`crate::flush`] decides who succeeds.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use crow_types::{Epoch, Partition, PartitionCount, Sequence};

use crate::connection::Db;
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// A partition that this keeper owns now, and where to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The partition.
    pub partition: Partition,
    /// The fencing number.
    pub epoch: Epoch,
    /// The last position whose effects are committed.
    pub checkpoint: Sequence,
    /// The incarnation of the stream that the checkpoint counts in; 0: none yet.
    pub stream_created: i64,
}

#[derive(FromQueryResult)]
struct LeaseRow {
    id: i64,
    epoch: i64,
    checkpoint: i64,
    stream_created: i64,
}

impl LeaseRow {
    fn into_lease(self) -> Lease {
        Lease {
            partition: partition_of(self.id),
            epoch: Epoch(self.epoch),
            checkpoint: Sequence(u64::try_from(self.checkpoint).unwrap_or_default()),
            stream_created: self.stream_created,
        }
    }
}

/// Says that the keeper is alive, and returns how many partitions are its fair share
/// among the keepers that are.
pub async fn heartbeat(db: &Db, keeper: &str, ttl_ms: i64, count: PartitionCount) -> Result<usize> {
    let now = db.clock();
    execute(
        db,
        &format!(
            "insert into keepers (id, alive_until) values ($1, {now} + $2) \
             on conflict (id) do update set alive_until = excluded.alive_until"
        ),
        [keeper.into(), ttl_ms.into()],
    )
    .await?;
    execute(
        db,
        &format!("delete from keepers where alive_until < {now}"),
        [],
    )
    .await?;
    let rows = db
        .write
        .query_all_raw(statement(db, "select id from keepers order by id", []))
        .await
        .map_err(Error::sql("counting keepers"))?;
    let mut alive = Vec::with_capacity(rows.len());
    for row in rows {
        let id: String = row
            .try_get("", "id")
            .map_err(Error::sql("counting keepers"))?;
        alive.push(id);
    }
    let rank = alive.iter().position(|id| id == keeper).unwrap_or(0);
    Ok(share_of(usize::from(count.get()), alive.len(), rank))
}

/// The shares of all ranks add up to `count`, and differ by at most one.
fn share_of(count: usize, keepers: usize, rank: usize) -> usize {
    let keepers = keepers.max(1);
    count / keepers + usize::from(rank < count % keepers)
}

/// Takes at most `limit` partitions that nobody owns, or whose owner let the lease
/// expire; never one of `except`.
pub async fn acquire(
    db: &Db,
    keeper: &str,
    ttl_ms: i64,
    limit: usize,
    except: &BTreeSet<Partition>,
) -> Result<Vec<Lease>> {
    let now = db.clock();
    let free = "select id from partitions where owner is null or lease_until < ";
    let free = format!("{free}{now} order by id");
    let rows = db
        .write
        .query_all_raw(statement(db, &free, []))
        .await
        .map_err(Error::sql("looking for free partitions"))?;
    let mut free = Vec::with_capacity(rows.len());
    for row in rows {
        let id: i64 = row
            .try_get("", "id")
            .map_err(Error::sql("looking for free partitions"))?;
        if !except.contains(&partition_of(id)) {
            free.push(id);
        }
    }
    let mut leases = Vec::new();
    for id in free.into_iter().take(limit) {
        let take = format!(
            "update partitions set owner = $1, epoch = epoch + 1, lease_until = {now} + $2 \
             where id = $3 and (owner is null or lease_until < {now}) \
             returning id, epoch, checkpoint, stream_created"
        );
        let values = [keeper.into(), ttl_ms.into(), id.into()];
        let taken = LeaseRow::find_by_statement(statement(db, &take, values))
            .one(&db.write)
            .await
            .map_err(Error::sql("taking a partition"))?;
        leases.extend(taken.map(LeaseRow::into_lease));
    }
    Ok(leases)
}

/// Extends the leases of these partitions, and returns which of them are the keeper's,
/// with their epochs. What is not among them has another owner now.
pub async fn renew(
    db: &Db,
    keeper: &str,
    ttl_ms: i64,
    partitions: &BTreeSet<Partition>,
) -> Result<BTreeMap<Partition, Epoch>> {
    let mut held = BTreeMap::new();
    if partitions.is_empty() {
        return Ok(held);
    }
    let now = db.clock();
    let ids: Vec<String> = partitions.iter().map(|id| id.0.to_string()).collect();
    let renew = format!(
        "update partitions set lease_until = {now} + $1 \
         where owner = $2 and id in ({}) returning id, epoch",
        ids.join(", ")
    );
    let rows = db
        .write
        .query_all_raw(statement(db, &renew, [ttl_ms.into(), keeper.into()]))
        .await
        .map_err(Error::sql("renewing leases"))?;
    for row in rows {
        let id: i64 = row
            .try_get("", "id")
            .map_err(Error::sql("renewing leases"))?;
        let epoch: i64 = row
            .try_get("", "epoch")
            .map_err(Error::sql("renewing leases"))?;
        held.insert(partition_of(id), Epoch(epoch));
    }
    Ok(held)
}

/// Gives a partition back, so that another keeper need not wait for the expiry.
pub async fn release(db: &Db, keeper: &str, lease: &Lease) -> Result<()> {
    let release = "update partitions set owner = null, lease_until = 0 where id = $1 and owner = $2 and epoch = $3";
    let values = [
        i64::from(lease.partition.0).into(),
        keeper.into(),
        lease.epoch.0.into(),
    ];
    execute(db, release, values).await.map(drop)
}

/// Says that the keeper is gone.
pub async fn leave(db: &Db, keeper: &str) -> Result<()> {
    execute(db, "delete from keepers where id = $1", [keeper.into()])
        .await
        .map(drop)
}

fn partition_of(id: i64) -> Partition {
    Partition(u16::try_from(id).unwrap_or_default())
}

fn statement<const N: usize>(db: &Db, sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(db.write.get_database_backend(), sql, values)
}

async fn execute<const N: usize>(db: &Db, sql: &str, values: [Value; N]) -> Result<u64> {
    let outcome = db
        .write
        .execute_raw(statement(db, sql, values))
        .await
        .map_err(Error::sql("leasing"))?;
    Ok(outcome.rows_affected())
}
