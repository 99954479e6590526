use tonic::{Request, Response, Status};

use crow_db::interactions::products::ProductSum;
use crow_db::products::{ProductKey, ProductRow};
use crow_proto::api;
use crow_proto::api::product_service_server::ProductService;
use crow_web::grpc::status;

use super::questions::{count, cursor, search, text};
use crate::api::Api;
use crate::ask::products::{ActivityRange, ListProducts, OneProduct, ProductPage, ProductQuery};
use crate::ask::search::{GRPC, Searching};
use crate::ask::values::{Moment, Name};
use crate::cursor::encode;
use crate::door::Read;
use crate::error::{Error, Result};
use crate::use_cases::meaning::{Answer, Ranked};
use crate::use_cases::products::Activity;

/// `crow.v1.ProductService`.
#[derive(Clone)]
pub struct Products {
    api: Api,
}

impl Products {
    /// Uses the same use cases as REST.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }
}

#[tonic::async_trait]
impl ProductService for Products {
    async fn list_products(
        &self,
        request: Request<api::ListProductsRequest>,
    ) -> std::result::Result<Response<api::ListProductsResponse>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = Searching::try_from(asked).map_err(status)?;
        let page = self
            .api
            .use_cases
            .search_products(by.organization(), &asked);
        Ok(Response::new(page.await.map_err(status)?.into()))
    }

    async fn get_product(
        &self,
        request: Request<api::GetProductRequest>,
    ) -> std::result::Result<Response<api::Product>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = OneProduct {
            product: Name(asked.product_id),
        };
        let id = asked.id().map_err(status)?;
        let found = self.api.use_cases.product(by.organization(), id);
        Ok(Response::new(product(found.await.map_err(status)?.into())))
    }

    async fn get_product_activity(
        &self,
        request: Request<api::GetProductActivityRequest>,
    ) -> std::result::Result<Response<api::ProductActivity>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = ActivityRange {
            from: asked.from.map(Moment),
            to: asked.to.map(Moment),
        };
        let activity = self
            .api
            .use_cases
            .product_activity(by.organization(), &asked);
        Ok(Response::new(activity.await.map_err(status)?.into()))
    }
}

impl From<Activity> for api::ProductActivity {
    fn from(activity: Activity) -> Self {
        Self {
            from: activity.from,
            to: activity.to,
            products: activity.products.into_iter().map(active).collect(),
        }
    }
}

fn active((sum, name): (ProductSum, Option<String>)) -> api::ActiveProduct {
    api::ActiveProduct {
        id: sum.product_id,
        name,
        interactions: sum.interactions,
        views: sum.views,
        added: sum.added,
        purchased: sum.purchased,
        abandoned: sum.abandoned,
    }
}

impl TryFrom<api::ListProductsRequest> for Searching<ListProducts> {
    type Error = Error;

    fn try_from(asked: api::ListProductsRequest) -> Result<Self> {
        let query = ProductQuery {
            words: text("words", asked.words)?,
            category: text("category", asked.category)?,
        };
        let list = ListProducts {
            filter: query.filter()?,
            page: ProductPage {
                limit: count("page_size", asked.page_size)?,
                after: cursor(&asked.page_token)?,
            },
        };
        Self::new(list, search(asked.search.as_deref())?, &GRPC)
    }
}

impl From<Answer<ProductRow, ProductKey>> for api::ListProductsResponse {
    fn from(answer: Answer<ProductRow, ProductKey>) -> Self {
        let page = answer.page;
        Self {
            note: answer.note.map(str::to_owned),
            products: page.items.into_iter().map(product).collect(),
            next_page_token: page.next.as_ref().map(encode).unwrap_or_default(),
        }
    }
}

fn product(found: Ranked<ProductRow>) -> api::Product {
    let row = found.item;
    api::Product {
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
        similarity: found.similarity,
    }
}
