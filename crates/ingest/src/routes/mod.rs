//! The routes. A handler admits, reads, publishes and responds; the details are in other modules.

pub(crate) mod asset;
pub(crate) mod batch;
pub(crate) mod sdk;
pub(crate) mod session_end;
pub(crate) mod session_start;
pub(crate) mod track;

use actix_web::HttpResponse;
use crow_proto::events::{Batch, Kind};
use crow_types::{OrganizationId, Partition, SessionId};
use crow_web::ApiError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::admission::{Admitted, OFFLOAD_BYTES};
use crate::blocking::offload;
use crate::gateway::Gateway;
use crate::inflight::Memory;
use crate::outcome::{self, Rejection};
use crate::privacy::{Allowed, NotStored};
use crate::publish;
use crate::validate::Checked;
use crate::validate::head::{self, Origin};
use crate::validate::notes::{Ignored, Notes};

/// The receipt of a batch. Everything that is counted as accepted is durable.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    /// Id of the batch: the client's, or a generated one.
    pub batch_id: String,
    /// The session it went to.
    pub session_id: String,
    /// Nothing of the batch is stored, for this reason; do not send it again. Absent: it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub not_stored: Option<NotStored>,
    /// The session is not recorded: its replay events are not stored. Absent: they are.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub not_recorded: bool,
    /// Events that were accepted.
    pub accepted: usize,
    /// Replay events that were accepted.
    pub accepted_replay: usize,
    /// Rejected items. A retry would be rejected again.
    pub rejected: Vec<Rejection>,
    /// Display-only fields that were cut, converted or dropped, at most 100. Their events are kept.
    /// Absent: none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub ignored: Vec<Ignored>,
    /// The window should send a full snapshot, because its replay cannot be played. Absent: no.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub need_snapshot: bool,
    /// The window used numbers twice. It should continue as another window, with numbers from 0.
    /// Absent: no.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub new_window: bool,
    /// The session is over; later activity should use another session id. Absent: no.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub session_ended: bool,
    /// The session is watched live: send replay every half second. Absent: no.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub watched: bool,
    /// Addresses of `assets` that the client should upload to `/asset`. Absent: none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 16)]
    pub want_assets: Vec<String>,
}

impl Receipt {
    /// Adds the notices of keepers and watchers.
    fn of(
        gateway: &Gateway,
        batch: &Batch,
        allowed: Allowed,
        rejected: Vec<Rejection>,
        notes: Notes,
    ) -> Self {
        let notices = &gateway.notices;
        // What the visitor does from now on belongs to another session.
        let is_erased = allowed.not_stored == Some(NotStored::Erased);
        Self {
            batch_id: batch.batch_id.clone(),
            session_id: batch.session_id.clone(),
            not_stored: allowed.not_stored,
            not_recorded: allowed.not_recorded,
            accepted: batch.events.len(),
            accepted_replay: batch.replay.len(),
            rejected,
            ignored: notes.0,
            need_snapshot: notices.take_snapshot_wish(batch),
            new_window: notices.take_window_wish(batch),
            session_ended: is_erased || notices.has_ended(batch),
            watched: notices.is_watched(batch),
            want_assets: Vec::new(),
        }
    }
}

fn partition_of(
    gateway: &Gateway,
    organization: &OrganizationId,
    session: &SessionId,
) -> Partition {
    Partition::of(organization, session, gateway.bus.partitions())
}

/// A batch without items, with what the edge knows about the client.
fn batch_of(
    gateway: &Gateway,
    admitted: &mut Admitted,
    session: &SessionId,
    kind: Kind,
    notes: &mut Notes,
) -> Result<Batch, ApiError> {
    let origin = Origin {
        organization: &admitted.grant.organization,
        session,
        kind,
        received_at: admitted.received_at,
        client: std::mem::take(&mut admitted.client),
        max_depth: gateway.config.max_event_depth,
    };
    head::batch(&admitted.envelope, origin, notes)
}

/// Puts accepted items into the batch and counts the others.
fn fill(batch: &mut Batch, checked: Checked, notes: &mut Notes) -> Vec<Rejection> {
    outcome::count_rejections(&checked.rejected);
    notes.extend(checked.notes);
    batch.events = checked.events;
    batch.replay = checked.replay;
    checked.rejected
}

/// Removes from the batch what may not be stored. Returns the rest.
async fn limit(
    gateway: &Gateway,
    admitted: &mut Admitted,
    session: &SessionId,
    mut batch: Batch,
) -> Result<(Batch, Allowed), ApiError> {
    if gateway.erased.refuse(&batch) {
        let allowed = Allowed::erased(&mut batch);
        return Ok((batch, allowed));
    }
    let body_bytes = admitted.envelope.body.len();
    let may_copy = admitted.privacy.takes_time();
    if may_copy {
        admitted.memory.grow(body_bytes)?;
    }
    let is_large = may_copy && body_bytes > OFFLOAD_BYTES;
    let organization = &admitted.grant.organization;
    if !is_large {
        let allowed = admitted.privacy.apply(&mut batch, organization, session);
        return Ok((batch, allowed));
    }
    let (privacy, session) = (admitted.privacy.clone(), session.clone());
    let organization = organization.clone();
    let work = move || {
        let allowed = privacy.apply(&mut batch, &organization, &session);
        Ok((batch, allowed))
    };
    // Boxed because it is rare, so that the future of a request stays small.
    Box::pin(offload(true, work)).await
}

/// Publishes what is left of a batch.
async fn publish_allowed(
    gateway: &Gateway,
    partition: Partition,
    batch: Batch,
    allowed: Allowed,
    memory: &mut Memory,
) -> Result<(), ApiError> {
    if allowed.is_silent {
        return Ok(());
    }
    publish::publish(gateway, partition, batch, memory).await
}

/// Counts the outcome of a request.
fn counted(
    route: &'static str,
    answer: Result<HttpResponse, ApiError>,
) -> Result<HttpResponse, ApiError> {
    let outcome = answer
        .as_ref()
        .map_or_else(|error| error.code.as_str(), |_| "accepted");
    outcome::count_batch(route, outcome);
    answer
}
