//! Cohorts: named conditions over people. Names of one owner are unique. Each change writes its audit
//! entry in its own transaction.

use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::{OrganizationId, Timestamp};

use crate::audit_log::{Actor, audit};
use crate::connection::{Db, commit_if};
use crate::entity::cohorts::{Column, Entity};
use crate::error::{Error, Result};
use crate::owned::{self, Owned};

pub use crate::entity::cohorts::Model as CohortRow;
pub use crate::owned::Saved;

#[cfg(test)]
mod tests;

const SAVING: &str = "saving a cohort";
const CHANGING: &str = "changing a cohort";
const REMOVING: &str = "removing a cohort";
/// The most that are listed. A definition has at most 16 KiB.
const MAX_LISTED: u64 = 1_000;

const COHORTS: Owned<Entity> = Owned {
    id: Column::Id,
    organization: Column::OrganizationId,
    owner: Column::OwnerId,
    is_shared: Column::IsShared,
};

/// What somebody sees: their own cohorts, and then those that others share. Each by name, together at
/// most 1,000.
pub async fn list(db: &Db, organization: &OrganizationId, owner: &str) -> Result<Vec<CohortRow>> {
    Entity::find()
        .filter(COHORTS.seen_by(organization, owner))
        .order_by_desc(Column::OwnerId.eq(owner))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(MAX_LISTED)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing cohorts"))
}

/// A cohort of an organization.
pub async fn find(db: &Db, organization: &OrganizationId, id: &str) -> Result<Option<CohortRow>> {
    Entity::find_by_id(id.to_owned())
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading a cohort"))
}

/// Stores a cohort, unless its owner has `most`. New cohorts of one owner wait for each other.
pub async fn insert(db: &Db, by: &Actor, row: CohortRow, most: u64) -> Result<Saved> {
    let transaction = db.begin_in_turn(SAVING, turn_of(&row)).await?;
    let saved = insert_in(&transaction, by, row, most)
        .await
        .map_err(Error::sql(SAVING))?;
    commit_if(saved == Saved::Done, transaction, SAVING).await?;
    Ok(saved)
}

/// Whatever gives a cohort of this owner a name waits for this.
fn turn_of(row: &CohortRow) -> String {
    format!("cohorts of {} in {}", row.owner_id, row.organization_id)
}

async fn insert_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: CohortRow,
    most: u64,
) -> std::result::Result<Saved, DbErr> {
    let saved = COHORTS
        .insert(transaction, row.clone(), &[Column::Name], most)
        .await?;
    if saved == Saved::Done {
        note(transaction, by, &row, "cohort.created").await?;
        if row.is_shared {
            note(transaction, by, &row, "cohort.shared").await?;
        }
    }
    Ok(saved)
}

/// A change of a cohort. What is `None` stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// JSON.
    pub definition: Option<&'a str>,
    /// Whether it is in everybody's list.
    pub is_shared: Option<bool>,
}

/// What became of a change.
pub type Changed = owned::Changed<CohortRow>;

/// Changes what is given, and leaves alone what others may be changing. Waits for what gives another
/// cohort of its owner a name.
pub async fn change(
    db: &Db,
    by: &Actor,
    row: &CohortRow,
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
    row: &CohortRow,
    change: Change<'_>,
    now: Timestamp,
) -> std::result::Result<Changed, DbErr> {
    let stored = Entity::find().filter(COHORTS.this(row));
    let Some(before) = stored.one(transaction).await? else {
        return Ok(Changed::Gone);
    };
    let after = CohortRow {
        name: change.name.unwrap_or(&before.name).to_owned(),
        definition: change.definition.unwrap_or(&before.definition).to_owned(),
        is_shared: change.is_shared.unwrap_or(before.is_shared),
        updated_at: now.0,
        ..before
    };
    let changed = COHORTS.replace(transaction, after, &[Column::Name]).await?;
    if let Changed::Done(after) = &changed {
        if change.name.is_some() || change.definition.is_some() {
            note(transaction, by, after, "cohort.changed").await?;
        }
        match (before.is_shared, after.is_shared) {
            (false, true) => note(transaction, by, after, "cohort.shared").await?,
            (true, false) => note(transaction, by, after, "cohort.unshared").await?,
            (true, true) | (false, false) => {}
        }
    }
    Ok(changed)
}

/// Removes a cohort; false when there is none with this id.
pub async fn remove(db: &Db, by: &Actor, row: &CohortRow) -> Result<bool> {
    let transaction = db.begin(REMOVING).await?;
    let removed = Entity::delete_many()
        .filter(COHORTS.this(row))
        .exec(&transaction)
        .await
        .map_err(Error::sql(REMOVING))?;
    let is_removed = removed.rows_affected > 0;
    if is_removed {
        note(&transaction, by, row, "cohort.removed")
            .await
            .map_err(Error::sql(REMOVING))?;
    }
    commit_if(is_removed, transaction, REMOVING).await
}

async fn note(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: &CohortRow,
    action: &str,
) -> std::result::Result<(), DbErr> {
    let (organization, now) = (&row.organization_id, Timestamp::now());
    audit(transaction, by, organization, action, &row.id, now).await
}
