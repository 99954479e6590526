use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crow_proto::events::Kind;
use crow_web::ApiError;

use super::{Receipt, batch_of, counted, fill, partition_of};
use crate::admission::admit;
use crate::gateway::Gateway;
use crate::openapi::{BatchBody, IngestErrors};
use crate::publish;
use crate::validate::{self, head};

/// Sends events and replay events of one session.
///
/// 202 means durable. A batch that is sent again shows once.
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
    counted("/batch", take(&gateway, &request, payload).await)
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
    let mut batch = batch_of(&mut admitted, &session, Kind::Events)?;
    let rejected = fill(&mut batch, admitted.items?);
    if batch.events.is_empty() && batch.replay.is_empty() {
        return Err(validate::nothing_acceptable(&rejected));
    }
    let mut receipt = Receipt::of(&batch, rejected);
    receipt.need_snapshot = gateway.notices.take_snapshot_wish(&batch);
    receipt.session_ended = gateway.notices.has_ended(&batch);
    receipt.watched = gateway.notices.is_watched(&batch);
    publish::publish(gateway, partition, batch).await?;
    Ok(HttpResponse::Accepted().json(receipt))
}
