//! Sign-ins: a key exchanged for a cookie, by the hash of the cookie's token.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crow_types::Timestamp;

use crate::connection::Db;
use crate::entity::{api_keys, sign_ins};
use crate::error::{Error, Result};

pub use crate::entity::sign_ins::Model as SignInRow;

/// Whose word it is that a key is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyHolder {
    /// The table `api_keys`: its row must be there, and not revoked.
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

/// The sign-in with this token, while it and its key are valid.
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
            .and_where(api_keys::Column::RevokedAt.is_null())
            .take(),
    );
    let in_table = (holder == KeyHolder::Table).then_some(key_is_valid);
    sign_ins::Entity::find_by_id(token_hash.to_owned())
        .filter(sign_ins::Column::ExpiresAt.gt(now.0))
        .filter(Condition::all().add_option(in_table))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up a sign-in"))
}

/// Ends a sign-in.
pub async fn remove(db: &Db, token_hash: &str) -> Result<()> {
    sign_ins::Entity::delete_by_id(token_hash.to_owned())
        .exec(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql("ending a sign-in"))
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
