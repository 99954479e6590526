//! The OpenAPI document. Bodies are described here and read in `decode`, which never builds them as
//! values.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::schema::{
    AnyOfBuilder, Array, ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Ref, RefOr, Required, Response};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

use crow_types::ErrorCode;
use crow_web::{ErrorBody, docs};

use crate::routes;

/// The body of `/batch`. Unknown fields are ignored; `null` is the same as absent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchBody {
    /// Id of the batch, for deduplication. Default: a hash of the body.
    #[schema(pattern = "^[A-Za-z0-9_.:~-]{1,128}$")]
    batch_id: Option<String>,
    #[schema(inline)]
    session_id: Id,
    /// The tab or app window.
    #[schema(pattern = "^[A-Za-z0-9_.:~-]{1,128}$")]
    window_id: Option<String>,
    /// Number of the batch in its window, from 0; needs `windowId`. A retry has the same number
    /// and the same `batchId`.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    seq: Option<u64>,
    /// The client's clock at the time of sending, in milliseconds since 1970. Corrects its other
    /// times.
    #[schema(value_type = Option<Value>, example = 1763690000500_i64)]
    sent_at: Option<Value>,
    #[schema(schema_with = sdk_schema)]
    sdk: Option<Value>,
    #[schema(schema_with = context_schema)]
    context: Option<Value>,
    /// The API key, for senders that cannot set headers.
    #[schema(pattern = "^crow_[A-Za-z0-9_]{20,120}$")]
    api_key: Option<String>,
    /// `open`: the window still shows its page. `closed`: the page has gone away. A body with
    /// `page` needs no events.
    #[schema(value_type = Option<Value>, example = "open")]
    page: Option<Value>,
    /// Interactions. `events` or `replay` must have an item, unless there is `page`.
    #[schema(max_items = 1000)]
    events: Option<Vec<EventBody>>,
    /// rrweb events, kept as they are.
    #[schema(max_items = 10000)]
    replay: Option<Vec<ReplayEventBody>>,
    /// Pictures and fonts that the window has shown and not reported yet. Bad entries are ignored.
    ///
    /// A list of at most 200 of `{"url": "https://…", "from": "page"}`; `from` is `style` when a style sheet names it.
    #[schema(value_type = Option<Value>)]
    assets: Option<Value>,
}

/// A session id, made by the client.
#[derive(Serialize, ToSchema)]
#[schema(
    pattern = "^[A-Za-z0-9_.:~-]{1,128}$",
    example = "0192f0c1-7d5e-7c3a-9b1e-2f6d8a4c5b3e"
)]
pub(crate) struct Id(String);

/// The body of `/track`: the event in `event`, or its fields beside `sessionId`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrackBody {
    #[schema(inline)]
    session_id: Id,
    /// The tab or app window.
    #[schema(pattern = "^[A-Za-z0-9_.:~-]{1,128}$")]
    window_id: Option<String>,
    /// Number of the batch in its window, from 0; needs `windowId`.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    seq: Option<u64>,
    /// Id of the batch. Default: the event's id, else a hash of the body.
    #[schema(pattern = "^[A-Za-z0-9_.:~-]{1,128}$")]
    batch_id: Option<String>,
    /// The client's clock at the time of sending, in milliseconds since 1970. Corrects its other
    /// times.
    #[schema(value_type = Option<Value>, example = 1763690000500_i64)]
    sent_at: Option<Value>,
    #[schema(schema_with = sdk_schema)]
    sdk: Option<Value>,
    #[schema(schema_with = context_schema)]
    context: Option<Value>,
    /// The API key, for senders that cannot set headers.
    #[schema(pattern = "^crow_[A-Za-z0-9_]{20,120}$")]
    api_key: Option<String>,
    event: TrackEventBody,
}

/// An event. Without a time it happened when it was received.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrackEventBody {
    /// Id of the event. An id counts once per session.
    #[schema(pattern = "^[A-Za-z0-9_.:~-]{1,128}$")]
    id: Option<String>,
    /// `pageview`, `click`, … or any lower-case word; `custom` needs a `name`.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,63}$", example = "click")]
    r#type: String,
    /// Name of a custom event: cut to 200 bytes, without control characters.
    #[schema(value_type = Option<Value>)]
    name: Option<Value>,
    /// Milliseconds since 1970, from the year 2000 up to the year 2100, by the client's clock or
    /// after its correction by `sentAt`.
    #[schema(minimum = 946684800000_i64, maximum = 4102444799999_i64)]
    timestamp: Option<f64>,
    /// Where it happened: cut to 8 KiB, without control characters.
    #[schema(value_type = Option<Value>)]
    url: Option<Value>,
    /// Anything: at most 256 KiB, nested at most 64 deep.
    #[schema(value_type = Option<Value>)]
    data: Option<Value>,
}

/// One interaction.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventBody {
    /// Id of the event. An id counts once per session.
    #[schema(pattern = "^[A-Za-z0-9_.:~-]{1,128}$")]
    id: Option<String>,
    /// `pageview`, `click`, … or any lower-case word; `custom` needs a `name`.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,63}$", example = "click")]
    r#type: String,
    /// Name of a custom event: cut to 200 bytes, without control characters.
    #[schema(value_type = Option<Value>)]
    name: Option<Value>,
    /// Milliseconds since 1970, from the year 2000 up to the year 2100, by the client's clock or
    /// after its correction by `sentAt`.
    #[schema(
        minimum = 946684800000_i64,
        maximum = 4102444799999_i64,
        example = 1763690000000_i64
    )]
    timestamp: f64,
    /// Where it happened: cut to 8 KiB, without control characters.
    #[schema(value_type = Option<Value>)]
    url: Option<Value>,
    /// Anything: at most 256 KiB, nested at most 64 deep.
    #[schema(value_type = Option<Value>)]
    data: Option<Value>,
}

