//! Rows and records of sessions, events, chunks, announcements and session keys: the same columns, listed
//! once for each table, in both directions.
//!
//! Other crates see the records of these tables, not their entities. Of other tables the entity is the
//! record, under the name of a row.

use std::str::FromStr;

use sea_orm::Set;

use crow_types::{
    ChunkRecord, EndReason, EventRecord, OutboxRecord, SessionKeyRecord, SessionRecord,
};

use crate::entity::{events, replay_chunks, session_keys, sessions};
use crate::error::{Error, Result};
use crate::rows::Value;

/// The name of a column whose field is a keyword.
const fn column(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// Declares the columns of a table, and the values of a record in their order.
macro_rules! columns {
    ($columns:ident $values:ident $record:ident: $($field:ident)+) => {
        pub(crate) const $columns: &[&str] = &[$(column(stringify!($field))),+];

        pub(crate) fn $values(record: &$record) -> [Value<'_>; $columns.len()] {
            [$((&record.$field).into()),+]
        }
    };
}

/// Declares the record of a row.
macro_rules! from_row {
    ($row:path => $record:ident: $($field:ident)+) => {
        impl From<$row> for $record {
            fn from(row: $row) -> Self {
                Self { $($field: row.$field),+ }
            }
        }
    };
}

/// Passes the columns of events to a macro, after what else it takes.
macro_rules! event_fields {
    ($with:ident $($more:tt)+) => {
        $with! { $($more)+ id session_id r#type name url window_id timestamp place data created_at }
    };
}

/// As [`event_fields`], of chunks.
macro_rules! chunk_fields {
    ($with:ident $($more:tt)+) => {
        $with! {
            $($more)+ id session_id chunk_index r2_key byte_offset byte_length window_id
            event_count replay_event_count size_bytes first_at last_at has_full_snapshot
            event_ids created_at
        }
    };
}

/// As [`event_fields`], of keys of sessions.
macro_rules! key_fields {
    ($with:ident $($more:tt)+) => {
        $with! { $($more)+ session_id organization_id organization_key wrapped }
    };
}

event_fields!(columns EVENT_COLUMNS event_values EventRecord:);
event_fields!(from_row events::Model => EventRecord:);
chunk_fields!(columns CHUNK_COLUMNS chunk_values ChunkRecord:);
chunk_fields!(from_row replay_chunks::Model => ChunkRecord:);
key_fields!(columns KEY_COLUMNS key_values SessionKeyRecord:);
key_fields!(from_row session_keys::Model => SessionKeyRecord:);
columns!(OUTBOX_COLUMNS outbox_values OutboxRecord: id partition session_id revision created_at);

macro_rules! to_row {
    (: $($field:ident)+) => {
        /// The row of a chunk, to insert.
        pub(crate) fn chunk_row(record: ChunkRecord) -> replay_chunks::ActiveModel {
            replay_chunks::ActiveModel { $($field: Set(record.$field)),+ }
        }
    };
}

chunk_fields!(to_row :);

/// A session as readers see it, also one that a newer version ended for its own reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// The session. Its end reason is `None` when this version does not know it.
    pub record: SessionRecord,
    /// It is not over.
    pub is_open: bool,
    /// Why it is over, as it is stored.
    pub end_reason: Option<String>,
    /// What retention or an anonymizing took from it, as it is stored, see
    /// [`crate::reduction::Reduction`].
    pub removed: Option<String>,
}

/// Declares both directions for the columns of sessions that are the same in record and row.
macro_rules! session_columns {
    ($($same:ident),* $(,)?) => {
        pub(crate) const SESSION_COLUMNS: &[&str] =
            &["status", "archived_at", "end_reason", $(stringify!($same)),*];

        pub(crate) fn session_values(record: &SessionRecord) -> Vec<Value<'_>> {
            let status = if record.end_reason.is_some() { "closed" } else { "open" };
            vec![
                status.into(),
                Value::Number(None),
                Value::Text(record.end_reason.map(EndReason::as_str)),
                $((&record.$same).into()),*
            ]
        }

        fn ended(row: sessions::Model, end_reason: Option<EndReason>) -> SessionRecord {
            SessionRecord { end_reason, $($same: row.$same,)* }
        }
    };
}

/// The record of a row.
///
/// # Errors
/// `Unreadable` when this version does not know why the session is over.
pub(crate) fn session_record(row: sessions::Model) -> Result<SessionRecord> {
    let end_reason = row
        .end_reason
        .as_deref()
        .map(EndReason::from_str)
        .transpose();
    let end_reason = end_reason.map_err(|error| Error::Unreadable(error.to_string()))?;
    Ok(ended(row, end_reason))
}

impl From<sessions::Model> for StoredSession {
    fn from(row: sessions::Model) -> Self {
        let known = row.end_reason.as_deref().map(EndReason::from_str);
        let (is_open, end_reason) = (row.status == "open", row.end_reason.clone());
        let removed = row.removed.clone();
        Self {
            record: ended(row, known.and_then(std::result::Result::ok)),
            is_open,
            end_reason,
            removed,
        }
    }
}

session_columns!(
    id,
    organization_id,
    session_id,
    generation,
    revision,
    partition,
    due_at,
    started_at,
    last_activity_at,
    last_event_at,
    live_until,
    ended_at,
    duration_ms,
    referrer,
    initial_url,
    exit_url,
    user_id,
    visitor_id,
    consent,
    traits,
    user_agent,
    ip_address,
    country,
    device_type,
    browser,
    os,
    is_bot,
    locale,
    timezone,
    viewport,
    screen,
    sdk_name,
    sdk_version,
    platform,
    has_replay,
    exit_context,
    event_count,
    pageview_count,
    click_count,
    input_count,
    error_count,
    rage_click_count,
    replay_event_count,
    chunk_count,
    max_scroll_depth,
    terms,
    urls,
    windows,
    created_at,
    updated_at,
);
