//! Sessions while they happen, as server-sent events.

use actix_web::http::header::{CACHE_CONTROL, HeaderName};
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use futures::{Stream, StreamExt};

use crow_auth::Scope;
use crow_storage::pack::Line;
use crow_web::ApiError;

use crate::live::changes::Change;
use crate::live::tail::Part;
use crate::live::{Live, Watcher};
use crate::replay::encode::write_json;
use crate::rest::handlers::PRIVATE;
use crate::rest::openapi::ReadErrors;
use crate::rest::params::Params;
use crate::rest::views::SessionView;
use crate::rest::{Api, caller_of, get};

/// Keeps a proxy from collecting events.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Adds the routes.
pub fn configure(cfg: &mut ServiceConfig, live: &Live) {
    cfg.app_data(Data::new(live.clone()))
        .service(get("/live/{orgId}", web::get().to(watch_sessions)))
        .service(get(
            "/sessions/{orgId}/{sessionId}/live",
            web::get().to(watch_session),
        ));
}

/// A session while it happens: what is stored, then what comes.
///
/// Events: `lines`, a JSON array of the lines of `replay`; `caughtUp` once everything
/// that there was is out; `end` with `{"endReason"}` when the session is over; comments as
/// heartbeats. Never a line twice, and no hole. An answer that breaks off without `end`
/// has to be asked for again, and then begins anew.
#[utoipa::path(
    get,
    path = "/sessions/{orgId}/{sessionId}/live",
    tag = "live",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("sessionId" = String, Path, description = "A session's `id`, or the SDK's `sessionId`, which means its latest visit."),
        ("from" = Option<String>, Query, description = "Begin with the last full snapshot of each window at or before this moment. Milliseconds since the epoch or RFC 3339."),
    ),
    responses(
        (status = 200, description = "Events until the session is over.", body = String, content_type = "text/event-stream"),
        (status = 429, description = "Too many streams are open.", body = crow_web::ErrorBody),
        ReadErrors,
    ),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn watch_session(
    api: Data<Api>,
    live: Data<Live>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (organization, session) = path.into_inner();
    let admission = api.admit(&request, Scope::Read, &organization).await?;
    let params = Params::parse(request.query_string(), &["from"])?;
    let watcher = watcher_of(&request, organization)?;
    let parts = live
        .tail(&admission, watcher, &session, params.time("from")?)
        .await?;
    Ok(events(parts.map(|part| part.map(|part| part_text(&part)))))
}

/// Which sessions of an organization are begun, change or end, as they are stored.
///
/// Events: `session`, a session as in the list, at most once a second for each; comments
/// as heartbeats. What changed before the answer began is in the list.
#[utoipa::path(
    get,
    path = "/live/{orgId}",
    tag = "live",
    params(("orgId" = String, Path, description = "The organization of the key.")),
    responses(
        (status = 200, description = "Events without end.", body = String, content_type = "text/event-stream"),
        (status = 429, description = "Too many streams are open.", body = crow_web::ErrorBody),
        ReadErrors,
    ),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn watch_sessions(
    api: Data<Api>,
    live: Data<Live>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let organization = path.into_inner();
    let admission = api.admit(&request, Scope::Read, &organization).await?;
    Params::parse(request.query_string(), &[])?;
    let watcher = watcher_of(&request, organization)?;
    let changes = live.changes(&admission, watcher).await?;
    Ok(events(changes.map(|change| change.map(change_text))))
}

fn watcher_of(request: &HttpRequest, organization: String) -> Result<Watcher, ApiError> {
    Ok(Watcher {
        caller: caller_of(request)?,
        organization,
    })
}

fn events(blocks: impl Stream<Item = Result<Bytes, ApiError>> + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, PRIVATE))
        .insert_header((X_ACCEL_BUFFERING, "no"))
        .streaming(blocks)
}

const HEARTBEAT: Bytes = Bytes::from_static(b": \n\n");

fn part_text(part: &Part) -> Bytes {
    match part {
        Part::Lines(lines) => lines_text(lines),
        Part::CaughtUp => Bytes::from_static(b"event: caughtUp\ndata: {}\n\n"),
        Part::End(reason) => {
            let data = serde_json::json!({ "endReason": reason });
            Bytes::from(format!("event: end\ndata: {data}\n\n"))
        }
        Part::Heartbeat => HEARTBEAT,
    }
}

fn lines_text(lines: &[Line]) -> Bytes {
    let mut text = b"event: lines\ndata: [".to_vec();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        write_json(line, &mut text);
    }
    text.extend_from_slice(b"]\n\n");
    text.into()
}

fn change_text(change: Change) -> Bytes {
    match change {
        Change::Sessions(sessions) => {
            let mut text = Vec::new();
            for session in sessions {
                text.extend_from_slice(b"event: session\ndata: ");
                let mut json = serde_json::to_vec(&SessionView::listed(session))
                    .expect("a view is plain data");
                // What a client sent goes out as it is, and a line feed would end the event.
                for byte in &mut json {
                    if matches!(*byte, b'\n' | b'\r') {
                        *byte = b' ';
                    }
                }
                text.extend_from_slice(&json);
                text.extend_from_slice(b"\n\n");
            }
            text.into()
        }
        Change::Heartbeat => HEARTBEAT,
    }
}
