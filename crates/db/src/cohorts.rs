//! Cohorts: named conditions over people. Names of one owner are unique.

use sea_orm::sea_query::{Condition, Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::OrganizationId;

use crate::connection::Db;
use crate::entity::cohorts;
use crate::entity::cohorts::Column;
use crate::error::{Error, Result};

pub use crate::entity::cohorts::Model as CohortRow;

const SAVING: &str = "saving a cohort";
/// The most that are listed.
const MAX_LISTED: u64 = 1_000;

/// What somebody sees: their own cohorts, and those that others share. By name,
/// at most 1,000.
pub async fn list(db: &Db, organization: &OrganizationId, owner: &str) -> Result<Vec<CohortRow>> {
    let seen = Condition::any()
        .add(Column::OwnerId.eq(owner))
        .add(Column::IsShared.eq(true));
    cohorts::Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(seen)
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
pub async fn insert(db: &Db, row: CohortRow, most: u64) -> Result<Saved> {
    let name = format!("cohorts of {} in {}", row.owner_id, row.organization_id);
    let transaction = db.begin_in_turn(SAVING, name).await?;
    let saved = insert_in(&transaction, row, most)
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

async fn insert_in(
    transaction: &DatabaseTransaction,
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
    let inserted = cohorts::Entity::insert(row.into_active_model())
        .on_conflict(one_name)
        .exec_without_returning(transaction)
        .await?;
    Ok(if inserted > 0 {
        Saved::Done
    } else {
        Saved::NameTaken
    })
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It is stored.
    Done,
    /// There is no such cohort any more.
    Gone,
    /// Its owner has another of this name.
    NameTaken,
}

/// Stores the name, the definition and whether it is shared.
pub async fn change(db: &Db, row: &CohortRow) -> Result<Changed> {
    let failed = "changing a cohort";
    let transaction = db.begin(failed).await?;
    let others = cohorts::Entity::find()
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::OwnerId.eq(&row.owner_id))
        .filter(Column::Name.eq(&row.name))
        .filter(Column::Id.ne(&row.id))
        .count(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    if others > 0 {
        transaction.rollback().await.map_err(Error::sql(failed))?;
        return Ok(Changed::NameTaken);
    }
    let changed = cohorts::Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name.as_str()))
        .col_expr(Column::Definition, Expr::value(row.definition.as_str()))
        .col_expr(Column::IsShared, Expr::value(row.is_shared))
        .col_expr(Column::UpdatedAt, Expr::value(row.updated_at))
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::Id.eq(&row.id))
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))?;
    Ok(if changed.rows_affected > 0 {
        Changed::Done
    } else {
        Changed::Gone
    })
}

/// Removes a cohort; false when there is none with this id.
pub async fn remove(db: &Db, organization: &OrganizationId, id: &str) -> Result<bool> {
    let removed = cohorts::Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::Id.eq(id))
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("removing a cohort"))?;
    Ok(removed.rows_affected > 0)
}
