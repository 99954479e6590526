//! Tags of sessions. They are in lower case.

use std::collections::BTreeMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, Statement,
};

use crow_types::OrganizationId;

use super::{Added, Needs, hold_session, note};
use crate::audit_log::Actor;
use crate::by_key::belongs_to;
use crate::connection::{Db, commit_if};
use crate::entity::session_tags::{Column, Entity as Tags};
use crate::error::{Error, Result};

pub use crate::entity::session_tags::Model as TagRow;

const ADDING: &str = "adding a tag";
/// The most tags of a session.
pub const MAX_TAGS: u64 = 20;
/// The most tags that are suggested.
const MAX_KNOWN: u64 = 200;

/// Gives a session a tag. One that it has already is no change. New tags of one session wait for each
/// other.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &Db, by: &Actor, row: TagRow) -> Result<Added> {
    let name = format!("tags of {}", row.session_id);
    let transaction = db.begin_in_turn(ADDING, name).await?;
    let added = insert_in(&transaction, by, row).await?;
    added.end(transaction, ADDING).await
}

async fn insert_in(transaction: &DatabaseTransaction, by: &Actor, row: TagRow) -> Result<Added> {
    let (organization, session) = (&row.organization_id, &row.session_id);
    if !hold_session(transaction, organization, session, Needs::Session).await? {
        return Ok(Added::Unknown);
    }
    let others = Tags::find()
        .filter(belongs_to(Column::OrganizationId, organization))
        .filter(Column::SessionId.eq(session))
        .filter(Column::Tag.ne(&row.tag))
        .count(transaction)
        .await
        .map_err(Error::sql(ADDING))?;
    if others >= MAX_TAGS {
        return Ok(Added::TooMany);
    }
    let once = OnConflict::columns([Column::SessionId, Column::Tag])
        .do_nothing()
        .to_owned();
    let added = Tags::insert(row.clone().into_active_model())
        .on_conflict(once)
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql(ADDING))?;
    if added > 0 {
        // A tag may say anything, and the audit log is never erased. So it names only the session.
        note(transaction, by, organization, "session_tag.added", session).await?;
    }
    Ok(Added::Done)
}

/// The tags of each of these sessions that has some, in the order of the alphabet.
///
/// # Errors
/// When the database fails.
pub async fn of_sessions(
    db: &Db,
    organization: &OrganizationId,
    sessions: &[&str],
) -> Result<BTreeMap<String, Vec<String>>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if sessions.is_empty() {
        return Ok(found);
    }
    let rows = Tags::find()
        .filter(belongs_to(Column::OrganizationId, organization.as_str()))
        .filter(Column::SessionId.is_in(sessions.iter().copied()))
        .order_by_asc(Column::Tag)
        .all(&db.read)
        .await
        .map_err(Error::sql("reading tags"))?;
    for row in rows {
        found.entry(row.session_id).or_default().push(row.tag);
    }
    Ok(found)
}

/// A tag, and how many sessions have it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct KnownTag {
    /// The tag.
    pub tag: String,
    /// How many sessions have it.
    pub sessions: i64,
}

/// The tags of an organization, most used first, at most 200.
///
/// # Errors
/// When the database fails.
pub async fn known(db: &Db, organization: &OrganizationId) -> Result<Vec<KnownTag>> {
    let sql = format!(
        "select tag, count(*) as sessions from session_tags where organization_id = $1 \
        group by tag order by count(*) desc, tag limit {MAX_KNOWN}"
    );
    let backend = db.read.get_database_backend();
    let values = [organization.as_str().into()];
    KnownTag::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .all(&db.read)
        .await
        .map_err(Error::sql("listing tags"))
}

/// Takes a tag from a session; false when the session has no such tag.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    session: &str,
    tag: &str,
) -> Result<bool> {
    let failed = "removing a tag";
    let transaction = db.begin(failed).await?;
    let removed = Tags::delete_many()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::SessionId.eq(session))
        .filter(Column::Tag.eq(tag))
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    let is_removed = removed.rows_affected > 0;
    if is_removed {
        let (organization, action) = (organization.as_str(), "session_tag.removed");
        note(&transaction, by, organization, action, session).await?;
    }
    commit_if(is_removed, transaction, failed).await
}
