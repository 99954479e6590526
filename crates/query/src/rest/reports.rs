//! What other services report: interactions of their channels, and described camera frames.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_bus::interactions::InteractionMessage;
use crow_bus::reported::{CctvBatchQueueMessage, FrameAnalysis, Report};
use crow_types::{OrganizationId, SessionId, Timestamp};
use crow_web::ApiError;

use crate::api::Api;
use crate::door::http::BySystem;
use crate::rest::answers::Accepted;
use crate::rest::asked::malformed;
use crate::rest::body;
use crate::rest::described::{Description, Input, Unread};

/// Body limit in bytes.
const MAX_BODY: usize = 1 << 20;
/// Bounds of texts, in bytes.
const MAX_DATA: usize = 256 << 10;
const MAX_SUMMARY: usize = 10_000;
const MAX_NAME: usize = 128;
const MAX_DESCRIPTION: usize = 4_000;
/// Frames of one batch.
const MAX_FRAMES: usize = 1_000;
/// How far the clock of a service may be ahead, in milliseconds.
const AHEAD_MS: i64 = 300_000;
/// The header that names a report.
const HEADER: &str = "idempotency-key";

/// An interaction, or with `frameAnalyses` a batch of described camera frames.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "organizationId": "acme", "sourceType": "social", "timestamp": 1_763_690_000_000_i64,
    "data": "{\"text\": \"Love the lamp\"}",
}))]
pub struct CreateInteraction {
    /// The tenant.
    organization_id: String,
    /// `web`, `cctv` or `social`. Of a batch: `cctv`.
    source_type: String,
    /// What it is part of. A batch must have one.
    session_id: Option<String>,
    /// Interaction: what happened, JSON as text. At most 256 KiB.
    data: Option<String>,
    /// Interaction: in words, if the service has some. It is shown as the service's, not as CROW's.
    summary: Option<String>,
    /// Interaction: when it happened, milliseconds since the epoch.
    timestamp: Option<i64>,
    /// Batch: the camera.
    camera_id: Option<String>,
    /// Batch: its number in the recording, from 0.
    batch_index: Option<i64>,
    /// Batch: 1 to 1,000 frames.
    frame_analyses: Option<Vec<AnalyzedFrame>>,
    /// Batch: when the first frame was taken, milliseconds since the epoch.
    batch_start_timestamp: Option<i64>,
    /// Batch: when the last frame was taken.
    batch_end_timestamp: Option<i64>,
}

/// What a frame shows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnalyzedFrame {
    /// Its number in the recording.
    frame_index: i64,
    /// When it was taken, milliseconds since the epoch.
    timestamp: i64,
    /// What it shows, in words. At most 4,000 bytes.
    description: String,
}

/// An interaction that is queued.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedInteraction {
    /// The `id` that the interaction will have. A repeat has the same.
    id: String,
}

impl CreateInteraction {
    /// Checks every field.
    #[expect(
        clippy::disallowed_methods,
        reason = "a service may report of any organization"
    )]
    fn report(self, name: Option<String>, now: Timestamp) -> Result<Report, ApiError> {
        id(
            "organizationId",
            OrganizationId::new(&*self.organization_id),
        )?;
        let session_id = self.session_id.unwrap_or_default();
        if !session_id.is_empty() {
            id("sessionId", SessionId::new(&*session_id))?;
        }
        let of_interaction = [
            ("data", self.data.is_some()),
            ("summary", self.summary.is_some()),
            ("timestamp", self.timestamp.is_some()),
        ];
        let of_batch = [
            ("cameraId", self.camera_id.is_some()),
            ("batchIndex", self.batch_index.is_some()),
            ("batchStartTimestamp", self.batch_start_timestamp.is_some()),
            ("batchEndTimestamp", self.batch_end_timestamp.is_some()),
        ];
        let Some(frames) = self.frame_analyses else {
            unwanted(&of_batch, "belongs to a batch; send `frameAnalyses`, too")?;
            one_of("sourceType", &self.source_type, &["web", "cctv", "social"])?;
            let data = needed("data", self.data)?;
            bounded("data", &data, 1, MAX_DATA)?;
            let summary = self.summary.filter(|summary| !summary.is_empty());
            bounded("summary", summary.as_deref().unwrap_or(" "), 1, MAX_SUMMARY)?;
            return Ok(Report::Interaction(InteractionMessage {
                organization_id: self.organization_id,
                source_type: self.source_type,
                session_id,
                data,
                summary,
                timestamp: moment("timestamp", self.timestamp, now)?,
                completion_id: String::new(),
                report: name,
            }));
        };
        unwanted(&of_interaction, "does not belong to a batch of frames")?;
        one_of("sourceType", &self.source_type, &["cctv"])?;
        bounded("sessionId", &session_id, 1, MAX_NAME)?;
        let camera_id = needed("cameraId", self.camera_id)?;
        bounded("cameraId", &camera_id, 1, MAX_NAME)?;
        let batch_index = needed("batchIndex", self.batch_index)?;
        let start = moment("batchStartTimestamp", self.batch_start_timestamp, now)?;
        let end = moment("batchEndTimestamp", self.batch_end_timestamp, now)?;
        if batch_index < 0 || end < start {
            return Err(malformed(
                "batchIndex, batchEndTimestamp: must be 0 or more, and not before batchStartTimestamp"
                    .to_owned(),
            ));
        }
        Ok(Report::Batch(CctvBatchQueueMessage {
            organization_id: self.organization_id,
            source_type: self.source_type,
            session_id,
            camera_id,
            batch_index,
            frame_analyses: analyses(frames, now)?,
            batch_start_timestamp: start,
            batch_end_timestamp: end,
            report: name,
        }))
    }
}

