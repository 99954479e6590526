//! The catalogue of an organization.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_db::interactions::products::ProductSum;
use crow_db::products::{ProductKey, ProductRow};
use crow_product::fields::{Draft, FieldError, Fields};
use crow_web::ApiError;

use crate::api::Api;
use crate::ask::products::{ActivityRange, ListProducts, OneProduct};
use crate::ask::search::Searching;
use crate::cursor;
use crate::door::{Admin, Read};
use crate::error::Error;
use crate::rest::answers::{Answered, Changed, Done, Found, Made, OrConflict};
use crate::rest::asked::{Asked, Body, Sent, malformed};
use crate::rest::body;
use crate::rest::described::Unread;
use crate::use_cases::meaning::{Answer, Ranked};
use crate::use_cases::products::Activity;

/// Body limit in bytes. The longest fields are two addresses.
const MAX_BODY: usize = 32 << 10;

/// A page of products.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductList {
    /// By name; of a search by meaning, the most similar first.
    pub products: Vec<ProductView>,
    /// Send it as `cursor` for the next page; null on the last page, and of a search by meaning.
    pub next_cursor: Option<String>,
    /// Only if a search by meaning was answered by words, because the remote model of embeddings failed:
    /// says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl From<Answer<ProductRow, ProductKey>> for ProductList {
    fn from(answer: Answer<ProductRow, ProductKey>) -> Self {
        let page = answer.page;
        Self {
            note: answer.note.map(str::to_owned),
            products: page.items.into_iter().map(ProductView::from).collect(),
            next_cursor: page.next.as_ref().map(cursor::encode),
        }
    }
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductView {
    /// What the shop calls it in events.
    pub id: String,
    /// The tenant.
    pub organization_id: String,
    /// Stock keeping unit.
    pub sku: Option<String>,
    /// Its name.
    pub name: String,
    /// What the shop says about it, in one line.
    pub description: Option<String>,
    /// What kind of product it is.
    pub category: Option<String>,
    /// In minor units of the currency, such as cents.
    pub price_minor: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// The canonical address of its page.
    pub url: Option<String>,
    /// The path of `url`, by which visits are recognised.
    pub path: Option<String>,
    /// The address of a picture.
    pub image_url: Option<String>,
    /// When it was created, milliseconds since the epoch.
    pub created_at: i64,
    /// When it was changed.
    pub updated_at: i64,
    /// Only of a search by meaning: the cosine, from -1 to 1. The nearer to 1, the more similar. Missing when
    /// only the words were found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f32>,
}

impl From<Ranked<ProductRow>> for ProductView {
    fn from(found: Ranked<ProductRow>) -> Self {
        Self {
            similarity: found.similarity,
            ..Self::from(found.item)
        }
    }
}

impl From<ProductRow> for ProductView {
    fn from(row: ProductRow) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            sku: row.sku,
            name: row.name,
            description: row.description,
            category: row.category,
            price_minor: row.price_minor,
            currency: row.currency,
            url: row.url,
            path: row.path,
            image_url: row.image_url,
            created_at: row.created_at,
            updated_at: row.updated_at,
            similarity: None,
        }
    }
}

/// A product to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateProduct {
    /// What the shop calls it in events: at most 128 characters. Default: the SKU, else one is made.
    #[schema(max_length = 128)]
    id: Option<String>,
    /// Stock keeping unit: at most 128 characters.
    #[schema(max_length = 128)]
    sku: Option<String>,
    /// Its name: 1 to 300 characters.
    #[schema(min_length = 1, max_length = 300)]
    name: String,
    /// What the shop says about it: at most 500 characters. Line breaks become spaces.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// What kind of product it is: at most 200 characters.
    #[schema(max_length = 200)]
    category: Option<String>,
    /// In minor units of `currency`, such as cents.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    price_minor: Option<i64>,
    /// ISO 4217. Needed with a price.
    #[schema(max_length = 3)]
    currency: Option<String>,
    /// The canonical address of its page: at most 2,000 characters.
    #[schema(max_length = 2_000)]
    url: Option<String>,
    /// The address of a picture: at most 2,000 characters.
    #[schema(max_length = 2_000)]
    image_url: Option<String>,
}

/// The fields of a product. What is left out is removed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplaceProduct {
    /// Stock keeping unit: at most 128 characters.
    #[schema(max_length = 128)]
    sku: Option<String>,
    /// Its name: 1 to 300 characters.
    #[schema(min_length = 1, max_length = 300)]
    name: String,
    /// What the shop says about it: at most 500 characters. Line breaks become spaces.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// What kind of product it is: at most 200 characters.
    #[schema(max_length = 200)]
    category: Option<String>,
    /// In minor units of `currency`, such as cents.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    price_minor: Option<i64>,
    /// ISO 4217. Needed with a price.
    #[schema(max_length = 3)]
    currency: Option<String>,
    /// The canonical address of its page: at most 2,000 characters.
    #[schema(max_length = 2_000)]
    url: Option<String>,
    /// The address of a picture: at most 2,000 characters.
    #[schema(max_length = 2_000)]
    image_url: Option<String>,
}

