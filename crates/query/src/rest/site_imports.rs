//! Imports of products from sites. `crow-interaction` carries them out.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_db::products::site_imports::{Problem, SiteImport, Started};
use crow_product::site;
use crow_types::ErrorCode;
use crow_web::ApiError;

use crate::api::Api;
use crate::door::{Admin, Read};
use crate::error::Error;
use crate::rest::answers::{Accepted, Answered, Done, Found, OrConflict};
use crate::rest::asked::{Asked, Body, Sent, malformed};

/// Body limit in bytes.
const MAX_BODY: usize = 16 << 10;

/// Where to import from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartSiteImport {
    /// The address of a page, a sitemap or an index of sitemaps: at most 2,000 characters.
    #[schema(min_length = 1, max_length = 2_000)]
    url: String,
}

impl Body for StartSiteImport {
    const MOST: usize = MAX_BODY;
    const MUST_BE_TYPED: bool = true;
}

/// The newest import from a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewestSiteImport {
    /// Null: there was none.
    import: Option<SiteImportView>,
}

/// An import from a site.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SiteImportView {
    /// Id of the import.
    id: String,
    /// Where it starts.
    url: String,
    /// `waiting`, `running`, `done`, `failed` or `cancelled`.
    state: String,
    /// Why it failed.
    failure: Option<String>,
    /// When it was asked for, milliseconds since the epoch.
    created_at: i64,
    /// When it ended.
    finished_at: Option<i64>,
    /// Pages that were found so far.
    pages_found: i64,
    /// Those that were read, or could not be.
    pages_read: i64,
    /// New products; known when it is done.
    created: i64,
    /// Changed ones.
    updated: i64,
    /// Those that were the same before.
    unchanged: i64,
    /// Products and pages that were left out.
    failed: i64,
    /// Why, the first 100.
    problems: Vec<SiteImportProblem>,
}

/// Why something was left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteImportProblem {
    /// The page.
    url: String,
    /// The number of the product on the page, from 1; null: it is about the page.
    product: Option<u64>,
    /// The field of the product.
    field: Option<String>,
    /// What is wrong.
    message: String,
}

impl From<Problem> for SiteImportProblem {
    fn from(problem: Problem) -> Self {
        Self {
            url: problem.url,
            product: problem.product,
            field: problem.field,
            message: problem.message,
        }
    }
}

impl From<SiteImport> for SiteImportView {
    fn from(row: SiteImport) -> Self {
        let problems = row.problems();
        Self {
            id: row.id,
            url: row.url,
            state: row.state,
            failure: row.failure,
            created_at: row.created_at,
            finished_at: row.finished_at,
            pages_found: row.pages_found,
            pages_read: row.pages_read,
            created: row.created,
            updated: row.updated,
            unchanged: row.unchanged,
            failed: row.refused,
            problems: problems.into_iter().map(SiteImportProblem::from).collect(),
        }
    }
}

pub async fn start_site_import(
    api: Data<Api>,
    sent: Sent<Admin, StartSiteImport>,
) -> Result<OrConflict<Accepted<SiteImportView>>, ApiError> {
    let url = site::address(&sent.body.url).map_err(|error| malformed(error.to_string()))?;
    let by = sent.by.actor();
    let starting = api
        .use_cases
        .start_site_import(sent.organization(), &by, url.as_str());
    match starting.await? {
        Started::Begun(row) => Ok(OrConflict(Accepted((*row).into()))),
        Started::Busy => {
            let text = "another import of the organization has not ended";
            Err(ApiError::new(ErrorCode::Conflict, text))
        }
    }
}

pub async fn get_site_import(api: Data<Api>, ask: Asked<Read, ()>) -> Answered<NewestSiteImport> {
    let newest = api.use_cases.site_import(ask.organization()).await?;
    Ok(Found(NewestSiteImport {
        import: newest.map(SiteImportView::from),
    }))
}

pub async fn cancel_site_import(api: Data<Api>, ask: Asked<Admin, ()>) -> Result<Done, ApiError> {
    let by = ask.by.actor();
    let cancelling = api.use_cases.cancel_site_import(ask.organization(), &by);
    if cancelling.await? {
        return Ok(Done);
    }
    Err(Error::NotFound.into_api())
}
