//! The outermost object of a body. Every field is a slice of the body. It is parsed where it is
//! used, so that errors can name it.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{BodyError, malformed};

macro_rules! envelope {
    ($($field:ident: $name:literal),* $(,)?) => {
        /// The raw fields of an [`Envelope`].
        #[derive(Default, Deserialize)]
        pub(crate) struct Borrowed<'a> {
            $(#[serde(borrow, default, rename = $name)] $field: Option<&'a RawValue>,)*
        }

        impl<'a> Borrowed<'a> {
            /// Records a field. `None` if it is `null` or a repeat.
            pub(crate) fn set(&mut self, name: &str, value: &'a RawValue) -> Option<()> {
                let field = match name {
                    $($name => &mut self.$field,)*
                    _ => return Some(()),
                };
                let is_first = field.is_none() && value.get() != "null";
                is_first.then(|| *field = Some(value))
            }
        }

        /// The fields of all routes. Absent and `null` are the same. Unknown fields are ignored.
        /// `events` and `replay` are also absent if the pass over the body has already checked
        /// their items.
        #[derive(Debug)]
        pub(crate) struct Envelope {
            /// The whole body, inflated.
            pub body: Bytes,
            $(pub $field: Option<Bytes>,)*
        }

        impl Envelope {
            pub(crate) fn of(body: &Bytes, borrowed: &Borrowed<'_>) -> Self {
                Self {
                    body: body.clone(),
                    $($field: borrowed.$field.map(|raw| body.slice_ref(raw.get().as_bytes())),)*
                }
            }
        }
    };
}

envelope!(
    api_key: "apiKey",
    batch_id: "batchId",
    session_id: "sessionId",
    window_id: "windowId",
    seq: "seq",
    sent_at: "sentAt",
    page: "page",
    sdk: "sdk",
    context: "context",
    events: "events",
    replay: "replay",
    assets: "assets",
    exit_context: "exitContext",
    event: "event",
    id: "id",
    r#type: "type",
    name: "name",
    timestamp: "timestamp",
    url: "url",
    data: "data",
);

impl Envelope {
    /// `text` must be `body` as text.
    pub(crate) fn cut(body: &Bytes, text: &str) -> Result<Self, BodyError> {
        if text.trim_ascii().is_empty() {
            return Ok(Self::of(body, &Borrowed::default()));
        }
        let is_object = text.trim_ascii_start().starts_with('{');
        if !is_object {
            return Err(malformed("the body must be a JSON object"));
        }
        let borrowed: Borrowed<'_> = serde_json::from_str(text)
            .map_err(|error| malformed(format!("the body is not valid JSON: {error}")))?;
        Ok(Self::of(body, &borrowed))
    }
}
