//! API keys, by the hash of their secret. Every change writes its `audit_log` row in
//! the same transaction.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use crow_types::{OrganizationId, Timestamp};

use crate::connection::Db;
use crate::entity::{api_keys, audit_log};
use crate::error::{Error, Result};

pub use crate::entity::api_keys::Model as ApiKeyRow;

/// The key with this hash, unless it was revoked.
pub async fn find_active(db: &Db, key_hash: &str) -> Result<Option<ApiKeyRow>> {
    api_keys::Entity::find()
        .filter(api_keys::Column::KeyHash.eq(key_hash))
        .filter(api_keys::Column::RevokedAt.is_null())
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up an API key"))
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

/// Stores a new key. `audit_id` is a fresh id for the audit row.
pub async fn insert(db: &Db, row: ApiKeyRow, audit_id: String) -> Result<()> {
    let failed = "creating an API key";
    let transaction = db.begin(failed).await?;
    audit(
        &transaction,
        audit_id,
        &row,
        "api_key.created",
        row.created_at,
    )
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
pub async fn revoke(
    db: &Db,
    id: &str,
    audit_id: String,
    now: Timestamp,
) -> Result<Option<ApiKeyRow>> {
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
        audit(&transaction, audit_id, row, "api_key.revoked", now.0)
            .await
            .map_err(Error::sql(failed))?;
    }
    transaction.commit().await.map_err(Error::sql(failed))?;
    Ok(row)
}

async fn audit(
    transaction: &DatabaseTransaction,
    id: String,
    key: &ApiKeyRow,
    action: &str,
    at: i64,
) -> std::result::Result<(), sea_orm::DbErr> {
    let row = audit_log::Model {
        id,
        organization_id: key.organization_id.clone(),
        at,
        action: action.to_owned(),
        subject: key.id.clone(),
    };
    audit_log::Entity::insert(row.into_active_model())
        .exec_without_returning(transaction)
        .await
        .map(drop)
}
