//! What sessions have shown. Many reports are written in one transaction.

use std::collections::{BTreeMap, HashMap};

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set};
use xxhash_rust::xxh3::xxh3_64;

use crow_types::{AssetUrl, OrganizationId, SessionId, Timestamp, UrlHash};

use super::SHOWN_EVERY;
use crate::connection::Db;
use crate::entity::{asset_refs, asset_urls, asset_witnesses};
use crate::error::{Error, Result};

/// Where the page has an address from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The document: it may be the picture of one person.
    Page,
    /// A style sheet: everybody has it.
    Style,
}

/// An address that a session has shown, and of which nothing is known where it was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Names the address in the organization.
    pub hash: UrlHash,
    /// The address.
    pub url: AssetUrl,
    /// Where the page has it from.
    pub origin: Origin,
}

/// What one batch says.
#[derive(Debug, Clone)]
pub struct Report {
    /// The tenant.
    pub organization: OrganizationId,
    /// The session.
    pub session: SessionId,
    /// All addresses that it has shown.
    pub shown: Vec<UrlHash>,
    /// Those whose standing is asked for.
    pub unknown: Vec<Shown>,
}

/// What is known of an address that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// When its newest version was uploaded; `None`: never.
    pub checked_at: Option<Timestamp>,
}

/// Standings of unknown addresses. One that is not here has too few witnesses.
pub type Standings = HashMap<UrlHash, Standing>;

/// Writes reports down, and answers for their unknown addresses. An address of a page is asked for once
/// `sessions` different sessions have shown it. Reports that come twice change nothing.
pub async fn report(
    db: &Db,
    reports: &[Report],
    sessions: u32,
    now: Timestamp,
) -> Result<Standings> {
    let mut standings = Standings::new();
    if reports.iter().all(|report| report.shown.is_empty()) {
        return Ok(standings);
    }
    // The same order everywhere, so that gateways do not wait for each other in a circle.
    let mut tenants: BTreeMap<&str, Vec<&Report>> = BTreeMap::new();
    for report in reports.iter().filter(|report| !report.shown.is_empty()) {
        let tenant = tenants.entry(report.organization.as_str());
        tenant.or_default().push(report);
    }
    let transaction = db.begin("beginning a report of assets").await?;
    for (organization, reports) in tenants {
        let tenant = Tenant {
            transaction: &transaction,
            organization,
            now,
        };
        tenant.add_refs(&reports).await?;
        tenant.settle(&reports, sessions, &mut standings).await?;
    }
    transaction
        .commit()
        .await
        .map_err(Error::sql("committing a report of assets"))?;
    Ok(standings)
}

/// One organization's part of the transaction.
struct Tenant<'a> {
    transaction: &'a DatabaseTransaction,
    organization: &'a str,
    now: Timestamp,
}

