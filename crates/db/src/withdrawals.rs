//! Sessions whose visitor has withdrawn consent.
//!
//! The flush that stores the denial notes the session in the same transaction, so no denial is lost.
//! The eraser collects them: an erasure takes partitions over, which must not happen once per event.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Statement};

use crow_types::{Consent, OrganizationId};

use crate::connection::Db;
use crate::entity::withdrawals::{Column, Entity};
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// Organizations with such sessions.
pub async fn organizations(db: &Db) -> Result<Vec<String>> {
    Entity::find()
        .select_only()
        .column(Column::OrganizationId)
        .distinct()
        .into_tuple()
        .all(&db.lookups)
        .await
        .map_err(Error::sql("looking for withdrawn consent"))
}

#[derive(FromQueryResult)]
struct Waiting {
    row: String,
    session: String,
    consent: Option<String>,
}

/// The SDK's ids of such sessions, oldest first. Looks at `limit` sessions at most, and forgets those
/// whose visitor has agreed again.
pub async fn waiting(db: &Db, organization: &OrganizationId, limit: u64) -> Result<Vec<String>> {
    let statement = Statement::from_sql_and_values(
        db.lookups.get_database_backend(),
        "select sessions.id as row, sessions.session_id as session, sessions.consent \
         from withdrawals join sessions on sessions.id = withdrawals.session_id \
         where withdrawals.organization_id = $1 and sessions.organization_id = $1 \
         order by withdrawals.noted_at limit $2",
        [
            organization.as_str().into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ],
    );
    let found = Waiting::find_by_statement(statement)
        .all(&db.lookups)
        .await
        .map_err(Error::sql("looking for withdrawn consent"))?;
    let (denied, others): (Vec<Waiting>, Vec<Waiting>) = found
        .into_iter()
        .partition(|session| Consent::is_denied(session.consent.as_deref()));
    forget(db, others.into_iter().map(|session| session.row)).await?;
    Ok(denied.into_iter().map(|session| session.session).collect())
}

async fn forget(db: &Db, rows: impl Iterator<Item = String>) -> Result<()> {
    let rows: Vec<String> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    Entity::delete_many()
        .filter(Column::SessionId.is_in(rows))
        .exec(&db.write)
        .await
        .map(drop)
        .map_err(Error::sql("forgetting withdrawn consent"))
}
