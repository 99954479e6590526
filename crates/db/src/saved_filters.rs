//! Filters with names. On each page, names of one owner are unique.

use sea_orm::sea_query::{Condition, Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::{OrganizationId, Timestamp};

use crate::connection::Db;
use crate::entity::saved_filters;
use crate::entity::saved_filters::Column;
use crate::error::{Error, Result};

pub use crate::entity::saved_filters::Model as SavedFilterRow;

#[cfg(test)]
mod tests;

const SAVING: &str = "saving a filter";
const CHANGING: &str = "changing a saved filter";
/// The most that are listed.
const MAX_LISTED: u64 = 1_000;

/// What somebody sees: their own filters, and those that others share. By name,
/// at most 1,000.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    owner: &str,
) -> Result<Vec<SavedFilterRow>> {
    let seen = Condition::any()
        .add(Column::OwnerId.eq(owner))
        .add(Column::IsShared.eq(true));
    saved_filters::Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(seen)
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(MAX_LISTED)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing saved filters"))
}

/// A filter of an organization.
pub async fn find(
    db: &Db,
    organization: &OrganizationId,
    id: &str,
) -> Result<Option<SavedFilterRow>> {
    saved_filters::Entity::find_by_id(id.to_owned())
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading a saved filter"))
}

/// What became of a new filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is stored.
    Done,
    /// Its owner has another of this name on the same page.
    NameTaken,
    /// Its owner has as many as allowed.
    TooMany,
}

/// Stores a filter, unless its owner has `most`. New filters of one owner wait for each other.
pub async fn insert(db: &Db, row: SavedFilterRow, most: u64) -> Result<Saved> {
    let transaction = db.begin_in_turn(SAVING, turn_of(&row)).await?;
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

/// Whatever gives a filter of this owner a name waits for this.
fn turn_of(row: &SavedFilterRow) -> String {
    format!(
        "saved filters of {} in {}",
        row.owner_id, row.organization_id
    )
}

async fn insert_in(
    transaction: &DatabaseTransaction,
    row: SavedFilterRow,
    most: u64,
) -> std::result::Result<Saved, DbErr> {
    let count = saved_filters::Entity::find()
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::OwnerId.eq(&row.owner_id))
        .count(transaction)
        .await?;
    if count >= most {
        return Ok(Saved::TooMany);
    }
    let one_name = OnConflict::columns([
        Column::OrganizationId,
        Column::OwnerId,
        Column::Page,
        Column::Name,
    ])
    .do_nothing()
    .to_owned();
    let inserted = saved_filters::Entity::insert(row.into_active_model())
        .on_conflict(one_name)
        .exec_without_returning(transaction)
        .await?;
    Ok(if inserted > 0 {
        Saved::Done
    } else {
        Saved::NameTaken
    })
}

/// A change of a filter. What is `None` stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// The parameters of its page.
    pub query: Option<&'a str>,
    /// Whether everybody sees it.
    pub is_shared: Option<bool>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// It is stored, and so is the filter now.
    Done(SavedFilterRow),
    /// There is no such filter any more.
    Gone,
    /// Its owner has another of this name on the same page.
    NameTaken,
}

/// Changes what is given, and leaves alone what others may be changing. Waits for what gives another
/// filter of its owner a name.
pub async fn change(
    db: &Db,
    row: &SavedFilterRow,
    change: Change<'_>,
    now: Timestamp,
) -> Result<Changed> {
    let transaction = db.begin_in_turn(CHANGING, turn_of(row)).await?;
    let changed = change_in(&transaction, row, change, now)
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
    row: &SavedFilterRow,
    change: Change<'_>,
    now: Timestamp,
) -> std::result::Result<Changed, DbErr> {
    let of_organization = || {
        let organization = Column::OrganizationId.eq(&row.organization_id);
        Condition::all().add(organization)
    };
    let this = || of_organization().add(Column::Id.eq(&row.id));
    let stored = saved_filters::Entity::find().filter(this());
    let Some(before) = stored.one(transaction).await? else {
        return Ok(Changed::Gone);
    };
    if let Some(name) = change.name {
        let others = saved_filters::Entity::find()
            .filter(of_organization())
            .filter(Column::OwnerId.eq(&before.owner_id))
            .filter(Column::Page.eq(&before.page))
            .filter(Column::Name.eq(name))
            .filter(Column::Id.ne(&row.id));
        if others.count(transaction).await? > 0 {
            return Ok(Changed::NameTaken);
        }
    }
    let after = SavedFilterRow {
        name: change.name.unwrap_or(&before.name).to_owned(),
        query: change.query.unwrap_or(&before.query).to_owned(),
        is_shared: change.is_shared.unwrap_or(before.is_shared),
        updated_at: now.0,
        ..before
    };
    let changed = saved_filters::Entity::update_many()
        .col_expr(Column::Name, Expr::value(after.name.as_str()))
        .col_expr(Column::Query, Expr::value(after.query.as_str()))
        .col_expr(Column::IsShared, Expr::value(after.is_shared))
        .col_expr(Column::UpdatedAt, Expr::value(after.updated_at))
        .filter(this())
        .exec(transaction)
        .await?;
    Ok(if changed.rows_affected > 0 {
        Changed::Done(after)
    } else {
        Changed::Gone
    })
}

/// Removes a filter; false when there is none with this id.
pub async fn remove(db: &Db, organization: &OrganizationId, id: &str) -> Result<bool> {
    let removed = saved_filters::Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::Id.eq(id))
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("removing a saved filter"))?;
    Ok(removed.rows_affected > 0)
}
