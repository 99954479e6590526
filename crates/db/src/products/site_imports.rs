//! Imports of catalogues from sites. An organization has one at a time, and its newest one is kept.
//!
//! A process claims an import for [`CLAIM`] and renews the claim while it reads the site. When it dies,
//! another one starts again from the beginning. Only [`finish`] changes products: in one transaction with
//! the end of the import, and only if the claim still holds. So an import changes nothing twice.

use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, UpdateMany,
};
use serde::{Deserialize, Serialize};

use crow_types::OrganizationId;

use super::import::{Imported, import_in};
use super::{ProductRow, begin, note};
use crate::audit_log::Actor;
use crate::connection::Db;
use crate::entity::site_imports::{Column, Entity};
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

pub use crate::entity::site_imports::Model as SiteImport;

const READING: &str = "reading an import from a site";
const CHANGING: &str = "changing an import from a site";

/// How long a claim holds, in milliseconds.
pub const CLAIM: i64 = 30_000;
/// How often an import is started. A site that ends the process must not do so for ever.
pub const MOST_STARTS: i64 = 3;
/// Problems that are kept.
pub const MOST_PROBLEMS: usize = 100;
/// Bytes of the address of a problem. The rest is cut off.
const MOST_URL: usize = 2_048;

const WAITING: &str = "waiting";
const RUNNING: &str = "running";

/// Why something of a site was not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The page.
    pub url: String,
    /// The number of the product on it, from 1. `None`: it is about the page.
    pub product: Option<u64>,
    /// The field of the product.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

/// How far an import is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Pages that were found so far.
    pub pages_found: i64,
    /// Those that were read, or could not be.
    pub pages_read: i64,
    /// Products and pages that were left out.
    pub refused: i64,
    /// Why, at most [`MOST_PROBLEMS`].
    pub problems: Vec<Problem>,
}

impl Progress {
    /// Notes why something was left out.
    pub fn note(&mut self, mut problem: Problem) {
        self.refused += 1;
        if self.problems.len() < MOST_PROBLEMS {
            let end = problem.url.floor_char_boundary(MOST_URL);
            problem.url.truncate(end);
            self.problems.push(problem);
        }
    }
}

/// A product of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The product.
    pub row: ProductRow,
    /// The page.
    pub url: String,
    /// Its number on the page, from 1.
    pub number: u64,
}

/// The right to carry out an import, until another process has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The tenant.
    pub organization: String,
    /// Of the import.
    pub id: String,
    /// Where it starts.
    pub url: String,
    epoch: i64,
    by: Actor,
}

/// What came of a request to start an import.
#[derive(Debug, PartialEq, Eq)]
pub enum Started {
    /// It waits for a process.
    Begun(Box<SiteImport>),
    /// Another one of the organization has not ended.
    Busy,
}

impl SiteImport {
    /// Why something was not imported. Empty when nobody can read it.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        serde_json::from_str(&self.problems).unwrap_or_default()
    }

    /// Whether it has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), WAITING | RUNNING)
    }
}

fn is_open() -> Expr {
    Column::State.is_in([WAITING, RUNNING])
}

/// The newest import of an organization.
///
/// # Errors
/// When the database fails.
pub async fn newest(db: &Db, organization: &OrganizationId) -> Result<Option<SiteImport>> {
    Entity::find_by_id(organization.as_str())
        .one(&db.read)
        .await
        .map_err(Error::row(READING))
}

/// Asks for an import. It replaces the record of the one before.
///
/// # Errors
/// When the database fails.
pub async fn start(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    url: &str,
    now: i64,
) -> Result<Started> {
    let organization = organization.as_str();
    let transaction = begin(db, organization).await?;
    let before = Entity::find_by_id(organization)
        .one(&transaction)
        .await
        .map_err(Error::row(CHANGING))?;
    if before.is_some_and(|before| before.is_open()) {
        return Ok(Started::Busy);
    }
    let row = SiteImport {
        organization_id: organization.to_owned(),
        id: ulid::Ulid::new().to_string(),
        url: url.to_owned(),
        state: WAITING.to_owned(),
        failure: None,
        requested_kind: by.kind.to_owned(),
        requested_by: by.id.clone(),
        created_at: now,
        finished_at: None,
        epoch: 0,
        claimed_until: 0,
        pages_found: 0,
        pages_read: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        refused: 0,
        problems: "[]".to_owned(),
    };
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    note(
        &transaction,
        by,
        organization,
        "product.site_import_started",
        &row.id,
        now,
    )
    .await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(Started::Begun(Box::new(row)))
}

/// Ends an import that has not ended. Nothing of it is stored. `false`: there is none.
///
/// # Errors
/// When the database fails.
pub async fn cancel(db: &Db, by: &Actor, organization: &OrganizationId, now: i64) -> Result<bool> {
    let organization = organization.as_str();
    let transaction = begin(db, organization).await?;
    let open = Entity::find_by_id(organization)
        .filter(is_open())
        .one(&transaction)
        .await
        .map_err(Error::row(CHANGING))?;
    let Some(open) = open else { return Ok(false) };
    let ending = Entity::update_many()
        .col_expr(Column::State, Expr::value("cancelled"))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(Column::OrganizationId.eq(organization));
    changes_one(ending, &transaction).await?;
    note(
        &transaction,
        by,
        organization,
        "product.site_import_cancelled",
        &open.id,
        now,
    )
    .await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(true)
}

