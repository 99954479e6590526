//! Decides which items of a body are accepted, and converts them for the bus.

mod context;
pub(crate) mod event;
pub(crate) mod head;
pub(crate) mod notes;
mod one_pass;
pub(crate) mod replay;
mod shown;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use crow_proto::events::{Event, ReplayEvent};
use crow_types::Timestamp;

use crate::config::IngestConfig;
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, FieldError, Scalar};
use crate::decode::list::{self, ListError};
use crate::decode::{BodyError, malformed, surrogates};
use crate::outcome::{Lane, RejectReason, Rejection};
use notes::Notes;

/// Some editors and tools write this before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// 2000-01-01, in milliseconds since the epoch. An earlier time comes from a broken clock.
const EARLIEST: i64 = 946_684_800_000;
/// 2100-01-01. The keeper corrects clocks that are merely ahead.
const LATEST: i64 = 4_102_444_800_000;

/// Limits for the items of one body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub received_at: Timestamp,
    pub max_events: usize,
    pub max_replay_events: usize,
    pub max_event_bytes: usize,
    pub max_event_depth: usize,
    /// The maximum nesting of an item, counted from the body.
    pub max_depth: usize,
    /// Correction that is added to the client's times before they are checked.
    pub clock_offset: i64,
}

impl Rules {
    pub(crate) fn new(config: &IngestConfig, received_at: Timestamp) -> Self {
        Self {
            received_at,
            max_events: config.max_events,
            max_replay_events: config.max_replay_events,
            max_event_bytes: config.max_event_bytes,
            max_event_depth: config.max_event_depth,
            max_depth: config.max_depth,
            clock_offset: 0,
        }
    }

    /// For a body with `sentAt`.
    #[must_use]
    pub(crate) fn with_clock_of(self, envelope: &Envelope) -> Self {
        let sent_at = head::sent_at(envelope).ok().flatten();
        let clock_offset = sent_at.map_or(0, |sent_at| self.received_at.0 - sent_at);
        Self {
            clock_offset,
            ..self
        }
    }

    /// A plausible time, unchanged or corrected by the client's clock.
    fn timestamp(self, given: &Scalar<'_>) -> Result<i64, Refusal> {
        let invalid = |message: String| Refusal {
            reason: RejectReason::InvalidTimestamp,
            message,
        };
        let millis =
            fields::millis("timestamp", given).map_err(|error| invalid(error.to_string()))?;
        let millis = millis.ok_or_else(|| invalid("timestamp is required".to_owned()))?;
        let corrected = millis.saturating_add(self.clock_offset);
        if [millis, corrected]
            .iter()
            .any(|at| (EARLIEST..LATEST).contains(at))
        {
            return Ok(millis);
        }
        Err(invalid(
            "timestamp must be between the years 2000 and 2100, in milliseconds since the epoch; \
             a clock that is off needs `sentAt`"
                .to_owned(),
        ))
    }
}

/// Why an item was rejected, before its place is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub reason: RejectReason,
    pub message: String,
}

impl Refusal {
    /// For an item that is not an object or has unreadable fields.
    pub(crate) fn unreadable(error: &serde_json::Error) -> Self {
        Self {
            reason: RejectReason::Malformed,
            message: fields::unreadable(error).into_owned(),
        }
    }

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

/// The accepted part of a body.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Checked {
    pub events: Vec<Event>,
    pub replay: Vec<ReplayEvent>,
    pub rejected: Vec<Rejection>,
    /// Fields of accepted items that were cut, converted or dropped.
    pub notes: Notes,
}

