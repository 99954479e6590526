//! The announcement of a finished session on the work queue.

use serde::Serialize;

use crow_bus::interactions::InteractionMessage;
use crow_db::Db;
use crow_db::analytics::{self, Step, Steps};
use crow_types::{EndReason, OutboxRecord, SessionRecord};

/// Maximum number of events in an announcement. The API has the rest.
const MAX_EVENTS: usize = 500;

/// Builds the announcement with as many of the session's first events as fit into `max_bytes`. Reads
/// SQL only, so it does not wait for the object store.
pub(crate) async fn announcement_of(
    db: &Db,
    row: &OutboxRecord,
    session: &SessionRecord,
    max_bytes: usize,
) -> anyhow::Result<InteractionMessage> {
    let steps = analytics::steps_of(db, &session.id).await?;
    let events: Vec<EventView<'_>> = steps
        .list()
        .iter()
        .take(MAX_EVENTS)
        .map(|step| EventView::of(&steps, step))
        .collect();
    let mut count = events.len();
    loop {
        let message = message_of(row, session, &events[..count])?;
        if count == 0 || serde_json::to_vec(&message)?.len() <= max_bytes {
            return Ok(message);
        }
        count /= 2;
    }
}

fn message_of(
    row: &OutboxRecord,
    session: &SessionRecord,
    events: &[EventView<'_>],
) -> serde_json::Result<InteractionMessage> {
    let place = format!("/sessions/{}/{}", session.organization_id, session.id);
    let data = Data {
        completion_id: &row.id,
        revision: row.revision,
        end_reason: session.end_reason.map(EndReason::as_str),
        session: Summary::of(session),
        events,
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
        report: None,
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
    events: &'a [EventView<'a>],
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

/// Ids and payloads are behind the link.
#[derive(Serialize)]
struct EventView<'a> {
    r#type: &'a str,
    name: Option<&'a str>,
    url: Option<&'a str>,
    timestamp: i64,
}

impl<'a> EventView<'a> {
    fn of(steps: &'a Steps, step: &'a Step) -> Self {
        let text = |text: &'a str| (!text.is_empty()).then_some(text);
        Self {
            r#type: steps.word(step),
            name: text(steps.name(step)),
            url: text(steps.url(step)),
            timestamp: step.at,
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
