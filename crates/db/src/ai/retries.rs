//! Visits whose text rules wrote because no language model answered, and when models are asked again.
//!
//! A row is written with its interaction ([`crate::interactions::put`]), and goes with its
//! session. A process claims a row for a while. Only the holder of the newest claim can replace the text
//! ([`crate::interactions::reword`]) or put the row off, so a text is replaced once. If the holder dies,
//! the claim lapses, and another process asks. The attempt counts nevertheless: a visit that ends the
//! process must not do so for ever.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, Statement, UpdateMany,
};

use crow_types::Timestamp;

use crate::connection::Db;
use crate::entity::ai_retries::{ActiveModel, Column, Entity};
use crate::error::{Error, Result};
use crate::interactions::Interaction;

#[cfg(test)]
mod tests;

const READING: &str = "looking for visits to ask models about again";
const CHANGING: &str = "changing a visit to ask models about again";

/// The right to ask about a visit, until another process has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// `sessions.id`.
    pub session_row: String,
    /// The tenant.
    pub organization: String,
    /// Of the interaction that rules wrote.
    pub revision: i64,
    /// Attempts, with this one.
    pub attempts: i64,
    epoch: i64,
}

/// Organizations with visits to ask about, by name, whether or not these are due.
///
/// # Errors
/// When the database fails.
pub async fn organizations(db: &Db) -> Result<Vec<String>> {
    // One step in an index for each organization, however many visits wait.
    let sql = "with recursive waiting (id) as (\
        select (select organization_id from ai_retries order by organization_id limit 1) \
        union all \
        select (select organization_id from ai_retries where organization_id > w.id \
          order by organization_id limit 1) \
        from waiting w where w.id is not null) \
        select id from waiting where id is not null order by id";
    let statement = Statement::from_string(db.lookups.get_database_backend(), sql);
    let rows = db.lookups.query_all_raw(statement).await;
    let ids = rows.map_err(Error::sql(READING))?;
    let ids = ids.iter().map(|row| row.try_get_by_index(0));
    ids.collect::<std::result::Result<_, _>>()
        .map_err(Error::sql(READING))
}

/// How many visits wait, of all organizations.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &Db) -> Result<u64> {
    let counting = Entity::find().count(&db.lookups).await;
    counting.map_err(Error::sql(READING))
}

/// Takes the newest visit of an organization that is due, until a moment.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    db: &Db,
    organization: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Claim>> {
    let found = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::NextAt.lte(now.0))
        .order_by_desc(Column::ToldAt)
        .order_by_asc(Column::SessionRow)
        .one(&db.lookups)
        .await
        .map_err(Error::row(READING))?;
    let Some(found) = found else { return Ok(None) };
    let seen = Claim {
        session_row: found.session_row,
        organization: found.organization_id,
        revision: found.revision,
        attempts: found.attempts,
        epoch: found.epoch,
    };
    let taking = of(&seen)
        .col_expr(Column::NextAt, Expr::value(until.0))
        .col_expr(Column::Attempts, Expr::value(seen.attempts + 1))
        .col_expr(Column::Epoch, Expr::value(seen.epoch + 1))
        .filter(Column::NextAt.lte(now.0));
    // Otherwise another process was faster.
    let is_taken = changes_one(taking, db.quick_write()).await?;
    Ok(is_taken.then_some(Claim {
        attempts: seen.attempts + 1,
        epoch: seen.epoch + 1,
        ..seen
    }))
}

/// Gives a visit back about which nobody was asked: the attempt does not count. `false`: the claim does
/// not hold any more.
///
/// # Errors
/// When the database fails.
pub async fn release(db: &Db, claim: &Claim, now: Timestamp) -> Result<bool> {
    let releasing = of(claim)
        .col_expr(Column::Attempts, Expr::value(claim.attempts - 1))
        .col_expr(Column::NextAt, Expr::value(now.0));
    changes_one(releasing, db.quick_write()).await
}

/// Models are asked again at `next`. `false`: the claim does not hold any more.
///
/// # Errors
/// When the database fails.
pub async fn put_off(db: &Db, claim: &Claim, next: Timestamp) -> Result<bool> {
    let putting_off = of(claim).col_expr(Column::NextAt, Expr::value(next.0));
    changes_one(putting_off, db.quick_write()).await
}

/// Nobody asks again. `false`: the claim does not hold any more.
///
/// # Errors
/// When the database fails.
pub async fn end(db: &Db, claim: &Claim) -> Result<bool> {
    remove(db.quick_write(), claim).await
}

/// Removes visits whose text rules wrote before a moment.
///
/// # Errors
/// When the database fails.
pub async fn expire(db: &Db, before: Timestamp) -> Result<()> {
    Entity::delete_many()
        .filter(Column::ToldAt.lt(before.0))
        .exec(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql(CHANGING))
}

/// With the interaction that was just stored: its visit is due at `next`, or no more.
pub(crate) async fn note(
    transaction: &DatabaseTransaction,
    told: &Interaction,
    next: Option<Timestamp>,
) -> Result<()> {
    let Some(session_row) = &told.session_row else {
        return Ok(());
    };
    let Some(next) = next else {
        // Of an earlier revision. Before the first one there is nothing.
        return match told.revision {
            ..=0 => Ok(()),
            _later => remove_of_session(transaction, &told.organization_id, session_row).await,
        };
    };
    let row = ActiveModel {
        session_row: Set(session_row.clone()),
        organization_id: Set(told.organization_id.clone()),
        revision: Set(told.revision),
        told_at: Set(told.created_at),
        attempts: Set(0),
        next_at: Set(next.0),
        epoch: Set(0),
    };
    let later = OnConflict::column(Column::SessionRow)
        .update_columns([
            Column::Revision,
            Column::ToldAt,
            Column::Attempts,
            Column::NextAt,
        ])
        .value(Column::Epoch, Expr::cust("ai_retries.epoch + 1"))
        .to_owned();
    Entity::insert(row)
        .on_conflict(later)
        .exec_without_returning(transaction)
        .await
        .map(drop)
        .map_err(Error::sql(CHANGING))
}

/// Ends a claim; whether it held.
pub(crate) async fn remove(on: &impl ConnectionTrait, claim: &Claim) -> Result<bool> {
    let outcome = Entity::delete_many()
        .filter(Column::SessionRow.eq(claim.session_row.as_str()))
        .filter(Column::OrganizationId.eq(claim.organization.as_str()))
        .filter(Column::Epoch.eq(claim.epoch))
        .exec(on)
        .await
        .map_err(Error::sql(CHANGING))?;
    Ok(outcome.rows_affected == 1)
}

/// Removes what waits of a session.
pub(crate) async fn remove_of_session(
    transaction: &DatabaseTransaction,
    organization: &str,
    session_row: &str,
) -> Result<()> {
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::SessionRow.eq(session_row))
        .exec(transaction)
        .await
        .map(drop)
        .map_err(Error::sql(CHANGING))
}

/// The visit of a claim that still holds.
fn of(claim: &Claim) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::SessionRow.eq(claim.session_row.as_str()))
        .filter(Column::OrganizationId.eq(claim.organization.as_str()))
        .filter(Column::Epoch.eq(claim.epoch))
}

async fn changes_one(update: UpdateMany<Entity>, on: &impl ConnectionTrait) -> Result<bool> {
    let outcome = update.exec(on).await.map_err(Error::sql(CHANGING))?;
    Ok(outcome.rows_affected == 1)
}
