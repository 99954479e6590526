use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crow_proto::events::{Batch, Event, Kind};
use crow_web::ApiError;

use super::described::{Id, IngestErrors, context_schema, sdk_schema};
use super::receipt::Receipt;
use super::submit::{Submission, nothing_acceptable};
use crate::config::IngestConfig;
use crate::decode::list::Object;
use crate::gateway::Gateway;
use crate::outcome::{self, Lane};
use crate::receive::Received;
use crate::validate::event::{self, EventFields};
use crate::validate::notes::Notes;
use crate::validate::{Refusal, Rules};

/// The body of `/track`: the event in `event`, or its fields beside `sessionId`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TrackBody {
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
pub(super) struct TrackEventBody {
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

/// Sends one event of a session.
///
/// The event is in `event`, or its fields are beside `sessionId`. Without a time it
/// happened now.
#[utoipa::path(
    post,
    path = "/track",
    tag = "ingest",
    request_body(content((TrackBody = "application/json"), (TrackBody = "text/plain"))),
    responses((status = 202, description = "Durable.", body = Receipt), IngestErrors),
    security(("bearer" = []), ("header" = []), ())
)]
pub(crate) async fn track(
    gateway: Data<Gateway>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    outcome::counted("/track", async {
        let taken = Submission::receive(&gateway, &request, payload, Kind::Events);
        let mut submission = taken.await?;
        let Submission {
            received, notes, ..
        } = &mut submission;
        let event = the_event(received, &gateway.config, notes).map_err(|refusal| {
            let rejected = [refusal.at(Lane::Events, 0)];
            outcome::count_rejections(&rejected);
            nothing_acceptable(&rejected)
        })?;
        add(&mut submission.batch, event, &submission.received);
        let receipt = submission.acknowledge(Vec::new()).await?;
        Ok(HttpResponse::Accepted().json(receipt))
    })
    .await
}

fn the_event(
    received: &Received,
    config: &IngestConfig,
    notes: &mut Notes,
) -> Result<Event, Refusal> {
    let envelope = &received.envelope;
    let rules = Rules::new(config, received.received_at).with_clock_of(envelope);
    let fields = match envelope.event.as_deref() {
        Some(json) => {
            let Object(fields) =
                serde_json::from_slice(json).map_err(|error| Refusal::unreadable(&error))?;
            fields
        }
        None => EventFields::of_envelope(envelope),
    };
    event::check_single(&envelope.body, fields, rules, notes)
}

/// The event's id also identifies the batch, unless the client gave a batch id. An event with
/// neither id nor time may equal a later one, which must not count as its retry.
fn add(batch: &mut Batch, event: Event, received: &Received) {
    if received.envelope.batch_id.is_none() {
        if !event.id.is_empty() {
            batch.batch_id.clone_from(&event.id);
            batch.named = true;
        } else if event.timestamp == received.received_at.0 {
            batch.batch_id = ulid::Ulid::new().to_string();
        }
    }
    batch.events.push(event);
}
