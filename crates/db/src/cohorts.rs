//! Cohorts: named conditions over people. Names of one owner are unique. Each change writes its audit
//! entry in its own transaction.

use sea_orm::sea_query::{Condition, Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::{OrganizationId, Timestamp};

use crate::audit_log::Actor;
use crate::connection::Db;
use crate::entity::cohorts;
use crate::entity::cohorts::Column;
use crate::error::{Error, Result};
use crate::users::audit;

pub use crate::entity::cohorts::Model as CohortRow;

#[cfg(test)]
mod tests;

const SAVING: &str = "saving a cohort";
const CHANGING: &str = "changing a cohort";
const REMOVING: &str = "removing a cohort";
/// The most that are listed. A definition has at most 16 KiB.
const MAX_LISTED: u64 = 1_000;

/// What somebody sees: their own cohorts, and then those that others share. Each by name, together at
/// most 1,000.
pub async fn list(db: &Db, organization: &OrganizationId, owner: &str) -> Result<Vec<CohortRow>> {
    let seen = Condition::any()
        .add(Column::OwnerId.eq(owner))
        .add(Column::IsShared.eq(true));
    cohorts::Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(seen)
        .order_by_desc(Column::OwnerId.eq(owner))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(MAX_LISTED)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing cohorts"))
}

/// A cohort of an organization.
pub async fn find(db: &Db, organization: &OrganizationId, id: &str) -> Result<Option<CohortRow>> {
    cohorts::Entity::find_by_id(id.to_owned())
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading a cohort"))
}

/// What became of a new cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is stored.
    Done,
    /// Its owner has another of this name.
    NameTaken,
    /// Its owner has as many as allowed.
    TooMany,
}

/// Stores a cohort, unless its owner has `most`. New cohorts of one owner wait for each other.
pub async fn insert(db: &Db, by: &Actor, row: CohortRow, most: u64) -> Result<Saved> {
    let transaction = db.begin_in_turn(SAVING, turn_of(&row)).await?;
    let saved = insert_in(&transaction, by, row, most)
        .await
        .map_err(Error::sql(SAVING))?;
    match saved {
        Saved::Done => transaction.commit().await.map_err(Error::sql(SAVING))?,
        Saved::NameTaken | Saved::TooMany => {
            transaction.rollback().await.map_err(Error::sql(SAVING))?;
        }
    }
    Ok(saved)
}

/// Whatever gives a cohort of this owner a name waits for this.
fn turn_of(row: &CohortRow) -> String {
    format!("cohorts of {} in {}", row.owner_id, row.organization_id)
}

async fn insert_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: CohortRow,
    most: u64,
) -> std::result::Result<Saved, DbErr> {
    let count = cohorts::Entity::find()
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::OwnerId.eq(&row.owner_id))
        .count(transaction)
        .await?;
    if count >= most {
        return Ok(Saved::TooMany);
    }
    let one_name = OnConflict::columns([Column::OrganizationId, Column::OwnerId, Column::Name])
        .do_nothing()
        .to_owned();
    let inserted = cohorts::Entity::insert(row.clone().into_active_model())
        .on_conflict(one_name)
        .exec_without_returning(transaction)
        .await?;
    if inserted == 0 {
        return Ok(Saved::NameTaken);
    }
    note(transaction, by, &row, "cohort.created").await?;
    if row.is_shared {
        note(transaction, by, &row, "cohort.shared").await?;
    }
    Ok(Saved::Done)
}

/// A change of a cohort. What is `None` stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// JSON.
    pub definition: Option<&'a str>,
    /// Whether it is in everybody's list.
    pub is_shared: Option<bool>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// It is stored, and so is the cohort now.
    Done(CohortRow),
    /// There is no such cohort any more.
    Gone,
    /// Its owner has another of this name.
    NameTaken,
}

/// Changes what is given, and leaves alone what others may be changing. Waits for what gives another
/// cohort of its owner a name.
pub async fn change(
    db: &Db,
    by: &Actor,
    row: &CohortRow,
    change: Change<'_>,
    now: Timestamp,
) -> Result<Changed> {
    let transaction = db.begin_in_turn(CHANGING, turn_of(row)).await?;
    let changed = change_in(&transaction, by, row, change, now)
        .await
        .map_err(Error::sql(CHANGING))?;
    match changed {
        Changed::Done(_) => transaction.commit().await.map_err(Error::sql(CHANGING))?,
        Changed::Gone | Changed::NameTaken => {
            transaction.rollback().await.map_err(Error::sql(CHANGING))?;
        }
    }
    Ok(changed)
}

async fn change_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: &CohortRow,
    change: Change<'_>,
    now: Timestamp,
) -> std::result::Result<Changed, DbErr> {
    let of_organization = || {
        let organization = Column::OrganizationId.eq(&row.organization_id);
        Condition::all().add(organization)
    };
    let this = || of_organization().add(Column::Id.eq(&row.id));
    let stored = cohorts::Entity::find()
        .filter(this())
        .one(transaction)
        .await?;
    let Some(before) = stored else {
        return Ok(Changed::Gone);
    };
    if let Some(name) = change.name {
        let others = cohorts::Entity::find()
            .filter(of_organization())
            .filter(Column::OwnerId.eq(&before.owner_id))
            .filter(Column::Name.eq(name))
            .filter(Column::Id.ne(&row.id));
        if others.count(transaction).await? > 0 {
            return Ok(Changed::NameTaken);
        }
    }
    let is_shared = change.is_shared.unwrap_or(before.is_shared);
    let after = CohortRow {
        name: change.name.unwrap_or(&before.name).to_owned(),
        definition: change.definition.unwrap_or(&before.definition).to_owned(),
        is_shared,
        updated_at: now.0,
        ..before
    };
    let changed = cohorts::Entity::update_many()
        .col_expr(Column::Name, Expr::value(after.name.as_str()))
        .col_expr(Column::Definition, Expr::value(after.definition.as_str()))
        .col_expr(Column::IsShared, Expr::value(after.is_shared))
        .col_expr(Column::UpdatedAt, Expr::value(after.updated_at))
        .filter(this())
        .exec(transaction)
        .await?;
    if changed.rows_affected == 0 {
        return Ok(Changed::Gone);
    }
    if change.name.is_some() || change.definition.is_some() {
        note(transaction, by, &after, "cohort.changed").await?;
    }
    match (before.is_shared, after.is_shared) {
        (false, true) => note(transaction, by, &after, "cohort.shared").await?,
        (true, false) => note(transaction, by, &after, "cohort.unshared").await?,
        (true, true) | (false, false) => {}
    }
    Ok(Changed::Done(after))
}

/// Removes a cohort; false when there is none with this id.
pub async fn remove(db: &Db, by: &Actor, row: &CohortRow) -> Result<bool> {
    let transaction = db.begin(REMOVING).await?;
    let removed = cohorts::Entity::delete_many()
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::Id.eq(&row.id))
        .exec(&transaction)
        .await
        .map_err(Error::sql(REMOVING))?;
    if removed.rows_affected == 0 {
        transaction.rollback().await.map_err(Error::sql(REMOVING))?;
        return Ok(false);
    }
    note(&transaction, by, row, "cohort.removed")
        .await
        .map_err(Error::sql(REMOVING))?;
    transaction.commit().await.map_err(Error::sql(REMOVING))?;
    Ok(true)
}

async fn note(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: &CohortRow,
    action: &str,
) -> std::result::Result<(), DbErr> {
    let (organization, now) = (&row.organization_id, Timestamp::now());
    audit(transaction, by, organization, action, &row.id, now).await
}