/// One rrweb event.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayEventBody {
    /// rrweb's event type.
    #[schema(minimum = 0, maximum = 9)]
    r#type: u8,
    /// Milliseconds since 1970, from the year 2000 up to the year 2100, by the client's clock or
    /// after its correction by `sentAt`.
    #[schema(
        minimum = 946684800000_i64,
        maximum = 4102444799999_i64,
        example = 1763690000100_i64
    )]
    timestamp: f64,
    /// As rrweb made it.
    #[schema(value_type = Option<Value>)]
    data: Option<Value>,
}

/// The client library.
#[derive(Serialize, ToSchema)]
pub(crate) struct SdkBody {
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
pub(crate) struct ContextBody {
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
pub(crate) struct ConsentBody {
    /// `granted`, `pending` or `denied`.
    #[schema(example = "granted")]
    state: String,
    /// The version of what the visitor agreed to; cut off after 64 bytes.
    version: Option<String>,
}

fn context_schema() -> Schema {
    shown("ContextBody", "The page and its visitor.")
}

fn sdk_schema() -> Schema {
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

/// The body of `/session/start`. No field is required.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionStartBody {
    /// Made by us when it is absent.
    #[schema(pattern = "^[A-Za-z0-9_.:~-]{1,128}$")]
    session_id: Option<String>,
    /// The tab or app window.
    #[schema(pattern = "^[A-Za-z0-9_.:~-]{1,128}$")]
    window_id: Option<String>,
    /// The client's clock at the time of sending, in milliseconds since 1970. Corrects its other
    /// times.
    #[schema(value_type = Option<Value>, example = 1763690000500_i64)]
    sent_at: Option<Value>,
    #[schema(schema_with = sdk_schema)]
    sdk: Option<Value>,
    #[schema(schema_with = context_schema)]
    context: Option<Value>,
    /// The API key, for senders that cannot set headers.
    #[schema(pattern = "^crow_[A-Za-z0-9_]{20,120}$")]
    api_key: Option<String>,
}

/// What `/session/end` takes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionEndBody {
    #[schema(inline)]
    session_id: Id,
    /// The tab or app window.
    #[schema(pattern = "^[A-Za-z0-9_.:~-]{1,128}$")]
    window_id: Option<String>,
    /// Number of the batch in its window, from 0; needs `windowId`.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    seq: Option<u64>,
    /// The client's clock at the time of sending, in milliseconds since 1970. Corrects its other
    /// times.
    #[schema(value_type = Option<Value>, example = 1763690000500_i64)]
    sent_at: Option<Value>,
    /// Why and where the session ended: an object of at most 64 KiB.
    #[schema(value_type = Option<Value>)]
    exit_context: Option<Value>,
    #[schema(schema_with = sdk_schema)]
    sdk: Option<Value>,
    #[schema(schema_with = context_schema)]
    context: Option<Value>,
    /// The API key, for senders that cannot set headers.
    #[schema(pattern = "^crow_[A-Za-z0-9_]{20,120}$")]
    api_key: Option<String>,
}

/// Every error that a route of the gateway can answer with.
pub(crate) struct IngestErrors;

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

/// Every error that an upload can end with.
pub(crate) struct AssetErrors;

impl IntoResponses for AssetErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        docs::error_responses(&[
            ErrorCode::Malformed,
            ErrorCode::Unauthenticated,
            ErrorCode::Forbidden,
            ErrorCode::NotWanted,
            ErrorCode::MethodNotAllowed,
            ErrorCode::Timeout,
            ErrorCode::TooLarge,
            ErrorCode::UnsupportedMedia,
            ErrorCode::RateLimited,
            ErrorCode::Unavailable,
            ErrorCode::Internal,
        ])
    }
}

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = Http::builder()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key with the scope `ingest`."))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let header = ApiKey::Header(ApiKeyValue::with_description(
            "X-API-Key",
            "The same key, in a header of its own.",
        ));
        components.add_security_scheme("header", SecurityScheme::ApiKey(header));
    }
}

/// `/session/start` needs no body.
struct OptionalBody;

impl Modify for OptionalBody {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let start = document.paths.paths.get_mut("/session/start");
        let body = start
            .and_then(|path| path.post.as_mut())
            .and_then(|operation| operation.request_body.as_mut());
        if let Some(body) = body {
            body.required = Some(Required::False);
        }
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "CROW ingest",
        description = "Takes interactions and replay events. An answer of 201 or 202 means that the data is durable."
    ),
    paths(
        routes::batch::batch,
        routes::asset::asset,
        routes::track::track,
        routes::session_start::session_start,
        routes::session_end::session_end,
        routes::sdk::sdk
    ),
    components(schemas(ErrorBody, ContextBody, SdkBody)),
    modifiers(&Keys, &OptionalBody)
)]
struct Document;

/// The OpenAPI document of the gateway.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
