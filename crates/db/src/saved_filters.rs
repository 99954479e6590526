//! Filters with names. On each page, names of one owner are unique. Each change writes its audit entry in
//! its own transaction.

use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::{OrganizationId, Timestamp};

use crate::audit_log::{Actor, audit};
use crate::connection::{Db, commit_if};
use crate::entity::saved_filters::{Column, Entity};
use crate::error::{Error, Result};
use crate::owned::{self, Owned};

pub use crate::entity::saved_filters::Model as SavedFilterRow;
pub use crate::owned::Saved;

#[cfg(test)]
mod tests;

const SAVING: &str = "saving a filter";
const CHANGING: &str = "changing a saved filter";
const REMOVING: &str = "removing a saved filter";
/// The most that are listed.
const MAX_LISTED: u64 = 1_000;

const FILTERS: Owned<Entity> = Owned {
    id: Column::Id,
    organization: Column::OrganizationId,
    owner: Column::OwnerId,
    is_shared: Column::IsShared,
};
/// What names a filter of an owner.
const NAME: [Column; 2] = [Column::Page, Column::Name];

/// What somebody sees: their own filters, and those that others share. By name,
/// at most 1,000.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    owner: &str,
) -> Result<Vec<SavedFilterRow>> {
    Entity::find()
        .filter(FILTERS.seen_by(organization, owner))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(MAX_LISTED)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing saved filters"))
}

/// A filter of an organization.
pub async fn find(
    db: &Db,
    organization: &OrganizationId,
    id: &str,
) -> Result<Option<SavedFilterRow>> {
    Entity::find_by_id(id.to_owned())
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading a saved filter"))
}

/// Stores a filter, unless its owner has `most`. New filters of one owner wait for each other.
pub async fn insert(db: &Db, by: &Actor, row: SavedFilterRow, most: u64) -> Result<Saved> {
    let transaction = db.begin_in_turn(SAVING, turn_of(&row)).await?;
    let saved = insert_in(&transaction, by, row, most)
        .await
        .map_err(Error::sql(SAVING))?;
    commit_if(saved == Saved::Done, transaction, SAVING).await?;
    Ok(saved)
}

async fn insert_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: SavedFilterRow,
    most: u64,
) -> std::result::Result<Saved, DbErr> {
    let saved = FILTERS
        .insert(transaction, row.clone(), &NAME, most)
        .await?;
    if saved == Saved::Done {
        note(transaction, by, &row, "saved_filter.created").await?;
        if row.is_shared {
            note(transaction, by, &row, "saved_filter.shared").await?;
        }
    }
    Ok(saved)
}

/// Whatever gives a filter of this owner a name waits for this.
fn turn_of(row: &SavedFilterRow) -> String {
    format!(
        "saved filters of {} in {}",
        row.owner_id, row.organization_id
    )
}

/// A change of a filter. What is `None` stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// The parameters of its page.
    pub query: Option<&'a str>,
    /// Whether everybody sees it.
    pub is_shared: Option<bool>,
}

/// What became of a change.
pub type Changed = owned::Changed<SavedFilterRow>;

/// Changes what is given, and leaves alone what others may be changing. Waits for what gives another
/// filter of its owner a name.
pub async fn change(
    db: &Db,
    by: &Actor,
    row: &SavedFilterRow,
    change: Change<'_>,
    now: Timestamp,
) -> Result<Changed> {
    let transaction = db.begin_in_turn(CHANGING, turn_of(row)).await?;
    let changed = change_in(&transaction, by, row, change, now)
        .await
        .map_err(Error::sql(CHANGING))?;
    let is_done = matches!(changed, Changed::Done(_));
    commit_if(is_done, transaction, CHANGING).await?;
    Ok(changed)
}

async fn change_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: &SavedFilterRow,
    change: Change<'_>,
    now: Timestamp,
) -> std::result::Result<Changed, DbErr> {
    let stored = Entity::find().filter(FILTERS.this(row));
    let Some(before) = stored.one(transaction).await? else {
        return Ok(Changed::Gone);
    };
    let after = SavedFilterRow {
        name: change.name.unwrap_or(&before.name).to_owned(),
        query: change.query.unwrap_or(&before.query).to_owned(),
        is_shared: change.is_shared.unwrap_or(before.is_shared),
        updated_at: now.0,
        ..before
    };
    let changed = FILTERS.replace(transaction, after, &NAME).await?;
    if let Changed::Done(after) = &changed {
        if change.name.is_some() || change.query.is_some() {
            note(transaction, by, after, "saved_filter.changed").await?;
        }
        match (before.is_shared, after.is_shared) {
            (false, true) => note(transaction, by, after, "saved_filter.shared").await?,
            (true, false) => note(transaction, by, after, "saved_filter.unshared").await?,
            (true, true) | (false, false) => {}
        }
    }
    Ok(changed)
}

/// Removes a filter; false when there is none with this id.
pub async fn remove(db: &Db, by: &Actor, row: &SavedFilterRow) -> Result<bool> {
    let transaction = db.begin(REMOVING).await?;
    let removed = Entity::delete_many()
        .filter(FILTERS.this(row))
        .exec(&transaction)
        .await
        .map_err(Error::sql(REMOVING))?;
    let is_removed = removed.rows_affected > 0;
    if is_removed {
        note(&transaction, by, row, "saved_filter.removed")
            .await
            .map_err(Error::sql(REMOVING))?;
    }
    commit_if(is_removed, transaction, REMOVING).await
}

async fn note(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: &SavedFilterRow,
    action: &str,
) -> std::result::Result<(), DbErr> {
    let (organization, now) = (&row.organization_id, Timestamp::now());
    audit(transaction, by, organization, action, &row.id, now).await
}
