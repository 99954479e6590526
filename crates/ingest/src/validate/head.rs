//! What a body says about itself: its session, window and number, the page and the SDK.

use bytes::Bytes;
use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crow_proto::events::{Batch, Client, Context, Kind};
use crow_types::{ErrorCode, IdError, OrganizationId, SessionId, Timestamp, WindowId};
use crow_web::ApiError;

use super::event::MAX_URL;
use super::slice;
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, FieldError, Scalar, bytes_of};

/// The longest title, in bytes; longer ones are cut off.
const MAX_TITLE: usize = 1024;
/// The longest user id, in bytes.
const MAX_USER_ID: usize = 256;
/// The longest name of a language, time zone, SDK or platform, in bytes; longer ones are cut off.
const MAX_WORD: usize = 64;
/// The largest `traits` or `exitContext`, in bytes.
pub(crate) const MAX_OBJECT: usize = 64 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BorrowedContext<'a> {
    #[serde(borrow, default)]
    url: Scalar<'a>,
    #[serde(borrow, default)]
    referrer: Scalar<'a>,
    #[serde(borrow, default)]
    title: Scalar<'a>,
    #[serde(borrow, default)]
    viewport: Option<&'a RawValue>,
    #[serde(borrow, default)]
    screen: Option<&'a RawValue>,
    #[serde(borrow, default)]
    locale: Scalar<'a>,
    #[serde(borrow, default)]
    timezone: Scalar<'a>,
    #[serde(borrow, default)]
    user_id: Scalar<'a>,
    #[serde(borrow, default)]
    traits: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct BorrowedSdk<'a> {
    #[serde(borrow, default)]
    name: Scalar<'a>,
    #[serde(borrow, default)]
    version: Scalar<'a>,
    #[serde(borrow, default)]
    platform: Scalar<'a>,
}

/// The session of a body; `None` when it names none.
pub(crate) fn session_id(envelope: &Envelope) -> Result<Option<SessionId>, ApiError> {
    Ok(id("sessionId", envelope.session_id.as_deref(), |text| {
        SessionId::new(text)
    })?)
}

/// The session of a body that must have one.
pub(crate) fn required_session_id(envelope: &Envelope) -> Result<SessionId, ApiError> {
    session_id(envelope)?.ok_or_else(|| FieldError::new("sessionId", "is required").into())
}

/// A batch without items: everything that the body says about itself.
pub(crate) fn batch(
    envelope: &Envelope,
    organization: &OrganizationId,
    session: &SessionId,
    kind: Kind,
    received_at: Timestamp,
    client: Client,
) -> Result<Batch, ApiError> {
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
    Ok(Batch {
        organization_id: organization.as_str().to_owned(),
        session_id: session.as_str().to_owned(),
        window_id: window_id.map(String::from).unwrap_or_default(),
        seq,
        batch_id: batch_id(envelope, kind)?,
        received_at: received_at.0,
        sent_at: fields::millis("sentAt", &Scalar::of(envelope.sent_at.as_deref()))?,
        kind: kind.into(),
        client: Some(with_sdk(client, envelope)?),
        context: Some(context(envelope)?),
        exit_context: small_object("exitContext", envelope.exit_context.as_deref(), envelope)?,
        ..Batch::default()
    })
}

/// The client's name for the batch, else a hash of the body: a plain retry of the same
/// bytes is the same batch. Not so with a start and an end, which change nothing when they
/// come twice, and whose body may say no more than the session, visit after visit.
fn batch_id(envelope: &Envelope, kind: Kind) -> Result<String, FieldError> {
    // The rules of a batch id are those of a session id.
    let given = id("batchId", envelope.batch_id.as_deref(), |text| {
        SessionId::new(text)
    })?;
    Ok(match (given, kind) {
        (Some(given), _) => given.into(),
        (None, Kind::Events) => hash(&envelope.body),
        (None, Kind::Start | Kind::End) => ulid::Ulid::new().to_string(),
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

fn context(envelope: &Envelope) -> Result<Context, ApiError> {
    let Some(json) = fields::object("context", envelope.context.as_deref())? else {
        return Ok(Context::default());
    };
    let cut: BorrowedContext<'_> =
        serde_json::from_slice(json).map_err(|error| unreadable("context", &error))?;
    let (viewport_width, viewport_height) =
        fields::size("context.viewport", bytes_of(cut.viewport))?;
    let (screen_width, screen_height) = fields::size("context.screen", bytes_of(cut.screen))?;
    Ok(Context {
        url: fields::display_text("context.url", cut.url, MAX_URL)?,
        referrer: fields::display_text("context.referrer", cut.referrer, MAX_URL)?,
        title: fields::display_text("context.title", cut.title, MAX_TITLE)?,
        viewport_width,
        viewport_height,
        screen_width,
        screen_height,
        locale: fields::display_text("context.locale", cut.locale, MAX_WORD)?,
        timezone: fields::display_text("context.timezone", cut.timezone, MAX_WORD)?,
        user_id: user_id(cut.user_id)?,
        traits: small_object("context.traits", bytes_of(cut.traits), envelope)?,
    })
}

/// A user id is compared, so it is refused rather than cut off or with characters replaced.
fn user_id(given: Scalar<'_>) -> Result<String, FieldError> {
    let text = fields::text("context.userId", given)?.unwrap_or_default();
    let is_none = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
    if text.len() > MAX_USER_ID || text.chars().any(is_none) {
        return Err(FieldError::new(
            "context.userId",
            "must be at most 256 bytes without control characters and half surrogate pairs",
        ));
    }
    Ok(text.into_owned())
}

fn with_sdk(mut client: Client, envelope: &Envelope) -> Result<Client, ApiError> {
    let Some(json) = fields::object("sdk", envelope.sdk.as_deref())? else {
        return Ok(client);
    };
    let cut: BorrowedSdk<'_> =
        serde_json::from_slice(json).map_err(|error| unreadable("sdk", &error))?;
    client.sdk_name = fields::display_text("sdk.name", cut.name, MAX_WORD)?;
    client.sdk_version = fields::display_text("sdk.version", cut.version, MAX_WORD)?;
    client.platform = fields::display_text("sdk.platform", cut.platform, MAX_WORD)?;
    if client.device_type.is_empty() {
        client.device_type = match client.platform.as_str() {
            "react-native" => "mobile".to_owned(),
            "electron" => "desktop".to_owned(),
            _ => String::new(),
        };
    }
    Ok(client)
}

fn small_object(
    field: &'static str,
    raw: Option<&[u8]>,
    envelope: &Envelope,
) -> Result<Bytes, ApiError> {
    let raw = fields::object(field, raw)?;
    if raw.is_some_and(|raw| raw.len() > MAX_OBJECT) {
        let message = format!("{field} must be at most {MAX_OBJECT} bytes");
        return Err(ApiError::new(ErrorCode::TooLarge, message));
    }
    Ok(slice(&envelope.body, raw))
}

fn unreadable(field: &'static str, error: &serde_json::Error) -> FieldError {
    FieldError::new(field, fields::unreadable(error))
}
