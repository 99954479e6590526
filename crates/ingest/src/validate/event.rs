//! Interactions.

use bytes::Bytes;
use serde::Deserialize;

use crow_proto::events::Event;
use crow_types::SessionId;

use super::notes::{Field, Notes};
use super::{Refusal, Rules, shown, slice};
use crate::decode::depth;
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, Scalar};
use crate::decode::list::Object;
use crate::outcome::RejectReason;

/// The longest event type, in bytes.
const MAX_TYPE: usize = 64;
/// The longest name of a custom event, in bytes.
const MAX_NAME: usize = 200;
/// The longest URL, in bytes.
pub(crate) const MAX_URL: usize = 8 * 1024;

/// The fields of one event.
#[derive(Deserialize)]
pub(crate) struct EventFields<'a> {
    #[serde(borrow, default)]
    pub id: Scalar<'a>,
    #[serde(borrow, default)]
    pub r#type: Scalar<'a>,
    #[serde(borrow, default)]
    pub name: Scalar<'a>,
    #[serde(borrow, default)]
    pub timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    pub url: Scalar<'a>,
    #[serde(borrow, default, deserialize_with = "fields::slice")]
    pub data: Option<&'a [u8]>,
}

impl<'a> EventFields<'a> {
    /// The event with its fields directly in the body, as `/track` allows.
    pub(crate) fn of_envelope(envelope: &'a Envelope) -> Self {
        Self {
            id: Scalar::of(envelope.id.as_deref()),
            r#type: Scalar::of(envelope.r#type.as_deref()),
            name: Scalar::of(envelope.name.as_deref()),
            timestamp: Scalar::of(envelope.timestamp.as_deref()),
            url: Scalar::of(envelope.url.as_deref()),
            data: envelope.data.as_deref(),
        }
    }
}

/// The item at `place` of `events`.
pub(crate) fn check_item(
    body: &Bytes,
    Object(fields): Object<EventFields<'_>>,
    rules: Rules,
    place: usize,
    notes: &mut Notes,
) -> Result<Event, Refusal> {
    let timestamp = rules.timestamp(&fields.timestamp)?;
    let name_of = |name| Field::of_event(name, place);
    check(body, fields, timestamp, rules, name_of, notes)
}

/// The event of `/track`. Without a time it happened now.
pub(crate) fn check_single(
    body: &Bytes,
    fields: EventFields<'_>,
    rules: Rules,
    notes: &mut Notes,
) -> Result<Event, Refusal> {
    let timestamp = match &fields.timestamp {
        Scalar::Absent => rules.received_at.0,
        given => rules.timestamp(given)?,
    };
    check(body, fields, timestamp, rules, Field::named, notes)
}

fn check(
    body: &Bytes,
    fields: EventFields<'_>,
    timestamp: i64,
    rules: Rules,
    name_of: impl Fn(&'static str) -> Field,
    notes: &mut Notes,
) -> Result<Event, Refusal> {
    let r#type = event_type(fields.r#type)?;
    check_data(fields.data, rules)?;
    let id = id(fields.id)?;
    let name = shown::text(notes, name_of("name"), fields.name, MAX_NAME);
    if r#type == "custom" && name.is_empty() {
        return Err(Refusal {
            reason: RejectReason::InvalidName,
            message: "a custom event needs a name".to_owned(),
        });
    }
    Ok(Event {
        id,
        r#type,
        name,
        timestamp,
        url: shown::text(notes, name_of("url"), fields.url, MAX_URL),
        data: slice(body, fields.data),
    })
}

fn event_type(given: Scalar<'_>) -> Result<String, Refusal> {
    let invalid = |message: &str| Refusal {
        reason: RejectReason::InvalidType,
        message: message.to_owned(),
    };
    let text = fields::text("type", given).map_err(Refusal::field(RejectReason::InvalidType))?;
    let text = text.ok_or_else(|| invalid("type is required"))?;
    let is_letter_first = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    let is_word = text
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if is_letter_first && is_word && text.len() <= MAX_TYPE {
        return Ok(text.into_owned());
    }
    Err(invalid(
        "type must be a lower-case word: a letter, then letters, digits or _, at most 64",
    ))
}

/// Event ids follow the rules of session ids.
fn id(given: Scalar<'_>) -> Result<String, Refusal> {
    let invalid = Refusal::field(RejectReason::InvalidId);
    match fields::text("id", given).map_err(invalid)? {
        None => Ok(String::new()),
        Some(text) => SessionId::new(text)
            .map(String::from)
            .map_err(|error| Refusal {
                reason: RejectReason::InvalidId,
                message: format!("id {error}"),
            }),
    }
}

fn check_data(data: Option<&[u8]>, rules: Rules) -> Result<(), Refusal> {
    let Some(data) = data else { return Ok(()) };
    if data.len() > rules.max_event_bytes {
        let message = format!("data must be at most {} bytes", rules.max_event_bytes);
        return Err(Refusal {
            reason: RejectReason::TooLarge,
            message,
        });
    }
    if depth::is_over(rules.max_event_depth, data) {
        let message = format!(
            "data must not be nested deeper than {}",
            rules.max_event_depth
        );
        return Err(Refusal {
            reason: RejectReason::TooDeep,
            message,
        });
    }
    Ok(())
}
