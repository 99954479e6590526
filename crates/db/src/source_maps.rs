//! Source maps: which there are, and where their objects are. The object comes first, the row second:
//!
//! 1. [`store`] without an object: the same map may be stored already.
//! 2. If it is not: the key is noted for the sweeper ([`crate::archive::note`]), and the object written.
//! 3. [`store`] with the object takes the note back and adds the row, in one transaction.
//!
//! All of it may run twice. A crash before 3 leaves a note, and the sweeper removes the object after an
//! hour. A row that goes leaves a note, too: the object goes if no other row names it.
//!
//! Maps of the newest releases are kept: an upload removes those of the oldest ones. Each upload, each
//! removal and each release that goes is in the audit log.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use ulid::Ulid;

use crow_types::{ContentHash, OrganizationId, Timestamp};

use crate::archive::insert_garbage;
use crate::audit_log::{self, Actor, Entry, Outcome as Audited};
use crate::connection::Db;
use crate::entity::object_garbage;
use crate::entity::source_maps::{Column, Entity};
use crate::error::{Error, Result};
use crate::garbage::SWEEPING;

pub use crate::entity::source_maps::Model as SourceMapRow;

#[cfg(test)]
mod tests;

const STORING: &str = "storing a source map";
const REMOVING: &str = "removing source maps";
const READING: &str = "reading source maps";

/// Source maps of one organization.
pub const MOST: u64 = 50_000;

/// A map to store.
#[derive(Debug, Clone)]
pub struct NewMap {
    /// The tenant.
    pub organization: OrganizationId,
    /// The version of the page.
    pub release: String,
    /// The path of the script's address.
    pub path: String,
    /// Names script and map by their content; empty: unknown.
    pub debug_id: String,
    /// Names the map.
    pub content: ContentHash,
    /// Bytes of the map.
    pub length: u64,
}

/// Where a page of maps ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceMapKey {
    /// Ids are in the order of time.
    pub id: String,
}

/// An object that was noted and then written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its key.
    pub key: String,
    /// Its bytes.
    pub length: u64,
}

/// How an upload ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// There is a new row.
    Stored(SourceMapRow),
    /// The row of the same script has this map already.
    Same(SourceMapRow),
    /// Nothing was written: the map is not known, and has to be written first.
    NeedsObject,
    /// Nothing was written: the sweeper has begun to remove the object.
    Swept,
    /// Nothing was written: the organization has [`MOST`] maps.
    Full,
}

/// Stores a map, in place of one of the same release and path. Then removes those of all but the
/// `releases` newest releases.
///
/// # Errors
/// When the database fails.
pub async fn store(
    db: &Db,
    by: &Actor,
    map: &NewMap,
    object: Option<&Written>,
    releases: u64,
) -> Result<Outcome> {
    let transaction = begin(db, &map.organization, STORING).await?;
    let outcome = attempt(&transaction, by, map, object, releases).await?;
    let ended = match outcome {
        Outcome::Stored(_) => transaction.commit().await,
        Outcome::Same(_) | Outcome::NeedsObject | Outcome::Swept | Outcome::Full => {
            transaction.rollback().await
        }
    };
    ended.map_err(Error::sql(STORING))?;
    Ok(outcome)
}

/// Changes of one organization wait for each other.
async fn begin(
    db: &Db,
    organization: &OrganizationId,
    doing: &'static str,
) -> Result<DatabaseTransaction> {
    let name = format!("source maps of {}", organization.as_str());
    db.begin_in_turn(doing, name).await
}

async fn attempt(
    transaction: &DatabaseTransaction,
    by: &Actor,
    map: &NewMap,
    object: Option<&Written>,
    releases: u64,
) -> Result<Outcome> {
    let organization = map.organization.as_str();
    let of_script = Condition::all()
        .add(Column::AppRelease.eq(&map.release))
        .add(Column::Path.eq(&map.path));
    let before = one(transaction, organization, of_script).await?;
    if let Some(row) = &before
        && row.content_hash == map.content.0
        && row.debug_id == map.debug_id
    {
        return Ok(Outcome::Same(row.clone()));
    }
    // A row of the same content cannot go before this transaction has ended, nor can its object.
    let of_content = Condition::all().add(Column::ContentHash.eq(map.content.0.to_vec()));
    let object = match (one(transaction, organization, of_content).await?, object) {
        (Some(known), _) => Written {
            key: known.object_key,
            length: u64::try_from(known.stored_length).unwrap_or_default(),
        },
        (None, None) => return Ok(Outcome::NeedsObject),
        (None, Some(new)) if take_back(transaction, &new.key).await? => new.clone(),
        (None, Some(_)) => return Ok(Outcome::Swept),
    };
    match &before {
        Some(before) => remove_rows(transaction, std::slice::from_ref(before)).await?,
        None if count(transaction, organization).await? >= MOST => return Ok(Outcome::Full),
        None => {}
    }
    let now = Timestamp::now();
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = SourceMapRow {
        id: next_id(transaction, organization).await?,
        organization_id: organization.to_owned(),
        app_release: map.release.clone(),
        path: map.path.clone(),
        debug_id: map.debug_id.clone(),
        content_hash: map.content.0.to_vec(),
        object_key: object.key,
        byte_length: signed(map.length),
        stored_length: signed(object.length),
        uploaded_at: now.0,
        uploaded_kind: by.kind.to_owned(),
        uploaded_by: by.id.clone(),
    };
    Entity::insert(row.clone().into_active_model())
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql(STORING))?;
    let subject = format!("{} {}", row.app_release, row.path);
    note(
        transaction,
        by,
        organization,
        "source_map.uploaded",
        &subject,
    )
    .await?;
    remove_old_releases(transaction, organization, releases).await?;
    Ok(Outcome::Stored(row))
}

