//! People at an OpenID Connect provider, by issuer and subject. Every change writes its entry of the
//! audit log in the same transaction.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use crow_types::Timestamp;

use crate::audit_log::{Actor, audit};
use crate::connection::Db;
use crate::entity::{identities, invitations, users};
use crate::error::{Error, Result};
use crate::invitations::take;
use crate::passkeys;
use crate::sign_ins;
use crate::users::{UserRow, add};

pub use crate::entity::identities::Model as IdentityRow;

/// What became of an attempt to link somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linked {
    /// It was made.
    Done,
    /// The person or the address has a user by now, the user is linked to somebody else, or the
    /// invitation was used.
    Taken,
}

/// The identity of this person.
pub async fn find(db: &Db, issuer: &str, subject: &str) -> Result<Option<IdentityRow>> {
    identities::Entity::find_by_id((issuer.to_owned(), subject.to_owned()))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up an identity"))
}

/// Whether a user is linked to somebody at a provider.
pub async fn is_linked(db: &Db, user: &str) -> Result<bool> {
    let found = identities::Entity::find()
        .filter(identities::Column::UserId.eq(user))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking for the identity of a user"))?;
    Ok(found.is_some())
}

/// Links a person to a user that exists. The password, links that set one, the passkeys and the sign-ins
/// go, because whoever has them need not be the person.
pub async fn link(db: &Db, by: &Actor, row: IdentityRow) -> Result<Linked> {
    let failed = "linking an identity";
    let transaction = db.begin(failed).await?;
    let is_linked = take_over_in(&transaction, by, row)
        .await
        .map_err(Error::sql(failed))?;
    finish(transaction, is_linked, failed).await
}

/// Makes the user of a person, and uses the invitation with this token hash.
pub async fn join(
    db: &Db,
    by: &Actor,
    user: UserRow,
    row: IdentityRow,
    invitation: Option<&str>,
) -> Result<Linked> {
    let failed = "making the user of an identity";
    let transaction = db.begin(failed).await?;
    let is_linked = join_in(&transaction, by, user, row, invitation)
        .await
        .map_err(Error::sql(failed))?;
    finish(transaction, is_linked, failed).await
}

/// Unlinks a user from everybody at a provider and ends the sign-ins; false when there was nobody.
pub async fn unlink(db: &Db, by: &Actor, user: &UserRow, now: Timestamp) -> Result<bool> {
    let failed = "unlinking an identity";
    let transaction = db.begin(failed).await?;
    let is_unlinked = unlink_in(&transaction, by, user, now)
        .await
        .map_err(Error::sql(failed))?;
    Ok(finish(transaction, is_unlinked, failed).await? == Linked::Done)
}

async fn unlink_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    user: &UserRow,
    now: Timestamp,
) -> std::result::Result<bool, DbErr> {
    let organization = &user.organization_id;
    audit(
        transaction,
        by,
        organization,
        "user.identity_unlinked",
        &user.id,
        now,
    )
    .await?;
    let removed = identities::Entity::delete_many()
        .filter(identities::Column::UserId.eq(&user.id))
        .exec(transaction)
        .await?;
    sign_ins::remove_others(transaction, &user.id, None).await?;
    Ok(removed.rows_affected > 0)
}

async fn join_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    user: UserRow,
    row: IdentityRow,
    invitation: Option<&str>,
) -> std::result::Result<bool, DbErr> {
    if let Some(token_hash) = invitation
        && !take(transaction, token_hash, Timestamp(row.created_at)).await?
    {
        return Ok(false);
    }
    Ok(add(transaction, by, user).await? && link_in(transaction, by, row).await?)
}

async fn take_over_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: IdentityRow,
) -> std::result::Result<bool, DbErr> {
    let user = row.user_id.clone();
    users::Entity::update_many()
        .col_expr(users::Column::PasswordHash, Expr::value(""))
        .filter(users::Column::Id.eq(&user))
        .exec(transaction)
        .await?;
    invitations::Entity::delete_many()
        .filter(invitations::Column::UserId.eq(&user))
        .exec(transaction)
        .await?;
    sign_ins::remove_others(transaction, &user, None).await?;
    let is_linked = link_in(transaction, by, row).await?;
    // After the entry of the audit log, for which somebody who adds a passkey waits, too.
    passkeys::remove_of_user(transaction, &user).await?;
    Ok(is_linked)
}

/// False when the person, or the user, is linked already.
async fn link_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: IdentityRow,
) -> std::result::Result<bool, DbErr> {
    let at = Timestamp(row.created_at);
    let (organization, user) = (row.organization_id.clone(), row.user_id.clone());
    audit(
        transaction,
        by,
        &organization,
        "user.identity_linked",
        &user,
        at,
    )
    .await?;
    let one_to_one = sea_orm::sea_query::OnConflict::new()
        .do_nothing()
        .to_owned();
    let inserted = identities::Entity::insert(row.into_active_model())
        .on_conflict(one_to_one)
        .exec_without_returning(transaction)
        .await?;
    Ok(inserted > 0)
}

async fn finish(
    transaction: DatabaseTransaction,
    is_linked: bool,
    failed: &'static str,
) -> Result<Linked> {
    if is_linked {
        transaction.commit().await.map_err(Error::sql(failed))?;
        return Ok(Linked::Done);
    }
    transaction.rollback().await.map_err(Error::sql(failed))?;
    Ok(Linked::Taken)
}