impl Tenant<'_> {
    async fn add_refs(&self, reports: &[&Report]) -> Result<()> {
        let mut rows = BTreeMap::new();
        for report in reports {
            let mut urls: Vec<[u8; 8]> = report.shown.iter().map(|hash| hash.short()).collect();
            urls.sort_unstable();
            urls.dedup();
            let urls = urls.concat();
            let part = xxh3_64(&urls).cast_signed();
            rows.insert((report.session.as_str(), part), urls);
        }
        let rows = rows
            .into_iter()
            .map(|((session, part), urls)| asset_refs::ActiveModel {
                organization_id: Set(self.organization.to_owned()),
                session_id: Set(session.to_owned()),
                part: Set(part),
                urls: Set(urls),
                created_at: Set(self.now.0),
            });
        asset_refs::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(self.transaction)
            .await
            .map(drop)
            .map_err(Error::sql("writing what sessions have shown"))
    }

    async fn settle(
        &self,
        reports: &[&Report],
        sessions: u32,
        standings: &mut Standings,
    ) -> Result<()> {
        let mut unknown: BTreeMap<UrlHash, &Shown> = BTreeMap::new();
        for shown in reports.iter().flat_map(|report| &report.unknown) {
            let known = unknown.entry(shown.hash).or_insert(shown);
            if shown.origin == Origin::Style {
                *known = shown;
            }
        }
        if unknown.is_empty() {
            return Ok(());
        }
        let mut found = self.rows(unknown.keys()).await?;
        let is_new = |shown: &&&Shown| !found.contains_key(&shown.hash);
        let new: Vec<&Shown> = unknown.values().filter(is_new).copied().collect();
        let mut due: BTreeMap<UrlHash, &Shown> = self.accepted(reports, &new, sessions).await?;
        let is_stale = |shown: &&&Shown| {
            let row = found.get(&shown.hash);
            row.is_some_and(|row| row.shown_at <= self.now.0.saturating_sub(SHOWN_EVERY))
        };
        due.extend(
            unknown
                .values()
                .filter(is_stale)
                .map(|shown| (shown.hash, *shown)),
        );
        if !due.is_empty() {
            self.mark(due.values().copied()).await?;
            // Another gateway may have been faster, and the sweeper as well.
            found = self.rows(unknown.keys()).await?;
        }
        standings.extend(found.into_iter().map(|(hash, row)| {
            let checked_at = row.checked_at.map(Timestamp);
            (hash, Standing { checked_at })
        }));
        Ok(())
    }

    async fn rows(
        &self,
        hashes: impl Iterator<Item = &UrlHash>,
    ) -> Result<HashMap<UrlHash, asset_urls::Model>> {
        let rows = asset_urls::Entity::find()
            .filter(asset_urls::Column::OrganizationId.eq(self.organization))
            .filter(asset_urls::Column::UrlHash.is_in(hashes.map(|hash| hash.0.to_vec())))
            .all(self.transaction)
            .await
            .map_err(Error::sql("looking up addresses of assets"))?;
        let pair = |row: asset_urls::Model| Some((UrlHash::from_bytes(&row.url_hash)?, row));
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    /// Which new addresses are asked for from now on.
    async fn accepted<'u>(
        &self,
        reports: &[&Report],
        new: &[&'u Shown],
        sessions: u32,
    ) -> Result<BTreeMap<UrlHash, &'u Shown>> {
        let is_page = |shown: &&&Shown| shown.origin == Origin::Page && sessions > 1;
        let of_pages: Vec<UrlHash> = new.iter().filter(is_page).map(|shown| shown.hash).collect();
        self.add_witnesses(reports, &of_pages).await?;
        let counts = self.count_witnesses(&of_pages).await?;
        let is_accepted = |shown: &&&'u Shown| {
            let count = counts.get(&shown.hash).copied().unwrap_or_default();
            !is_page(shown) || count >= i64::from(sessions)
        };
        let accepted = new.iter().filter(is_accepted);
        Ok(accepted.map(|shown| (shown.hash, *shown)).collect())
    }

    async fn add_witnesses(&self, reports: &[&Report], of_pages: &[UrlHash]) -> Result<()> {
        let mut witnesses = std::collections::BTreeSet::new();
        for report in reports {
            let session = xxh3_64(report.session.as_str().as_bytes()).cast_signed();
            for shown in &report.unknown {
                if of_pages.contains(&shown.hash) {
                    witnesses.insert((shown.hash, session));
                }
            }
        }
        if witnesses.is_empty() {
            return Ok(());
        }
        let rows = witnesses
            .into_iter()
            .map(|(hash, session)| asset_witnesses::ActiveModel {
                organization_id: Set(self.organization.to_owned()),
                url_hash: Set(hash.0.to_vec()),
                session_hash: Set(session),
                shown_at: Set(self.now.0),
            });
        asset_witnesses::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(self.transaction)
            .await
            .map(drop)
            .map_err(Error::sql("writing witnesses of assets"))
    }

    async fn count_witnesses(&self, of_pages: &[UrlHash]) -> Result<HashMap<UrlHash, i64>> {
        if of_pages.is_empty() {
            return Ok(HashMap::new());
        }
        let counts: Vec<(Vec<u8>, i64)> = asset_witnesses::Entity::find()
            .select_only()
            .column(asset_witnesses::Column::UrlHash)
            .column_as(asset_witnesses::Column::SessionHash.count(), "sessions")
            .filter(asset_witnesses::Column::OrganizationId.eq(self.organization))
            .filter(
                asset_witnesses::Column::UrlHash.is_in(of_pages.iter().map(|hash| hash.0.to_vec())),
            )
            .group_by(asset_witnesses::Column::UrlHash)
            .into_tuple()
            .all(self.transaction)
            .await
            .map_err(Error::sql("counting witnesses of assets"))?;
        let pair = |(hash, count): (Vec<u8>, i64)| Some((UrlHash::from_bytes(&hash)?, count));
        Ok(counts.into_iter().filter_map(pair).collect())
    }

    /// Adds rows of addresses, or says that they were shown today.
    async fn mark(&self, due: impl Iterator<Item = &Shown>) -> Result<()> {
        let rows = due.map(|shown| asset_urls::ActiveModel {
            organization_id: Set(self.organization.to_owned()),
            url_hash: Set(shown.hash.0.to_vec()),
            url: Set(shown.url.as_str().to_owned()),
            shown_at: Set(self.now.0),
            checked_at: Set(None),
        });
        let newest = Expr::col((asset_urls::Entity, asset_urls::Column::ShownAt)).lt(self.now.0);
        asset_urls::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([
                    asset_urls::Column::OrganizationId,
                    asset_urls::Column::UrlHash,
                ])
                .update_column(asset_urls::Column::ShownAt)
                .action_and_where(newest)
                .to_owned(),
            )
            .exec_without_returning(self.transaction)
            .await
            .map(drop)
            .map_err(Error::sql("writing addresses of assets"))
    }
}
