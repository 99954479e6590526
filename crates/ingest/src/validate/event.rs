//! Interactions.

use bytes::Bytes;
use serde::Deserialize;

use crow_proto::events::Event;
use crow_types::SessionId;

use super::{Refusal, Rules, slice};
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
    /// The event whose fields are those of the body itself, as `/track` allows.
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

/// One item of `events`.
pub(crate) fn check_item(
    body: &Bytes,
    Object(fields): Object<EventFields<'_>>,
    rules: Rules,
) -> Result<Event, Refusal> {
    let timestamp = rules.timestamp(&fields.timestamp)?;
    check(body, fields, timestamp, rules)
}

/// The event of `/track`, which happened now when it does not say when.
pub(crate) fn check_single(
    body: &Bytes,
    fields: EventFields<'_>,
    rules: Rules,
) -> Result<Event, Refusal> {
    let timestamp = match &fields.timestamp {
        Scalar::Absent => rules.received_at.0,
        given => rules.timestamp(given)?,
    };
    check(body, fields, timestamp, rules)
}

fn check(
    body: &Bytes,
    fields: EventFields<'_>,
    timestamp: i64,
    rules: Rules,
) -> Result<Event, Refusal> {
    let r#type = event_type(fields.r#type)?;
    let name = name(fields.name, &r#type)?;
    check_data(fields.data, rules)?;
    Ok(Event {
        id: id(fields.id)?,
        r#type,
        name,
        timestamp,
        url: url(fields.url)?,
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

fn name(given: Scalar<'_>, event_type: &str) -> Result<String, Refusal> {
    let invalid = |message: &str| Refusal {
        reason: RejectReason::InvalidName,
        message: message.to_owned(),
    };
    let text = fields::text("name", given)
        .map_err(Refusal::field(RejectReason::InvalidName))?
        .unwrap_or_default();
    if text.len() > MAX_NAME {
        return Err(invalid("name must be at most 200 bytes"));
    }
    let name = fields::clean(&text, MAX_NAME);
    if event_type == "custom" && name.is_empty() {
        return Err(invalid("a custom event needs a name"));
    }
    Ok(name)
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

fn url(given: Scalar<'_>) -> Result<String, Refusal> {
    let text = fields::text("url", given)
        .map_err(Refusal::field(RejectReason::InvalidUrl))?
        .unwrap_or_default();
    if text.len() > MAX_URL {
        let message = format!("url must be at most {MAX_URL} bytes");
        return Err(Refusal {
            reason: RejectReason::InvalidUrl,
            message,
        });
    }
    Ok(fields::clean(&text, MAX_URL))
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
