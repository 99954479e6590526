use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crow_proto::events::Kind;
use crow_web::ApiError;

use super::{Receipt, batch_of, counted, limit, partition_of, publish_allowed};
use crate::admission::admit;
use crate::gateway::Gateway;
use crate::openapi::{IngestErrors, SessionEndBody};
use crate::outcome;
use crate::validate::head;
use crate::validate::notes::Notes;

/// Ends a session.
///
/// Optional: a session without activity ends by itself.
#[utoipa::path(
    post,
    path = "/session/end",
    tag = "ingest",
    request_body(content((SessionEndBody = "application/json"), (SessionEndBody = "text/plain"))),
    responses((status = 202, description = "Durable.", body = Receipt), IngestErrors),
    security(("bearer" = []), ("header" = []), ())
)]
pub(crate) async fn session_end(
    gateway: Data<Gateway>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    counted("/session/end", take(&gateway, &request, payload).await)
}

async fn take(
    gateway: &Gateway,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let mut admitted = admit(gateway, request, payload).await?;
    let session = head::required_session_id(&admitted.envelope)?;
    let partition = partition_of(gateway, &admitted.grant.organization, &session);
    let mut notes = Notes::default();
    let batch = batch_of(gateway, &mut admitted, &session, Kind::End, &mut notes)?;
    outcome::count_ignored(&notes);
    let (batch, allowed) = limit(gateway, &mut admitted, &session, batch).await?;
    let receipt = Receipt::of(gateway, &batch, allowed, Vec::new(), notes);
    publish_allowed(gateway, partition, batch, allowed, &mut admitted.memory).await?;
    Ok(HttpResponse::Accepted().json(receipt))
}
