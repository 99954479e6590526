//! Keys that recordings are encrypted with. The database has them wrapped only.

use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crow_types::{SessionKeyRecord, Timestamp};

use crate::connection::Db;
use crate::entity::{organization_keys, session_keys};
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// Keys looked for in one statement.
const PER_STATEMENT: usize = 500;

/// The key of an organization: a row of `organization_keys`.
#[derive(Clone, PartialEq, Eq)]
pub struct OrganizationKey {
    /// The tenant.
    pub organization: String,
    /// From 1. The highest one wraps new keys.
    pub number: i64,
    /// Which master key wraps it.
    pub master: String,
    /// The key, encrypted.
    pub wrapped: Vec<u8>,
}

impl From<organization_keys::Model> for OrganizationKey {
    fn from(row: organization_keys::Model) -> Self {
        Self {
            organization: row.organization_id,
            number: row.number,
            master: row.master,
            wrapped: row.wrapped,
        }
    }
}

/// The keys of these sessions; those without a key are left out.
pub async fn of_sessions(db: &Db, sessions: &[&str]) -> Result<Vec<SessionKeyRecord>> {
    let mut found = Vec::new();
    for sessions in sessions.chunks(PER_STATEMENT) {
        let rows = session_keys::Entity::find()
            .filter(session_keys::Column::SessionId.is_in(sessions.iter().copied()))
            .all(&db.read)
            .await
            .map_err(Error::sql("reading keys of sessions"))?;
        found.extend(rows.into_iter().map(SessionKeyRecord::from));
    }
    Ok(found)
}

/// The key of an organization with this number.
pub async fn of_organization(
    db: &Db,
    organization: &str,
    number: i64,
) -> Result<Option<OrganizationKey>> {
    let row = organization_keys::Entity::find_by_id((organization.to_owned(), number))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading the key of an organization"))?;
    Ok(row.map(OrganizationKey::from))
}

/// The key of an organization that wraps new keys of sessions. Read where it was written, so that a
/// key that was just added is found.
pub async fn newest_of_organization(
    db: &Db,
    organization: &str,
) -> Result<Option<OrganizationKey>> {
    let row = organization_keys::Entity::find()
        .filter(organization_keys::Column::OrganizationId.eq(organization))
        .order_by_desc(organization_keys::Column::Number)
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading the key of an organization"))?;
    Ok(row.map(OrganizationKey::from))
}

/// Adds a key, unless one with its number is there.
pub async fn add(db: &Db, key: OrganizationKey) -> Result<()> {
    let row = organization_keys::ActiveModel {
        organization_id: Set(key.organization),
        number: Set(key.number),
        master: Set(key.master),
        wrapped: Set(key.wrapped),
        created_at: Set(Timestamp::now().0),
    };
    organization_keys::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&db.write)
        .await
        .map(drop)
        .map_err(Error::sql("adding the key of an organization"))
}

/// Whether any organization has a key.
pub async fn is_any(db: &Db) -> Result<bool> {
    let row = organization_keys::Entity::find().one(&db.lookups).await;
    let row = row.map_err(Error::sql("looking for keys of organizations"))?;
    Ok(row.is_some())
}

/// For each master key, one key that it wraps.
pub async fn one_of_each_master(db: &Db) -> Result<Vec<OrganizationKey>> {
    let masters: Vec<String> = organization_keys::Entity::find()
        .select_only()
        .column(organization_keys::Column::Master)
        .distinct()
        .into_tuple()
        .all(&db.lookups)
        .await
        .map_err(Error::sql("listing master keys"))?;
    let mut found = Vec::new();
    for master in masters {
        let row = organization_keys::Entity::find()
            .filter(organization_keys::Column::Master.eq(master))
            .one(&db.lookups)
            .await
            .map_err(Error::sql("listing master keys"))?;
        found.extend(row.map(OrganizationKey::from));
    }
    Ok(found)
}

/// Keys that another master key wraps, at most `limit`.
pub async fn of_other_masters(db: &Db, master: &str, limit: u64) -> Result<Vec<OrganizationKey>> {
    let rows = organization_keys::Entity::find()
        .filter(organization_keys::Column::Master.ne(master))
        .limit(limit)
        .all(&db.lookups)
        .await
        .map_err(Error::sql("looking for keys of another master key"))?;
    Ok(rows.into_iter().map(OrganizationKey::from).collect())
}

