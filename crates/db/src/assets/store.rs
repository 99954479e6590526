//! An upload. The object comes first, the row second:
//!
//! 1. [`store`] without an object: the bytes may be known already.
//! 2. When they are not: the key is noted for the sweeper ([`crate::archive::note`]), and the object written.
//! 3. [`store`] with the object takes the note back and adds the version, in one transaction.
//!
//! All of it may run twice. A crash before 3 leaves a note, and the sweeper removes the object after an hour.

use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, Set,
};

use crow_types::{ContentHash, OrganizationId, Timestamp, UrlHash};

use crate::connection::Db;
use crate::entity::{asset_urls, asset_versions, object_garbage};
use crate::error::{Error, Result};
use crate::garbage::SWEEPING;

/// Bytes that were found at an address.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The tenant.
    pub organization: OrganizationId,
    /// Names the address.
    pub url: UrlHash,
    /// Names the bytes.
    pub content: ContentHash,
    /// MIME type, as found out from the bytes.
    pub mime_type: &'static str,
    /// How many they are.
    pub length: u64,
}

/// How an upload ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is a new version.
    Stored,
    /// The newest version has these bytes.
    Same,
    /// Nobody asked for the address, or it was uploaded a short time ago.
    NotWanted,
    /// Nothing was written: the bytes are not known, and have to be written first.
    NeedsObject,
    /// Nothing was written: the sweeper has begun to remove the object.
    Swept,
}

/// Whether an upload would be looked at: the address is asked for.
pub async fn is_asked_for(db: &Db, organization: &OrganizationId, url: UrlHash) -> Result<bool> {
    let row = asset_urls::Entity::find_by_id((organization.as_str().to_owned(), url.0.to_vec()))
        .one(&db.read)
        .await
        .map_err(Error::sql("looking up an address"))?;
    Ok(row.is_some())
}

/// Bytes of all assets of an organization.
pub async fn used_bytes(db: &Db, organization: &OrganizationId) -> Result<u64> {
    let lengths: Vec<i64> = asset_versions::Entity::find()
        .select_only()
        .column(asset_versions::Column::ByteLength)
        .filter(asset_versions::Column::OrganizationId.eq(organization.as_str()))
        .group_by(asset_versions::Column::ContentHash)
        .group_by(asset_versions::Column::ByteLength)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("adding up the bytes of assets"))?;
    let bytes = |length: i64| u64::try_from(length).unwrap_or_default();
    Ok(lengths.into_iter().map(bytes).sum())
}

/// Stores an upload. An address is wanted when it was never uploaded, or not within `refresh` milliseconds.
/// `object` is the key under which the bytes were written, and which was noted before.
pub async fn store(
    db: &Db,
    upload: &Upload,
    object: Option<&str>,
    refresh: i64,
    now: Timestamp,
) -> Result<Outcome> {
    let transaction = db.begin("beginning an upload").await?;
    let outcome = attempt(&transaction, upload, object, refresh, now).await?;
    let is_change = matches!(outcome, Outcome::Stored | Outcome::Same);
    let ended = if is_change {
        transaction.commit().await
    } else {
        transaction.rollback().await
    };
    ended.map_err(Error::sql("ending an upload"))?;
    Ok(outcome)
}

async fn attempt(
    transaction: &DatabaseTransaction,
    upload: &Upload,
    object: Option<&str>,
    refresh: i64,
    now: Timestamp,
) -> Result<Outcome> {
    // First of all, since it locks the address: uploads of it come one after the other, and the sweeper
    // comes before or after.
    let is_wanted = claim(transaction, upload, refresh, now).await?;
    let newest = newest_content(transaction, upload).await?;
    if newest == Some(upload.content) {
        return Ok(Outcome::Same);
    }
    if !is_wanted {
        return Ok(Outcome::NotWanted);
    }
    let key = match (known_object(transaction, upload).await?, object) {
        (Some(known), _) => known,
        (None, None) => return Ok(Outcome::NeedsObject),
        (None, Some(key)) if take_back(transaction, key).await? => key.to_owned(),
        (None, Some(_)) => return Ok(Outcome::Swept),
    };
    add_version(transaction, upload, key, now).await?;
    Ok(Outcome::Stored)
}

