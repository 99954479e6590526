//! Rows as plain values: the session core fills them in, and the database writes them. The field
//! names are the column names.

use std::fmt;
use std::str::FromStr;

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// The visitor was inactive for the idle timeout.
    Idle,
    /// The client ended it.
    Ended,
    /// The session reached the maximum duration.
    MaxDuration,
    /// The session was erased on request.
    Erased,
}

impl EndReason {
    /// The word in rows, labels and responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Ended => "ended",
            Self::MaxDuration => "max_duration",
            Self::Erased => "erased",
        }
    }
}

impl FromStr for EndReason {
    type Err = UnknownEndReason;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "idle" => Ok(Self::Idle),
            "ended" => Ok(Self::Ended),
            "max_duration" => Ok(Self::MaxDuration),
            "erased" => Ok(Self::Erased),
            _ => Err(UnknownEndReason(text.to_owned())),
        }
    }
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A row has an end reason that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown end reason {0:?}")]
pub struct UnknownEndReason(pub String);

/// One session: a row of `sessions`. Times are milliseconds since the epoch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionRecord {
    /// Primary key, see [`crate::SessionRowId`].
    pub id: String,
    /// The tenant.
    pub organization_id: String,
    /// The SDK's session id.
    pub session_id: String,
    /// Which visit under this session id, from 0.
    pub generation: i32,
    /// Grows each time the ended session receives late data; 0 until then.
    pub revision: i32,
    /// Why it ended; `None` while it is open.
    pub end_reason: Option<EndReason>,
    /// Its partition.
    pub partition: i64,
    /// When it ends without further activity; `None` once it is closed.
    pub due_at: Option<i64>,
    /// Time of its first event.
    pub started_at: i64,
    /// Time of the visitor's last activity.
    pub last_activity_at: i64,
    /// Time of its newest event of any kind.
    pub last_event_at: i64,
    /// Until when it counts as live; `None` once it is over.
    pub live_until: Option<i64>,
    /// When it ended; `None` while it is open.
    pub ended_at: Option<i64>,
    /// From the start to the end, or to the last activity while it is open.
    pub duration_ms: i64,
    /// Where the visitor came from.
    pub referrer: Option<String>,
    /// The first page.
    pub initial_url: Option<String>,
    /// The last page.
    pub exit_url: Option<String>,
    /// The user that the client named last.
    pub user_id: Option<String>,
    /// The visitor id.
    pub visitor_id: Option<String>,
    /// JSON of a [`crate::Consent`]; `None` if the client said nothing.
    pub consent: Option<String>,
    /// JSON object that the client gave last.
    pub traits: Option<String>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// By policy whole, truncated or absent.
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
    /// Name of the SDK.
    pub sdk_name: Option<String>,
    /// Version of the SDK.
    pub sdk_version: Option<String>,
    /// web, react-native, electron …
    pub platform: Option<String>,
    /// Whether it has at least one replay event.
    pub has_replay: bool,
    /// JSON object that came with the end.
    pub exit_context: Option<String>,
    /// Interactions.
    pub event_count: i64,
    /// Events of type `pageview`.
    pub pageview_count: i64,
    /// Events of type `click`.
    pub click_count: i64,
    /// Events of type `input`.
    pub input_count: i64,
    /// Events of type `error`.
    pub error_count: i64,
    /// Clicks that the SDK marked as rage clicks.
    pub rage_click_count: i64,
    /// rrweb events.
    pub replay_event_count: i64,
    /// Chunks written; the next chunk's index.
    pub chunk_count: i64,
    /// Percent of the page height, 0 to 100.
    pub max_scroll_depth: i64,
    /// The types and names of its events, see [`crate::terms`].
    pub terms: Vec<u8>,
    /// Addresses of pages other than the first one, each followed by a line feed; some kilobytes at
    /// most.
    pub urls: String,
    /// JSON: which batches of each window arrived.
    pub windows: String,
    /// When the row was first written.
    pub created_at: i64,
    /// When the row was last written.
    pub updated_at: i64,
}

/// One interaction: a row of `events`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRecord {
    /// See [`crate::EventRowId`]. The primary key is session row, time and this.
    pub id: String,
    /// `sessions.id`.
    pub session_id: String,
    /// The event's type.
    pub r#type: String,
    /// Name of a custom event.
    pub name: Option<String>,
    /// Where it happened.
    pub url: Option<String>,
    /// The window; empty when the client has none.
    pub window_id: String,
    /// Corrected time, milliseconds since the epoch.
    pub timestamp: i64,
    /// Orders events of the same millisecond: the batch number, then the place in the batch.
    pub place: i64,
    /// JSON payload; `null` when there is none.
    pub data: String,
    /// When the row was written.
    pub created_at: i64,
}

/// One session's part of one flush: a row of `replay_chunks`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkRecord {
    /// Session row and index, which are also the key.
    pub id: String,
    /// `sessions.id`.
    pub session_id: String,
    /// Position in the session, from 0.
    pub chunk_index: i64,
    /// Key of the object.
    pub r2_key: String,
    /// First byte of the chunk in the object.
    pub byte_offset: i64,
    /// Bytes in the object.
    pub byte_length: i64,
    /// The window; empty when the client has none.
    pub window_id: String,
    /// Lines in the chunk: interactions and replay events.
    pub event_count: i64,
    /// Of these, replay events.
    pub replay_event_count: i64,
    /// Bytes before compression.
    pub size_bytes: i64,
    /// Corrected time of the first line.
    pub first_at: i64,
    /// Corrected time of the last line.
    pub last_at: i64,
    /// Whether a player can start in this chunk.
    pub has_full_snapshot: bool,
    /// Of each interaction in it, the last eight bytes of its id, see [`crate::EventRowId::bits`].
    /// Empty in archives.
    pub event_ids: Vec<u8>,
    /// When the row was written.
    pub created_at: i64,
}

/// The occurrences of one issue in a session: what a flush adds to a row of `session_errors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionErrorRecord {
    /// `sessions.id`.
    pub session_id: String,
    /// Names the issue.
    pub fingerprint: String,
    /// Corrected time of the first new occurrence.
    pub first_at: i64,
    /// Corrected time of the last new occurrence.
    pub last_at: i64,
    /// New occurrences.
    pub occurrences: i64,
    /// The type that the last one names; empty: none.
    pub kind: String,
    /// What it says: one line.
    pub message: String,
    /// Where it happened: function and file, or the path of the page.
    pub culprit: String,
    /// The path of its page, with `*` for ids.
    pub page: String,
    /// The version of the page; empty: unknown.
    pub app_release: String,
    /// The id of its event, see [`crate::EventRowId`].
    pub event_id: String,
}

/// The key of a session: a row of `session_keys`.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKeyRecord {
    /// `sessions.id`.
    pub session_id: String,
    /// The tenant.
    pub organization_id: String,
    /// Number of the key of the organization that wraps it.
    pub organization_key: i64,
    /// The key, encrypted.
    pub wrapped: Vec<u8>,
}

impl fmt::Debug for SessionKeyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionKeyRecord")
            .field("session_id", &self.session_id)
            .field("organization_key", &self.organization_key)
            .finish_non_exhaustive()
    }
}

/// A pending announcement: a row of `outbox`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRecord {
    /// The completion id: `{session row}-{revision}`.
    pub id: String,
    /// Its partition.
    pub partition: i64,
    /// `sessions.id`.
    pub session_id: String,
    /// Revision that is announced.
    pub revision: i32,
    /// When the row was written.
    pub created_at: i64,
}
