//! The catalogue of an organization.

use crow_db::audit_log::Actor;
use crow_db::interactions::products::{ProductSum, sums};
use crow_db::interactions::tallies::TallyRange;
use crow_db::products::site_imports::{self, SiteImport, Started};
use crow_db::products::{self, Change, Imported, ProductKey, ProductRow};
use crow_product::fields::Fields;
use crow_types::{ErrorCode, OrganizationId, Timestamp};
use crow_web::ApiError;

use super::{Page, UseCases};
use crate::ask::products::{ActivityRange, ListProducts};
use crate::ask::values::range;
use crate::error::{Error, Result};

/// Products in one answer about activity.
const MOST_ACTIVE: u64 = 100;

/// What interactions of a range say about products.
#[derive(Debug)]
pub struct Activity {
    /// Milliseconds since the epoch.
    pub from: i64,
    /// Not included.
    pub to: i64,
    /// Those of most interactions, each with its name in the catalogue.
    pub products: Vec<(ProductSum, Option<String>)>,
}

impl UseCases {
    /// Products that pass a filter, by name.
    pub async fn products(
        &self,
        organization: &OrganizationId,
        asked: &ListProducts,
    ) -> Result<Page<ProductRow, ProductKey>> {
        let size = asked.page.limit.get();
        let after = asked.page.after.as_ref().map(|cursor| &cursor.0);
        let rows = products::list(&self.db, organization, &asked.filter, after, size + 1).await?;
        Ok(Page::cut(rows, size, |row| ProductKey {
            name: row.name.clone(),
            id: row.id.clone(),
        }))
    }

    /// # Errors
    /// `NotFound` when there is none with this id.
    pub async fn product(&self, organization: &OrganizationId, id: &str) -> Result<ProductRow> {
        let found = products::get(&self.db, organization, id).await?;
        found.ok_or(Error::NotFound)
    }

    /// Adds a product.
    ///
    /// # Errors
    /// `Conflict` when another one has the id or the SKU.
    pub async fn create_product(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        fields: Fields,
    ) -> std::result::Result<ProductRow, ApiError> {
        let row = row_of(organization, fields, Timestamp::now());
        let change = products::create(&self.db, by, &row).await;
        done(change.map_err(|error| Error::from(error).into_api())?)?;
        Ok(row)
    }

    /// Replaces a product.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when another one has the SKU.
    pub async fn replace_product(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        fields: Fields,
    ) -> std::result::Result<ProductRow, ApiError> {
        let row = row_of(organization, fields, Timestamp::now());
        let change = products::replace(&self.db, by, &row).await;
        done(change.map_err(|error| Error::from(error).into_api())?)?;
        let stored = self.product(organization, &row.id).await;
        stored.map_err(Error::into_api)
    }

    /// Removes a product.
    ///
    /// # Errors
    /// `NotFound` when there is none with this id.
    pub async fn remove_product(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        id: &str,
    ) -> std::result::Result<(), ApiError> {
        let change = products::remove(&self.db, by, organization, id, Timestamp::now()).await;
        done(change.map_err(|error| Error::from(error).into_api())?)
    }

    /// Adds and replaces products, in one transaction.
    pub async fn import_products(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        all: Vec<Fields>,
    ) -> Result<Imported> {
        let now = Timestamp::now();
        let rows = all
            .into_iter()
            .map(|fields| row_of(organization, fields, now));
        let rows: Vec<ProductRow> = rows.collect();
        Ok(products::import(&self.db, by, organization.as_str(), rows, now.0).await?)
    }

    /// Asks for an import from a site.
    pub async fn start_site_import(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        url: &str,
    ) -> Result<Started> {
        let now = Timestamp::now().0;
        Ok(site_imports::start(&self.db, by, organization, url, now).await?)
    }

    /// The newest import from a site.
    pub async fn site_import(&self, organization: &OrganizationId) -> Result<Option<SiteImport>> {
        Ok(site_imports::newest(&self.db, organization).await?)
    }

    /// Ends an import from a site. `false`: none is open.
    pub async fn cancel_site_import(
        &self,
        organization: &OrganizationId,
        by: &Actor,
    ) -> Result<bool> {
        let now = Timestamp::now().0;
        Ok(site_imports::cancel(&self.db, by, organization, now).await?)
    }

    /// What visitors did with each product in a range.
    ///
    /// # Errors
    /// `Malformed` when the range is empty.
    pub async fn product_activity(
        &self,
        organization: &OrganizationId,
        asked: &ActivityRange,
    ) -> Result<Activity> {
        let whole = range(asked.from.map(|from| from.0), asked.to.map(|to| to.0))?;
        let (from, to) = (whole.start, whole.end);
        let (db, of) = (self.db.for_questions(), organization.clone());
        let question = async move {
            let range = TallyRange {
                organization: &of,
                from,
                to,
                source_type: None,
            };
            let active = sums(&db, &range, MOST_ACTIVE).await?;
            let ids: Vec<&str> = active.iter().map(|sum| sum.product_id.as_str()).collect();
            let names = products::names(&db, &of, &ids).await?;
            let name_of = |id: &str| {
                let found = names.iter().find(|(known, _)| known == id);
                found.map(|(_, name)| name.clone())
            };
            let named = active.into_iter().map(|sum| {
                let name = name_of(&sum.product_id);
                (sum, name)
            });
            Ok(named.collect())
        };
        let products = self.scheduler.ask(organization, question).await?;
        Ok(Activity { from, to, products })
    }
}

fn row_of(organization: &OrganizationId, fields: Fields, now: Timestamp) -> ProductRow {
    let row = ProductRow {
        organization_id: organization.as_str().to_owned(),
        id: fields.id,
        sku: fields.sku,
        name: fields.name,
        description: fields.description,
        category: fields.category,
        price_minor: fields.price_minor,
        currency: fields.currency,
        url: fields.url,
        path: fields.path,
        image_url: fields.image_url,
        words: String::new(),
        created_at: now.0,
        updated_at: now.0,
    };
    ProductRow {
        words: products::words(&row),
        ..row
    }
}

fn done(change: Change) -> std::result::Result<(), ApiError> {
    let conflict = |text: &str| Err(ApiError::new(ErrorCode::Conflict, text));
    match change {
        Change::Done => Ok(()),
        Change::Unknown => Err(Error::NotFound.into_api()),
        Change::IdTaken => conflict("id: another product has it"),
        Change::SkuTaken => conflict("sku: another product has it"),
        Change::Full => conflict("the limit of 50,000 products is reached; remove one"),
    }
}
