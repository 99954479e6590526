//! People with accounts. Every change writes its entry of the audit log in the same transaction.
//! That entry comes first: it serialises changes of an organization, so what is counted after it
//! stays true until the commit.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};

use crow_types::notification::{Audience, News, Notification};
use crow_types::{OrganizationId, Timestamp};

use crate::audit_log::{Actor, audit};
use crate::connection::Db;
use crate::entity::users;
use crate::error::{Error, Result};
use crate::{issues, notifications, sign_ins};

pub use crate::entity::users::Model as UserRow;

#[cfg(test)]
mod tests;

/// The role that must not die out.
const OWNER: &str = "owner";
/// The role that sees no issues.
const MARKETING: &str = "marketing";

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// It was made; the user as it is now.
    Done(UserRow),
    /// The organization has no such user.
    Unknown,
    /// The organization would have no owner who may sign in.
    LastOwner,
}

/// A change of a user; what is `None` stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change<'a> {
    /// The new role.
    pub role: Option<&'a str>,
    /// Whether the user may not sign in.
    pub is_disabled: Option<bool>,
}

/// The user with this id, if it may sign in.
pub async fn find_active(db: &Db, id: &str) -> Result<Option<UserRow>> {
    users::Entity::find_by_id(id.to_owned())
        .filter(users::Column::DisabledAt.is_null())
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up a user"))
}

/// The user with this address in lower case, whether or not it may sign in.
pub async fn find_by_email(db: &Db, email: &str) -> Result<Option<UserRow>> {
    users::Entity::find()
        .filter(users::Column::Email.eq(email))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up a user"))
}

/// A user of an organization.
pub async fn find(db: &Db, organization: &OrganizationId, id: &str) -> Result<Option<UserRow>> {
    users::Entity::find_by_id(id.to_owned())
        .filter(users::Column::OrganizationId.eq(organization.as_str()))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up a user"))
}

/// The users of an organization, oldest first.
pub async fn list(db: &Db, organization: &OrganizationId) -> Result<Vec<UserRow>> {
    users::Entity::find()
        .filter(users::Column::OrganizationId.eq(organization.as_str()))
        .order_by_asc(users::Column::CreatedAt)
        .order_by_asc(users::Column::Id)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing users"))
}

/// Whether the installation has a user.
pub async fn is_any(db: &Db) -> Result<bool> {
    let found = users::Entity::find().one(&db.lookups).await;
    Ok(found.map_err(Error::sql("looking for users"))?.is_some())
}

/// Stores a new user; false when the address is taken.
pub async fn insert(db: &Db, by: &Actor, row: UserRow) -> Result<bool> {
    let failed = "creating a user";
    let transaction = db.begin(failed).await?;
    let is_new = add(&transaction, by, row)
        .await
        .map_err(Error::sql(failed))?;
    if is_new {
        transaction.commit().await.map_err(Error::sql(failed))?;
    } else {
        transaction.rollback().await.map_err(Error::sql(failed))?;
    }
    Ok(is_new)
}

/// False when the address is taken; then the caller must roll back.
pub(crate) async fn add(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: UserRow,
) -> std::result::Result<bool, DbErr> {
    let subject = format!("{}, role {}", row.id, row.role);
    let at = Timestamp(row.created_at);
    audit(
        transaction,
        by,
        &row.organization_id,
        "user.created",
        &subject,
        at,
    )
    .await?;
    let one_address = sea_orm::sea_query::OnConflict::column(users::Column::Email)
        .do_nothing()
        .to_owned();
    let inserted = users::Entity::insert(row.into_active_model())
        .on_conflict(one_address)
        .exec_without_returning(transaction)
        .await?;
    Ok(inserted > 0)
}

