//! Sessions that could not be archived, or whose chunks could not be merged. They rest, each longer
//! after every failure, so that they never stand before the others.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};

use crow_types::{Partition, Timestamp};

use crate::connection::Db;
use crate::entity::{archive_failures, sessions};
use crate::error::{Error, Result};

/// The first rest in milliseconds; it doubles with each further failure.
const FIRST_REST: i64 = 2_000;
/// The longest rest in milliseconds.
const LONGEST_REST: i64 = 1_800_000;
/// Failures after which a session counts as stuck.
pub const STUCK: i32 = 5;
/// Characters of a reason that are kept.
const MAX_REASON: usize = 500;

/// Notes that a session could not be archived at `now`; returns how often that happened.
pub async fn failed(
    db: &Db,
    partition: Partition,
    session: &str,
    reason: &str,
    now: Timestamp,
) -> Result<i32> {
    let before = archive_failures::Entity::find_by_id(session)
        .one(&db.read)
        .await
        .map_err(Error::sql("reading archive failures"))?
        .map_or(0, |row| row.failures);
    let rest = Ord::min(FIRST_REST << Ord::clamp(before, 0, 16), LONGEST_REST);
    let row = archive_failures::ActiveModel {
        session_id: Set(session.to_owned()),
        partition: Set(i64::from(partition.0)),
        failures: Set(before.saturating_add(1)),
        not_before: Set(now.plus(rest).0),
        reason: Set(reason.chars().take(MAX_REASON).collect()),
    };
    use archive_failures::Column;
    let replace = OnConflict::column(Column::SessionId)
        .update_columns([
            Column::Partition,
            Column::Failures,
            Column::NotBefore,
            Column::Reason,
        ])
        .to_owned();
    archive_failures::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(&db.write)
        .await
        .map_err(Error::sql("noting an archive failure"))?;
    Ok(before.saturating_add(1))
}

/// How many sessions of the partitions failed [`STUCK`] times or more and still wait.
pub async fn stuck(db: &Db, partitions: &[Partition]) -> Result<u64> {
    of(partitions)
        .filter(archive_failures::Column::Failures.gte(STUCK))
        .filter(Expr::exists(waiting()))
        .count(&db.read)
        .await
        .map_err(Error::sql("counting archive failures"))
}

/// Forgets failures of sessions that no longer wait for their archive.
pub async fn forget_obsolete(db: &Db, partitions: &[Partition]) -> Result<()> {
    let obsolete = of(partitions)
        .filter(Expr::exists(waiting()).not())
        .all(&db.read)
        .await
        .map_err(Error::sql("reading archive failures"))?;
    for rows in obsolete.chunks(1_000) {
        let ids = rows.iter().map(|row| row.session_id.as_str());
        archive_failures::Entity::delete_many()
            .filter(archive_failures::Column::SessionId.is_in(ids))
            .exec(&db.write)
            .await
            .map_err(Error::sql("forgetting archive failures"))?;
    }
    Ok(())
}

/// Forgets the failures of a session whose chunks were merged.
pub(super) async fn forget(connection: &impl ConnectionTrait, session: &str) -> Result<()> {
    archive_failures::Entity::delete_by_id(session)
        .exec(connection)
        .await
        .map(drop)
        .map_err(Error::sql("forgetting archive failures"))
}

/// The session of the outer query never failed since it last waited.
pub(super) fn has_none() -> Expr {
    Expr::exists(of_session().take()).not()
}

/// The session of the outer query failed, and its rest is over at `now`.
pub(super) fn has_rested(now: Timestamp) -> Expr {
    let is_over = archive_failures::Column::NotBefore.lte(now.0);
    Expr::exists(of_session().and_where(is_over).take())
}

fn of_session() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(archive_failures::Entity)
        .and_where(is_same_session())
        .take()
}

fn of(partitions: &[Partition]) -> sea_orm::Select<archive_failures::Entity> {
    let ids = partitions.iter().map(|partition| i64::from(partition.0));
    archive_failures::Entity::find().filter(archive_failures::Column::Partition.is_in(ids))
}

/// The session of the outer query's failure still waits for its archive.
fn waiting() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(sessions::Entity)
        .and_where(is_same_session())
        .and_where(sessions::Column::ArchivedAt.is_null())
        .take()
}

fn is_same_session() -> Expr {
    Expr::col((
        archive_failures::Entity,
        archive_failures::Column::SessionId,
    ))
    .equals((sessions::Entity, sessions::Column::Id))
}
