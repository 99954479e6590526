//! rrweb events: looked at just enough to know what they are, and never changed.

use serde::Deserialize;
use serde_json::value::RawValue;

use crow_proto::events::ReplayEvent;

use super::event::not_an_object;
use super::{Refusal, Rules, slice};
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, bytes_of};
use crate::outcome::RejectReason;

/// rrweb's `EventType`.
const FULL_SNAPSHOT: u64 = 2;
const INCREMENTAL: u64 = 3;
const LAST_TYPE: u64 = 9;

/// rrweb's `IncrementalSource` of what a person does: mouse move, mouse interaction,
/// scroll, input, touch move, drag, selection. Not: mutation, viewport, media, styles,
/// canvas, fonts, logs.
const BY_A_PERSON: [u64; 7] = [1, 2, 3, 5, 6, 12, 14];

#[derive(Deserialize)]
struct Borrowed<'a> {
    #[serde(borrow, default)]
    r#type: Option<&'a RawValue>,
    #[serde(borrow, default)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct BorrowedData<'a> {
    #[serde(borrow, default)]
    source: Option<&'a RawValue>,
}

/// One item of `replay`.
pub(crate) fn check_item(
    envelope: &Envelope,
    raw: &RawValue,
    rules: Rules,
) -> Result<ReplayEvent, Refusal> {
    let json = raw.get().as_bytes();
    if json.first() != Some(&b'{') {
        return Err(not_an_object());
    }
    let cut: Borrowed<'_> = serde_json::from_slice(json).map_err(|_| not_an_object())?;
    let timestamp = rules.timestamp(bytes_of(cut.timestamp))?;
    let kind = kind(bytes_of(cut.r#type))?;
    Ok(ReplayEvent {
        timestamp,
        data: slice(envelope, Some(json)),
        full_snapshot: kind == FULL_SNAPSHOT,
        activity: kind == INCREMENTAL && is_by_a_person(bytes_of(cut.data)),
    })
}

fn kind(raw: Option<&[u8]>) -> Result<u64, Refusal> {
    let kind = fields::count("type", raw).map_err(Refusal::field(RejectReason::InvalidType))?;
    match kind {
        Some(kind) if kind <= LAST_TYPE => Ok(kind),
        Some(_) | None => Err(Refusal {
            reason: RejectReason::InvalidType,
            message: "type must be an rrweb event type, 0 to 9".to_owned(),
        }),
    }
}

fn is_by_a_person(data: Option<&[u8]>) -> bool {
    let Some(data) = data.filter(|data| data.first() == Some(&b'{')) else {
        return false;
    };
    let cut: Option<BorrowedData<'_>> = serde_json::from_slice(data).ok();
    let source = cut.and_then(|cut| fields::count("source", bytes_of(cut.source)).ok().flatten());
    source.is_some_and(|source| BY_A_PERSON.contains(&source))
}