/// Changes a user. Who is disabled is signed out everywhere, and sees to no issue any longer.
pub async fn change(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    id: &str,
    change: Change<'_>,
    now: Timestamp,
) -> Result<Changed> {
    let failed = "changing a user";
    let transaction = db.begin(failed).await?;
    let changed = change_in(&transaction, by, organization.as_str(), id, change, now)
        .await
        .map_err(Error::sql(failed))?;
    match changed {
        Changed::Done(_) => transaction.commit().await.map_err(Error::sql(failed))?,
        Changed::Unknown | Changed::LastOwner => {
            transaction.rollback().await.map_err(Error::sql(failed))?;
        }
    }
    Ok(changed)
}

async fn change_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    organization: &str,
    id: &str,
    change: Change<'_>,
    now: Timestamp,
) -> std::result::Result<Changed, DbErr> {
    if let Some(role) = change.role {
        let subject = format!("{id}, role {role}");
        audit(
            transaction,
            by,
            organization,
            "user.role_changed",
            &subject,
            now,
        )
        .await?;
    }
    if let Some(is_disabled) = change.is_disabled {
        let action = if is_disabled {
            "user.disabled"
        } else {
            "user.enabled"
        };
        audit(transaction, by, organization, action, id, now).await?;
    }
    let found = users::Entity::find_by_id(id.to_owned())
        .filter(users::Column::OrganizationId.eq(organization))
        .one(transaction)
        .await?;
    let Some(mut row) = found else {
        return Ok(Changed::Unknown);
    };
    let was_owner = row.role == OWNER && row.disabled_at.is_none();
    if let Some(role) = change.role {
        tell_role(transaction, &row, role, now).await?;
        role.clone_into(&mut row.role);
    }
    match change.is_disabled {
        Some(true) => row.disabled_at = row.disabled_at.or(Some(now.0)),
        Some(false) => row.disabled_at = None,
        None => {}
    }
    users::Entity::update_many()
        .col_expr(users::Column::Role, Expr::value(row.role.as_str()))
        .col_expr(users::Column::DisabledAt, Expr::value(row.disabled_at))
        .filter(users::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    let owners = users::Entity::find()
        .filter(users::Column::OrganizationId.eq(organization))
        .filter(users::Column::Role.eq(OWNER))
        .filter(users::Column::DisabledAt.is_null())
        .count(transaction)
        .await?;
    if was_owner && owners == 0 {
        return Ok(Changed::LastOwner);
    }
    if row.disabled_at.is_some() {
        sign_ins::remove_others(transaction, id, None).await?;
    }
    if row.disabled_at.is_some() || row.role == MARKETING {
        issues::assign_to_nobody(transaction, organization, id, now).await?;
    }
    Ok(Changed::Done(row))
}

async fn tell_role(
    transaction: &DatabaseTransaction,
    user: &UserRow,
    role: &str,
    now: Timestamp,
) -> std::result::Result<(), DbErr> {
    if user.role == role {
        return Ok(());
    }
    let news = News::RoleChanged {
        user: &user.id,
        from: &user.role,
        to: role,
    };
    let audience = Audience::User(user.id.clone());
    let told = Notification::new(&user.organization_id, audience, &news, now);
    notifications::add_in(transaction, &told).await.map(drop)
}

/// Stores a new password and signs the user out elsewhere; keeps the sign-in with the token hash
/// `but`.
pub async fn set_password(
    db: &Db,
    by: &Actor,
    user: &UserRow,
    password_hash: &str,
    but: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let failed = "changing a password";
    let transaction = db.begin(failed).await?;
    replace_password(&transaction, by, user, password_hash, but, now)
        .await
        .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))
}

pub(crate) async fn replace_password(
    transaction: &DatabaseTransaction,
    by: &Actor,
    user: &UserRow,
    password_hash: &str,
    but: Option<&str>,
    now: Timestamp,
) -> std::result::Result<(), DbErr> {
    let organization = &user.organization_id;
    audit(
        transaction,
        by,
        organization,
        "user.password_changed",
        &user.id,
        now,
    )
    .await?;
    users::Entity::update_many()
        .col_expr(users::Column::PasswordHash, Expr::value(password_hash))
        .filter(users::Column::Id.eq(&user.id))
        .exec(transaction)
        .await?;
    sign_ins::remove_others(transaction, &user.id, but)
        .await
        .map(drop)
}
