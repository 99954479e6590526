//! The steps that the routes share, from a request to the acknowledgement of the bus.

use actix_web::HttpRequest;
use actix_web::web::Payload;
use ulid::Ulid;

use crow_proto::events::{Batch, Kind};
use crow_types::{ErrorCode, Partition, SessionId};
use crow_web::ApiError;

use super::receipt::Receipt;
use crate::blocking::{OFFLOAD_BYTES, offload};
use crate::gateway::Gateway;
use crate::outcome::{self, Rejection};
use crate::privacy::Allowed;
use crate::publish;
use crate::receive::{Received, receive};
use crate::validate::head::{self, Origin};
use crate::validate::notes::Notes;

/// A batch on its way to the bus.
pub(super) struct Submission<'a> {
    gateway: &'a Gateway,
    partition: Partition,
    pub received: Received,
    pub session: SessionId,
    /// Without items at first.
    pub batch: Batch,
    pub notes: Notes,
}

impl<'a> Submission<'a> {
    /// Receives a request, and makes a batch for its session, with what the edge knows about the
    /// client. Events fail early if they cannot be published at the moment.
    pub(super) async fn receive(
        gateway: &'a Gateway,
        request: &HttpRequest,
        payload: Payload,
        kind: Kind,
    ) -> Result<Self, ApiError> {
        let mut received = receive(gateway, request, payload).await?;
        let session = match head::session_id(&received.envelope)? {
            None if kind == Kind::Start => new_session_id(),
            given => given.ok_or_else(head::no_session_id)?,
        };
        let organization = &received.grant.organization;
        let partition = Partition::of(organization, &session, gateway.bus.partitions());
        if kind == Kind::Events {
            publish::check(gateway, partition)?;
        }
        let origin = Origin {
            organization,
            session: &session,
            kind,
            received_at: received.received_at,
            client: std::mem::take(&mut received.client),
            max_depth: gateway.config.max_event_depth,
        };
        let mut notes = Notes::default();
        let batch = head::batch(&received.envelope, origin, &mut notes)?;
        Ok(Self {
            gateway,
            partition,
            received,
            session,
            batch,
            notes,
        })
    }

    /// Publishes what may be stored. The receipt has the notices of keepers and watchers.
    pub(super) async fn acknowledge(
        &mut self,
        rejected: Vec<Rejection>,
    ) -> Result<Receipt, ApiError> {
        outcome::count_ignored(&self.notes);
        let allowed = self.limit().await?;
        let notes = std::mem::take(&mut self.notes);
        let notices = &self.gateway.notices;
        let receipt = Receipt::of(&self.batch, allowed, rejected, notes, notices);
        self.publish(allowed).await?;
        Ok(receipt)
    }

    /// Removes from the batch what may not be stored.
    pub(super) async fn limit(&mut self) -> Result<Allowed, ApiError> {
        let (received, batch) = (&mut self.received, &mut self.batch);
        if self.gateway.erased.refuse(batch) {
            return Ok(Allowed::erased(batch));
        }
        let body_bytes = received.envelope.body.len();
        let may_copy = received.privacy.takes_time();
        if may_copy {
            received.memory.grow(body_bytes).inspect_err(|_no_room| {
                outcome::count_refused("memory", batch.events.len(), batch.replay.len());
            })?;
        }
        let organization = &received.grant.organization;
        if !may_copy || body_bytes <= OFFLOAD_BYTES {
            return Ok(received.privacy.apply(batch, organization, &self.session));
        }
        let (privacy, session) = (received.privacy.clone(), self.session.clone());
        let (organization, mut taken) = (organization.clone(), std::mem::take(batch));
        let memory = received.memory.take();
        let work = move || {
            let allowed = privacy.apply(&mut taken, &organization, &session);
            (taken, allowed, memory)
        };
        // Boxed because it is rare, so that the future of a request stays small.
        let (limited, allowed, memory) = Box::pin(offload(true, work)).await?;
        *batch = limited;
        received.memory = memory;
        Ok(allowed)
    }

    /// Publishes what is left of the batch, which is empty afterwards.
    pub(super) async fn publish(&mut self, allowed: Allowed) -> Result<(), ApiError> {
        if allowed.is_silent {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        publish::publish(
            self.gateway,
            self.partition,
            batch,
            &mut self.received.memory,
        )
        .await
    }
}

fn new_session_id() -> SessionId {
    SessionId::new(Ulid::new().to_string()).expect("a ULID is letters and digits")
}

/// The error when no item could be accepted, with the reasons of the first few.
pub(super) fn nothing_acceptable(rejected: &[Rejection]) -> ApiError {
    const SHOWN: usize = 5;
    if rejected.is_empty() {
        return ApiError::new(
            ErrorCode::Unprocessable,
            "the batch is empty: send at least one of events and replay",
        );
    }
    let reasons: Vec<String> = rejected
        .iter()
        .take(SHOWN)
        .map(|one| format!("{}[{}]: {}", one.lane.as_str(), one.index, one.message))
        .collect();
    let more = rejected.len().saturating_sub(SHOWN);
    let tail = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    ApiError::new(
        ErrorCode::Unprocessable,
        format!("nothing was accepted: {}{tail}", reasons.join("; ")),
    )
}
