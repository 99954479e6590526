//! The announcement of a finished session on the work queue.
//!
//! Payloads are copied unchanged from their rows. They are valid JSON, but may hold values that
//! some parsers reject, such as `1e999` and unpaired surrogates.

use serde::Serialize;
use serde_json::value::RawValue;

use crow_bus::interactions::InteractionMessage;
use crow_db::Db;
use crow_db::sessions;
use crow_types::{EndReason, EventRecord, OutboxRecord, SessionRecord};

/// Maximum number of events in an announcement. The API has the rest.
const MAX_EVENTS: u64 = 500;
/// Maximum bytes of event payloads in an announcement.
const MAX_EVENT_BYTES: usize = 256 << 10;
/// Events read at once. One can be as large as the gateway accepts.
const EVENTS_PER_READ: u64 = 50;

/// Builds the announcement with as many of the session's first events as fit into `max_bytes`.
pub(crate) async fn announcement_of(
    db: &Db,
    row: &OutboxRecord,
    session: &SessionRecord,
    max_bytes: usize,
) -> anyhow::Result<InteractionMessage> {
    let events = first_events(db, &session.id).await?;
    let mut count = events.len();
    loop {
        let message = message_of(row, session, &events[..count])?;
        if count == 0 || serde_json::to_vec(&message)?.len() <= max_bytes {
            return Ok(message);
        }
        count /= 2;
    }
}

async fn first_events(db: &Db, session: &str) -> crow_db::Result<Vec<EventRecord>> {
    let mut found: Vec<EventRecord> = Vec::new();
    let mut bytes = 0;
    while (found.len() as u64) < MAX_EVENTS {
        let read = sessions::first_events(db, session, found.len() as u64, EVENTS_PER_READ).await?;
        let is_last = (read.len() as u64) < EVENTS_PER_READ;
        for event in read {
            bytes += event.data.len() + event.url.as_ref().map_or(0, String::len);
            if bytes > MAX_EVENT_BYTES {
                return Ok(found);
            }
            found.push(event);
        }
        if is_last {
            break;
        }
    }
    Ok(found)
}

fn message_of(
    row: &OutboxRecord,
    session: &SessionRecord,
    events: &[EventRecord],
) -> serde_json::Result<InteractionMessage> {
    let place = format!("/sessions/{}/{}", session.organization_id, session.id);
    let data = Data {
        completion_id: &row.id,
        revision: row.revision,
        end_reason: session.end_reason.map(EndReason::as_str),
        session: Summary::of(session),
        events: events.iter().map(EventView::of).collect(),
        events_complete: i64::try_from(events.len()) == Ok(session.event_count),
        links: Links {
            events: format!("{place}/events"),
            replay: format!("{place}/replay"),
            session: place,
        },
    };
    Ok(InteractionMessage {
        organization_id: session.organization_id.clone(),
        source_type: "web".to_owned(),
        session_id: session.session_id.clone(),
        data: serde_json::to_string(&data)?,
        summary: None,
        timestamp: session.ended_at.unwrap_or(session.last_event_at),
        completion_id: row.id.clone(),
    })
}

/// The JSON text in [`InteractionMessage::data`].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    completion_id: &'a str,
    revision: i32,
    end_reason: Option<&'static str>,
    session: Summary<'a>,
    events: Vec<EventView<'a>>,
    /// `events` holds all of them.
    events_complete: bool,
    links: Links,
}

/// Paths of the read API.
#[derive(Serialize)]
struct Links {
    session: String,
    events: String,
    replay: String,
}

#[derive(Serialize)]
struct EventView<'a> {
    id: &'a str,
    r#type: &'a str,
    name: Option<&'a str>,
    url: Option<&'a str>,
    timestamp: i64,
    data: Option<&'a RawValue>,
}

impl<'a> EventView<'a> {
    fn of(event: &'a EventRecord) -> Self {
        Self {
            id: &event.id,
            r#type: &event.r#type,
            name: event.name.as_deref(),
            url: event.url.as_deref(),
            timestamp: event.timestamp,
            data: serde_json::from_str(&event.data).ok(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    id: &'a str,
    session_id: &'a str,
    generation: i32,
    started_at: i64,
    ended_at: Option<i64>,
    duration_ms: i64,
    initial_url: Option<&'a str>,
    exit_url: Option<&'a str>,
    referrer: Option<&'a str>,
    user_id: Option<&'a str>,
    country: Option<&'a str>,
    device_type: Option<&'a str>,
    browser: Option<&'a str>,
    os: Option<&'a str>,
    is_bot: bool,
    has_replay: bool,
    counts: Counts,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    events: i64,
    pageviews: i64,
    clicks: i64,
    inputs: i64,
    errors: i64,
    rage_clicks: i64,
    replay_events: i64,
}

impl<'a> Summary<'a> {
    fn of(session: &'a SessionRecord) -> Self {
        Self {
            id: &session.id,
            session_id: &session.session_id,
            generation: session.generation,
            started_at: session.started_at,
            ended_at: session.ended_at,
            duration_ms: session.duration_ms,
            initial_url: session.initial_url.as_deref(),
            exit_url: session.exit_url.as_deref(),
            referrer: session.referrer.as_deref(),
            user_id: session.user_id.as_deref(),
            country: session.country.as_deref(),
            device_type: session.device_type.as_deref(),
            browser: session.browser.as_deref(),
            os: session.os.as_deref(),
            is_bot: session.is_bot,
            has_replay: session.has_replay,
            counts: Counts {
                events: session.event_count,
                pageviews: session.pageview_count,
                clicks: session.click_count,
                inputs: session.input_count,
                errors: session.error_count,
                rage_clicks: session.rage_click_count,
                replay_events: session.replay_event_count,
            },
        }
    }
}
