//! What the read API asks for.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crow_types::{ContentHash, OrganizationId, Timestamp, UrlHash};

use crate::connection::Db;
use crate::entity::{asset_refs, asset_versions};
use crate::error::{Error, Result};

pub use crate::entity::asset_versions::Model as VersionRow;

/// The version that each address had at a moment: the newest one that was known then, else the oldest one.
pub async fn versions_at(
    db: &Db,
    organization: &OrganizationId,
    urls: &[UrlHash],
    at: Timestamp,
) -> Result<HashMap<UrlHash, VersionRow>> {
    let mut found = HashMap::new();
    for urls in urls.chunks(500) {
        // From the oldest to the newest.
        let rows = asset_versions::Entity::find()
            .filter(asset_versions::Column::OrganizationId.eq(organization.as_str()))
            .filter(asset_versions::Column::UrlHash.is_in(urls.iter().map(|url| url.0.to_vec())))
            .order_by_asc(asset_versions::Column::UrlHash)
            .order_by_asc(asset_versions::Column::FirstSeenAt)
            .all(&db.read)
            .await
            .map_err(Error::sql("looking up assets"))?;
        for row in rows {
            let Some(url) = UrlHash::from_bytes(&row.url_hash) else {
                continue;
            };
            if row.first_seen_at <= at.0 {
                found.insert(url, row);
            } else {
                found.entry(url).or_insert(row);
            }
        }
    }
    Ok(found)
}

/// Any version with these bytes.
pub async fn content(
    db: &Db,
    organization: &OrganizationId,
    content: ContentHash,
) -> Result<Option<VersionRow>> {
    asset_versions::Entity::find()
        .filter(asset_versions::Column::OrganizationId.eq(organization.as_str()))
        .filter(asset_versions::Column::ContentHash.eq(content.0.to_vec()))
        .one(&db.read)
        .await
        .map_err(Error::sql("looking up an asset"))
}

/// The most versions with the same bytes that are looked at.
const MAX_SAME: u64 = 200;

/// The versions with these bytes, at most 200: the same bytes may be known under several addresses.
///
/// # Errors
/// When the database fails.
pub async fn versions_of(
    db: &Db,
    organization: &OrganizationId,
    content: ContentHash,
) -> Result<Vec<VersionRow>> {
    asset_versions::Entity::find()
        .filter(asset_versions::Column::OrganizationId.eq(organization.as_str()))
        .filter(asset_versions::Column::ContentHash.eq(content.0.to_vec()))
        .limit(MAX_SAME)
        .all(&db.read)
        .await
        .map_err(Error::sql("looking up an asset"))
}

/// The addresses that a session has shown, as [`UrlHash::short`]; by the SDK's session id, so those of
/// all generations. A report that comes again is not stored, so its time cannot tell them apart.
///
/// # Errors
/// When the database fails.
pub async fn shown_by(
    db: &Db,
    organization: &OrganizationId,
    session_id: &str,
) -> Result<BTreeSet<[u8; 8]>> {
    let reports: Vec<Vec<u8>> = asset_refs::Entity::find()
        .select_only()
        .column(asset_refs::Column::Urls)
        .filter(asset_refs::Column::OrganizationId.eq(organization.as_str()))
        .filter(asset_refs::Column::SessionId.eq(session_id))
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("reading the assets of a session"))?;
    let shorts = reports.iter().flat_map(|urls| urls.as_chunks::<8>().0);
    Ok(shorts.copied().collect())
}
