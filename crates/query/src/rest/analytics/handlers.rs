use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crow_web::ApiError;

use super::params::{Request, SessionParams};
use crate::analytics::Answer;
use crate::analytics::buckets::{Length, time_zone};
use crate::analytics::events::{EventChoice, EventCounts};
use crate::analytics::facets::FacetList;
use crate::analytics::heatmap::{Heatmap, HeatmapKind, HeatmapQuestion, ViewportClass};
use crate::analytics::journeys::{Direction, JourneyQuestion, Journeys};
use crate::analytics::overview::Overview;
use crate::analytics::pages::Pages;
use crate::analytics::retention::{MAX_COHORTS, Retention};
use crate::analytics::top::{Dimension, Top};
use crate::analytics::vitals::WebVitals;
use crate::rest::Api;
use crate::rest::handlers::answer;
use crate::rest::openapi::ReadErrors;

const BUCKETS: &str = "hour, day or week";
const DIMENSIONS: &str = "page, entryPage, exitPage, referrer, country, device, browser, os, \
    eventType or eventName";

/// The bucket of a chart; a month is no bucket.
fn bucket(request: &Request) -> Result<Option<Length>, ApiError> {
    let length = request.params.word("bucket", BUCKETS)?;
    if length == Some(Length::Month) {
        return Err(super::params::malformed(&format!(
            "bucket: must be {BUCKETS}"
        )));
    }
    Ok(length)
}

