//! Where organizations are told of alerts by HTTP, and the messages on their way.
//!
//! - This module: endpoints. Each change notes itself in the audit log, in its transaction.
//! - [`deliveries`]: messages, who sends them, and what came of it.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::OrganizationId;

use crate::audit_log::Actor;
use crate::connection::Db;
use crate::entity::webhook_endpoints::{Column, Entity};
use crate::error::{Error, Result};

pub(crate) mod audit;
pub mod deliveries;
#[cfg(test)]
pub(crate) mod tests;

pub use crate::entity::webhook_endpoints::Model as EndpointRow;

use audit::note;

const READING: &str = "reading webhook endpoints";
const CHANGING: &str = "changing a webhook endpoint";

/// Endpoints of one organization.
pub const MOST: u64 = 10;

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was made.
    Done,
    /// There is no such endpoint.
    Unknown,
    /// Somebody else changed it meanwhile.
    Outdated,
}

/// The endpoints of an organization, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, organization: &OrganizationId) -> Result<Vec<EndpointRow>> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(MOST)
        .all(&db.lookups)
        .await
        .map_err(Error::row(READING))
}

/// One endpoint.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, organization: &OrganizationId, id: &str) -> Result<Option<EndpointRow>> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .one(&db.lookups)
        .await
        .map_err(Error::row(READING))
}

/// Adds an endpoint. `false`: the organization has [`MOST`].
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &Db, by: &Actor, row: EndpointRow) -> Result<bool> {
    let organization = row.organization_id.clone();
    let name = format!("webhooks of {organization}");
    let transaction = db.begin_in_turn(CHANGING, name).await?;
    let others = Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .count(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if others >= MOST {
        transaction.rollback().await.map_err(Error::sql(CHANGING))?;
        return Ok(false);
    }
    let (id, at) = (row.id.clone(), row.created_at);
    Entity::insert(row.into_active_model())
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    let by = (by, organization.as_str());
    note(&transaction, by, "webhook.created", &id, at).await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(true)
}

/// Stores an endpoint that was read at the version of `row`. One that is in use again starts without
/// failures. `action` is what the audit log says.
///
/// # Errors
/// When the database fails.
pub async fn change(db: &Db, by: &Actor, row: &EndpointRow, action: &str) -> Result<Change> {
    let transaction = db.begin(CHANGING).await?;
    let changed = Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name.as_str()))
        .col_expr(Column::ShownUrl, Expr::value(row.shown_url.as_str()))
        .col_expr(Column::Sealed, Expr::value(row.sealed.clone()))
        .col_expr(Column::Wrapped, Expr::value(row.wrapped.clone()))
        .col_expr(Column::Master, Expr::value(row.master.as_str()))
        .col_expr(Column::Version, Expr::value(row.version + 1))
        .col_expr(Column::FailingSince, Expr::value(row.failing_since))
        .col_expr(Column::DisabledAt, Expr::value(row.disabled_at))
        .col_expr(Column::UpdatedAt, Expr::value(row.updated_at))
        .filter(Column::OrganizationId.eq(row.organization_id.as_str()))
        .filter(Column::Id.eq(row.id.as_str()))
        .filter(Column::Version.eq(row.version))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if changed.rows_affected == 0 {
        let left = Entity::find_by_id(row.id.as_str())
            .filter(Column::OrganizationId.eq(row.organization_id.as_str()))
            .count(&transaction)
            .await
            .map_err(Error::sql(CHANGING))?;
        transaction.rollback().await.map_err(Error::sql(CHANGING))?;
        return Ok(if left > 0 {
            Change::Outdated
        } else {
            Change::Unknown
        });
    }
    let by = (by, row.organization_id.as_str());
    note(&transaction, by, action, &row.id, row.updated_at).await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(Change::Done)
}

/// Removes an endpoint with its deliveries, also from the rules that name it. `false`: there is none.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    id: &str,
    now: i64,
) -> Result<bool> {
    let name = format!("alerts of {}", organization.as_str());
    let transaction = db.begin_in_turn(CHANGING, name).await?;
    deliveries::remove_of(&transaction, organization.as_str(), id).await?;
    let removed = Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::Id.eq(id))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if removed.rows_affected == 0 {
        transaction.rollback().await.map_err(Error::sql(CHANGING))?;
        return Ok(false);
    }
    crate::alerts::forget_target(&transaction, organization.as_str(), id).await?;
    let by = (by, organization.as_str());
    note(&transaction, by, "webhook.removed", id, now).await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(true)
}

/// Endpoints whose key another master key wraps, at most `limit`. Those without a key are none of them.
///
/// # Errors
/// When the database fails.
pub async fn of_other_masters(db: &Db, master: &str, limit: u64) -> Result<Vec<EndpointRow>> {
    Entity::find()
        .filter(Column::Master.ne(master))
        .filter(Column::Master.ne(""))
        .limit(limit)
        .all(&db.lookups)
        .await
        .map_err(Error::row(READING))
}

/// Replaces how the key of an endpoint is wrapped, if it was not changed since it was read.
///
/// # Errors
/// When the database fails.
pub async fn rewrap(db: &Db, row: &EndpointRow, master: &str, wrapped: Vec<u8>) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Wrapped, Expr::value(wrapped))
        .col_expr(Column::Master, Expr::value(master))
        .col_expr(Column::Version, Expr::value(row.version + 1))
        .filter(Column::OrganizationId.eq(row.organization_id.as_str()))
        .filter(Column::Id.eq(row.id.as_str()))
        .filter(Column::Version.eq(row.version))
        .exec(&db.write)
        .await
        .map(drop)
        .map_err(Error::sql("wrapping the key of an endpoint again"))
}
