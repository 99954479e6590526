//! Collections: lists of sessions with a name, which the whole organization sees. A session that is
//! erased leaves them.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel,
    PaginatorTrait, QueryFilter, Statement, Value,
};

use crow_types::OrganizationId;

use super::{Added, Needs, hold_session, note};
use crate::audit_log::Actor;
use crate::connection::{Db, commit_if};
use crate::entity::collection_sessions::{Column as InColumn, Entity as InCollections};
use crate::entity::collections::{Column, Entity};
use crate::error::{Error, Result};

pub use crate::entity::collection_sessions::Model as CollectedRow;
pub use crate::entity::collections::Model as CollectionRow;

#[cfg(test)]
mod tests;

const READING: &str = "reading collections";
const CHANGING: &str = "changing a collection";

/// Collections of one organization.
pub const MAX_COLLECTIONS: u64 = 200;
/// Sessions of one collection.
pub const MAX_SESSIONS: u64 = 1_000;

/// A collection, and how many sessions it has.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Collection {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub note: String,
    /// Id of the user or the key that made it.
    pub created_by: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
    /// How many sessions it has.
    pub sessions: i64,
}

/// The collections of an organization by name, or only those with a session.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    session: Option<&str>,
) -> Result<Vec<Collection>> {
    let mut values: Vec<Value> = vec![organization.as_str().into()];
    let of_session = match session {
        Some(session) => {
            values.push(session.into());
            "and c.id in (select s.collection_id from collection_sessions s where s.session_id = $2)"
        }
        None => "",
    };
    let sql = format!(
        "select c.id, c.name, c.note, c.created_by, c.created_at, c.updated_at, \
         (select count(*) from collection_sessions s where s.collection_id = c.id) as sessions \
         from collections c where c.organization_id = $1 {of_session} \
         order by c.name, c.id limit {MAX_COLLECTIONS}"
    );
    let backend = db.read.get_database_backend();
    Collection::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .all(&db.read)
        .await
        .map_err(Error::sql(READING))
}

/// One collection.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &Db,
    organization: &OrganizationId,
    id: &str,
) -> Result<Option<CollectionRow>> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .one(&db.lookups)
        .await
        .map_err(Error::row(READING))
}

/// What became of a collection that was to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is stored.
    Done,
    /// There is no such collection.
    Gone,
    /// Another one has the name.
    NameTaken,
    /// The organization has [`MAX_COLLECTIONS`].
    TooMany,
}

impl Saved {
    async fn end(self, transaction: DatabaseTransaction) -> Result<Self> {
        commit_if(self == Self::Done, transaction, CHANGING).await?;
        Ok(self)
    }
}

/// Changes of the collections of one organization wait for each other.
async fn begin(db: &Db, organization: &str) -> Result<DatabaseTransaction> {
    db.begin_in_turn(CHANGING, format!("collections of {organization}"))
        .await
}

/// Whether another collection of the organization has the name.
async fn is_taken(transaction: &DatabaseTransaction, row: &CollectionRow) -> Result<bool> {
    let others = Entity::find()
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::Name.eq(&row.name))
        .filter(Column::Id.ne(&row.id))
        .count(transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    Ok(others > 0)
}

/// Stores a collection.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &Db, by: &Actor, row: CollectionRow) -> Result<Saved> {
    let transaction = begin(db, &row.organization_id).await?;
    let saved = insert_in(&transaction, by, row).await?;
    saved.end(transaction).await
}