impl ReplaceProduct {
    fn check(self, id: Option<String>) -> Result<Fields, ApiError> {
        let draft = Draft {
            id,
            sku: self.sku,
            name: Some(self.name),
            description: self.description,
            category: self.category,
            price_minor: self.price_minor,
            currency: self.currency,
            url: self.url,
            image_url: self.image_url,
        };
        let made = ulid::Ulid::new().to_string();
        draft.check(Some(made)).map_err(|error| refused(&error))
    }
}

fn refused(error: &FieldError) -> ApiError {
    malformed(error.to_string())
}

impl Body for CreateProduct {
    const MOST: usize = MAX_BODY;
    const MUST_BE_TYPED: bool = true;
}

/// What interactions of a range say about products.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductActivity {
    /// Milliseconds since the epoch.
    from: i64,
    /// Not included.
    to: i64,
    /// Those of most interactions, 100 at most.
    products: Vec<ActiveProduct>,
}

/// A product, and what visitors did with it, whatever else they did in the same session. Bots are not counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActiveProduct {
    /// Its id, or what pages named it.
    id: String,
    /// Its name in the catalogue; null: it is not in there.
    name: Option<String>,
    /// Interactions about it.
    interactions: i64,
    /// How often it was looked at.
    views: i64,
    /// Interactions that put it into the cart, and did not take all of it out.
    added: i64,
    /// Interactions with an order that names it.
    purchased: i64,
    /// Interactions that added it and did not purchase it.
    abandoned: i64,
}

impl From<Activity> for ProductActivity {
    fn from(activity: Activity) -> Self {
        let view = |(sum, name): (ProductSum, Option<String>)| ActiveProduct {
            id: sum.product_id,
            name,
            interactions: sum.interactions,
            views: sum.views,
            added: sum.added,
            purchased: sum.purchased,
            abandoned: sum.abandoned,
        };
        Self {
            from: activity.from,
            to: activity.to,
            products: activity.products.into_iter().map(view).collect(),
        }
    }
}

pub async fn list_products(
    api: Data<Api>,
    ask: Asked<Read, Searching<ListProducts>>,
) -> Answered<ProductList> {
    let page = api
        .use_cases
        .search_products(ask.organization(), &ask.question);
    Ok(Found(page.await?.into()))
}

pub async fn get_product(api: Data<Api>, ask: Asked<Read, OneProduct>) -> Answered<ProductView> {
    let found = api
        .use_cases
        .product(ask.organization(), ask.question.id()?);
    Ok(Found(found.await?.into()))
}

pub async fn product_activity(
    api: Data<Api>,
    ask: Asked<Read, ActivityRange>,
) -> Answered<ProductActivity> {
    let activity = api
        .use_cases
        .product_activity(ask.organization(), &ask.question);
    Ok(Found(activity.await?.into()))
}

pub async fn create_product(
    api: Data<Api>,
    sent: Sent<Admin, CreateProduct>,
) -> Result<OrConflict<Made<ProductView>>, ApiError> {
    let (by, organization) = (sent.by.actor(), sent.organization().clone());
    let CreateProduct {
        id,
        sku,
        name,
        description,
        category,
        price_minor,
        currency,
        url,
        image_url,
    } = sent.body;
    let fields = ReplaceProduct {
        sku,
        name,
        description,
        category,
        price_minor,
        currency,
        url,
        image_url,
    };
    let fields = fields.check(id)?;
    let made = api.use_cases.create_product(&organization, &by, fields);
    Ok(OrConflict(Made(made.await?.into())))
}

pub async fn replace_product(
    api: Data<Api>,
    request: HttpRequest,
    ask: Asked<Admin, OneProduct>,
    body: Unread<ReplaceProduct>,
) -> Result<Changed<ProductView>, ApiError> {
    let sent: ReplaceProduct = body::json(&request, body.payload, MAX_BODY, true).await?;
    let id = ask.question.id()?.to_owned();
    let fields = sent.check(Some(id))?;
    let by = ask.by.actor();
    let changed = api
        .use_cases
        .replace_product(ask.organization(), &by, fields);
    Ok(Changed(changed.await?.into()))
}

pub async fn remove_product(
    api: Data<Api>,
    ask: Asked<Admin, OneProduct>,
) -> Result<Done, ApiError> {
    let id = ask.question.id().map_err(Error::into_api)?;
    let by = ask.by.actor();
    api.use_cases
        .remove_product(ask.organization(), &by, id)
        .await?;
    Ok(Done)
}
