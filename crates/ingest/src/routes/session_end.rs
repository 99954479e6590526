use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crow_proto::events::Kind;
use crow_web::ApiError;

use super::described::{Id, IngestErrors, context_schema, sdk_schema};
use super::receipt::Receipt;
use super::submit::Submission;
use crate::gateway::Gateway;
use crate::outcome;

/// What `/session/end` takes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionEndBody {
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
    outcome::counted("/session/end", async {
        let taken = Submission::receive(&gateway, &request, payload, Kind::End);
        let mut submission = taken.await?;
        let receipt = submission.acknowledge(Vec::new()).await?;
        Ok(HttpResponse::Accepted().json(receipt))
    })
    .await
}