impl Checked {
    /// Bytes of its lists and of their texts. The data of items are slices of the body.
    pub(crate) fn memory(&self) -> usize {
        let texts_of = |event: &Event| {
            let texts = [&event.id, &event.r#type, &event.name, &event.url];
            texts.map(String::capacity).iter().sum::<usize>()
        };
        let texts: usize = self.events.iter().map(texts_of).sum();
        let messages = self.rejected.iter().map(|one| one.message.capacity());
        texts
            + messages.sum::<usize>()
            + self.events.capacity() * size_of::<Event>()
            + self.replay.capacity() * size_of::<ReplayEvent>()
            + self.rejected.capacity() * size_of::<Rejection>()
    }
}

/// A body after validation.
#[derive(Debug)]
pub(crate) struct Read {
    pub envelope: Envelope,
    /// The accepted items, or the error that rejects them all. Not every route has items.
    pub items: Result<Checked, BodyError>,
}

/// Splits a body into its fields and checks the items of its lists. An empty body counts as `{}`.
pub(crate) fn read(mut body: Bytes, rules: Rules) -> Result<Read, BodyError> {
    if body.starts_with(BYTE_ORDER_MARK) {
        body = body.slice(BYTE_ORDER_MARK.len()..);
    }
    let body = &surrogates::replaced(body);
    let text = std::str::from_utf8(body).map_err(|error| {
        malformed(format!(
            "the body is not UTF-8 at byte {}",
            error.valid_up_to()
        ))
    })?;
    if let Some((envelope, checked)) = one_pass::read(body, text, rules) {
        return Ok(Read {
            envelope,
            items: Ok(checked),
        });
    }
    read_step_by_step(body, text, rules)
}

/// The parser has no depth limit here, because it skips values without building them. Each field's
/// limit is checked where the field is used.
fn read_step_by_step(body: &Bytes, text: &str, rules: Rules) -> Result<Read, BodyError> {
    let envelope = Envelope::cut(body, text)?;
    let items = check_items(&envelope, rules.with_clock_of(&envelope));
    Ok(Read { envelope, items })
}

/// Checks every item of a batch; a bad one never costs a good one.
fn check_items(envelope: &Envelope, rules: Rules) -> Result<Checked, BodyError> {
    let mut rejected = Vec::new();
    let mut notes = Notes::default();
    let events = Items {
        lane: Lane::Events,
        json: envelope.events.as_deref(),
        max: rules.max_events,
    };
    let events = events.check(&mut rejected, |item, place| {
        event::check_item(&envelope.body, item, rules, place, &mut notes)
    })?;
    let replay = Items {
        lane: Lane::Replay,
        json: envelope.replay.as_deref(),
        max: rules.max_replay_events,
    };
    let replay = replay.check(&mut rejected, |item, _place| {
        replay::check_item(&envelope.body, item, rules)
    })?;
    Ok(Checked {
        events,
        replay,
        rejected,
        notes,
    })
}

/// One list in a body.
struct Items<'a> {
    lane: Lane,
    json: Option<&'a [u8]>,
    max: usize,
}

impl<'a> Items<'a> {
    /// Splits the list and its items in one pass. If that fails, parses each item alone, so that a
    /// bad one costs no other.
    fn check<T: Deserialize<'a>, A>(
        self,
        rejected: &mut Vec<Rejection>,
        mut check: impl FnMut(T, usize) -> Result<A, Refusal>,
    ) -> Result<Vec<A>, BodyError> {
        let items: Vec<Result<T, Refusal>> = match list::cut(self.json, self.max) {
            Err(ListError::Mismatch) => self.cut_one_by_one()?,
            Err(ListError::TooMany) => return Err(self.refuse(&ListError::TooMany)),
            Ok(items) => items.into_iter().map(Ok).collect(),
        };
        let mut accepted = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            match item.and_then(|item| check(item, index)) {
                Ok(item) => accepted.push(item),
                Err(refusal) => rejected.push(refusal.at(self.lane, index)),
            }
        }
        Ok(accepted)
    }

    fn cut_one_by_one<T: Deserialize<'a>>(&self) -> Result<Vec<Result<T, Refusal>>, BodyError> {
        let items: Vec<&'a RawValue> =
            list::cut(self.json, self.max).map_err(|error| self.refuse(&error))?;
        let cut = |item: &'a RawValue| {
            serde_json::from_str(item.get()).map_err(|error| Refusal::unreadable(&error))
        };
        Ok(items.into_iter().map(cut).collect())
    }

    fn refuse(&self, error: &ListError) -> BodyError {
        let (field, max) = (self.lane.as_str(), self.max);
        match error {
            ListError::TooMany => BodyError::TooLarge(format!(
                "{field} has more than {max} items; split the batch"
            )),
            ListError::Mismatch => malformed(format!("{field} must be an array")),
        }
    }
}

/// A slice of the body without a copy; empty when there is none.
fn slice(body: &Bytes, raw: Option<&[u8]>) -> Bytes {
    raw.map(|raw| body.slice_ref(raw)).unwrap_or_default()
}
