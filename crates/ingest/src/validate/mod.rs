//! Which items of a body are accepted, and what becomes of them on the bus.

pub(crate) mod event;
pub(crate) mod head;
pub(crate) mod replay;

use bytes::Bytes;

use crow_proto::events::{Event, ReplayEvent};
use crow_types::{ErrorCode, Timestamp};
use crow_web::ApiError;

use crate::config::IngestConfig;
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, FieldError};
use crate::decode::list::{self, ListError};
use crate::outcome::{Lane, RejectReason, Rejection};

/// 2000-01-01, in milliseconds since the epoch. Earlier times are broken clocks.
const EARLIEST: i64 = 946_684_800_000;
/// 2100-01-01. A clock that is merely ahead is right once the keeper has corrected it.
const LATEST: i64 = 4_102_444_800_000;

/// Limits for the items of one body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub received_at: Timestamp,
    pub max_events: usize,
    pub max_replay_events: usize,
    pub max_event_bytes: usize,
    pub max_event_depth: usize,
}

impl Rules {
    pub(crate) fn new(config: &IngestConfig, received_at: Timestamp) -> Self {
        Self {
            received_at,
            max_events: config.max_events,
            max_replay_events: config.max_replay_events,
            max_event_bytes: config.max_event_bytes,
            max_event_depth: config.max_event_depth,
        }
    }

    /// A time that can be true.
    fn timestamp(self, raw: Option<&[u8]>) -> Result<i64, Refusal> {
        let invalid = |message: String| Refusal {
            reason: RejectReason::InvalidTimestamp,
            message,
        };
        let millis =
            fields::millis("timestamp", raw).map_err(|error| invalid(error.to_string()))?;
        let millis = millis.ok_or_else(|| invalid("timestamp is required".to_owned()))?;
        if (EARLIEST..LATEST).contains(&millis) {
            return Ok(millis);
        }
        Err(invalid(
            "timestamp must be between the years 2000 and 2100, in milliseconds since the epoch"
                .to_owned(),
        ))
    }
}

/// Why one item was refused, before its place is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub reason: RejectReason,
    pub message: String,
}

impl Refusal {
    fn field(reason: RejectReason) -> impl Fn(FieldError) -> Self {
        move |error| Self {
            reason,
            message: error.to_string(),
        }
    }

    pub(crate) fn at(self, lane: Lane, index: usize) -> Rejection {
        Rejection {
            lane,
            index,
            code: self.reason,
            message: self.message,
        }
    }
}

/// What of a body was accepted.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub events: Vec<Event>,
    pub replay: Vec<ReplayEvent>,
    pub rejected: Vec<Rejection>,
}

/// Checks every item of a batch; a bad one never costs a good one.
pub(crate) fn batch(envelope: &Envelope, rules: Rules) -> Result<Checked, ApiError> {
    let events = list::cut(envelope.events.as_deref(), rules.max_events)
        .map_err(|error| refuse_list("events", rules.max_events, &error))?;
    let replay = list::cut(envelope.replay.as_deref(), rules.max_replay_events)
        .map_err(|error| refuse_list("replay", rules.max_replay_events, &error))?;
    let mut checked = Checked::default();
    for (index, raw) in events.into_iter().enumerate() {
        match event::check_item(envelope, raw, rules) {
            Ok(event) => checked.events.push(event),
            Err(refusal) => checked.rejected.push(refusal.at(Lane::Events, index)),
        }
    }
    for (index, raw) in replay.into_iter().enumerate() {
        match replay::check_item(envelope, raw, rules) {
            Ok(event) => checked.replay.push(event),
            Err(refusal) => checked.rejected.push(refusal.at(Lane::Replay, index)),
        }
    }
    Ok(checked)
}

fn refuse_list(field: &str, max: usize, error: &ListError) -> ApiError {
    match error {
        ListError::TooMany => ApiError::new(
            ErrorCode::TooLarge,
            format!("{field} has more than {max} items; split the batch"),
        ),
        ListError::NotAnArray => {
            ApiError::new(ErrorCode::Malformed, format!("{field} must be an array"))
        }
    }
}

/// The answer when nothing could be accepted: why, for the first few.
pub(crate) fn nothing_acceptable(rejected: &[Rejection]) -> ApiError {
    const SHOWN: usize = 5;
    if rejected.is_empty() {
        return ApiError::new(
            ErrorCode::Unprocessable,
            "the batch is empty: send at least one of events and replay",
        );
    }
    let reasons: Vec<String> = rejected
        .iter()
        .take(SHOWN)
        .map(|one| format!("{}[{}]: {}", one.lane.as_str(), one.index, one.message))
        .collect();
    let more = rejected.len().saturating_sub(SHOWN);
    let tail = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    ApiError::new(
        ErrorCode::Unprocessable,
        format!("nothing was accepted: {}{tail}", reasons.join("; ")),
    )
}

/// A slice of the body without a copy; empty when there is none.
fn slice(envelope: &Envelope, raw: Option<&[u8]>) -> Bytes {
    raw.map(|raw| envelope.body.slice_ref(raw))
        .unwrap_or_default()
}
