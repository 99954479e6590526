//! Checks rrweb events. Only their type and source are read, and they are never changed.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crow_proto::events::ReplayEvent;

use super::{Refusal, Rules, slice};
use crate::decode::depth;
use crate::decode::fields::{self, Scalar, bytes_of};
use crate::decode::list::Object;
use crate::outcome::RejectReason;

/// rrweb's `EventType`.
const FULL_SNAPSHOT: u64 = 2;
const INCREMENTAL: u64 = 3;
const LAST_TYPE: u64 = 9;

/// The values of rrweb's `IncrementalSource` that a visitor causes: mouse move, mouse interaction,
/// scroll, input, touch move, drag, selection. All others are changes of the page: mutation,
/// viewport, media, styles, canvas, fonts, logs.
const BY_A_PERSON: [u64; 7] = [1, 2, 3, 5, 6, 12, 14];

/// The depth of an item in its body: the object and the list around it.
pub(super) const INSIDE_OF_BODY: usize = 2;

/// The fields that are read.
#[derive(Deserialize)]
pub(super) struct ReplayFields<'a> {
    #[serde(borrow, default)]
    r#type: Scalar<'a>,
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    data: Source<'a>,
}

/// One item of `replay`.
pub(super) fn check_item(
    body: &Bytes,
    item: &RawValue,
    rules: Rules,
) -> Result<ReplayEvent, Refusal> {
    let most = rules.max_depth.saturating_sub(INSIDE_OF_BODY);
    if depth::is_over(most, item.get().as_bytes()) {
        return Err(Refusal {
            reason: RejectReason::TooDeep,
            message: format!("must not be nested deeper than {most}"),
        });
    }
    let Object(fields) =
        serde_json::from_str(item.get()).map_err(|error| Refusal::unreadable(&error))?;
    check(body, &fields, item.get(), rules)
}

/// Checks the fields of an item; `text` is its JSON.
pub(super) fn check(
    body: &Bytes,
    fields: &ReplayFields<'_>,
    text: &str,
    rules: Rules,
) -> Result<ReplayEvent, Refusal> {
    let timestamp = rules.timestamp(&fields.timestamp)?;
    let kind = kind(&fields.r#type)?;
    Ok(ReplayEvent {
        timestamp,
        data: slice(body, Some(text.as_bytes())),
        full_snapshot: kind == FULL_SNAPSHOT,
        activity: kind == INCREMENTAL && fields.data.is_by_a_person(),
    })
}

fn kind(given: &Scalar<'_>) -> Result<u64, Refusal> {
    let kind = fields::count("type", given).map_err(Refusal::field(RejectReason::InvalidType))?;
    match kind {
        Some(kind) if kind <= LAST_TYPE => Ok(kind),
        Some(_) | None => Err(Refusal {
            reason: RejectReason::InvalidType,
            message: "type must be an rrweb event type, 0 to 9".to_owned(),
        }),
    }
}

/// The `source` in the `data` of an event. Snapshots are large, so `data` is scanned only once. Its
/// content is kept unchanged.
#[derive(Default)]
struct Source<'a>(Option<&'a [u8]>);

impl Source<'_> {
    fn is_by_a_person(&self) -> bool {
        let source = fields::count("source", &Scalar::of(self.0)).ok().flatten();
        source.is_some_and(|source| BY_A_PERSON.contains(&source))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Source<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(SourceVisitor)
    }
}

struct SourceVisitor;

/// Data that is not an object has no source.
macro_rules! without_source {
    ($($visit:ident: $kind:ty),* $(,)?) => {
        $(fn $visit<E>(self, _: $kind) -> Result<Self::Value, E> {
            Ok(Source::default())
        })*
    };
}

impl<'de> Visitor<'de> for SourceVisitor {
    type Value = Source<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the data of an rrweb event")
    }

    without_source!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Source::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Source::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut source = Source::default();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name == "source" {
                source = Source(bytes_of(map.next_value()?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(source)
    }
}