/// Takes the oldest import that nobody carries out. One that was started too often fails instead.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, now: i64) -> Result<Option<Claim>> {
    loop {
        let is_free = Condition::all()
            .add(is_open())
            .add(Column::ClaimedUntil.lt(now));
        let found = Entity::find()
            .filter(is_free)
            .order_by_asc(Column::CreatedAt)
            .one(&db.read)
            .await
            .map_err(Error::row(READING))?;
        let Some(found) = found else { return Ok(None) };
        let claim = Claim {
            organization: found.organization_id,
            id: found.id,
            url: found.url,
            epoch: found.epoch,
            by: requester(&found.requested_kind, found.requested_by),
        };
        if claim.epoch >= MOST_STARTS {
            let text = "it was interrupted each time that it was started";
            fail(db, &claim, text, &Progress::default(), now).await?;
            continue;
        }
        let taking = of(&claim)
            .col_expr(Column::State, Expr::value(RUNNING))
            .col_expr(Column::Epoch, Expr::value(claim.epoch + 1))
            .col_expr(Column::ClaimedUntil, Expr::value(now + CLAIM));
        if changes_one(taking, &db.write).await? {
            let epoch = claim.epoch + 1;
            return Ok(Some(Claim { epoch, ..claim }));
        }
        // Another process was faster.
    }
}

fn requester(kind: &str, id: String) -> Actor {
    let kind = ["user", "key", "public"].into_iter().find(|it| *it == kind);
    Actor {
        kind: kind.unwrap_or("system"),
        id,
        address: None,
    }
}

/// Keeps the claim, and says how far the import is. `false`: it was cancelled, or another process has it.
///
/// # Errors
/// When the database fails.
pub async fn renew(db: &Db, claim: &Claim, progress: &Progress, now: i64) -> Result<bool> {
    let renewing =
        with_progress(of(claim), progress).col_expr(Column::ClaimedUntil, Expr::value(now + CLAIM));
    changes_one(renewing, &db.write).await
}

/// Ends an import without products. `false`: the claim does not hold any more.
///
/// # Errors
/// When the database fails.
pub async fn fail(
    db: &Db,
    claim: &Claim,
    why: &str,
    progress: &Progress,
    now: i64,
) -> Result<bool> {
    let failing = with_progress(of(claim), progress)
        .col_expr(Column::State, Expr::value("failed"))
        .col_expr(Column::Failure, Expr::value(why))
        .col_expr(Column::FinishedAt, Expr::value(now));
    changes_one(failing, &db.write).await
}

/// Ends an import and stores its products, in one transaction. `None`: the claim does not hold any more,
/// and nothing was stored.
///
/// # Errors
/// When the database fails; then nothing was stored.
pub async fn finish(
    db: &Db,
    claim: &Claim,
    found: Vec<Found>,
    mut progress: Progress,
    now: i64,
) -> Result<Option<Imported>> {
    let (rows, places): (Vec<_>, Vec<_>) = found
        .into_iter()
        .map(|it| (it.row, (it.url, it.number)))
        .unzip();
    let transaction = begin(db, &claim.organization).await?;
    let ending = of(claim)
        .col_expr(Column::State, Expr::value("done"))
        .col_expr(Column::FinishedAt, Expr::value(now));
    if !changes_one(ending, &transaction).await? {
        return Ok(None);
    }
    let imported = import_in(&transaction, &claim.by, &claim.organization, rows, now).await?;
    for (place, refused) in &imported.refused {
        let (url, number) = &places[*place];
        let (field, message) = refused.in_words();
        progress.note(Problem {
            url: url.clone(),
            product: Some(*number),
            field: Some(field.to_owned()),
            message: message.to_owned(),
        });
    }
    let count = |number: u64| Expr::value(i64::try_from(number).unwrap_or(i64::MAX));
    let counting = Entity::update_many()
        .col_expr(Column::Created, count(imported.created))
        .col_expr(Column::Updated, count(imported.updated))
        .col_expr(Column::Unchanged, count(imported.unchanged))
        .filter(Column::OrganizationId.eq(claim.organization.as_str()));
    changes_one(with_progress(counting, &progress), &transaction).await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(Some(imported))
}

/// The import of a claim that still holds.
fn of(claim: &Claim) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::OrganizationId.eq(claim.organization.as_str()))
        .filter(Column::Id.eq(claim.id.as_str()))
        .filter(Column::Epoch.eq(claim.epoch))
        .filter(is_open())
}

fn with_progress(update: UpdateMany<Entity>, progress: &Progress) -> UpdateMany<Entity> {
    let problems = serde_json::to_string(&progress.problems).unwrap_or_else(|_never| "[]".into());
    update
        .col_expr(Column::PagesFound, Expr::value(progress.pages_found))
        .col_expr(Column::PagesRead, Expr::value(progress.pages_read))
        .col_expr(Column::Refused, Expr::value(progress.refused))
        .col_expr(Column::Problems, Expr::value(problems))
}

async fn changes_one(update: UpdateMany<Entity>, on: &impl ConnectionTrait) -> Result<bool> {
    let outcome = update.exec(on).await.map_err(Error::sql(CHANGING))?;
    Ok(outcome.rows_affected == 1)
}
