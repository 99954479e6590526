use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crow_proto::events::{Kind, Page};
use crow_web::ApiError;

use super::{Receipt, batch_of, counted, fill, limit, partition_of, publish_allowed};
use crate::admission::admit;
use crate::gateway::Gateway;
use crate::openapi::{BatchBody, IngestErrors};
use crate::outcome;
use crate::privacy::Allowed;
use crate::publish;
use crate::validate::notes::Notes;
use crate::validate::{self, Checked, head};

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
    let mut notes = Notes::default();
    let mut batch = batch_of(gateway, &mut admitted, &session, Kind::Events, &mut notes)?;
    let items = std::mem::replace(&mut admitted.items, Ok(Checked::default()))?;
    let rejected = fill(&mut batch, items, &mut notes);
    let has_items = !batch.events.is_empty() || !batch.replay.is_empty();
    if !has_items && batch.page() == Page::Unspecified {
        return Err(validate::nothing_acceptable(&rejected));
    }
    outcome::count_ignored(&notes);
    let (batch, allowed) = limit(gateway, &mut admitted, &session, batch).await?;
    let mut receipt = Receipt::of(gateway, &batch, allowed, rejected, notes);
    publish_allowed(gateway, partition, batch, allowed, &mut admitted.memory).await?;
    if let Some(assets) = &admitted.envelope.assets
        && allowed == Allowed::default()
    {
        let organization = &admitted.grant.organization;
        let wanted = gateway
            .assets
            .wanted(organization, &session, assets, admitted.received_at);
        // Boxed because few batches have assets, so that the future of a request stays small.
        receipt.want_assets = Box::pin(wanted).await;
        let settings = admitted.privacy.settings();
        receipt.want_assets.retain(|url| settings.takes_asset(url));
    }
    Ok(HttpResponse::Accepted().json(receipt))
}
