//! Who has watched a session.

use std::collections::BTreeSet;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crow_types::OrganizationId;

use super::{Added, Needs, hold_session};
use crate::connection::Db;
use crate::entity::session_watches::{Column, Entity};
use crate::error::{Error, Result};

pub use crate::entity::session_watches::Model as WatchRow;

/// Notes that somebody has watched a session. The first time stays.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &Db, row: WatchRow) -> Result<Added> {
    let failed = "noting who has watched";
    let transaction = db.begin(failed).await?;
    let (organization, session) = (&row.organization_id, &row.session_id);
    if !hold_session(&transaction, organization, session, Needs::Session).await? {
        return Added::Unknown.end(transaction, failed).await;
    }
    let once = OnConflict::columns([Column::SessionId, Column::WatcherId])
        .do_nothing()
        .to_owned();
    Entity::insert(row.into_active_model())
        .on_conflict(once)
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    Added::Done.end(transaction, failed).await
}

/// Forgets that somebody has watched a session. It is no error if nobody knew.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
    watcher: &str,
) -> Result<()> {
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::SessionId.eq(session))
        .filter(Column::WatcherId.eq(watcher))
        .exec(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql("forgetting who has watched"))
}

/// Which of these sessions somebody has watched.
///
/// # Errors
/// When the database fails.
pub async fn of(
    db: &Db,
    organization: &OrganizationId,
    watcher: &str,
    sessions: &[&str],
) -> Result<BTreeSet<String>> {
    if sessions.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::WatcherId.eq(watcher))
        .filter(Column::SessionId.is_in(sessions.iter().copied()))
        .all(&db.read)
        .await
        .map_err(Error::sql("reading who has watched"))?;
    Ok(rows.into_iter().map(|row| row.session_id).collect())
}
