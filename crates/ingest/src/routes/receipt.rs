use serde::Serialize;
use utoipa::ToSchema;

use crow_proto::events::Batch;

use crate::notices::Notices;
use crate::outcome::Rejection;
use crate::privacy::{Allowed, NotStored};
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
    pub(super) fn of(
        batch: &Batch,
        allowed: Allowed,
        rejected: Vec<Rejection>,
        notes: Notes,
        notices: &Notices,
    ) -> Self {
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
