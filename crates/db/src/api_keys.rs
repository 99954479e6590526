//! API keys, by the hash of their secret. Every change writes its `audit_log` row in
//! the same transaction.

use sea_orm::sea_query::{CaseStatement, Condition, Expr, ExprTrait, Func};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use crow_types::{OrganizationId, Timestamp};

use crate::audit_log::{Actor, audit};
use crate::connection::Db;
use crate::entity::api_keys;
use crate::error::{Error, Result};

pub use crate::entity::api_keys::Model as ApiKeyRow;

/// Keys that are listed because they expire.
const MAX_EXPIRING: u64 = 10_000;

/// The key with this hash, unless it was revoked or has expired.
pub async fn find_active(db: &Db, key_hash: &str, now: Timestamp) -> Result<Option<ApiKeyRow>> {
    api_keys::Entity::find()
        .filter(api_keys::Column::KeyHash.eq(key_hash))
        .filter(is_valid(now))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up an API key"))
}

/// What holds for the row of a key that is neither revoked nor expired.
pub(crate) fn is_valid(now: Timestamp) -> Condition {
    let column = |column| Expr::col((api_keys::Entity, column));
    let has_not_expired = Condition::any()
        .add(column(api_keys::Column::ExpiresAt).is_null())
        .add(column(api_keys::Column::ExpiresAt).gt(now.0));
    Condition::all()
        .add(column(api_keys::Column::RevokedAt).is_null())
        .add(has_not_expired)
}

/// Notes that a key is in use, unless that was noted after `since`.
pub async fn note_use(db: &Db, id: &str, now: Timestamp, since: Timestamp) -> Result<()> {
    let is_old = Condition::any()
        .add(api_keys::Column::LastUsedAt.is_null())
        .add(api_keys::Column::LastUsedAt.lt(since.0));
    api_keys::Entity::update_many()
        .col_expr(api_keys::Column::LastUsedAt, Expr::value(now.0))
        .filter(api_keys::Column::Id.eq(id))
        .filter(is_old)
        .exec(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql("noting the use of an API key"))
}

/// All keys of an organization, revoked ones too, oldest first.
pub async fn list(db: &Db, organization: &OrganizationId) -> Result<Vec<ApiKeyRow>> {
    api_keys::Entity::find()
        .filter(api_keys::Column::OrganizationId.eq(organization.as_str()))
        .order_by_asc(api_keys::Column::CreatedAt)
        .order_by_asc(api_keys::Column::Id)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing API keys"))
}

/// Stores a new key.
pub async fn insert(db: &Db, by: &Actor, row: ApiKeyRow) -> Result<()> {
    let failed = "creating an API key";
    let transaction = db.begin(failed).await?;
    let now = Timestamp(row.created_at);
    note(&transaction, by, &row, "api_key.created", now)
        .await
        .map_err(Error::sql(failed))?;
    api_keys::Entity::insert(row.into_active_model())
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))
}