/// Replaces how a key is wrapped, if `master` still wraps it.
pub async fn rewrap(db: &Db, master: &str, key: OrganizationKey) -> Result<()> {
    use organization_keys::Column;
    organization_keys::Entity::update_many()
        .col_expr(Column::Master, key.master.into())
        .col_expr(Column::Wrapped, key.wrapped.into())
        .filter(Column::OrganizationId.eq(key.organization))
        .filter(Column::Number.eq(key.number))
        .filter(Column::Master.eq(master))
        .exec(&db.write)
        .await
        .map(drop)
        .map_err(Error::sql("wrapping the key of an organization again"))
}

/// Keys of sessions of an organization that a key before this number wraps, after a session, at
/// most `limit`.
pub async fn of_older_keys(
    db: &Db,
    organization: &str,
    number: i64,
    after: &str,
    limit: u64,
) -> Result<Vec<SessionKeyRecord>> {
    use session_keys::Column;
    let rows = session_keys::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::OrganizationKey.lt(number))
        .filter(Column::SessionId.gt(after))
        .order_by_asc(Column::SessionId)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("looking for keys of sessions"))?;
    Ok(rows.into_iter().map(SessionKeyRecord::from).collect())
}

/// Organizations that have a key.
pub async fn organizations(db: &Db) -> Result<Vec<String>> {
    organization_keys::Entity::find()
        .select_only()
        .column(organization_keys::Column::OrganizationId)
        .distinct()
        .into_tuple()
        .all(&db.lookups)
        .await
        .map_err(Error::sql("listing organizations with keys"))
}

/// Replaces how keys of sessions are wrapped; each pair is a key before and after. A key that was
/// erased or replaced meanwhile is left alone. False: the key of the organization that wraps them is
/// gone, and nothing was changed.
pub async fn rewrap_sessions(
    db: &Db,
    organization: &str,
    number: i64,
    keys: Vec<(SessionKeyRecord, SessionKeyRecord)>,
) -> Result<bool> {
    use session_keys::Column;
    let doing = || Error::sql("wrapping keys of sessions again");
    let transaction = db.begin("wrapping keys of sessions again").await?;
    // Locks the row, so that it stays until the commit.
    let lock = organization_keys::Entity::update_many()
        .col_expr(organization_keys::Column::Number, Expr::value(number))
        .filter(organization_keys::Column::OrganizationId.eq(organization))
        .filter(organization_keys::Column::Number.eq(number))
        .exec(&transaction)
        .await
        .map_err(doing())?;
    if lock.rows_affected == 0 {
        transaction.rollback().await.map_err(doing())?;
        return Ok(false);
    }
    for (before, after) in keys {
        session_keys::Entity::update_many()
            .col_expr(Column::OrganizationKey, after.organization_key.into())
            .col_expr(Column::Wrapped, after.wrapped.into())
            .filter(Column::SessionId.eq(before.session_id))
            .filter(Column::OrganizationKey.eq(before.organization_key))
            .filter(Column::Wrapped.eq(before.wrapped))
            .exec(&transaction)
            .await
            .map_err(doing())?;
    }
    transaction.commit().await.map_err(doing())?;
    Ok(true)
}

/// Removes keys of an organization that wrap no key of a session, if a newer one has been there
/// since before `at`: a flush may still wrap with a key that it read earlier.
pub async fn remove_unused(db: &Db, organization: &str, at: Timestamp) -> Result<u64> {
    use organization_keys::Column;
    let settled = organization_keys::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::CreatedAt.lte(at.0))
        .order_by_desc(Column::Number)
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading the key of an organization"))?;
    let Some(settled) = settled else { return Ok(0) };
    let used = Query::select()
        .column(session_keys::Column::OrganizationKey)
        .from(session_keys::Entity)
        .and_where(session_keys::Column::OrganizationId.eq(organization))
        .take();
    let outcome = organization_keys::Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Number.lt(settled.number))
        .filter(Column::Number.not_in_subquery(used))
        .exec(&db.write)
        .await
        .map_err(Error::sql("removing keys of an organization"))?;
    Ok(outcome.rows_affected)
}
