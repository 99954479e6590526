//! Dashboards: questions of analytics, side by side. Their content is JSON that only `crow-query` reads.
//! A change names the version that it was made from, so that of two editors none loses what the other
//! one stored.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::{OrganizationId, Timestamp};

use crate::audit_log::{Actor, audit};
use crate::connection::{Db, commit_if};
use crate::entity::dashboards::{Column, Entity};
use crate::error::{Error, Result};
use crate::owned::Owned;

pub use crate::entity::dashboards::Model as DashboardRow;

#[cfg(test)]
mod tests;

const READING: &str = "reading dashboards";
const CHANGING: &str = "changing a dashboard";

/// Shared dashboards of one organization. Private ones do not count: nobody else could remove those of a
/// disabled user or a revoked key.
pub const MOST: u64 = 500;
/// Dashboards of one owner.
pub const MOST_OF_OWNER: u64 = 100;

const DASHBOARDS: Owned<Entity> = Owned {
    id: Column::Id,
    organization: Column::OrganizationId,
    owner: Column::OwnerId,
    is_shared: Column::IsShared,
};

/// A dashboard in a list, without its content.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ListedDashboard {
    /// Its id.
    pub id: String,
    /// Id of the user or the key that made it.
    pub owner_id: String,
    /// Its name.
    pub name: String,
    /// Whether everybody in the organization sees it.
    pub is_shared: bool,
    /// How many tiles it has.
    pub tiles: i64,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

/// What somebody sees, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    viewer: &str,
) -> Result<Vec<ListedDashboard>> {
    Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::OwnerId,
            Column::Name,
            Column::IsShared,
            Column::Tiles,
            Column::CreatedAt,
            Column::UpdatedAt,
        ])
        .filter(DASHBOARDS.seen_by(organization, viewer))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(MOST + MOST_OF_OWNER)
        .into_model::<ListedDashboard>()
        .all(&db.read)
        .await
        .map_err(Error::sql(READING))
}

/// A dashboard that somebody sees.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &Db,
    organization: &OrganizationId,
    viewer: &str,
    id: &str,
) -> Result<Option<DashboardRow>> {
    Entity::find_by_id(id)
        .filter(DASHBOARDS.seen_by(organization, viewer))
        .one(&db.lookups)
        .await
        .map_err(Error::row(READING))
}

/// What became of a new dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It is stored.
    Done,
    /// Its owner has [`MOST_OF_OWNER`].
    TooManyOfOwner,
    /// It would be shared, and the organization shares [`MOST`].
    TooMany,
}

/// Stores a dashboard. New dashboards of one organization wait for each other.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &Db, by: &Actor, row: DashboardRow) -> Result<Made> {
    let transaction = db.begin_in_turn(CHANGING, turn_of(&row)).await?;
    let of_owner = Entity::find()
        .filter(DASHBOARDS.of_owner(&row))
        .count(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    let made = if of_owner >= MOST_OF_OWNER {
        Made::TooManyOfOwner
    } else if row.is_shared && count_shared(&transaction, &row).await? >= MOST {
        Made::TooMany
    } else {
        Made::Done
    };
    if made != Made::Done {
        transaction.rollback().await.map_err(Error::sql(CHANGING))?;
        return Ok(made);
    }
    note(&transaction, by, &row, "dashboard.created").await?;
    if row.is_shared {
        note(&transaction, by, &row, "dashboard.shared").await?;
    }
    Entity::insert(row.into_active_model())
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(made)
}

/// Whatever makes one more dashboard of an organization, or shares one, waits for this.
fn turn_of(row: &DashboardRow) -> String {
    format!("dashboards of {}", row.organization_id)
}

async fn count_shared(transaction: &DatabaseTransaction, row: &DashboardRow) -> Result<u64> {
    Entity::find()
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::IsShared.eq(true))
        .count(transaction)
        .await
        .map_err(Error::sql(CHANGING))
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It is stored, and has the next version.
    Done,
    /// There is no such dashboard, or it has another version.
    Other,
    /// It would be shared, and the organization shares [`MOST`].
    TooMany,
}

/// Stores a dashboard that was changed from `row.version`. Sharing and its end are noted in the audit
/// log. Its owner stays.
///
/// # Errors
/// When the database fails.
pub async fn change(db: &Db, by: &Actor, row: &DashboardRow) -> Result<Changed> {
    let transaction = if row.is_shared {
        db.begin_in_turn(CHANGING, turn_of(row)).await?
    } else {
        db.begin(CHANGING).await?
    };
    // The version says that nobody changed it since this statement, once the update has found it.
    let before = Entity::find()
        .filter(DASHBOARDS.this(row))
        .one(&transaction)
        .await
        .map_err(Error::row(CHANGING))?;
    let changed = Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name.as_str()))
        .col_expr(Column::IsShared, Expr::value(row.is_shared))
        .col_expr(Column::Content, Expr::value(row.content.as_str()))
        .col_expr(Column::Tiles, Expr::value(row.tiles))
        .col_expr(Column::UpdatedAt, Expr::value(row.updated_at))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(DASHBOARDS.this(row))
        .filter(Column::Version.eq(row.version))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    let before = before.filter(|_row| changed.rows_affected > 0);
    let Some(before) = before else {
        transaction.rollback().await.map_err(Error::sql(CHANGING))?;
        return Ok(Changed::Other);
    };
    let is_shared_now = row.is_shared && !before.is_shared;
    if is_shared_now && count_shared(&transaction, row).await? > MOST {
        transaction.rollback().await.map_err(Error::sql(CHANGING))?;
        return Ok(Changed::TooMany);
    }
    if before.is_shared != row.is_shared {
        let action = if row.is_shared {
            "dashboard.shared"
        } else {
            "dashboard.unshared"
        };
        note(&transaction, by, row, action).await?;
    }
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(Changed::Done)
}

/// Removes a dashboard; false when there is none with this id.
///
/// # Errors
/// When the database fails.
pub async fn remove(db: &Db, by: &Actor, row: &DashboardRow) -> Result<bool> {
    let transaction = db.begin(CHANGING).await?;
    let removed = Entity::delete_many()
        .filter(DASHBOARDS.this(row))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    let is_removed = removed.rows_affected > 0;
    if is_removed {
        note(&transaction, by, row, "dashboard.removed").await?;
    }
    commit_if(is_removed, transaction, CHANGING).await
}

async fn note(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: &DashboardRow,
    action: &str,
) -> Result<()> {
    let (organization, now) = (&row.organization_id, Timestamp::now());
    audit(transaction, by, organization, action, &row.id, now)
        .await
        .map_err(Error::sql("noting a change of a dashboard"))
}
