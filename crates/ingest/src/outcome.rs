//! Outcomes of items: every event ends in exactly one counted outcome.

use actix_web::HttpResponse;
use metrics::Counter;
use serde::Serialize;
use utoipa::ToSchema;

use crow_web::ApiError;

use crate::validate::notes::Notes;

/// The list of the body that an item came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Lane {
    /// Interactions.
    Events,
    /// rrweb events.
    Replay,
}

impl Lane {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Replay => "replay",
        }
    }
}

/// Why a single item was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RejectReason {
    /// Not a JSON object, a field that comes twice, or one that cannot be read.
    Malformed,
    /// The type is missing or not a word of the allowed form.
    InvalidType,
    /// The name is missing where it is needed.
    InvalidName,
    /// The id has characters that are not allowed, or is too long.
    InvalidId,
    /// The time is missing, or impossible.
    InvalidTimestamp,
    /// The data is larger than allowed.
    TooLarge,
    /// The data is nested deeper than allowed.
    TooDeep,
}

impl RejectReason {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::InvalidType => "invalid_type",
            Self::InvalidName => "invalid_name",
            Self::InvalidId => "invalid_id",
            Self::InvalidTimestamp => "invalid_timestamp",
            Self::TooLarge => "too_large",
            Self::TooDeep => "too_deep",
        }
    }
}

/// A rejected item. A retry would be rejected again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Rejection {
    /// Which list it was in.
    pub lane: Lane,
    /// Its place in that list, from 0.
    pub index: usize,
    /// Why, for programs.
    pub code: RejectReason,
    /// Why, for people.
    pub message: String,
}

/// The counter of the items of a lane that ended in this way.
pub(crate) fn items(outcome: &'static str, reason: &'static str, lane: Lane) -> Counter {
    metrics::counter!(
        "crow_ingest_events_total",
        "outcome" => outcome, "reason" => reason, "lane" => lane.as_str()
    )
}

/// Items that could not be published, with the reason.
pub(crate) fn count_refused(reason: &'static str, events: usize, replay: usize) {
    for (lane, count) in [(Lane::Events, events), (Lane::Replay, replay)] {
        if count > 0 {
            items("refused", reason, lane).increment(count as u64);
        }
    }
}

/// Items that were rejected one by one.
pub(crate) fn count_rejections(rejections: &[Rejection]) {
    for rejection in rejections {
        items("rejected", rejection.code.as_str(), rejection.lane).increment(1);
    }
}

/// Items that were accepted and are not stored, because somebody does not allow it.
pub(crate) fn count_dropped(reason: &'static str, lane: Lane, count: usize) {
    if count > 0 {
        items("dropped", reason, lane).increment(count as u64);
    }
}

/// Fields that were cut, changed or left out.
pub(crate) fn count_ignored(notes: &Notes) {
    for ignored in &notes.0 {
        metrics::counter!("crow_ingest_ignored_fields_total", "reason" => ignored.code.as_str())
            .increment(1);
    }
}

/// Counts one request of a route, by how it ended: `accepted` or an error code.
pub(crate) async fn counted(
    route: &'static str,
    answer: impl Future<Output = Result<HttpResponse, ApiError>>,
) -> Result<HttpResponse, ApiError> {
    let answer = answer.await;
    let outcome = answer
        .as_ref()
        .map_or_else(|error| error.code.as_str(), |_| "accepted");
    metrics::counter!("crow_ingest_batches_total", "route" => route, "outcome" => outcome)
        .increment(1);
    answer
}
