//! The outermost object of a body. Every field is a slice of the body; what it means
//! is decided where it is used, so that errors can name it.

use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use crow_web::ApiError;

use super::malformed;

macro_rules! envelope {
    ($($field:ident),* $(,)?) => {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Borrowed<'a> {
            $(#[serde(borrow, default)] $field: Option<&'a RawValue>,)*
        }

        /// The fields that any route knows; absent and `null` are the same. Unknown
        /// fields are ignored.
        #[derive(Debug)]
        pub(crate) struct Envelope {
            /// The whole body, inflated.
            pub body: Bytes,
            $(pub $field: Option<Bytes>,)*
        }

        impl Envelope {
            fn of(body: &Bytes, borrowed: &Borrowed<'_>) -> Self {
                Self {
                    body: body.clone(),
                    $($field: borrowed.$field.map(|raw| body.slice_ref(raw.get().as_bytes())),)*
                }
            }
        }
    };
}

envelope!(
    api_key,
    batch_id,
    session_id,
    window_id,
    seq,
    sent_at,
    sdk,
    context,
    events,
    replay,
    exit_context,
    event,
    id,
    r#type,
    name,
    timestamp,
    url,
    data,
);

impl Envelope {
    /// `text` must be `body` as text.
    pub(crate) fn cut(body: &Bytes, text: &str) -> Result<Arc<Self>, ApiError> {
        if text.trim_ascii().is_empty() {
            return Ok(Arc::new(Self::of(body, &Borrowed::default())));
        }
        let is_object = text.trim_ascii_start().starts_with('{');
        if !is_object {
            return Err(malformed("the body must be a JSON object"));
        }
        let borrowed: Borrowed<'_> = serde_json::from_str(text)
            .map_err(|error| malformed(format!("the body is not valid JSON: {error}")))?;
        Ok(Arc::new(Self::of(body, &borrowed)))
    }
}
