//! Notes about a moment of a session.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crow_types::{OrganizationId, Timestamp};

use super::{Added, Needs, hold_session};
use crate::audit_log::Actor;
use crate::connection::{Db, commit_if};
use crate::entity::session_notes::{Column, Entity as Notes};
use crate::error::{Error, Result};

pub use crate::entity::session_notes::Model as NoteRow;

const ADDING: &str = "adding a note";
/// The most notes of a session.
pub const MAX_NOTES: u64 = 200;

/// Stores a note. New notes of one session wait for each other.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &Db, by: &Actor, row: NoteRow) -> Result<Added> {
    let name = format!("notes of {}", row.session_id);
    let transaction = db.begin_in_turn(ADDING, name).await?;
    let added = insert_in(&transaction, by, row).await?;
    added.end(transaction, ADDING).await
}

async fn insert_in(transaction: &DatabaseTransaction, by: &Actor, row: NoteRow) -> Result<Added> {
    let (organization, session) = (&row.organization_id, &row.session_id);
    if !hold_session(transaction, organization, session, Needs::Session).await? {
        return Ok(Added::Unknown);
    }
    let count = Notes::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::SessionId.eq(session))
        .count(transaction)
        .await
        .map_err(Error::sql(ADDING))?;
    if count >= MAX_NOTES {
        return Ok(Added::TooMany);
    }
    let action = "session_note.created";
    super::note(transaction, by, organization, action, &row.id).await?;
    Notes::insert(row.into_active_model())
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql(ADDING))?;
    Ok(Added::Done)
}

/// The notes of a session, by the moment that they are about.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, organization: &OrganizationId, session: &str) -> Result<Vec<NoteRow>> {
    Notes::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::SessionId.eq(session))
        .order_by_asc(Column::NotedAt)
        .order_by_asc(Column::Id)
        .limit(MAX_NOTES)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing notes"))
}

/// One note of a session.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
    id: &str,
) -> Result<Option<NoteRow>> {
    Notes::find_by_id(id.to_owned())
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::SessionId.eq(session))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading a note"))
}

/// Replaces the text of a note by its author; false when the author has no such note.
///
/// # Errors
/// When the database fails.
pub async fn change(
    db: &Db,
    by: &Actor,
    row: &NoteRow,
    note: &str,
    now: Timestamp,
) -> Result<bool> {
    let failed = "changing a note";
    let transaction = db.begin(failed).await?;
    let changed = Notes::update_many()
        .col_expr(Column::Note, Expr::value(note))
        .col_expr(Column::UpdatedAt, Expr::value(now.0))
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::AuthorId.eq(&row.author_id))
        .filter(Column::Id.eq(&row.id))
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    end(
        transaction,
        by,
        row,
        "session_note.changed",
        changed.rows_affected,
    )
    .await
}

/// Removes a note; false when there is none with this id.
///
/// # Errors
/// When the database fails.
pub async fn remove(db: &Db, by: &Actor, row: &NoteRow) -> Result<bool> {
    let failed = "removing a note";
    let transaction = db.begin(failed).await?;
    let removed = Notes::delete_many()
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::Id.eq(&row.id))
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    end(
        transaction,
        by,
        row,
        "session_note.removed",
        removed.rows_affected,
    )
    .await
}

/// Notes the change in the audit log and commits it, if there was one.
async fn end(
    transaction: DatabaseTransaction,
    by: &Actor,
    row: &NoteRow,
    action: &str,
    changed: u64,
) -> Result<bool> {
    let is_changed = changed > 0;
    if is_changed {
        super::note(&transaction, by, &row.organization_id, action, &row.id).await?;
    }
    commit_if(is_changed, transaction, "committing a change of a note").await
}
