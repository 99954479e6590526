//! Many products at once, in one transaction.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};

use super::changes::{CHANGING, MOST, begin, note};
use crate::audit_log::Actor;
use crate::connection::Db;
use crate::entity::products::{Column, Entity, Model as ProductRow};
use crate::error::{Error, Result};

/// Rows written in one statement.
const PER_STATEMENT: usize = 200;

/// Why a product was not imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Its id occurs twice in the file.
    Twice,
    /// Another product has its SKU.
    SkuTaken,
    /// The organization has [`MOST`] products.
    Full,
}

impl Refused {
    /// The field, and what is wrong with it.
    #[must_use]
    pub fn in_words(self) -> (&'static str, &'static str) {
        match self {
            Self::Twice => ("id", "occurs twice in the file"),
            Self::SkuTaken => ("sku", "another product has it"),
            Self::Full => ("line", "the limit of 50,000 products is reached"),
        }
    }
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// New ones.
    pub created: u64,
    /// Changed ones.
    pub updated: u64,
    /// Those that were the same before.
    pub unchanged: u64,
    /// Places in the file, and why.
    pub refused: Vec<(usize, Refused)>,
}

/// Products of the organization, as far as a file needs them.
#[derive(Default)]
struct Stored {
    rows: HashMap<String, ProductRow>,
    /// The id of each SKU.
    skus: HashMap<String, String>,
    /// Ids that the file had already.
    seen: std::collections::HashSet<String>,
}

/// Adds products, or replaces those with the same id.
///
/// # Errors
/// When the database fails; then nothing is imported.
pub async fn import(
    db: &Db,
    by: &Actor,
    organization: &str,
    rows: Vec<ProductRow>,
    now: i64,
) -> Result<Imported> {
    let transaction = begin(db, organization).await?;
    let imported = import_in(&transaction, by, organization, rows, now).await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(imported)
}

/// The same in a transaction that waited for the organization's turn.
pub(super) async fn import_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    organization: &str,
    rows: Vec<ProductRow>,
    now: i64,
) -> Result<Imported> {
    let mut stored = Stored::read(transaction, organization).await?;
    let mut imported = Imported::default();
    let mut changed = Vec::new();
    for (place, row) in rows.into_iter().enumerate() {
        match stored.take(row) {
            Ok(Taken::Created(row)) => {
                imported.created += 1;
                changed.push(row);
            }
            Ok(Taken::Updated(row)) => {
                imported.updated += 1;
                changed.push(row);
            }
            Ok(Taken::Unchanged) => imported.unchanged += 1,
            Err(refused) => imported.refused.push((place, refused)),
        }
    }
    write(transaction, changed).await?;
    let count = imported.created + imported.updated;
    if count > 0 {
        let subject = format!("{count} products");
        note(
            transaction,
            by,
            organization,
            "product.imported",
            &subject,
            now,
        )
        .await?;
    }
    Ok(imported)
}

enum Taken {
    Created(ProductRow),
    Updated(ProductRow),
    Unchanged,
}

impl Stored {
    async fn read(transaction: &DatabaseTransaction, organization: &str) -> Result<Self> {
        let rows = Entity::find()
            .filter(Column::OrganizationId.eq(organization))
            .all(transaction)
            .await
            .map_err(Error::row(CHANGING))?;
        let mut stored = Self::default();
        for row in rows {
            stored.keep(row);
        }
        Ok(stored)
    }

    fn keep(&mut self, row: ProductRow) {
        if let Some(sku) = &row.sku {
            self.skus.insert(sku.clone(), row.id.clone());
        }
        self.rows.insert(row.id.clone(), row);
    }

    fn take(&mut self, row: ProductRow) -> std::result::Result<Taken, Refused> {
        if self.seen.contains(&row.id) {
            return Err(Refused::Twice);
        }
        let owner = row.sku.as_ref().and_then(|sku| self.skus.get(sku));
        if owner.is_some_and(|owner| *owner != row.id) {
            return Err(Refused::SkuTaken);
        }
        let before = self.rows.get(&row.id);
        if before.is_none() && self.rows.len() as u64 >= MOST {
            return Err(Refused::Full);
        }
        self.seen.insert(row.id.clone());
        let Some(before) = before else {
            self.keep(row.clone());
            return Ok(Taken::Created(row));
        };
        let (created_at, updated_at) = (before.created_at, before.updated_at);
        let same = ProductRow {
            created_at,
            updated_at,
            ..row.clone()
        };
        if same == *before {
            return Ok(Taken::Unchanged);
        }
        if let Some(sku) = &before.sku {
            self.skus.remove(sku);
        }
        let row = ProductRow { created_at, ..row };
        self.keep(row.clone());
        Ok(Taken::Updated(row))
    }
}

/// Old rows first go, so that a SKU can move from one product to another.
async fn write(transaction: &DatabaseTransaction, rows: Vec<ProductRow>) -> Result<()> {
    for rows in rows.chunks(PER_STATEMENT) {
        let Some(first) = rows.first() else { continue };
        Entity::delete_many()
            .filter(Column::OrganizationId.eq(first.organization_id.as_str()))
            .filter(Column::Id.is_in(rows.iter().map(|row| row.id.as_str())))
            .exec(transaction)
            .await
            .map_err(Error::sql(CHANGING))?;
    }
    for rows in rows.chunks(PER_STATEMENT) {
        let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await
            .map_err(Error::sql(CHANGING))?;
    }
    Ok(())
}
