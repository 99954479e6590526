//! What the bodies of several routes have, for the OpenAPI document. `decode` reads bodies, and
//! never builds these as values.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::schema::{
    AnyOfBuilder, Array, ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr, Response};
use utoipa::{IntoResponses, ToSchema};

use crow_types::ErrorCode;
use crow_web::docs;

/// A session id, made by the client.
#[derive(Serialize, ToSchema)]
#[schema(
    pattern = "^[A-Za-z0-9_.:~-]{1,128}$",
    example = "0192f0c1-7d5e-7c3a-9b1e-2f6d8a4c5b3e"
)]
pub(super) struct Id(String);

/// The client library.
#[derive(Serialize, ToSchema)]
pub(super) struct SdkBody {
    /// Cut off after 64 bytes.
    name: Option<String>,
    /// Cut off after 64 bytes.
    version: Option<String>,
    /// web, react-native, electron …
    platform: Option<String>,
}

/// The page and its visitor. Bad values are cut, converted or dropped, and the receipt lists them
/// in `ignored`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContextBody {
    url: Option<String>,
    referrer: Option<String>,
    title: Option<String>,
    #[schema(schema_with = size_schema)]
    viewport: Option<Value>,
    #[schema(schema_with = size_schema)]
    screen: Option<Value>,
    /// BCP 47 language tag.
    locale: Option<String>,
    /// IANA time zone.
    timezone: Option<String>,
    /// The customer's own id of the user; at most 256 bytes.
    #[schema(max_length = 256, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    user_id: Option<String>,
    /// The SDK's own id of the browser; at most 128 bytes.
    #[schema(max_length = 128, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    visitor_id: Option<String>,
    /// What the customer knows about the user; at most 64 KiB.
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    traits: Option<Value>,
    /// What the visitor agreed to. With the state `denied` nothing else of the batch is stored.
    #[schema(inline)]
    consent: Option<ConsentBody>,
}

/// What the visitor agreed to.
#[derive(Serialize, ToSchema)]
pub(super) struct ConsentBody {
    /// `granted`, `pending` or `denied`.
    #[schema(example = "granted")]
    state: String,
    /// The version of what the visitor agreed to; cut off after 64 bytes.
    version: Option<String>,
}

pub(super) fn context_schema() -> Schema {
    shown("ContextBody", "The page and its visitor.")
}

pub(super) fn sdk_schema() -> Schema {
    shown("SdkBody", "The client library.")
}

/// Display-only fields are never rejected.
fn shown(schema: &str, description: &str) -> Schema {
    let anything = ObjectBuilder::new().schema_type(SchemaType::AnyValue);
    let any_of = AnyOfBuilder::new()
        .item(Ref::from_schema_name(schema))
        .item(anything.build())
        .description(Some(description));
    Schema::AnyOf(any_of.build())
}

fn size_schema() -> Array {
    let side = ObjectBuilder::new()
        .schema_type(Type::Number)
        .minimum(Some(0))
        .maximum(Some(1_000_000))
        .build();
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .items(side)
        .min_items(Some(2))
        .max_items(Some(2))
        .description(Some("Width and height in CSS pixels."))
        .build()
}

/// Every error that a route of the gateway can answer with.
pub(super) struct IngestErrors;

impl IntoResponses for IngestErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        docs::error_responses(&[
            ErrorCode::Malformed,
            ErrorCode::Unauthenticated,
            ErrorCode::Forbidden,
            ErrorCode::MethodNotAllowed,
            ErrorCode::Timeout,
            ErrorCode::TooLarge,
            ErrorCode::UnsupportedMedia,
            ErrorCode::Unprocessable,
            ErrorCode::RateLimited,
            ErrorCode::Unavailable,
            ErrorCode::Internal,
        ])
    }
}
