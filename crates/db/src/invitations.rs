//! Links that make a user or set a password, by the hash of their token. Using one removes its row in
//! the transaction that does what it is for, so it works once.
//!
//! All transactions lock the rows of invitations before the organization's chain of the audit log.

use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use crow_types::{OrganizationId, Timestamp};

use crate::audit_log::{Actor, audit};
use crate::connection::Db;
use crate::entity::{invitations, users};
use crate::error::{Error, Result};
use crate::passkeys;
use crate::users::{UserRow, add, replace_password};

pub use crate::entity::invitations::Model as InvitationRow;

/// What became of the use of an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Used {
    /// It was used; the user that it was for.
    Done(UserRow),
    /// It does not exist, was used, or has expired.
    Unknown,
    /// Another user has the address.
    EmailTaken,
}

/// Stores an invitation to an organization, and removes those that have expired and earlier ones for
/// the same purpose.
pub async fn insert(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    row: InvitationRow,
) -> Result<()> {
    let failed = "creating an invitation";
    let transaction = db.begin(failed).await?;
    insert_in(&transaction, by, organization.as_str(), row)
        .await
        .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))
}

async fn insert_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    organization: &str,
    row: InvitationRow,
) -> std::result::Result<(), DbErr> {
    use invitations::Column;
    let (action, subject) = match &row.user_id {
        Some(user) => ("user.password_link_created", user.clone()),
        None => (
            "invitation.created",
            format!("{}, role {}", row.id, row.role),
        ),
    };
    let at = Timestamp(row.created_at);
    let earlier = match (&row.user_id, &row.email) {
        (Some(user), _) => Column::UserId.eq(user),
        (None, email) => Column::UserId
            .is_null()
            .and(Column::Email.eq(email.clone())),
    };
    invitations::Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(earlier.or(Column::ExpiresAt.lte(row.created_at)))
        .exec(transaction)
        .await?;
    audit(transaction, by, organization, action, &subject, at).await?;
    invitations::Entity::insert(row.into_active_model())
        .exec_without_returning(transaction)
        .await
        .map(drop)
}

/// Replaces the link for the first user of the installation.
pub async fn replace_first(db: &Db, row: InvitationRow) -> Result<()> {
    let failed = "creating the first link";
    let transaction = db.begin(failed).await?;
    invitations::Entity::delete_many()
        .filter(invitations::Column::OrganizationId.is_null())
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    invitations::Entity::insert(row.into_active_model())
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))
}

/// The invitation with this token, unless it has expired.
pub async fn find(db: &Db, token_hash: &str, now: Timestamp) -> Result<Option<InvitationRow>> {
    invitations::Entity::find()
        .filter(invitations::Column::TokenHash.eq(token_hash))
        .filter(invitations::Column::ExpiresAt.gt(now.0))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up an invitation"))
}

/// The open invitations of an address to join, of all organizations.
pub async fn of_address(db: &Db, email: &str, now: Timestamp) -> Result<Vec<InvitationRow>> {
    use invitations::Column;
    invitations::Entity::find()
        .filter(Column::Email.eq(email))
        .filter(Column::OrganizationId.is_not_null())
        .filter(Column::UserId.is_null())
        .filter(Column::ExpiresAt.gt(now.0))
        .all(&db.lookups)
        .await
        .map_err(Error::sql("looking up the invitations of an address"))
}

/// The invitations of an organization that are open, oldest first. Links that set a password are
/// not among them.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    now: Timestamp,
) -> Result<Vec<InvitationRow>> {
    use invitations::Column;
    invitations::Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::UserId.is_null())
        .filter(Column::ExpiresAt.gt(now.0))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing invitations"))
}

/// Withdraws an invitation; false when the organization has none with this id.
pub async fn remove(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    id: &str,
    now: Timestamp,
) -> Result<bool> {
    let failed = "withdrawing an invitation";
    let transaction = db.begin(failed).await?;
    let removed = invitations::Entity::delete_many()
        .filter(invitations::Column::Id.eq(id))
        .filter(invitations::Column::UserId.is_null())
        .filter(invitations::Column::OrganizationId.eq(organization.as_str()))
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    if removed.rows_affected == 0 {
        transaction.rollback().await.map_err(Error::sql(failed))?;
        return Ok(false);
    }
    audit(
        &transaction,
        by,
        organization.as_str(),
        "invitation.withdrawn",
        id,
        now,
    )
    .await
    .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))?;
    Ok(true)
}

/// Makes the user that an invitation is for. `by` is the new user.
pub async fn accept(
    db: &Db,
    by: &Actor,
    token_hash: &str,
    row: UserRow,
    now: Timestamp,
) -> Result<Used> {
    let failed = "accepting an invitation";
    let transaction = db.begin(failed).await?;
    let is_used = take(&transaction, token_hash, now)
        .await
        .map_err(Error::sql(failed))?;
    let used = if !is_used {
        Used::Unknown
    } else if add(&transaction, by, row.clone())
        .await
        .map_err(Error::sql(failed))?
    {
        Used::Done(row)
    } else {
        Used::EmailTaken
    };
    finish(transaction, used, failed).await
}

/// Sets the password of the user that a link is for, removes the passkeys, and signs the user out
/// everywhere.
pub async fn reset(
    db: &Db,
    by: &Actor,
    token_hash: &str,
    password_hash: &str,
    now: Timestamp,
) -> Result<Used> {
    let failed = "setting a password by link";
    let Some(user) = find(db, token_hash, now).await?.and_then(|row| row.user_id) else {
        return Ok(Used::Unknown);
    };
    let transaction = db.begin(failed).await?;
    let used = reset_in(&transaction, by, token_hash, &user, password_hash, now)
        .await
        .map_err(Error::sql(failed))?;
    finish(transaction, used, failed).await
}

async fn reset_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    token_hash: &str,
    user: &str,
    password_hash: &str,
    now: Timestamp,
) -> std::result::Result<Used, DbErr> {
    if !take(transaction, token_hash, now).await? {
        return Ok(Used::Unknown);
    }
    let found = users::Entity::find_by_id(user.to_owned())
        .filter(users::Column::DisabledAt.is_null())
        .one(transaction)
        .await?;
    let Some(user) = found else {
        return Ok(Used::Unknown);
    };
    replace_password(transaction, by, &user, password_hash, None, now).await?;
    // Whoever had the account may have added one.
    passkeys::remove_of_user(transaction, &user.id).await?;
    Ok(Used::Done(user))
}

/// Removes an invitation; false when it is not there or has expired. Of two who use the same one,
/// only one removes it.
pub(crate) async fn take(
    transaction: &DatabaseTransaction,
    token_hash: &str,
    now: Timestamp,
) -> std::result::Result<bool, DbErr> {
    let removed = invitations::Entity::delete_many()
        .filter(invitations::Column::TokenHash.eq(token_hash))
        .filter(invitations::Column::ExpiresAt.gt(now.0))
        .exec(transaction)
        .await?;
    Ok(removed.rows_affected == 1)
}

async fn finish(
    transaction: DatabaseTransaction,
    used: Used,
    failed: &'static str,
) -> Result<Used> {
    match used {
        Used::Done(_) => transaction.commit().await.map_err(Error::sql(failed))?,
        Used::Unknown | Used::EmailTaken => {
            transaction.rollback().await.map_err(Error::sql(failed))?;
        }
    }
    Ok(used)
}
