use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crow_proto::events::Kind;
use crow_types::settings::RecordingLimits;
use crow_web::ApiError;

use super::described::{IngestErrors, context_schema, sdk_schema};
use super::submit::Submission;
use crate::config::IngestConfig;
use crate::gateway::Gateway;
use crate::outcome;
use crate::privacy::{Allowed, NotStored};
use crate::validate::notes::Ignored;

/// The body of `/session/start`. No field is required.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionStartBody {
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
    /// What the organization takes from what pages record of console and requests. Absent: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub limits: Option<RecordingLimits>,
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
    outcome::counted("/session/start", async {
        let taken = Submission::receive(&gateway, &request, payload, Kind::Start);
        let mut submission = taken.await?;
        let allowed = submission.limit().await?;
        submission.publish(allowed).await?;
        outcome::count_ignored(&submission.notes);
        let started = started(&gateway.config, submission, allowed);
        Ok(HttpResponse::Created().json(started))
    })
    .await
}

fn started(config: &IngestConfig, submission: Submission<'_>, allowed: Allowed) -> Started {
    let now = submission.received.received_at.0;
    let recording = &submission.received.privacy.settings().recording;
    let is_stored = allowed.not_stored.is_none();
    Started {
        session_id: submission.session.into(),
        started_at: now,
        server_time: now,
        idle_timeout_ms: config.idle_timeout_ms,
        replay: ReplaySettings {
            enabled: config.replay.enabled && recording.enabled && is_stored,
            sample_rate: config.replay.sample_rate.min(recording.sample_rate),
            limits: recording.limits(),
        },
        not_stored: allowed.not_stored,
        ignored: submission.notes.0,
    }
}
