//! Answers as JSON.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crow_db::read::{EventKey, GenerationLink, SessionKey};
use crow_types::{Consent, EventRecord};

use crate::cursor;
use crate::use_cases::{Page, Session};
use crate::windows::{Gap, Window};

/// A page of sessions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionList {
    /// Newest first.
    pub sessions: Vec<SessionView>,
    /// Send it as `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

impl From<Page<Session, SessionKey>> for SessionList {
    fn from(page: Page<Session, SessionKey>) -> Self {
        Self {
            sessions: page.items.into_iter().map(SessionView::listed).collect(),
            next_cursor: page.next.as_ref().map(cursor::encode),
        }
    }
}

/// One session. Times are milliseconds since the epoch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Id of the session.
    pub id: String,
    /// The tenant.
    pub organization_id: String,
    /// The SDK's session id.
    pub session_id: String,
    /// Number of the generation under this session id, from 0.
    pub generation: i32,
    /// Grows each time the ended session receives late data.
    pub revision: i32,
    /// `open` or `closed`.
    pub status: String,
    /// `idle`, `ended`, `max_duration` or `erased`; null while the session is open.
    pub end_reason: Option<String>,
    /// Whether one of its pages is open, or was within the last minute.
    pub live: bool,
    /// When it stops being live, unless a page reports again; null once it is over.
    pub live_until: Option<i64>,
    /// Time of its first event.
    pub started_at: i64,
    /// Time of the visitor's last activity.
    pub last_activity_at: i64,
    /// Time of its newest event.
    pub last_event_at: i64,
    /// When it ended; null while it is open.
    pub ended_at: Option<i64>,
    /// From the start to the end, or to the last activity while it is open.
    pub duration_ms: i64,
    /// Where the visitor came from.
    pub referrer: Option<String>,
    /// The first page.
    pub initial_url: Option<String>,
    /// The last page.
    pub exit_url: Option<String>,
    /// The last user id that the client gave.
    pub user_id: Option<String>,
    /// The visitor id: the SDK's id of the browser, which lasts across visits.
    pub visitor_id: Option<String>,
    /// What the visitor agreed to; null when the client did not say and no signal of the browser was
    /// acted on.
    pub consent: Option<ConsentView>,
    /// What the client last said about the user.
    #[schema(value_type = Option<Object>)]
    pub traits: Option<Box<RawValue>>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// Whole, truncated or absent, by policy.
    pub ip_address: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// desktop, mobile, tablet, tv, console or bot.
    pub device_type: Option<String>,
    /// Name of the browser.
    pub browser: Option<String>,
    /// Name of the operating system.
    pub os: Option<String>,
    /// Whether the user agent is a known bot.
    pub is_bot: bool,
    /// BCP 47 language tag.
    pub locale: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// `width`x`height` of the viewport in CSS pixels.
    pub viewport: Option<String>,
    /// `width`x`height` of the screen in CSS pixels.
    pub screen: Option<String>,
    /// The SDK that recorded it.
    pub sdk: SdkView,
    /// Whether it has a recording.
    pub has_replay: bool,
    /// What retention or an anonymizing took from it: `recording`; `events`, with the recording;
    /// `identity`, with both. Null: nothing.
    pub removed: Option<String>,
    /// Counts of what happened.
    pub counts: CountsView,
    /// Percent of the page height, 0 to 100.
    pub max_scroll_depth: i64,
    /// What the client sent when it ended the session.
    #[schema(value_type = Option<Object>)]
    pub exit_context: Option<Box<RawValue>>,
    /// Tabs and app windows.
    pub windows: Vec<Window>,
    /// Missing batches.
    pub gaps: Vec<Gap>,
    /// All generations of this session id, latest first; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generations: Option<Vec<GenerationView>>,
    /// Its tags, in the order of the alphabet. Absent in live changes and without the scope `read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Whether the caller has watched it. Absent where `tags` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_watched: Option<bool>,
}

/// What the visitor of a session agreed to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentView {
    /// `granted`, `pending` or `denied`, as the client said last.
    pub state: Option<String>,
    /// The version of what the visitor agreed to.
    pub version: Option<String>,
    /// `gpc` or `dnt`: the signal of the browser for which the session holds nothing that names the
    /// visitor.
    pub signal: Option<String>,
}

impl From<Consent> for ConsentView {
    fn from(consent: Consent) -> Self {
        Self {
            state: consent.state,
            version: consent.version,
            signal: consent.signal,
        }
    }
}

/// The SDK that recorded a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SdkView {
    /// Name.
    pub name: Option<String>,
    /// Version.
    pub version: Option<String>,
    /// web, react-native, electron …
    pub platform: Option<String>,
}

