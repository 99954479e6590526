use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crow_proto::events::{Batch, Event, Kind};
use crow_web::ApiError;

use super::{Receipt, batch_of, counted, limit, partition_of, publish_allowed};
use crate::admission::{Admitted, admit};
use crate::decode::list::Object;
use crate::gateway::Gateway;
use crate::openapi::{IngestErrors, TrackBody};
use crate::outcome::{self, Lane};
use crate::publish;
use crate::validate::event::{self, EventFields};
use crate::validate::notes::Notes;
use crate::validate::{Refusal, Rules, head, nothing_acceptable};

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
    counted("/track", take(&gateway, &request, payload).await)
}

async fn take(
    gateway: &Gateway,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let mut admitted = admit(gateway, request, payload).await?;
    let session = head::required_session_id(&admitted.envelope)?;
    let partition = partition_of(gateway, &admitted.grant.organization, &session);
    publish::check(gateway, partition)?;
    let mut notes = Notes::default();
    let mut batch = batch_of(gateway, &mut admitted, &session, Kind::Events, &mut notes)?;
    let rules = Rules::new(&gateway.config, admitted.received_at);
    let rules = rules.with_clock_of(&admitted.envelope);
    let event = the_event(&admitted, rules, &mut notes).map_err(|refusal| {
        let rejected = [refusal.at(Lane::Events, 0)];
        outcome::count_rejections(&rejected);
        nothing_acceptable(&rejected)
    })?;
    add(&mut batch, event, &admitted);
    outcome::count_ignored(&notes);
    let (batch, allowed) = limit(gateway, &mut admitted, &session, batch).await?;
    let receipt = Receipt::of(gateway, &batch, allowed, Vec::new(), notes);
    publish_allowed(gateway, partition, batch, allowed, &mut admitted.memory).await?;
    Ok(HttpResponse::Accepted().json(receipt))
}

fn the_event(admitted: &Admitted, rules: Rules, notes: &mut Notes) -> Result<Event, Refusal> {
    let envelope = &admitted.envelope;
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
fn add(batch: &mut Batch, event: Event, admitted: &Admitted) {
    if admitted.envelope.batch_id.is_none() {
        if !event.id.is_empty() {
            batch.batch_id.clone_from(&event.id);
            batch.named = true;
        } else if event.timestamp == admitted.received_at.0 {
            batch.batch_id = ulid::Ulid::new().to_string();
        }
    }
    batch.events.push(event);
}
