//! Short messages on core NATS. Nothing is stored, and nobody waits.

use bytes::Bytes;
use futures::{Stream, StreamExt};
use serde::{Deserialize, Serialize};

use crow_types::{OrganizationId, SessionId, Timestamp};

use crate::connection::Bus;
use crate::error::{Error, Result};

/// An API key was revoked or rotated; the payload is a [`KeyNotice`]. Every cache drops it at once.
pub const KEY_REVOKED: &str = "crow.keys.revoked";

/// Something was erased; the payload is the id of the erasure. Keepers and gateways read the
/// tombstones again, and keepers look for what is left.
pub const ERASED: &str = "crow.erased";

/// The settings of an organization were changed; the payload is the organization. Every cache drops
/// them at once.
pub const SETTINGS_CHANGED: &str = "crow.settings.changed";

/// Something that the next receipt of a window should say; the payload is a [`Notice`].
pub const NOTICE: &str = "crow.notice";

/// What was done to an API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyNotice {
    /// Id of the key.
    pub key_id: String,
    /// When it stops working, because it was rotated; `None`: it is revoked.
    pub until: Option<Timestamp>,
}

impl KeyNotice {
    /// As it travels: the id, and the end after a space.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        let text = match self.until {
            Some(until) => format!("{} {}", self.key_id, until.0),
            None => self.key_id.clone(),
        };
        text.into()
    }

    /// `None`: not a notice that this version knows.
    #[must_use]
    pub fn decode(payload: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(payload).ok()?;
        let (key_id, until) = match text.split_once(' ') {
            Some((key_id, until)) => (key_id, Some(Timestamp(until.parse().ok()?))),
            None => (text, None),
        };
        Some(Self {
            key_id: key_id.to_owned(),
            until,
        })
    }
}

/// A hint of the session keeper for a client. Lost when no gateway listens; the keeper repeats it
/// while it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The tenant.
    pub organization_id: String,
    /// The SDK's session id.
    pub session_id: String,
    /// The window; empty if the client has none, or if the notice is for all windows.
    pub window_id: String,
    /// The window should send a full snapshot, because its replay cannot be played.
    pub need_snapshot: bool,
    /// The session is over; its windows should continue under another id.
    #[serde(default)]
    pub session_ended: bool,
    /// The window used numbers twice, and should continue as another window.
    #[serde(default)]
    pub new_window: bool,
}

impl Notice {
    /// About a session, with no news yet.
    #[must_use]
    pub fn of(organization: &OrganizationId, session: &SessionId) -> Self {
        Self {
            organization_id: organization.as_str().to_owned(),
            session_id: session.as_str().to_owned(),
            window_id: String::new(),
            need_snapshot: false,
            session_ended: false,
            new_window: false,
        }
    }

    /// As it travels.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        serde_json::to_vec(self)
            .expect("a notice is plain data")
            .into()
    }

    /// `None`: not a notice that this version knows.
    #[must_use]
    pub fn decode(payload: &[u8]) -> Option<Self> {
        serde_json::from_slice(payload).ok()
    }
}

/// Publishes a notice. Returns when it has been sent to the server.
pub async fn publish(bus: &Bus, subject: &'static str, payload: Bytes) -> Result<()> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    bus.client
        .publish(subject, payload)
        .await
        .map_err(|error| Error::server("publishing a notice", error))?;
    bus.client
        .flush()
        .await
        .map_err(|error| Error::server("publishing a notice", error))
}

/// The payloads of a subject from now on, across reconnects.
pub async fn subscribe(
    bus: &Bus,
    subject: &'static str,
) -> Result<impl Stream<Item = Bytes> + Send + Unpin + use<>> {
    let subscriber = bus
        .client
        .subscribe(subject)
        .await
        .map_err(|error| Error::server("subscribing to notices", error))?;
    Ok(subscriber.map(|message| message.payload))
}
