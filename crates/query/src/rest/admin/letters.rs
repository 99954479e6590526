//! Dead letters: list, show, retry, drop.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crow_auth::Scope;
use crow_bus::dead_letters::{DeadLetter, LetterKind};
use crow_types::ErrorCode;
use crow_web::ApiError;

use crate::admin::Admin;
use crate::error::Error;
use crate::rest::openapi::ReadErrors;
use crate::rest::params::Params;
use crate::rest::{Api, get};

use super::{admitted, private};

/// Letters of a page when nobody says.
const DEFAULT_LIMIT: u64 = 50;
const MAX_LIMIT: u64 = 200;

/// Adds the routes.
pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(get("/admin/{orgId}/dead-letters", web::get().to(list)))
        .service(
            web::resource("/admin/{orgId}/dead-letters/{letterId}")
                .route(web::get().to(show))
                .route(web::delete().to(discard)),
        )
        .service(
            web::resource("/admin/{orgId}/dead-letters/{letterId}/retry")
                .route(web::post().to(retry)),
        );
}

/// Dead letters of an organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LetterList {
    /// Newest first. A page may have fewer than `limit`, even none, and still name a next one.
    pub letters: Vec<LetterView>,
    /// For the next page; null: these were all.
    pub next_cursor: Option<String>,
}

/// A dead letter.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LetterView {
    /// Names the letter.
    pub id: String,
    /// `events` or `completions`.
    #[schema(value_type = String)]
    pub kind: LetterKind,
    /// When it was put here, milliseconds since the epoch.
    pub at: i64,
    /// Why it could not be worked off.
    pub reason: String,
    /// Where it was published first.
    pub subject: String,
    /// Its position there.
    pub sequence: u64,
    /// How often it was tried.
    pub attempts: u32,
    /// Bytes of the payload.
    pub size_bytes: usize,
}

impl From<&DeadLetter> for LetterView {
    fn from(letter: &DeadLetter) -> Self {
        Self {
            id: letter.id.to_string(),
            kind: letter.kind,
            at: letter.stored_at,
            reason: letter.reason.clone(),
            subject: letter.subject.clone(),
            sequence: letter.sequence,
            attempts: letter.attempts,
            size_bytes: letter.payload.len(),
        }
    }
}

/// A dead letter with what it says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WholeLetter {
    /// What the list shows.
    #[serde(flatten)]
    pub view: LetterView,
    /// The announcement; null for events, which are not JSON (`crow dlq show` prints them).
    #[schema(value_type = Option<Object>)]
    pub payload: Option<Value>,
}

/// Dead letters of the organization, newest first. Letters that are too damaged to tell whose
/// they are show in `crow dlq` only.
#[utoipa::path(
    get,
    operation_id = "list_dead_letters",
    path = "/admin/{orgId}/dead-letters",
    tag = "admin",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("kind" = Option<String>, Query, description = "`events` (default) or `completions`."),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Letters of a page; default 50."),
    ),
    responses((status = 200, description = "The letters.", body = LetterList), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn list(
    api: Data<Api>,
    admin: Data<Admin>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let admission = api.admit(&request, Scope::Admin, &path).await?;
    let params = Params::parse(request.query_string(), &["kind", "cursor", "limit"])?;
    let kind = params.word("kind", "events or completions")?;
    let before = match params.text("cursor").filter(|text| !text.is_empty()) {
        Some(text) => Some(
            number(text).ok_or_else(|| malformed("cursor: take nextCursor of the page before"))?,
        ),
        None => None,
    };
    let limit = params.count("limit")?.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(malformed("limit: must be 1 to 200"));
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let kind = kind.unwrap_or(LetterKind::Events);
    let page = admin
        .letters(&admission.organization, kind, before, limit)
        .await
        .map_err(Error::into_api)?;
    Ok(private(StatusCode::OK).json(LetterList {
        letters: page.letters.iter().map(LetterView::from).collect(),
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}

/// One dead letter with what it says.
#[utoipa::path(
    get,
    operation_id = "get_dead_letter",
    path = "/admin/{orgId}/dead-letters/{letterId}",
    tag = "admin",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("letterId" = String, Path, description = "The letter's `id`."),
    ),
    responses((status = 200, description = "The letter.", body = WholeLetter), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn show(
    api: Data<Api>,
    admin: Data<Admin>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let organization = admitted(&api, &request, &path.0).await?;
    let letter = admin
        .letter(&organization, letter_id(&path.1)?)
        .await
        .map_err(Error::into_api)?;
    Ok(private(StatusCode::OK).json(WholeLetter {
        view: LetterView::from(&letter),
        payload: serde_json::from_slice(&letter.payload).ok(),
    }))
}

/// Puts a dead letter back where it came from, to be worked off again.
#[utoipa::path(
    post,
    operation_id = "retry_dead_letter",
    path = "/admin/{orgId}/dead-letters/{letterId}/retry",
    tag = "admin",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("letterId" = String, Path, description = "The letter's `id`."),
    ),
    responses((status = 204, description = "It was put back, and is no letter any more."), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn retry(
    api: Data<Api>,
    admin: Data<Admin>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let organization = admitted(&api, &request, &path.0).await?;
    admin
        .retry_letter(&organization, letter_id(&path.1)?)
        .await
        .map_err(Error::into_api)?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// Removes a dead letter for good.
#[utoipa::path(
    delete,
    operation_id = "drop_dead_letter",
    path = "/admin/{orgId}/dead-letters/{letterId}",
    tag = "admin",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("letterId" = String, Path, description = "The letter's `id`."),
    ),
    responses((status = 204, description = "Gone."), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn discard(
    api: Data<Api>,
    admin: Data<Admin>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let organization = admitted(&api, &request, &path.0).await?;
    admin
        .drop_letter(&organization, letter_id(&path.1)?)
        .await
        .map_err(Error::into_api)?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

fn letter_id(text: &str) -> Result<u64, ApiError> {
    number(text).ok_or_else(|| Error::NotFound.into_api())
}

/// From 1, as the bus counts.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|id| *id > 0)
}

fn malformed(message: &str) -> ApiError {
    ApiError::new(ErrorCode::Malformed, message.to_owned())
}
