use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use ulid::Ulid;
use utoipa::ToSchema;

use crow_proto::events::Kind;
use crow_types::SessionId;
use crow_web::ApiError;

use super::{batch_of, counted, limit, partition_of, publish_allowed};
use crate::admission::{Admitted, admit};
use crate::config::IngestConfig;
use crate::gateway::Gateway;
use crate::openapi::{IngestErrors, SessionStartBody};
use crate::outcome;
use crate::privacy::{Allowed, NotStored};
use crate::validate::head;
use crate::validate::notes::{Ignored, Notes};

/// A started session, and settings for the SDK.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Started {
    /// Id of the session: the client's, or a generated one.
    pub session_id: String,
    /// Milliseconds since the epoch.
    pub started_at: i64,
    /// Our clock, milliseconds since the epoch.
    pub server_time: i64,
    /// Milliseconds without activity after which the session is over.
    pub idle_timeout_ms: u64,
    /// Whether and how often to record.
    pub replay: ReplaySettings,
    /// Nothing is stored, for this reason. Absent: the session is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub not_stored: Option<NotStored>,
    /// As in a receipt. Absent: none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub ignored: Vec<Ignored>,
}

/// Replay as installation and organization want it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReplaySettings {
    /// Whether sessions are recorded.
    pub enabled: bool,
    /// Share of sessions to record, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    pub sample_rate: f64,
}

/// Starts a session, or repeats the answer for a started one.
///
/// Optional: events of an unknown session also start it.
#[utoipa::path(
    post,
    path = "/session/start",
    tag = "ingest",
    request_body(content((SessionStartBody = "application/json"), (SessionStartBody = "text/plain"))),
    responses((status = 201, description = "Durable.", body = Started), IngestErrors),
    security(("bearer" = []), ("header" = []), ())
)]
pub(crate) async fn session_start(
    gateway: Data<Gateway>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    counted("/session/start", take(&gateway, &request, payload).await)
}

async fn take(
    gateway: &Gateway,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let mut admitted = admit(gateway, request, payload).await?;
    let session = match head::session_id(&admitted.envelope)? {
        Some(session) => session,
        None => SessionId::new(Ulid::new().to_string()).expect("a ULID is letters and digits"),
    };
    let partition = partition_of(gateway, &admitted.grant.organization, &session);
    let mut notes = Notes::default();
    let batch = batch_of(gateway, &mut admitted, &session, Kind::Start, &mut notes)?;
    let (batch, allowed) = limit(gateway, &mut admitted, &session, batch).await?;
    publish_allowed(gateway, partition, batch, allowed, &mut admitted.memory).await?;
    outcome::count_ignored(&notes);
    let started = Started {
        not_stored: allowed.not_stored,
        ignored: notes.0,
        ..answer(&gateway.config, &admitted, &session, allowed)
    };
    Ok(HttpResponse::Created().json(started))
}

fn answer(
    config: &IngestConfig,
    admitted: &Admitted,
    session: &SessionId,
    allowed: Allowed,
) -> Started {
    let now = admitted.received_at.0;
    let recording = &admitted.privacy.settings().recording;
    let is_stored = allowed.not_stored.is_none();
    Started {
        session_id: session.as_str().to_owned(),
        started_at: now,
        server_time: now,
        idle_timeout_ms: config.idle_timeout_ms,
        replay: ReplaySettings {
            enabled: config.replay.enabled && recording.enabled && is_stored,
            sample_rate: config.replay.sample_rate.min(recording.sample_rate),
        },
        not_stored: None,
        ignored: Vec::new(),
    }
}
