//! Sign-ins: a key or a password exchanged for a cookie, by the hash of the cookie's token.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use crow_types::Timestamp;

use crate::connection::Db;
use crate::entity::{api_keys, sign_ins};
use crate::error::{Error, Result};

pub use crate::entity::sign_ins::Model as SignInRow;

/// Whose word it is that a key is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyHolder {
    /// The table `api_keys`: its row must be there, neither revoked nor expired.
    Table,
    /// The auth service: it tells of revocations on the bus.
    Elsewhere,
}

/// Stores a sign-in, and removes those that have expired.
pub async fn insert(db: &Db, row: SignInRow) -> Result<()> {
    sign_ins::Entity::delete_many()
        .filter(sign_ins::Column::ExpiresAt.lte(row.created_at))
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("removing old sign-ins"))?;
    sign_ins::Entity::insert(row.into_active_model())
        .exec_without_returning(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql("storing a sign-in"))
}

/// The sign-in with this token, while it and its key are valid. Whether its user may still sign in
/// is for [`crate::users::find_active`].
pub async fn find(
    db: &Db,
    token_hash: &str,
    holder: KeyHolder,
    now: Timestamp,
) -> Result<Option<SignInRow>> {
    let key_is_valid = Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(api_keys::Entity)
            .and_where(
                Expr::col((api_keys::Entity, api_keys::Column::Id))
                    .equals((sign_ins::Entity, sign_ins::Column::KeyId)),
            )
            .cond_where(crate::api_keys::is_valid(now))
            .take(),
    );
    let holds = Condition::any()
        .add(sign_ins::Column::UserId.is_not_null())
        .add(key_is_valid);
    let in_table = (holder == KeyHolder::Table).then_some(holds);
    sign_ins::Entity::find_by_id(token_hash.to_owned())
        .filter(sign_ins::Column::ExpiresAt.gt(now.0))
        .filter(Condition::all().add_option(in_table))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up a sign-in"))
}

/// The sign-ins of a user that are valid, newest first, at most `limit`.
pub async fn of_user(db: &Db, user: &str, now: Timestamp, limit: u64) -> Result<Vec<SignInRow>> {
    sign_ins::Entity::find()
        .filter(sign_ins::Column::UserId.eq(user))
        .filter(sign_ins::Column::ExpiresAt.gt(now.0))
        .order_by_desc(sign_ins::Column::CreatedAt)
        .order_by_desc(sign_ins::Column::TokenHash)
        .limit(limit)
        .all(&db.lookups)
        .await
        .map_err(Error::sql("listing the sign-ins of a user"))
}

/// Whether the user is signed in from this address.
pub async fn is_known_address(db: &Db, user: &str, address: &str) -> Result<bool> {
    let found = sign_ins::Entity::find()
        .filter(sign_ins::Column::UserId.eq(user))
        .filter(sign_ins::Column::Address.eq(address))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking for an address of a user"))?;
    Ok(found.is_some())
}

/// Ends a sign-in.
pub async fn remove(db: &Db, token_hash: &str) -> Result<()> {
    sign_ins::Entity::delete_by_id(token_hash.to_owned())
        .exec(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql("ending a sign-in"))
}

/// Ends a sign-in of a user, by its id; false when there is none.
pub async fn remove_one_of_user(db: &Db, user: &str, id: &str) -> Result<bool> {
    let removed = sign_ins::Entity::delete_many()
        .filter(sign_ins::Column::UserId.eq(user))
        .filter(sign_ins::Column::Id.eq(id))
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("ending a sign-in of a user"))?;
    Ok(removed.rows_affected > 0)
}

/// Ends the sign-ins of a user but the one with the token hash `but`; returns how many.
pub async fn remove_of_user(db: &Db, user: &str, but: Option<&str>) -> Result<u64> {
    remove_others(db.quick_write(), user, but)
        .await
        .map_err(Error::sql("ending the sign-ins of a user"))
}

pub(crate) async fn remove_others(
    connection: &impl ConnectionTrait,
    user: &str,
    but: Option<&str>,
) -> std::result::Result<u64, DbErr> {
    let others = but.map(|hash| sign_ins::Column::TokenHash.ne(hash));
    let removed = sign_ins::Entity::delete_many()
        .filter(sign_ins::Column::UserId.eq(user))
        .filter(Condition::all().add_option(others))
        .exec(connection)
        .await?;
    Ok(removed.rows_affected)
}

/// Lets no sign-in with a key last longer than `until`: the key was rotated.
pub async fn limit_of_key(db: &Db, key_id: &str, until: Timestamp) -> Result<()> {
    sign_ins::Entity::update_many()
        .col_expr(sign_ins::Column::ExpiresAt, Expr::value(until.0))
        .filter(sign_ins::Column::KeyId.eq(key_id))
        .filter(sign_ins::Column::ExpiresAt.gt(until.0))
        .exec(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql("limiting the sign-ins of a key"))
}

/// Ends all sign-ins with a key: it was revoked.
pub async fn remove_of_key(db: &Db, key_id: &str) -> Result<()> {
    sign_ins::Entity::delete_many()
        .filter(sign_ins::Column::KeyId.eq(key_id))
        .exec(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql("ending the sign-ins of a key"))
}
