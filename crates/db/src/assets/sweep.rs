//! What no session needs any more.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crow_types::{Timestamp, UrlHash};

use crate::archive::insert_garbage;
use crate::connection::Db;
use crate::entity::{asset_refs, asset_urls, asset_versions, asset_witnesses, sessions};
use crate::error::{Error, Result};

/// An address that no session has shown for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleUrl {
    /// The tenant.
    pub organization_id: String,
    /// Names the address.
    pub hash: UrlHash,
}

/// What a session has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ref {
    /// The place of the row, in the order of the table.
    pub key: RefKey,
    /// First halves of [`UrlHash`]es.
    pub urls: Vec<u8>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Whether there is any visit of the session.
    pub has_session: bool,
}

/// Names a row of `asset_refs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefKey {
    /// The tenant.
    pub organization_id: String,
    /// The session.
    pub session_id: String,
    /// The report.
    pub part: i64,
}

/// Addresses that were last shown at or before `at`, the oldest first.
pub async fn stale_urls(db: &Db, at: Timestamp, limit: u64) -> Result<Vec<StaleUrl>> {
    let rows: Vec<(String, Vec<u8>)> = asset_urls::Entity::find()
        .select_only()
        .column(asset_urls::Column::OrganizationId)
        .column(asset_urls::Column::UrlHash)
        .filter(asset_urls::Column::ShownAt.lte(at.0))
        .order_by_asc(asset_urls::Column::ShownAt)
        .limit(limit)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("looking for stale assets"))?;
    let stale = |(organization_id, hash): (String, Vec<u8>)| {
        Some(StaleUrl {
            organization_id,
            hash: UrlHash::from_bytes(&hash)?,
        })
    };
    Ok(rows.into_iter().filter_map(stale).collect())
}

/// What sessions have shown, from the first row after `after`.
pub async fn refs(db: &Db, after: Option<&RefKey>, limit: u64) -> Result<Vec<Ref>> {
    let session = Query::select()
        .expr(Expr::val(1))
        .from(sessions::Entity)
        .and_where(
            Expr::col((sessions::Entity, sessions::Column::OrganizationId))
                .equals((asset_refs::Entity, asset_refs::Column::OrganizationId)),
        )
        .and_where(
            Expr::col((sessions::Entity, sessions::Column::SessionId))
                .equals((asset_refs::Entity, asset_refs::Column::SessionId)),
        )
        .take();
    let place = after.map(|key| {
        Expr::tuple([
            Expr::col(asset_refs::Column::OrganizationId),
            Expr::col(asset_refs::Column::SessionId),
            Expr::col(asset_refs::Column::Part),
        ])
        .gt(Expr::tuple([
            Expr::val(key.organization_id.as_str()),
            Expr::val(key.session_id.as_str()),
            Expr::val(key.part),
        ]))
    });
    let rows: Vec<(String, String, i64, Vec<u8>, i64, bool)> = asset_refs::Entity::find()
        .select_only()
        .column(asset_refs::Column::OrganizationId)
        .column(asset_refs::Column::SessionId)
        .column(asset_refs::Column::Part)
        .column(asset_refs::Column::Urls)
        .column(asset_refs::Column::CreatedAt)
        .column_as(Expr::exists(session), "has_session")
        .filter(Condition::all().add_option(place))
        .order_by_asc(asset_refs::Column::OrganizationId)
        .order_by_asc(asset_refs::Column::SessionId)
        .order_by_asc(asset_refs::Column::Part)
        .limit(limit)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("reading what sessions have shown"))?;
    let row = |(organization_id, session_id, part, urls, created_at, has_session)| Ref {
        key: RefKey {
            organization_id,
            session_id,
            part,
        },
        urls,
        created_at,
        has_session,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Removes what sessions have shown that are gone.
pub async fn remove_refs(db: &Db, keys: &[RefKey]) -> Result<()> {
    for keys in keys.chunks(200) {
        let these = keys.iter().map(|key| {
            Condition::all()
                .add(asset_refs::Column::OrganizationId.eq(key.organization_id.as_str()))
                .add(asset_refs::Column::SessionId.eq(key.session_id.as_str()))
                .add(asset_refs::Column::Part.eq(key.part))
        });
        asset_refs::Entity::delete_many()
            .filter(these.fold(Condition::any(), Condition::add))
            .exec(&db.write)
            .await
            .map_err(Error::sql("removing what sessions have shown"))?;
    }
    Ok(())
}

/// Removes an address with all its versions, unless a session has shown it after `at`. Their objects are
/// noted for the sweeper, which looks whether another address needs them. False: nothing was removed.
pub async fn remove(db: &Db, stale: &StaleUrl, at: Timestamp) -> Result<bool> {
    let organization = stale.organization_id.as_str();
    let hash = stale.hash.0.to_vec();
    let transaction = db.begin("beginning to remove an asset").await?;
    // First of all: it waits for a report or an upload that holds the row, and looks again.
    let outcome = asset_urls::Entity::delete_many()
        .filter(asset_urls::Column::OrganizationId.eq(organization))
        .filter(asset_urls::Column::UrlHash.eq(hash.clone()))
        .filter(asset_urls::Column::ShownAt.lte(at.0))
        .exec(&transaction)
        .await
        .map_err(Error::sql("removing an address"))?;
    let is_removed = outcome.rows_affected == 1;
    if is_removed {
        let versions = Condition::all()
            .add(asset_versions::Column::OrganizationId.eq(organization))
            .add(asset_versions::Column::UrlHash.eq(hash));
        let keys: Vec<String> = asset_versions::Entity::find()
            .select_only()
            .column(asset_versions::Column::ObjectKey)
            .filter(versions.clone())
            .into_tuple()
            .all(&transaction)
            .await
            .map_err(Error::sql("looking for objects of an asset"))?;
        asset_versions::Entity::delete_many()
            .filter(versions)
            .exec(&transaction)
            .await
            .map_err(Error::sql("removing versions of an asset"))?;
        let keys: std::collections::BTreeSet<&str> = keys.iter().map(String::as_str).collect();
        let keys: Vec<&str> = keys.into_iter().collect();
        insert_garbage(&transaction, &keys).await?;
    }
    transaction
        .commit()
        .await
        .map_err(Error::sql("committing the removal of an asset"))?;
    Ok(is_removed)
}

/// Forgets sessions that showed an address at or before `at`, when too few others did.
pub async fn remove_witnesses(db: &Db, at: Timestamp) -> Result<u64> {
    let outcome = asset_witnesses::Entity::delete_many()
        .filter(asset_witnesses::Column::ShownAt.lte(at.0))
        .exec(&db.write)
        .await
        .map_err(Error::sql("forgetting witnesses of assets"))?;
    Ok(outcome.rows_affected)
}
