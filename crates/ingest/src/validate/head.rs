//! The head of a body: session, window, number, page and SDK.

use bytes::Bytes;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crow_proto::events::{Batch, Client, Kind, Page};
use crow_types::{IdError, OrganizationId, SessionId, Timestamp, WindowId};

use super::notes::IgnoreReason::{InvalidType, OutOfRange};
use super::notes::{Field, Notes};
use super::{context, shown};
use crate::decode::BodyError;
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, FieldError, Scalar};

/// The inputs for a batch besides its body.
pub(crate) struct Origin<'a> {
    pub organization: &'a OrganizationId,
    pub session: &'a SessionId,
    pub kind: Kind,
    pub received_at: Timestamp,
    pub client: Client,
    /// The maximum nesting of display-only fields.
    pub max_depth: usize,
}

/// The session id of a body; `None` when it has none.
pub(crate) fn session_id(envelope: &Envelope) -> Result<Option<SessionId>, BodyError> {
    Ok(id("sessionId", envelope.session_id.as_deref(), |text| {
        SessionId::new(text)
    })?)
}

/// The session id of a body that must have one.
pub(crate) fn required_session_id(envelope: &Envelope) -> Result<SessionId, BodyError> {
    session_id(envelope)?.ok_or_else(no_session_id)
}

pub(crate) fn no_session_id() -> BodyError {
    FieldError::new("sessionId", "is required").into()
}

/// A batch without items, from the head of the body.
pub(crate) fn batch(
    envelope: &Envelope,
    origin: Origin<'_>,
    notes: &mut Notes,
) -> Result<Batch, BodyError> {
    let window_id = id("windowId", envelope.window_id.as_deref(), |text| {
        WindowId::new(text)
    })?;
    let seq = fields::count("seq", &Scalar::of(envelope.seq.as_deref()))?;
    if seq.is_some() && window_id.is_none() {
        return Err(FieldError::new(
            "seq",
            "needs a windowId: batches are numbered within a window",
        )
        .into());
    }
    let (batch_id, is_named) = batch_id(envelope, origin.kind)?;
    let exit_context = shown::object(
        notes,
        Field::named("exitContext"),
        envelope.exit_context.as_deref(),
        &envelope.body,
        origin.max_depth,
    );
    let mut client = context::with_sdk(origin.client, envelope, notes);
    let context = context::read(envelope, origin.max_depth, notes);
    context::correct_ipad(&mut client, &context);
    Ok(Batch {
        organization_id: origin.organization.as_str().to_owned(),
        session_id: origin.session.as_str().to_owned(),
        window_id: window_id.map(String::from).unwrap_or_default(),
        seq,
        batch_id,
        named: is_named,
        received_at: origin.received_at.0,
        sent_at: noted_sent_at(envelope, notes),
        kind: origin.kind.into(),
        page: page(envelope, notes).into(),
        client: Some(client),
        context: Some(context),
        exit_context,
        ..Batch::default()
    })
}

/// The client's clock at the time of sending, if it is readable. It is optional.
pub(crate) fn sent_at(envelope: &Envelope) -> Result<Option<i64>, FieldError> {
    fields::millis("sentAt", &Scalar::of(envelope.sent_at.as_deref()))
}

fn noted_sent_at(envelope: &Envelope, notes: &mut Notes) -> Option<i64> {
    sent_at(envelope).unwrap_or_else(|error| {
        let is_number = matches!(Scalar::of(envelope.sent_at.as_deref()), Scalar::Number(_));
        let code = if is_number { OutOfRange } else { InvalidType };
        let message = format!("{}, and was left out", error.problem);
        notes.add(Field::named("sentAt"), code, message);
        None
    })
}

/// The state of the window's page, from the client.
fn page(envelope: &Envelope, notes: &mut Notes) -> Page {
    match Scalar::of(envelope.page.as_deref()) {
        Scalar::Absent => Page::Unspecified,
        Scalar::Text(text) if text == "open" => Page::Open,
        Scalar::Text(text) if text == "closed" => Page::Closed,
        Scalar::Text(_) | Scalar::Number(_) | Scalar::Other => {
            let message = "must be `open` or `closed`, and was left out";
            notes.add(Field::named("page"), InvalidType, message);
            Page::Unspecified
        }
    }
}

/// The client's id of the batch, else a hash of the body, so that a retry of the same bytes has the
/// same id. A start or an end gets a generated id: its body may be the same for each session, and a
/// repetition changes nothing. The flag is true if the client gave the id.
fn batch_id(envelope: &Envelope, kind: Kind) -> Result<(String, bool), FieldError> {
    // A batch id follows the rules of a session id.
    let given = id("batchId", envelope.batch_id.as_deref(), |text| {
        SessionId::new(text)
    })?;
    Ok(match (given, kind) {
        (Some(given), _) => (given.into(), true),
        (None, Kind::Events) => (hash(&envelope.body), false),
        (None, Kind::Start | Kind::End) => (ulid::Ulid::new().to_string(), false),
    })
}

fn hash(body: &Bytes) -> String {
    HEXLOWER.encode(&Sha256::digest(body)[..16])
}

fn id<T>(
    field: &'static str,
    raw: Option<&[u8]>,
    make: impl FnOnce(String) -> Result<T, IdError>,
) -> Result<Option<T>, FieldError> {
    let Some(text) = fields::text(field, Scalar::of(raw))? else {
        return Ok(None);
    };
    make(text.into_owned())
        .map(Some)
        .map_err(|error| FieldError::new(field, error.to_string()))
}