/// Counts of what happened in a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CountsView {
    /// Interactions.
    pub events: i64,
    /// Pages.
    pub pageviews: i64,
    /// Clicks.
    pub clicks: i64,
    /// Inputs.
    pub inputs: i64,
    /// Errors.
    pub errors: i64,
    /// Rage clicks.
    pub rage_clicks: i64,
    /// rrweb events.
    pub replay_events: i64,
}

/// A link to another generation of the session id.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GenerationView {
    /// Id of the session.
    pub id: String,
    /// Number of the generation, from 0.
    pub generation: i32,
    /// When it started.
    pub started_at: i64,
}

impl From<GenerationLink> for GenerationView {
    fn from(link: GenerationLink) -> Self {
        Self {
            id: link.id,
            generation: link.generation,
            started_at: link.started_at,
        }
    }
}

impl SessionView {
    /// The form for lists.
    pub fn listed(session: Session) -> Self {
        let (live, status) = (session.is_live(), session.status());
        let row = session.row;
        let (tags, is_watched) = match session.kept {
            Some(kept) => (Some(kept.tags), Some(kept.is_watched)),
            None => (None, None),
        };
        Self {
            id: row.id,
            organization_id: row.organization_id,
            session_id: row.session_id,
            generation: row.generation,
            revision: row.revision,
            status: status.to_owned(),
            end_reason: session.end_reason,
            live,
            live_until: row.live_until,
            started_at: row.started_at,
            last_activity_at: row.last_activity_at,
            last_event_at: row.last_event_at,
            ended_at: row.ended_at,
            duration_ms: row.duration_ms,
            referrer: row.referrer,
            initial_url: row.initial_url,
            exit_url: row.exit_url,
            user_id: row.user_id,
            visitor_id: row.visitor_id,
            consent: Consent::read(row.consent.as_deref()).map(ConsentView::from),
            traits: json(row.traits),
            user_agent: row.user_agent,
            ip_address: row.ip_address,
            country: row.country,
            device_type: row.device_type,
            browser: row.browser,
            os: row.os,
            is_bot: row.is_bot,
            locale: row.locale,
            timezone: row.timezone,
            viewport: row.viewport,
            screen: row.screen,
            sdk: SdkView {
                name: row.sdk_name,
                version: row.sdk_version,
                platform: row.platform,
            },
            has_replay: row.has_replay,
            removed: session.removed,
            counts: CountsView {
                events: row.event_count,
                pageviews: row.pageview_count,
                clicks: row.click_count,
                inputs: row.input_count,
                errors: row.error_count,
                rage_clicks: row.rage_click_count,
                replay_events: row.replay_event_count,
            },
            max_scroll_depth: row.max_scroll_depth,
            exit_context: json(row.exit_context),
            windows: session.windows,
            gaps: session.gaps,
            generations: None,
            tags,
            is_watched,
        }
    }

    /// With links to the other generations.
    pub fn whole(mut session: Session) -> Self {
        let links = std::mem::take(&mut session.generations);
        let generations = Some(links.into_iter().map(GenerationView::from).collect());
        Self {
            generations,
            ..Self::listed(session)
        }
    }
}

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventList {
    /// In the order of time.
    pub events: Vec<EventView>,
    /// Send it as `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

impl EventList {
    /// With the issues of events, by their ids.
    pub fn new(page: Page<EventRecord, EventKey>, issues: &HashMap<String, String>) -> Self {
        let view = |row| EventView::new(row, issues);
        Self {
            events: page.items.into_iter().map(view).collect(),
            next_cursor: page.next.as_ref().map(cursor::encode),
        }
    }
}

/// One interaction.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// The event.
    pub id: String,
    /// Its type.
    pub r#type: String,
    /// The URL where it happened.
    pub name: Option<String>,
    /// Where it happened.
    pub url: Option<String>,
    /// The window; empty when the client has none.
    pub window_id: String,
    /// Corrected to the server's clock, milliseconds since the epoch.
    pub timestamp: i64,
    /// The client's data, any JSON; null when there is none.
    #[schema(value_type = Option<serde_json::Value>)]
    pub data: Option<Box<RawValue>>,
    /// Of an event of the type `error`: the id of its issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue_id: Option<String>,
}

impl EventView {
    /// With the issues of events, by their ids.
    pub fn new(row: EventRecord, issues: &HashMap<String, String>) -> Self {
        Self {
            issue_id: issues.get(&row.id).cloned(),
            id: row.id,
            r#type: row.r#type,
            name: row.name,
            url: row.url,
            window_id: row.window_id,
            timestamp: row.timestamp,
            data: json(Some(row.data)),
        }
    }
}

/// Passes stored JSON through unchanged. Invalid JSON is left out, because it would break the whole
/// response.
pub fn json(text: Option<String>) -> Option<Box<RawValue>> {
    RawValue::from_string(text?).ok()
}
