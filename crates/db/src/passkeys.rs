//! Public keys that users sign in with, and challenges that devices have been asked to sign. What adds or
//! removes a passkey writes its entry of the audit log in the same transaction.

use sea_orm::sea_query::{Condition, Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::Timestamp;

use crate::audit_log::{Actor, audit};
use crate::connection::Db;
use crate::entity::{passkey_challenges, passkeys, sign_ins};
use crate::error::{Error, Result};
use crate::users::UserRow;

pub use crate::entity::passkey_challenges::Model as ChallengeRow;
pub use crate::entity::passkeys::Model as PasskeyRow;

#[cfg(test)]
mod tests;

/// The most that a user has.
pub const MOST: u64 = 10;

/// What became of a new passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is stored.
    Done,
    /// The sign-in that adds it has ended.
    SignedOut,
    /// The user has [`MOST`].
    TooMany,
    /// Somebody has it.
    Taken,
}

/// Stores a challenge, and removes those that have expired. A user has one at a time.
pub async fn ask(db: &Db, row: ChallengeRow, now: Timestamp) -> Result<()> {
    use passkey_challenges::Column;
    let over = Condition::any()
        .add(Column::ExpiresAt.lte(now.0))
        .add_option(row.user_id.as_ref().map(|user| Column::UserId.eq(user)));
    passkey_challenges::Entity::delete_many()
        .filter(over)
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("removing old challenges"))?;
    passkey_challenges::Entity::insert(row.into_active_model())
        .exec_without_returning(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql("storing a challenge"))
}

/// Takes the challenge of a user who adds a passkey, or without a user that of a sign-in. Of two who
/// answer the same one, only one gets it.
pub async fn take_challenge(
    db: &Db,
    token_hash: &str,
    user: Option<&str>,
    now: Timestamp,
) -> Result<Option<ChallengeRow>> {
    use passkey_challenges::Column;
    let of_user = match user {
        Some(user) => Column::UserId.eq(user),
        None => Column::UserId.is_null(),
    };
    let found = passkey_challenges::Entity::find_by_id(token_hash.to_owned())
        .filter(Column::ExpiresAt.gt(now.0))
        .filter(of_user)
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up a challenge"))?;
    let Some(row) = found else {
        return Ok(None);
    };
    let removed = passkey_challenges::Entity::delete_by_id(token_hash.to_owned())
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("taking a challenge"))?;
    Ok((removed.rows_affected == 1).then_some(row))
}

/// The passkeys of a user, oldest first.
pub async fn of_user(db: &Db, organization: &str, user: &str) -> Result<Vec<PasskeyRow>> {
    passkeys::Entity::find()
        .filter(passkeys::Column::OrganizationId.eq(organization))
        .filter(passkeys::Column::UserId.eq(user))
        .order_by_asc(passkeys::Column::CreatedAt)
        .order_by_asc(passkeys::Column::Id)
        .limit(MOST)
        .all(&db.lookups)
        .await
        .map_err(Error::sql("listing the passkeys of a user"))
}

/// The passkey with this name of its device, whoever has it.
pub async fn find_by_credential(db: &Db, credential_id: &str) -> Result<Option<PasskeyRow>> {
    passkeys::Entity::find()
        .filter(passkeys::Column::CredentialId.eq(credential_id))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up a passkey"))
}

/// Stores a passkey, while the sign-in with the token hash `signed_in` of its user lasts.
pub async fn add(db: &Db, by: &Actor, row: PasskeyRow, signed_in: &str) -> Result<Added> {
    let failed = "adding a passkey";
    let transaction = db.begin(failed).await?;
    let added = add_in(&transaction, by, row, signed_in)
        .await
        .map_err(Error::sql(failed))?;
    match added {
        Added::Done => transaction.commit().await.map_err(Error::sql(failed))?,
        Added::SignedOut | Added::TooMany | Added::Taken => {
            transaction.rollback().await.map_err(Error::sql(failed))?;
        }
    }
    Ok(added)
}

