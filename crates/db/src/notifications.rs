//! What users are told of: one row for each user and notification, however often it is added.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::notification::{Audience, Notification};
use crow_types::{OrganizationId, Timestamp};

use crate::connection::Db;
use crate::entity::notifications::Column;
use crate::entity::{notifications, users};
use crate::error::{Error, Result};

pub use crate::entity::notifications::Model as NotificationRow;

#[cfg(test)]
mod tests;

/// Notifications of one user; older ones go.
pub const MOST: u64 = 500;
/// Milliseconds for which a notification is kept.
pub const KEPT_MS: i64 = 90 * 86_400_000;

/// Roles that are told of what concerns the organization.
const ADMINS: [&str; 2] = ["owner", "admin"];
/// Rows of one statement.
const PER_STATEMENT: usize = 500;
/// SQLite takes no offset without a limit.
const ALL_OTHERS: u64 = 1_000_000;

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationKey {
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `id`.
    pub id: String,
}

/// Stores a notification for each user who is told of it; returns for how many it is new.
pub async fn add(db: &Db, notification: &Notification) -> Result<u64> {
    let failed = "storing a notification";
    let transaction = db.begin(failed).await?;
    let added = add_in(&transaction, notification)
        .await
        .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))?;
    Ok(added)
}

/// The same in the transaction that does what it tells of.
pub(crate) async fn add_in(
    transaction: &DatabaseTransaction,
    notification: &Notification,
) -> std::result::Result<u64, DbErr> {
    let told = told(transaction, notification).await?;
    let fields = serde_json::to_string(&notification.fields);
    let fields = fields.map_err(|error| DbErr::Custom(error.to_string()))?;
    let mut added = 0;
    for users in told.chunks(PER_STATEMENT) {
        let rows = users.iter().map(|user| {
            let row = NotificationRow {
                organization_id: notification.organization_id.clone(),
                user_id: user.clone(),
                id: notification.id.clone(),
                kind: notification.kind.clone(),
                fields: fields.clone(),
                created_at: notification.at,
                read_at: None,
            };
            row.into_active_model()
        });
        let once = OnConflict::columns([Column::UserId, Column::Id])
            .do_nothing()
            .to_owned();
        added += notifications::Entity::insert_many(rows)
            .on_conflict(once)
            .exec_without_returning(transaction)
            .await?;
    }
    if added > 0 {
        for user in &told {
            keep_newest(transaction, user).await?;
        }
    }
    Ok(added)
}

/// Ids of the users who are told, always in the same order, so that two transactions do not wait for
/// each other.
async fn told(
    transaction: &DatabaseTransaction,
    notification: &Notification,
) -> std::result::Result<Vec<String>, DbErr> {
    let which = match &notification.audience {
        Audience::User(user) => users::Column::Id.eq(user),
        Audience::Admins => users::Column::Role
            .is_in(ADMINS)
            .and(users::Column::DisabledAt.is_null()),
    };
    users::Entity::find()
        .select_only()
        .column(users::Column::Id)
        .filter(users::Column::OrganizationId.eq(&notification.organization_id))
        .filter(which)
        .order_by_asc(users::Column::Id)
        .into_tuple()
        .all(transaction)
        .await
}

async fn keep_newest(
    transaction: &DatabaseTransaction,
    user: &str,
) -> std::result::Result<(), DbErr> {
    let older = Query::select()
        .column(Column::Id)
        .from(notifications::Entity)
        .and_where(Column::UserId.eq(user))
        .order_by(Column::CreatedAt, Order::Desc)
        .order_by(Column::Id, Order::Desc)
        .limit(ALL_OTHERS)
        .offset(MOST)
        .to_owned();
    notifications::Entity::delete_many()
        .filter(Column::UserId.eq(user))
        .filter(Column::Id.in_subquery(older))
        .exec(transaction)
        .await
        .map(drop)
}

/// The notifications of a user, newest first.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    user: &str,
    after: Option<&NotificationKey>,
    limit: u64,
) -> Result<Vec<NotificationRow>> {
    let older = after.map(|after| {
        let same_time = Condition::all()
            .add(Column::CreatedAt.eq(after.created_at))
            .add(Column::Id.lt(after.id.as_str()));
        Condition::any()
            .add(Column::CreatedAt.lt(after.created_at))
            .add(same_time)
    });
    notifications::Entity::find()
        .filter(is_of(organization, user))
        .filter(Condition::all().add_option(older))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(&db.lookups)
        .await
        .map_err(Error::sql("listing notifications"))
}

/// How many notifications a user has not read.
pub async fn count_unread(db: &Db, organization: &OrganizationId, user: &str) -> Result<u64> {
    notifications::Entity::find()
        .filter(is_of(organization, user))
        .filter(Column::ReadAt.is_null())
        .count(&db.lookups)
        .await
        .map_err(Error::sql("counting notifications"))
}

/// Marks a notification of a user as read; false when there is none with this id.
pub async fn read(
    db: &Db,
    organization: &OrganizationId,
    user: &str,
    id: &str,
    now: Timestamp,
) -> Result<bool> {
    let one = is_of(organization, user).add(Column::Id.eq(id));
    if mark(db, one.clone(), now).await? > 0 {
        return Ok(true);
    }
    let found = notifications::Entity::find().filter(one).count(&db.lookups);
    Ok(found.await.map_err(Error::sql("reading a notification"))? > 0)
}

/// Marks the notifications of a user as read: those from before or at `until`, or all.
pub async fn read_all(
    db: &Db,
    organization: &OrganizationId,
    user: &str,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    let seen = until.map(|until| Column::CreatedAt.lte(until.0));
    let all = is_of(organization, user).add_option(seen);
    mark(db, all, now).await.map(drop)
}

async fn mark(db: &Db, which: Condition, now: Timestamp) -> Result<u64> {
    let marked = notifications::Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(now.0))
        .filter(which)
        .filter(Column::ReadAt.is_null())
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("marking notifications as read"))?;
    Ok(marked.rows_affected)
}

fn is_of(organization: &OrganizationId, user: &str) -> Condition {
    Condition::all()
        .add(Column::OrganizationId.eq(organization.as_str()))
        .add(Column::UserId.eq(user))
}

/// Removes what is too old; returns how many.
pub async fn remove_old(db: &Db, now: Timestamp) -> Result<u64> {
    let removed = notifications::Entity::delete_many()
        .filter(Column::CreatedAt.lt(now.plus(-KEPT_MS).0))
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("removing old notifications"))?;
    Ok(removed.rows_affected)
}