async fn insert_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: CollectionRow,
) -> Result<Saved> {
    let count = Entity::find()
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .count(transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if count >= MAX_COLLECTIONS {
        return Ok(Saved::TooMany);
    }
    if is_taken(transaction, &row).await? {
        return Ok(Saved::NameTaken);
    }
    note_change(transaction, by, &row, "collection.created").await?;
    Entity::insert(row.into_active_model())
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    Ok(Saved::Done)
}

/// Stores the name and the note of a collection.
///
/// # Errors
/// When the database fails.
pub async fn change(db: &Db, by: &Actor, row: &CollectionRow) -> Result<Saved> {
    let transaction = begin(db, &row.organization_id).await?;
    let saved = change_in(&transaction, by, row).await?;
    saved.end(transaction).await
}

async fn change_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: &CollectionRow,
) -> Result<Saved> {
    if is_taken(transaction, row).await? {
        return Ok(Saved::NameTaken);
    }
    let changed = Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name.as_str()))
        .col_expr(Column::Note, Expr::value(row.note.as_str()))
        .col_expr(Column::UpdatedAt, Expr::value(row.updated_at))
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::Id.eq(&row.id))
        .exec(transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if changed.rows_affected == 0 {
        return Ok(Saved::Gone);
    }
    note_change(transaction, by, row, "collection.changed").await?;
    Ok(Saved::Done)
}

/// Removes a collection. Its sessions stay; false when there is no such collection.
///
/// # Errors
/// When the database fails.
pub async fn remove(db: &Db, by: &Actor, row: &CollectionRow) -> Result<bool> {
    let transaction = begin(db, &row.organization_id).await?;
    let removed = Entity::delete_many()
        .filter(Column::OrganizationId.eq(&row.organization_id))
        .filter(Column::Id.eq(&row.id))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    let is_removed = removed.rows_affected > 0;
    if is_removed {
        InCollections::delete_many()
            .filter(InColumn::OrganizationId.eq(&row.organization_id))
            .filter(InColumn::CollectionId.eq(&row.id))
            .exec(&transaction)
            .await
            .map_err(Error::sql(CHANGING))?;
        note_change(&transaction, by, row, "collection.removed").await?;
    }
    commit_if(is_removed, transaction, CHANGING).await
}

async fn note_change(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: &CollectionRow,
    action: &str,
) -> Result<()> {
    note(transaction, by, &row.organization_id, action, &row.id).await
}

/// Puts a session into a collection. One that is in it already is no change. The caller knows that
/// the collection is one of the organization.
///
/// # Errors
/// When the database fails.
pub async fn add(db: &Db, by: &Actor, row: CollectedRow) -> Result<Added> {
    // With the removal of the collection in turn, no session stays in one that is gone.
    let transaction = begin(db, &row.organization_id).await?;
    let added = add_in(&transaction, by, row).await?;
    added.end(transaction, CHANGING).await
}

async fn add_in(transaction: &DatabaseTransaction, by: &Actor, row: CollectedRow) -> Result<Added> {
    let (organization, session) = (&row.organization_id, &row.session_id);
    let collection = Entity::find_by_id(row.collection_id.as_str())
        .filter(Column::OrganizationId.eq(organization))
        .count(transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    let is_there =
        collection > 0 && hold_session(transaction, organization, session, Needs::Session).await?;
    if !is_there {
        return Ok(Added::Unknown);
    }
    let others = InCollections::find()
        .filter(InColumn::CollectionId.eq(&row.collection_id))
        .filter(InColumn::SessionId.ne(session))
        .count(transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if others >= MAX_SESSIONS {
        return Ok(Added::TooMany);
    }
    let once = OnConflict::columns([InColumn::CollectionId, InColumn::SessionId])
        .do_nothing()
        .to_owned();
    let added = InCollections::insert(row.clone().into_active_model())
        .on_conflict(once)
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if added > 0 {
        // Like an entry about a tag, it names the session.
        let action = "collection.session_added";
        note(transaction, by, organization, action, session).await?;
    }
    Ok(Added::Done)
}

/// Takes a session out of a collection; false when it is not in it.
///
/// # Errors
/// When the database fails.
pub async fn take_out(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    collection: &str,
    session: &str,
) -> Result<bool> {
    let transaction = db.begin(CHANGING).await?;
    let removed = InCollections::delete_many()
        .filter(InColumn::OrganizationId.eq(organization.as_str()))
        .filter(InColumn::CollectionId.eq(collection))
        .filter(InColumn::SessionId.eq(session))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    let is_removed = removed.rows_affected > 0;
    if is_removed {
        let (organization, action) = (organization.as_str(), "collection.session_removed");
        note(&transaction, by, organization, action, session).await?;
    }
    commit_if(is_removed, transaction, CHANGING).await
}
