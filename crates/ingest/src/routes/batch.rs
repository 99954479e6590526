use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crow_proto::events::{Kind, Page};
use crow_web::ApiError;

use super::described::{Id, IngestErrors, context_schema, sdk_schema};
use super::receipt::Receipt;
use super::submit::{Submission, nothing_acceptable};
use crate::gateway::Gateway;
use crate::outcome::{self, Rejection};
use crate::validate::Checked;

/// The body of `/batch`. Unknown fields are ignored; `null` is the same as absent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchBody {
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

/// One interaction.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventBody {
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
pub(super) struct ReplayEventBody {
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

/// Sends events and replay events of one session.
///
/// 202 means durable. A retried batch is stored once. A body with only `page` is a heartbeat: it
/// says that the page is open or closed.
#[utoipa::path(
    post,
    path = "/batch",
    tag = "ingest",
    request_body(content((BatchBody = "application/json"), (BatchBody = "text/plain"))),
    responses((status = 202, description = "Durable.", body = Receipt), IngestErrors),
    security(("bearer" = []), ("header" = []), ())
)]
pub(crate) async fn batch(
    gateway: Data<Gateway>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    outcome::counted("/batch", async {
        let taken = Submission::receive(&gateway, &request, payload, Kind::Events);
        let mut submission = taken.await?;
        let rejected = fill(&mut submission)?;
        let mut receipt = submission.acknowledge(rejected).await?;
        if receipt.not_stored.is_none() && !receipt.not_recorded {
            receipt.want_assets = wanted_assets(&gateway, &submission).await;
        }
        Ok(HttpResponse::Accepted().json(receipt))
    })
    .await
}

/// Puts accepted items into the batch and counts the others.
fn fill(submission: &mut Submission<'_>) -> Result<Vec<Rejection>, ApiError> {
    let items = &mut submission.received.items;
    let checked = std::mem::replace(items, Ok(Checked::default()))?;
    outcome::count_rejections(&checked.rejected);
    submission.notes.extend(checked.notes);
    let batch = &mut submission.batch;
    batch.events = checked.events;
    batch.replay = checked.replay;
    let has_items = !batch.events.is_empty() || !batch.replay.is_empty();
    if !has_items && batch.page() == Page::Unspecified {
        return Err(nothing_acceptable(&checked.rejected));
    }
    Ok(checked.rejected)
}

/// The pictures and fonts that the client should upload.
async fn wanted_assets(gateway: &Gateway, submission: &Submission<'_>) -> Vec<String> {
    let received = &submission.received;
    let Some(assets) = &received.envelope.assets else {
        return Vec::new();
    };
    let organization = &received.grant.organization;
    let (session, now) = (&submission.session, received.received_at);
    let wanted = gateway.assets.wanted(organization, session, assets, now);
    // Boxed because few batches have assets, so that the future of a request stays small.
    let mut wanted = Box::pin(wanted).await;
    let settings = received.privacy.settings();
    wanted.retain(|url| settings.takes_asset(url));
    wanted
}