fn analyses(frames: Vec<AnalyzedFrame>, now: Timestamp) -> Result<Vec<FrameAnalysis>, ApiError> {
    if frames.is_empty() || frames.len() > MAX_FRAMES {
        let text = format!("frameAnalyses: must have 1 to {MAX_FRAMES} frames");
        return Err(malformed(text));
    }
    let checked = frames.into_iter().enumerate().map(|(place, frame)| {
        let field = |name: &str| format!("frameAnalyses[{place}].{name}");
        bounded(
            &field("description"),
            &frame.description,
            0,
            MAX_DESCRIPTION,
        )?;
        Ok(FrameAnalysis {
            frame_index: frame.frame_index,
            timestamp: moment(&field("timestamp"), Some(frame.timestamp), now)?,
            description: frame.description,
        })
    });
    checked.collect()
}

fn id<T>(field: &str, checked: Result<T, crow_types::IdError>) -> Result<(), ApiError> {
    checked
        .map(drop)
        .map_err(|error| malformed(format!("{field}: {error}")))
}

fn unwanted(fields: &[(&str, bool)], why: &str) -> Result<(), ApiError> {
    match fields.iter().find(|(_, is_given)| *is_given) {
        Some((field, _)) => Err(malformed(format!("{field}: {why}"))),
        None => Ok(()),
    }
}

fn needed<T>(field: &str, value: Option<T>) -> Result<T, ApiError> {
    value.ok_or_else(|| malformed(format!("{field}: must be given")))
}

fn one_of(field: &str, text: &str, known: &[&str]) -> Result<(), ApiError> {
    if known.contains(&text) {
        return Ok(());
    }
    let text = "has a value that is not allowed here; see /openapi.json";
    Err(malformed(format!("{field}: {text}")))
}

fn bounded(field: &str, text: &str, least: usize, most: usize) -> Result<(), ApiError> {
    if (least..=most).contains(&text.len()) {
        return Ok(());
    }
    let text = format!("{field}: must have {least} to {most} bytes");
    Err(malformed(text))
}

fn moment(field: &str, at: Option<i64>, now: Timestamp) -> Result<i64, ApiError> {
    let at = needed(field, at)?;
    if (0..=now.plus(AHEAD_MS).0).contains(&at) {
        return Ok(at);
    }
    let text = "must be milliseconds since the epoch, and not in the future";
    Err(malformed(format!("{field}: {text}")))
}

/// The name that a caller gives a request, so that a repeat has no further effect.
pub struct IdempotencyKey(Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(HEADER) else {
            return ready(Ok(Self(None)));
        };
        let text = value.to_str().unwrap_or_default();
        ready(match bounded("Idempotency-Key", text, 1, MAX_NAME) {
            Ok(()) => Ok(Self(Some(text.to_owned()))),
            Err(error) => Err(error),
        })
    }
}

impl Input for IdempotencyKey {
    fn describe(to: &mut Description) {
        to.takes_header(
            "Idempotency-Key",
            MAX_NAME,
            "A name that a repeat of this request has, too. Without it, the content names the report.",
        );
    }
}

pub async fn create_interaction(
    api: Data<Api>,
    request: HttpRequest,
    _by: BySystem,
    name: IdempotencyKey,
    body: Unread<CreateInteraction>,
) -> Result<Accepted<CreatedInteraction>, ApiError> {
    let asked: CreateInteraction = body::json(&request, body.payload, MAX_BODY, true).await?;
    let report = asked.report(name.0, Timestamp::now())?;
    let id = report.interaction_id().as_str().to_owned();
    api.use_cases.report(&report).await?;
    Ok(Accepted(CreatedInteraction { id }))
}
