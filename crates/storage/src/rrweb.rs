//! The few properties of rrweb events that we read. Everything else is carried unchanged.

use serde::Deserialize;

/// Type of a full snapshot.
pub const FULL_SNAPSHOT: u8 = 2;
/// Type of the event before a full snapshot: page address and size.
pub const META: u8 = 4;

/// The `type` of an rrweb event; `None` when it has none that is a number.
#[must_use]
pub fn event_type(data: &[u8]) -> Option<u8> {
    #[derive(Deserialize)]
    struct Typed {
        r#type: u8,
    }
    serde_json::from_slice::<Typed>(data)
        .ok()
        .map(|event| event.r#type)
}
