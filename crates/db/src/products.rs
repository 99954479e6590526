//! The catalogue of an organization. Each change notes itself in the audit log, in its transaction.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, LikeExpr};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crow_types::{OrganizationId, Timestamp};

use crate::audit_log::Actor;
use crate::connection::Db;
use crate::entity::products::{Column, Entity};
use crate::error::{Error, Result};

pub mod catalogues;
mod changes;
mod import;
pub mod site_imports;
#[cfg(test)]
mod tests;

pub use crate::entity::products::Model as ProductRow;
pub use changes::MOST;
pub use import::{Imported, Refused, import};

use changes::{CHANGING, begin, note};

const READING: &str = "reading products";

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was made.
    Done,
    /// There is no such product.
    Unknown,
    /// Another product has this id.
    IdTaken,
    /// Another product has this SKU.
    SkuTaken,
    /// The organization has [`MOST`] products.
    Full,
}

/// Which products.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// Each must occur in name, SKU, id, category or description.
    pub words: Vec<String>,
    /// The category.
    pub category: Option<String>,
}

/// Where a page of products ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductKey {
    /// Its name.
    pub name: String,
    /// Breaks ties.
    pub id: String,
}

impl ProductFilter {
    fn condition(&self) -> Condition {
        let category = self.category.as_deref();
        let mut all = Condition::all().add_option(category.map(|it| Column::Category.eq(it)));
        for word in &self.words {
            all = all.add(contains(&word.to_lowercase()));
        }
        all
    }
}

fn contains(word: &str) -> Expr {
    let escaped = word
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    Column::Words.like(LikeExpr::new(format!("%{escaped}%")).escape('!'))
}

/// What the search looks into.
#[must_use]
pub fn words(row: &ProductRow) -> String {
    let texts = [
        Some(&row.name),
        Some(&row.id),
        row.sku.as_ref(),
        row.category.as_ref(),
        row.description.as_ref(),
    ];
    let texts: Vec<&str> = texts.into_iter().flatten().map(String::as_str).collect();
    texts.join(" ").to_lowercase()
}

/// At most `limit` products after `after` that pass the filter, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    filter: &ProductFilter,
    after: Option<&ProductKey>,
    limit: u64,
) -> Result<Vec<ProductRow>> {
    let is_after = after.map(|key| {
        let name = key.name.as_str();
        let is_tie_after = Column::Name.eq(name).and(Column::Id.gt(key.id.as_str()));
        Column::Name.gt(name).or(is_tie_after)
    });
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(filter.condition())
        .filter(Condition::all().add_option(is_after))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::row(READING))
}

/// All products of an organization.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &Db, organization: &str) -> Result<Vec<ProductRow>> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .order_by_asc(Column::Id)
        .limit(MOST)
        .all(&db.read)
        .await
        .map_err(Error::row(READING))
}

/// One product.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &Db, organization: &OrganizationId, id: &str) -> Result<Option<ProductRow>> {
    Entity::find_by_id((organization.as_str().to_owned(), id.to_owned()))
        .one(&db.read)
        .await
        .map_err(Error::row(READING))
}

/// The names of these products.
///
/// # Errors
/// When the database fails.
pub async fn names(
    db: &Db,
    organization: &OrganizationId,
    ids: &[&str],
) -> Result<Vec<(String, String)>> {
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name])
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql(READING))
}

/// Adds a product.
///
/// # Errors
/// When the database fails.
pub async fn create(db: &Db, by: &Actor, row: &ProductRow) -> Result<Change> {
    let organization = row.organization_id.as_str();
    let transaction = begin(db, organization).await?;
    let count = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .count(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if count >= MOST {
        return Ok(Change::Full);
    }
    if exists(&transaction, organization, Column::Id.eq(row.id.as_str())).await? {
        return Ok(Change::IdTaken);
    }
    if has_other_sku(&transaction, row).await? {
        return Ok(Change::SkuTaken);
    }
    Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    note(
        &transaction,
        by,
        organization,
        "product.created",
        &row.id,
        row.updated_at,
    )
    .await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(Change::Done)
}

/// Replaces a product, except when it was created.
///
/// # Errors
/// When the database fails.
pub async fn replace(db: &Db, by: &Actor, row: &ProductRow) -> Result<Change> {
    let organization = row.organization_id.as_str();
    let transaction = begin(db, organization).await?;
    if has_other_sku(&transaction, row).await? {
        return Ok(Change::SkuTaken);
    }
    let value = |text: &Option<String>| Expr::value(text.clone());
    let outcome = Entity::update_many()
        .col_expr(Column::Sku, value(&row.sku))
        .col_expr(Column::Name, Expr::value(row.name.clone()))
        .col_expr(Column::Description, value(&row.description))
        .col_expr(Column::Category, value(&row.category))
        .col_expr(Column::PriceMinor, Expr::value(row.price_minor))
        .col_expr(Column::Currency, value(&row.currency))
        .col_expr(Column::Url, value(&row.url))
        .col_expr(Column::Path, value(&row.path))
        .col_expr(Column::ImageUrl, value(&row.image_url))
        .col_expr(Column::Words, Expr::value(row.words.clone()))
        .col_expr(Column::UpdatedAt, Expr::value(row.updated_at))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.eq(row.id.as_str()))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if outcome.rows_affected == 0 {
        return Ok(Change::Unknown);
    }
    note(
        &transaction,
        by,
        organization,
        "product.changed",
        &row.id,
        row.updated_at,
    )
    .await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(Change::Done)
}

/// Removes a product. Interactions keep its id.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    id: &str,
    now: Timestamp,
) -> Result<Change> {
    let transaction = db.begin(CHANGING).await?;
    let outcome = Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::Id.eq(id))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if outcome.rows_affected == 0 {
        return Ok(Change::Unknown);
    }
    note(
        &transaction,
        by,
        organization.as_str(),
        "product.removed",
        id,
        now.0,
    )
    .await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(Change::Done)
}

async fn has_other_sku(transaction: &DatabaseTransaction, row: &ProductRow) -> Result<bool> {
    let Some(sku) = row.sku.as_deref() else {
        return Ok(false);
    };
    let other = Column::Sku.eq(sku).and(Column::Id.ne(row.id.as_str()));
    exists(transaction, &row.organization_id, other).await
}

async fn exists(
    transaction: &DatabaseTransaction,
    organization: &str,
    which: Expr,
) -> Result<bool> {
    let found: Option<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization))
        .filter(which)
        .into_tuple()
        .one(transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    Ok(found.is_some())
}