async fn add_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: PasskeyRow,
    signed_in: &str,
) -> std::result::Result<Added, DbErr> {
    use passkeys::Column;
    let (organization, user) = (row.organization_id.clone(), row.user_id.clone());
    let at = Timestamp(row.created_at);
    audit(transaction, by, &organization, "passkey.added", &row.id, at).await?;
    // Who disables or links the user, or signs the user out, ends the sign-in.
    let lasts = sign_ins::Entity::find_by_id(signed_in.to_owned())
        .filter(sign_ins::Column::UserId.eq(&user))
        .filter(sign_ins::Column::ExpiresAt.gt(at.0))
        .one(transaction)
        .await?;
    if lasts.is_none() {
        return Ok(Added::SignedOut);
    }
    let has = passkeys::Entity::find()
        .filter(Column::OrganizationId.eq(&organization))
        .filter(Column::UserId.eq(&user))
        .count(transaction)
        .await?;
    if has >= MOST {
        return Ok(Added::TooMany);
    }
    let one_user = OnConflict::column(Column::CredentialId)
        .do_nothing()
        .to_owned();
    let inserted = passkeys::Entity::insert(row.into_active_model())
        .on_conflict(one_user)
        .exec_without_returning(transaction)
        .await?;
    Ok(if inserted > 0 {
        Added::Done
    } else {
        Added::Taken
    })
}

/// Notes that a passkey was used. False when it was removed or used by another sign-in since `row` was
/// read, so of two signatures with one count only one passes.
pub async fn note_use(db: &Db, row: &PasskeyRow, credential: &str, now: Timestamp) -> Result<bool> {
    use passkeys::Column;
    let updated = passkeys::Entity::update_many()
        .col_expr(Column::Credential, Expr::value(credential))
        .col_expr(Column::LastUsedAt, Expr::value(now.0))
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::Id.eq(&row.id))
        .filter(Column::Credential.eq(&row.credential))
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("noting the use of a passkey"))?;
    Ok(updated.rows_affected == 1)
}

/// Gives a passkey of a user another name; false when there is none with this id.
pub async fn rename(db: &Db, user: &UserRow, id: &str, name: &str) -> Result<bool> {
    use passkeys::Column;
    let updated = passkeys::Entity::update_many()
        .col_expr(Column::Name, Expr::value(name))
        .filter(Column::OrganizationId.eq(&user.organization_id))
        .filter(Column::UserId.eq(&user.id))
        .filter(Column::Id.eq(id))
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("renaming a passkey"))?;
    Ok(updated.rows_affected == 1)
}

/// Removes a passkey of a user; false when there is none with this id.
pub async fn remove(db: &Db, by: &Actor, user: &UserRow, id: &str, now: Timestamp) -> Result<bool> {
    let failed = "removing a passkey";
    let transaction = db.begin(failed).await?;
    let is_removed = remove_in(&transaction, by, user, id, now)
        .await
        .map_err(Error::sql(failed))?;
    if is_removed {
        transaction.commit().await.map_err(Error::sql(failed))?;
    } else {
        transaction.rollback().await.map_err(Error::sql(failed))?;
    }
    Ok(is_removed)
}

async fn remove_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    user: &UserRow,
    id: &str,
    now: Timestamp,
) -> std::result::Result<bool, DbErr> {
    let organization = &user.organization_id;
    audit(transaction, by, organization, "passkey.removed", id, now).await?;
    let removed = passkeys::Entity::delete_many()
        .filter(passkeys::Column::OrganizationId.eq(organization))
        .filter(passkeys::Column::UserId.eq(&user.id))
        .filter(passkeys::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(removed.rows_affected == 1)
}

/// Removes the passkeys and the challenges of a user.
pub(crate) async fn remove_of_user(
    transaction: &DatabaseTransaction,
    user: &str,
) -> std::result::Result<(), DbErr> {
    passkeys::Entity::delete_many()
        .filter(passkeys::Column::UserId.eq(user))
        .exec(transaction)
        .await?;
    passkey_challenges::Entity::delete_many()
        .filter(passkey_challenges::Column::UserId.eq(user))
        .exec(transaction)
        .await
        .map(drop)
}