/// Says that the address was looked at now, if that is due.
async fn claim(
    transaction: &DatabaseTransaction,
    upload: &Upload,
    refresh: i64,
    now: Timestamp,
) -> Result<bool> {
    let is_due = Condition::any()
        .add(asset_urls::Column::CheckedAt.is_null())
        .add(asset_urls::Column::CheckedAt.lte(now.0.saturating_sub(refresh)));
    let outcome = asset_urls::Entity::update_many()
        .col_expr(asset_urls::Column::CheckedAt, Expr::value(now.0))
        .filter(asset_urls::Column::OrganizationId.eq(upload.organization.as_str()))
        .filter(asset_urls::Column::UrlHash.eq(upload.url.0.to_vec()))
        .filter(is_due)
        .exec(transaction)
        .await
        .map_err(Error::sql("claiming an address"))?;
    Ok(outcome.rows_affected == 1)
}

#[derive(FromQueryResult)]
struct Content {
    content_hash: Vec<u8>,
}

async fn newest_content(
    connection: &impl ConnectionTrait,
    upload: &Upload,
) -> Result<Option<ContentHash>> {
    let row = asset_versions::Entity::find()
        .select_only()
        .column(asset_versions::Column::ContentHash)
        .filter(asset_versions::Column::OrganizationId.eq(upload.organization.as_str()))
        .filter(asset_versions::Column::UrlHash.eq(upload.url.0.to_vec()))
        .order_by_desc(asset_versions::Column::FirstSeenAt)
        .into_model::<Content>()
        .one(connection)
        .await
        .map_err(Error::sql("looking up the newest version"))?;
    Ok(row.and_then(|row| ContentHash::from_bytes(&row.content_hash)))
}

/// The object with these bytes. Its row is locked: the sweeper cannot remove the last row of the object
/// before this upload has added one.
async fn known_object(
    transaction: &DatabaseTransaction,
    upload: &Upload,
) -> Result<Option<String>> {
    let row = asset_versions::Entity::find()
        .filter(asset_versions::Column::OrganizationId.eq(upload.organization.as_str()))
        .filter(asset_versions::Column::ContentHash.eq(upload.content.0.to_vec()))
        .lock_exclusive()
        .one(transaction)
        .await
        .map_err(Error::sql("looking for the same bytes"))?;
    Ok(row.map(|row| row.object_key))
}

/// False: the sweeper has begun to remove the object.
async fn take_back(transaction: &DatabaseTransaction, key: &str) -> Result<bool> {
    let outcome = object_garbage::Entity::delete_many()
        .filter(object_garbage::Column::R2Key.eq(key))
        .filter(object_garbage::Column::Since.ne(SWEEPING))
        .exec(transaction)
        .await
        .map_err(Error::sql("taking back the note of an asset"))?;
    Ok(outcome.rows_affected == 1)
}

async fn add_version(
    transaction: &DatabaseTransaction,
    upload: &Upload,
    key: String,
    now: Timestamp,
) -> Result<()> {
    let row = asset_versions::ActiveModel {
        organization_id: Set(upload.organization.as_str().to_owned()),
        url_hash: Set(upload.url.0.to_vec()),
        first_seen_at: Set(now.0),
        content_hash: Set(upload.content.0.to_vec()),
        object_key: Set(key),
        mime_type: Set(upload.mime_type.to_owned()),
        byte_length: Set(i64::try_from(upload.length).unwrap_or(i64::MAX)),
    };
    asset_versions::Entity::insert(row)
        .exec_without_returning(transaction)
        .await
        .map(drop)
        .map_err(Error::sql("adding a version of an asset"))
}
