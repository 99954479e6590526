use crow_db::read::{EventKey, GenerationLink, SessionKey};
use crow_proto::api;
use crow_storage::pack::{Line, LineKind};
use crow_types::{Consent, EventRecord};

use crate::cursor;
use crate::live::tail::Part;
use crate::use_cases::{Page, Session};
use crate::windows::Gap;

impl From<Page<Session, SessionKey>> for api::ListSessionsResponse {
    fn from(page: Page<Session, SessionKey>) -> Self {
        Self {
            sessions: page.items.into_iter().map(session).collect(),
            next_page_token: page.next.as_ref().map(cursor::encode).unwrap_or_default(),
        }
    }
}

impl From<Page<EventRecord, EventKey>> for api::ListEventsResponse {
    fn from(page: Page<EventRecord, EventKey>) -> Self {
        Self {
            events: page.items.into_iter().map(event).collect(),
            next_page_token: page.next.as_ref().map(cursor::encode).unwrap_or_default(),
        }
    }
}

pub fn session(session: Session) -> api::Session {
    let (live, status) = (session.is_live(), session.status());
    let row = session.row;
    let kept = session.kept.unwrap_or_default();
    api::Session {
        id: row.id,
        organization_id: row.organization_id,
        session_id: row.session_id,
        generation: number(i64::from(row.generation)),
        revision: number(i64::from(row.revision)),
        status: status.to_owned(),
        end_reason: session.end_reason.unwrap_or_default(),
        started_at: row.started_at,
        last_activity_at: row.last_activity_at,
        ended_at: row.ended_at,
        duration_ms: row.duration_ms,
        initial_url: row.initial_url.unwrap_or_default(),
        exit_url: row.exit_url.unwrap_or_default(),
        referrer: row.referrer.unwrap_or_default(),
        user_id: row.user_id.unwrap_or_default(),
        visitor_id: row.visitor_id.unwrap_or_default(),
        consent: Consent::read(row.consent.as_deref()).map(consent),
        live,
        live_until: row.live_until,
        traits: row.traits.unwrap_or_default(),
        user_agent: row.user_agent.unwrap_or_default(),
        ip_address: row.ip_address.unwrap_or_default(),
        country: row.country.unwrap_or_default(),
        device_type: row.device_type.unwrap_or_default(),
        browser: row.browser.unwrap_or_default(),
        os: row.os.unwrap_or_default(),
        is_bot: row.is_bot,
        has_replay: row.has_replay,
        removed: session.removed.unwrap_or_default(),
        counts: Some(api::Counts {
            events: number(row.event_count),
            pageviews: number(row.pageview_count),
            clicks: number(row.click_count),
            inputs: number(row.input_count),
            errors: number(row.error_count),
            rage_clicks: number(row.rage_click_count),
            replay_events: number(row.replay_event_count),
        }),
        max_scroll_depth: number(row.max_scroll_depth),
        sdk: Some(api::Sdk {
            name: row.sdk_name.unwrap_or_default(),
            version: row.sdk_version.unwrap_or_default(),
            platform: row.platform.unwrap_or_default(),
        }),
        exit_context: row.exit_context.unwrap_or_default(),
        gaps: session.gaps.into_iter().map(gap).collect(),
        generations: session.generations.into_iter().map(generation).collect(),
        tags: kept.tags,
        is_watched: kept.is_watched,
    }
}

fn consent(given: Consent) -> api::Consent {
    api::Consent {
        state: given.state.unwrap_or_default(),
        version: given.version.unwrap_or_default(),
        signal: given.signal.unwrap_or_default(),
    }
}

/// Counts in rows are never negative. Counts above `u32::MAX` saturate.
fn number(count: i64) -> u32 {
    u32::try_from(count.max(0)).unwrap_or(u32::MAX)
}

pub fn gap(gap: Gap) -> api::Gap {
    api::Gap {
        window_id: gap.window_id,
        first_seq: gap.first_seq,
        last_seq: gap.last_seq,
        since: gap.since,
    }
}

fn generation(link: GenerationLink) -> api::Generation {
    api::Generation {
        id: link.id,
        generation: number(i64::from(link.generation)),
        started_at: link.started_at,
    }
}

/// Leaves `data` empty when the event has none.
pub fn event(row: EventRecord) -> api::Event {
    let data = if row.data == "null" {
        String::new()
    } else {
        row.data
    };
    api::Event {
        id: row.id,
        r#type: row.r#type,
        name: row.name.unwrap_or_default(),
        url: row.url.unwrap_or_default(),
        timestamp: row.timestamp,
        data,
    }
}

/// A frame without content is a heartbeat.
pub fn tail_frame(part: Part) -> api::TailFrame {
    match part {
        Part::Lines(lines) => api::TailFrame {
            lines: lines.into_iter().map(tail_line).collect(),
            ..api::TailFrame::default()
        },
        Part::CaughtUp => api::TailFrame {
            caught_up: true,
            ..api::TailFrame::default()
        },
        Part::End(reason) => api::TailFrame {
            end_reason: reason,
            ..api::TailFrame::default()
        },
        Part::Heartbeat => api::TailFrame::default(),
    }
}

fn tail_line(line: Line) -> api::TailLine {
    api::TailLine {
        window_id: line.window,
        is_replay: line.kind == LineKind::Replay,
        seq: line.seq,
        timestamp: line.at,
        data: line.data,
    }
}