/// What the filters of the list could be set to, and how many sessions that would leave.
#[utoipa::path(
    get,
    path = "/sessions/{orgId}/facets",
    tag = "sessions",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        SessionParams,
    ),
    responses((status = 200, description = "The answer.", body = FacetList), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn facets(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let request = Request::read(&api, &request, &path, &[]).await?;
    let found = api
        .analytics
        .ask(request.asked, |analytics, asked| async move {
            analytics.facets(&asked).await
        });
    Ok(answer(&found.await?))
}

/// Sessions, visitors and page views, compared with the period before.
#[utoipa::path(
    get,
    path = "/analytics/{orgId}/overview",
    tag = "analytics",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("bucket" = Option<Length>, Query, description = "hour, day or week; one that fits the range when absent."),
        ("timezone" = Option<String>, Query, description = "IANA name; UTC when absent."),
        SessionParams,
    ),
    responses((status = 200, description = "The answer.", body = Answer<Overview>), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn overview(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let request = Request::read(&api, &request, &path, &["bucket", "timezone"]).await?;
    let length = bucket(&request)?;
    let zone = time_zone(request.params.text("timezone"))?;
    let found = api
        .analytics
        .ask(request.asked, move |analytics, asked| async move {
            analytics.overview(&asked, length, &zone).await
        });
    Ok(answer(&found.await?))
}

/// The most frequent values of a dimension.
#[utoipa::path(
    get,
    path = "/analytics/{orgId}/top",
    tag = "analytics",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("dimension" = Dimension, Query, description = "What to count by."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 1000, description = "Rows; 10 when absent."),
        SessionParams,
    ),
    responses((status = 200, description = "The answer.", body = Answer<Top>), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn top(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let request = Request::read(&api, &request, &path, &["dimension", "limit"]).await?;
    let dimension: Dimension = request.required("dimension", DIMENSIONS)?;
    let limit = request.number("limit", 10, 1_000)?;
    let found = api
        .analytics
        .ask(request.asked, move |analytics, asked| async move {
            analytics.top(&asked, dimension, limit).await
        });
    Ok(answer(&found.await?))
}

/// Events by type and name, and by time.
#[utoipa::path(
    get,
    path = "/analytics/{orgId}/events",
    tag = "analytics",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("type" = Option<String>, Query, description = "Only events of this type."),
        ("name" = Option<String>, Query, description = "Only events of this name."),
        ("bucket" = Option<Length>, Query, description = "hour, day or week; one that fits the range when absent."),
        ("timezone" = Option<String>, Query, description = "IANA name; UTC when absent."),
        SessionParams,
    ),
    responses((status = 200, description = "The answer.", body = Answer<EventCounts>), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn events(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let request = Request::read(
        &api,
        &request,
        &path,
        &["type", "name", "bucket", "timezone"],
    )
    .await?;
    let length = bucket(&request)?;
    let zone = time_zone(request.params.text("timezone"))?;
    let word = request.text("type")?.map(str::to_owned);
    let name = request.text("name")?.map(str::to_owned);
    let found = api
        .analytics
        .ask(request.asked, move |analytics, asked| async move {
            let choice = EventChoice {
                word: word.as_deref(),
                name: name.as_deref(),
            };
            analytics.event_counts(&asked, choice, length, &zone).await
        });
    Ok(answer(&found.await?))
}

/// The pages that people see one after the other.
#[utoipa::path(
    get,
    path = "/analytics/{orgId}/journeys",
    tag = "analytics",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("page" = Option<String>, Query, description = "Path of the page to start at; the first, or last, page of a session when absent."),
        ("direction" = Option<Direction>, Query, description = "from (when absent) or to."),
        ("depth" = Option<u64>, Query, minimum = 1, maximum = 10, description = "Steps after the start; 3 when absent."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 50, description = "Pages of a step; 8 when absent."),
        SessionParams,
    ),
    responses((status = 200, description = "The answer.", body = Answer<Journeys>), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn journeys(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let request = Request::read(
        &api,
        &request,
        &path,
        &["page", "direction", "depth", "limit"],
    )
    .await?;
    let page = request.text("page")?.map(str::to_owned);
    let direction = request.params.word("direction", "from or to")?;
    let depth = request.number("depth", 3, 10)?;
    let limit = request.number("limit", 8, 50)?;
    let found = api
        .analytics
        .ask(request.asked, move |analytics, asked| async move {
            let question = JourneyQuestion {
                page: page.as_deref(),
                direction: direction.unwrap_or_default(),
                depth,
                limit,
            };
            analytics.journeys(&asked, question).await
        });
    Ok(answer(&found.await?))
}

/// Where people click on a page, or how far they scroll.
#[utoipa::path(
    get,
    path = "/analytics/{orgId}/heatmap",
    tag = "analytics",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("page" = String, Query, min_length = 1, description = "Path of the page."),
        ("kind" = Option<HeatmapKind>, Query, description = "click (when absent), rage, dead or scroll."),
        ("viewport" = Option<ViewportClass>, Query, description = "desktop (when absent), tablet or mobile."),
        SessionParams,
    ),
    responses((status = 200, description = "The answer.", body = Answer<Heatmap>), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn heatmap(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let request = Request::read(&api, &request, &path, &["page", "kind", "viewport"]).await?;
    let page: String = request.required("page", "the path of a page")?;
    crate::use_cases::check_text("page", Some(&page))?;
    let kind = request.params.word("kind", "click, rage, dead or scroll")?;
    let viewport = request
        .params
        .word("viewport", "desktop, tablet or mobile")?;
    let found = api
        .analytics
        .ask(request.asked, move |analytics, asked| async move {
            let question = HeatmapQuestion {
                page: &page,
                kind: kind.unwrap_or(HeatmapKind::Click),
                viewport: viewport.unwrap_or(ViewportClass::Desktop),
            };
            analytics.heatmap(&asked, question).await
        });
    Ok(answer(&found.await?))
}

/// The pages there are, most frequent first. Here `text` is contained in the path.
#[utoipa::path(
    get,
    path = "/analytics/{orgId}/pages",
    tag = "analytics",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 1000, description = "Rows; 50 when absent."),
        SessionParams,
    ),
    responses((status = 200, description = "The answer.", body = Answer<Pages>), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn pages(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let mut request = Request::read(&api, &request, &path, &["limit"]).await?;
    let text = request.asked.filter.text.take().unwrap_or_default();
    let limit = request.number("limit", 50, 1_000)?;
    let found = api
        .analytics
        .ask(request.asked, move |analytics, asked| async move {
            analytics.pages(&asked, &text, limit).await
        });
    Ok(answer(&found.await?))
}

/// Who comes back: cohorts of the users of the range.
#[utoipa::path(
    get,
    path = "/analytics/{orgId}/retention",
    tag = "analytics",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("period" = Option<Length>, Query, description = "day, week (when absent) or month."),
        ("cohorts" = Option<u64>, Query, minimum = 1, maximum = 32, description = "The last periods of the range, at most this many; 8 when absent."),
        ("timezone" = Option<String>, Query, description = "IANA name; UTC when absent."),
        SessionParams,
    ),
    responses((status = 200, description = "The answer.", body = Answer<Retention>), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn retention(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let request = Request::read(&api, &request, &path, &["period", "cohorts", "timezone"]).await?;
    let expected = "day, week or month";
    let length = request
        .params
        .word("period", expected)?
        .unwrap_or(Length::Week);
    if length == Length::Hour {
        return Err(super::params::malformed(&format!(
            "period: must be {expected}"
        )));
    }
    let cohorts = request.number("cohorts", 8, MAX_COHORTS)?;
    let zone = time_zone(request.params.text("timezone"))?;
    let found = api
        .analytics
        .ask(request.asked, move |analytics, asked| async move {
            analytics.retention(&asked, length, cohorts, &zone).await
        });
    Ok(answer(&found.await?))
}

/// How fast pages load and react.
#[utoipa::path(
    get,
    path = "/analytics/{orgId}/vitals",
    tag = "analytics",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("page" = Option<String>, Query, description = "Path of the page; all when absent."),
        SessionParams,
    ),
    responses((status = 200, description = "The answer.", body = Answer<WebVitals>), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn vitals(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let request = Request::read(&api, &request, &path, &["page"]).await?;
    let page = request.text("page")?.map(str::to_owned);
    let found = api
        .analytics
        .ask(request.asked, move |analytics, asked| async move {
            analytics.vitals(&asked, page.as_deref()).await
        });
    Ok(answer(&found.await?))
}
