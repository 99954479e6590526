use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crow_web::ApiError;

use crate::cursor;
use crate::rest::Api;
use crate::rest::openapi::ReadErrors;
use crate::rest::params::{LIST_PARAMS, Params, session_filter};
use crate::rest::views::{EventList, EventView, SessionList, SessionView};
use crate::use_cases::{EVENT_PAGE, SESSION_PAGE};

/// Answers hold personal data: nobody on the way keeps them.
pub(super) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

pub(super) fn answer(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, PRIVATE))
        .json(body)
}

/// Sessions of an organization, newest first, in pages. All given conditions must hold.
#[utoipa::path(
    get,
    path = "/sessions/{orgId}",
    tag = "sessions",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Sessions of a page; 50 when absent."),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before."),
        ("from" = Option<String>, Query, description = "Started at or after this: milliseconds since the epoch or RFC 3339."),
        ("to" = Option<String>, Query, description = "Started before this: milliseconds since the epoch or RFC 3339."),
        ("userId" = Option<String>, Query, description = "The user, exactly."),
        ("visitorId" = Option<String>, Query, description = "The browser's id, exactly."),
        ("country" = Option<String>, Query, description = "ISO 3166-1 alpha-2."),
        ("device" = Option<String>, Query, description = "desktop, mobile, tablet, tv, console or bot."),
        ("browser" = Option<String>, Query, description = "The browser, exactly."),
        ("os" = Option<String>, Query, description = "The operating system, exactly."),
        ("url" = Option<String>, Query, description = "Visited a page whose URL contains this."),
        ("eventType" = Option<String>, Query, description = "Has an event of this type."),
        ("eventName" = Option<String>, Query, description = "Has a custom event of this name."),
        ("minDuration" = Option<u64>, Query, description = "Lasted at least this many milliseconds."),
        ("maxDuration" = Option<u64>, Query, description = "Lasted at most this many milliseconds."),
        ("errors" = Option<bool>, Query, description = "With errors, or without."),
        ("rageClicks" = Option<bool>, Query, description = "With rage clicks, or without."),
        ("deadClicks" = Option<bool>, Query, description = "With clicks after which nothing happened, or without."),
        ("referrer" = Option<String>, Query, description = "Contained in where the visitor came from."),
        ("bot" = Option<bool>, Query, description = "Of a known robot, or not."),
        ("hasReplay" = Option<bool>, Query, description = "With a recording, or without."),
        ("status" = Option<String>, Query, description = "`open` or `closed`."),
        ("live" = Option<bool>, Query, description = "Open, and a page of it was there within the last minute; or not."),
        ("text" = Option<String>, Query, description = "Contained in user id, first page, last page or session id."),
    ),
    responses((status = 200, description = "A page.", body = SessionList), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn list_sessions(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let organization = api.organization(&request, &path).await?;
    let params = Params::parse(request.query_string(), LIST_PARAMS)?;
    let filter = session_filter(&params)?;
    let size = SESSION_PAGE.choose("limit", params.count("limit")?)?;
    let after = params.text("cursor").map(cursor::decode).transpose()?;
    let page = api
        .use_cases
        .list_sessions(&organization, &filter, after.as_ref(), size)
        .await?;
    Ok(answer(&SessionList {
        sessions: page.items.into_iter().map(SessionView::listed).collect(),
        next_cursor: page.next.as_ref().map(cursor::encode),
    }))
}

/// One session, by its id, or the latest visit under the SDK's session id.
#[utoipa::path(
    get,
    path = "/sessions/{orgId}/{sessionId}",
    tag = "sessions",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("sessionId" = String, Path, description = "A session's `id`, or the SDK's `sessionId`, which means its latest visit."),
    ),
    responses((status = 200, description = "The session.", body = SessionView), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn get_session(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (organization, session) = path.into_inner();
    let organization = api.organization(&request, &organization).await?;
    Params::parse(request.query_string(), &[])?;
    let session = api.use_cases.session(&organization, &session).await?;
    Ok(answer(&SessionView::whole(session)))
}

/// The interactions of a session in the order of time, in pages.
#[utoipa::path(
    get,
    path = "/sessions/{orgId}/{sessionId}/events",
    tag = "sessions",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("sessionId" = String, Path, description = "A session's `id`, or the SDK's `sessionId`, which means its latest visit."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 1000, description = "Events of a page; 200 when absent."),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before."),
        ("type" = Option<String>, Query, description = "Only events of this type."),
    ),
    responses((status = 200, description = "A page.", body = EventList), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn list_events(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (organization, session) = path.into_inner();
    let organization = api.organization(&request, &organization).await?;
    let params = Params::parse(request.query_string(), &["limit", "cursor", "type"])?;
    let size = EVENT_PAGE.choose("limit", params.count("limit")?)?;
    let after = params.text("cursor").map(cursor::decode).transpose()?;
    let page = api
        .use_cases
        .events(
            &organization,
            &session,
            params.text("type"),
            after.as_ref(),
            size,
        )
        .await?;
    Ok(answer(&EventList {
        events: page.items.into_iter().map(EventView::from).collect(),
        next_cursor: page.next.as_ref().map(cursor::encode),
    }))
}