/// An id after all others of the organization: ids tell what is newest, also within a millisecond.
async fn next_id(transaction: &DatabaseTransaction, organization: &str) -> Result<String> {
    let newest: Option<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization))
        .order_by_desc(Column::Id)
        .into_tuple()
        .one(transaction)
        .await
        .map_err(Error::sql(STORING))?;
    let made = Ulid::new();
    let newest = newest.and_then(|text| Ulid::from_string(&text).ok());
    let after = newest.filter(|newest| *newest >= made);
    let id = after.and_then(|newest| newest.increment()).unwrap_or(made);
    Ok(id.to_string())
}

async fn one(
    transaction: &DatabaseTransaction,
    organization: &str,
    which: Condition,
) -> Result<Option<SourceMapRow>> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(which)
        .lock_exclusive()
        .one(transaction)
        .await
        .map_err(Error::row(STORING))
}

async fn count(transaction: &DatabaseTransaction, organization: &str) -> Result<u64> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .count(transaction)
        .await
        .map_err(Error::sql(STORING))
}

/// False: the sweeper has begun to remove the object.
async fn take_back(transaction: &DatabaseTransaction, key: &str) -> Result<bool> {
    let outcome = object_garbage::Entity::delete_many()
        .filter(object_garbage::Column::R2Key.eq(key))
        .filter(object_garbage::Column::Since.ne(SWEEPING))
        .exec(transaction)
        .await
        .map_err(Error::sql(STORING))?;
    Ok(outcome.rows_affected == 1)
}

/// Removes rows, and notes their objects.
async fn remove_rows(transaction: &DatabaseTransaction, rows: &[SourceMapRow]) -> Result<()> {
    for rows in rows.chunks(500) {
        Entity::delete_many()
            .filter(Column::Id.is_in(rows.iter().map(|row| row.id.as_str())))
            .exec(transaction)
            .await
            .map_err(Error::sql(REMOVING))?;
        let keys: BTreeSet<&str> = rows.iter().map(|row| row.object_key.as_str()).collect();
        let keys: Vec<&str> = keys.into_iter().collect();
        insert_garbage(transaction, &keys).await?;
    }
    Ok(())
}

/// The newest release is the one that something was uploaded for last.
async fn remove_old_releases(
    transaction: &DatabaseTransaction,
    organization: &str,
    kept: u64,
) -> Result<()> {
    let all: Vec<String> = Entity::find()
        .select_only()
        .column(Column::AppRelease)
        .filter(Column::OrganizationId.eq(organization))
        .group_by(Column::AppRelease)
        .order_by_desc(Column::Id.max())
        .into_tuple()
        .all(transaction)
        .await
        .map_err(Error::sql(REMOVING))?;
    let kept = usize::try_from(kept).unwrap_or(usize::MAX).max(1);
    for release in all.iter().skip(kept) {
        let rows = Entity::find()
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::AppRelease.eq(release))
            .all(transaction)
            .await
            .map_err(Error::row(REMOVING))?;
        remove_rows(transaction, &rows).await?;
        let by = Actor::system_named("source maps");
        note(
            transaction,
            &by,
            organization,
            "source_map.release_removed",
            release,
        )
        .await?;
    }
    Ok(())
}

async fn note(
    transaction: &DatabaseTransaction,
    by: &Actor,
    organization: &str,
    action: &str,
    subject: &str,
) -> Result<()> {
    let entry = Entry {
        organization,
        by,
        action,
        subject,
        outcome: Audited::Done,
        at: Timestamp::now(),
    };
    audit_log::append(transaction, entry)
        .await
        .map_err(Error::sql(STORING))
}

/// Removes a map; false: the organization has none with this id.
///
/// # Errors
/// When the database fails.
pub async fn remove(db: &Db, by: &Actor, organization: &OrganizationId, id: &str) -> Result<bool> {
    let transaction = begin(db, organization, REMOVING).await?;
    let which = Condition::all().add(Column::Id.eq(id));
    let Some(row) = one(&transaction, organization.as_str(), which).await? else {
        transaction.rollback().await.map_err(Error::sql(REMOVING))?;
        return Ok(false);
    };
    let subject = format!("{} {}", row.app_release, row.path);
    remove_rows(&transaction, &[row]).await?;
    let of = organization.as_str();
    note(&transaction, by, of, "source_map.removed", &subject).await?;
    transaction.commit().await.map_err(Error::sql(REMOVING))?;
    Ok(true)
}

/// At most `limit` maps that are older than `after`, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    release: Option<&str>,
    after: Option<&SourceMapKey>,
    limit: u64,
) -> Result<Vec<SourceMapRow>> {
    let which = Condition::all()
        .add_option(release.map(|release| Column::AppRelease.eq(release)))
        .add_option(after.map(|after| Column::Id.lt(after.id.as_str())));
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(which)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::row(READING))
}

/// The maps of these debug ids, and those of the release with these paths, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_scripts(
    db: &Db,
    organization: &OrganizationId,
    debug_ids: &[String],
    release: &str,
    paths: &[String],
) -> Result<Vec<SourceMapRow>> {
    let is_named = |column: Column, names: &[String]| -> Option<Expr> {
        (!names.is_empty()).then(|| column.is_in(names.iter().map(String::as_str)))
    };
    let by_path = (!release.is_empty())
        .then(|| is_named(Column::Path, paths))
        .flatten()
        .map(|is_path| Column::AppRelease.eq(release).and(is_path));
    let by_id = is_named(Column::DebugId, debug_ids);
    if by_path.is_none() && by_id.is_none() {
        return Ok(Vec::new());
    }
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Condition::any().add_option(by_path).add_option(by_id))
        .order_by_asc(Column::Id)
        .all(&db.read)
        .await
        .map_err(Error::row(READING))
}