/// Revokes a key for good. Returns the key as it is now; `None` when there is no such
/// key. Revoking twice keeps the first time and writes no second audit row.
pub async fn revoke(db: &Db, by: &Actor, id: &str, now: Timestamp) -> Result<Option<ApiKeyRow>> {
    let failed = "revoking an API key";
    let transaction = db.begin(failed).await?;
    let changed = api_keys::Entity::update_many()
        .col_expr(api_keys::Column::RevokedAt, Expr::value(now.0))
        .filter(api_keys::Column::Id.eq(id))
        .filter(api_keys::Column::RevokedAt.is_null())
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    let row = api_keys::Entity::find_by_id(id.to_owned())
        .one(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    if let Some(row) = row.as_ref().filter(|_| changed.rows_affected > 0) {
        note(&transaction, by, row, "api_key.revoked", now)
            .await
            .map_err(Error::sql(failed))?;
    }
    transaction.commit().await.map_err(Error::sql(failed))?;
    Ok(row)
}

/// Stores a new key in place of a valid one. The old one ends at `until`, unless an earlier rotation
/// promised another time; at once without `until`. Returns the old key as it is now; `None`, and
/// changes nothing, when it is not valid.
pub async fn replace(
    db: &Db,
    by: &Actor,
    old: &ApiKeyRow,
    new: ApiKeyRow,
    until: Option<Timestamp>,
) -> Result<Option<ApiKeyRow>> {
    let failed = "rotating an API key";
    let transaction = db.begin(failed).await?;
    let now = Timestamp(new.created_at);
    let old = end_replaced(&transaction, &old.id, until, now)
        .await
        .map_err(Error::sql(failed))?;
    let Some(old) = old else {
        transaction.rollback().await.map_err(Error::sql(failed))?;
        return Ok(None);
    };
    let action = match until {
        Some(_) => "api_key.rotated",
        None => "api_key.revoked",
    };
    for (key, action) in [(&new, "api_key.created"), (&old, action)] {
        note(&transaction, by, key, action, now)
            .await
            .map_err(Error::sql(failed))?;
    }
    api_keys::Entity::insert(new.into_active_model())
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))?;
    Ok(Some(old))
}

/// The key as it is afterwards; `None` when it was not valid. One statement decides, so that of two
/// rotations at the same time the first one's promise holds.
async fn end_replaced(
    transaction: &DatabaseTransaction,
    id: &str,
    until: Option<Timestamp>,
    now: Timestamp,
) -> std::result::Result<Option<ApiKeyRow>, sea_orm::DbErr> {
    use api_keys::Column;
    let update = api_keys::Entity::update_many();
    let update = match until {
        Some(until) => {
            let promised = CaseStatement::new()
                .case(Column::RotatedAt.is_null(), Expr::value(until.0))
                .finally(Expr::col(Column::ExpiresAt));
            update
                .col_expr(Column::ExpiresAt, promised.into())
                .col_expr(
                    Column::RotatedAt,
                    Func::coalesce([Expr::col(Column::RotatedAt), Expr::value(now.0)]).into(),
                )
        }
        None => update.col_expr(Column::RevokedAt, Expr::value(now.0)),
    };
    let changed = update
        .filter(Column::Id.eq(id))
        .filter(is_valid(now))
        .exec(transaction)
        .await?;
    if changed.rows_affected == 0 {
        return Ok(None);
    }
    api_keys::Entity::find_by_id(id.to_owned())
        .one(transaction)
        .await
}

/// A key of an organization.
pub async fn find(db: &Db, organization: &OrganizationId, id: &str) -> Result<Option<ApiKeyRow>> {
    api_keys::Entity::find_by_id(id.to_owned())
        .filter(api_keys::Column::OrganizationId.eq(organization.as_str()))
        .one(&db.read)
        .await
        .map_err(Error::sql("reading an API key"))
}

/// Keys that expire within this time and were neither revoked nor rotated, of all organizations. At
/// most 10,000, the earliest first.
pub async fn expiring(db: &Db, from: Timestamp, to: Timestamp) -> Result<Vec<ApiKeyRow>> {
    use api_keys::Column;
    api_keys::Entity::find()
        .filter(Column::ExpiresAt.between(from.0, to.0))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::RotatedAt.is_null())
        .order_by_asc(Column::ExpiresAt)
        .order_by_asc(Column::Id)
        .limit(MAX_EXPIRING)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing API keys that expire"))
}

/// Whether the key with this id can be used.
pub async fn can_be_used(db: &Db, id: &str, now: Timestamp) -> Result<bool> {
    let found = api_keys::Entity::find_by_id(id.to_owned())
        .filter(is_valid(now))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading an API key"))?;
    Ok(found.is_some())
}

async fn note(
    transaction: &DatabaseTransaction,
    by: &Actor,
    key: &ApiKeyRow,
    action: &str,
    at: Timestamp,
) -> std::result::Result<(), sea_orm::DbErr> {
    let organization = &key.organization_id;
    audit(transaction, by, organization, action, &key.id, at).await
}
