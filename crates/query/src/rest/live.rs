//! Sessions while they happen, as server-sent events.

use actix_web::body::BoxBody;
use actix_web::http::header::{CACHE_CONTROL, HeaderName};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, Responder};
use futures::{Stream, StreamExt};

use crow_storage::pack::Line;
use crow_web::ApiError;

use crate::ask::replay::WatchSession;
use crate::ask::sessions::WatchSessions;
use crate::door::Read;
use crate::live::Live;
use crate::live::changes::Change;
use crate::live::tail::Part;
use crate::replay::encode::write_json;
use crate::rest::answers::{PRIVATE, describe_text, text};
use crate::rest::asked::Asked;
use crate::rest::described::{Description, Output};
use crate::rest::views::SessionView;

/// Stops a proxy from buffering events.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Events as they occur.
pub struct Events(HttpResponse);

impl Responder for Events {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        self.0
    }
}

impl Output for Events {
    fn describe(to: &mut Description) {
        describe_text(
            to,
            "Events as they occur.",
            &[("text/event-stream", text())],
        );
    }
}

pub async fn watch_session(
    live: Data<Live>,
    ask: Asked<Read, WatchSession>,
) -> Result<Events, ApiError> {
    let parts = live.tail(&ask.by, &ask.question).await?;
    Ok(events(parts.map(|part| part.map(|part| part_text(&part)))))
}

pub async fn watch_sessions(
    live: Data<Live>,
    ask: Asked<Read, WatchSessions>,
) -> Result<Events, ApiError> {
    let changes = live.changes(&ask.by, ask.question).await?;
    Ok(events(changes.map(|change| change.map(change_text))))
}

fn events(blocks: impl Stream<Item = Result<Bytes, ApiError>> + 'static) -> Events {
    let response = HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, PRIVATE))
        .insert_header((X_ACCEL_BUFFERING, "no"))
        .streaming(blocks);
    Events(response)
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
        Change::Sessions(sessions, others) => {
            let mut text = Vec::new();
            for session in sessions {
                text.extend_from_slice(b"event: session\ndata: ");
                let mut json = serde_json::to_vec(&SessionView::listed(session))
                    .expect("a view is plain data");
                // JSON from clients may contain line feeds, which would end the event.
                for byte in &mut json {
                    if matches!(*byte, b'\n' | b'\r') {
                        *byte = b' ';
                    }
                }
                text.extend_from_slice(&json);
                text.extend_from_slice(b"\n\n");
            }
            for id in others {
                let data = serde_json::json!({ "id": id });
                text.extend_from_slice(format!("event: other\ndata: {data}\n\n").as_bytes());
            }
            text.into()
        }
        Change::Heartbeat => HEARTBEAT,
    }
}
