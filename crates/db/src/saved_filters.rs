//! Filters of the list of sessions that people saved.

use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crow_types::OrganizationId;

use crate::connection::Db;
use crate::entity::saved_filters::{self, Column};
use crate::error::{Error, Result};

pub use crate::entity::saved_filters::Model as SavedFilterRow;

/// Whose filters somebody may change.
#[derive(Debug, Clone, Copy)]
pub enum Owned<'a> {
    /// One's own.
    By(&'a str),
    /// One's own and shared ones.
    OrShared(&'a str),
}

impl Owned<'_> {
    fn condition(self) -> Condition {
        match self {
            Self::By(owner) => Condition::all().add(Column::OwnerId.eq(owner)),
            Self::OrShared(owner) => Condition::any()
                .add(Column::OwnerId.eq(owner))
                .add(Column::IsShared.eq(true)),
        }
    }
}

/// What a filter says.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// Its name.
    pub name: &'a str,
    /// The query string of the list.
    pub query: &'a str,
    /// Whether everybody in the organization sees it.
    pub is_shared: bool,
}

/// One's own filters and shared ones, by name.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    owner: &str,
    limit: u64,
) -> Result<Vec<SavedFilterRow>> {
    saved_filters::Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Owned::OrShared(owner).condition())
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(&db.lookups)
        .await
        .map_err(Error::sql("listing saved filters"))
}

/// How many filters somebody has saved.
pub async fn count(db: &Db, organization: &OrganizationId, owner: &str) -> Result<u64> {
    saved_filters::Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::OwnerId.eq(owner))
        .count(&db.lookups)
        .await
        .map_err(Error::sql("counting saved filters"))
}

/// Stores a new filter.
pub async fn insert(db: &Db, row: SavedFilterRow) -> Result<()> {
    saved_filters::Entity::insert(row.into_active_model())
        .exec_without_returning(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql("saving a filter"))
}

/// Replaces what a filter says; `None` when there is none that may be changed.
pub async fn change(
    db: &Db,
    organization: &OrganizationId,
    id: &str,
    owned: Owned<'_>,
    content: Content<'_>,
    now: i64,
) -> Result<Option<SavedFilterRow>> {
    let failed = "changing a saved filter";
    let changed = saved_filters::Entity::update_many()
        .col_expr(Column::Name, Expr::value(content.name))
        .col_expr(Column::Query, Expr::value(content.query))
        .col_expr(Column::IsShared, Expr::value(content.is_shared))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(owned.condition())
        .exec(db.quick_write())
        .await
        .map_err(Error::sql(failed))?;
    if changed.rows_affected == 0 {
        return Ok(None);
    }
    saved_filters::Entity::find_by_id(id.to_owned())
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .one(&db.lookups)
        .await
        .map_err(Error::sql(failed))
}

/// Removes a filter; false when there is none that may be removed.
pub async fn remove(
    db: &Db,
    organization: &OrganizationId,
    id: &str,
    owned: Owned<'_>,
) -> Result<bool> {
    let removed = saved_filters::Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(owned.condition())
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("removing a saved filter"))?;
    Ok(removed.rows_affected > 0)
}
