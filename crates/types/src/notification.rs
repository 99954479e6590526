//! What users are told of. It names things by ids, and holds nothing that a visitor wrote.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{IdError, OrganizationId, Timestamp};

#[cfg(test)]
mod tests;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// The longest message, in bytes.
const MAX_BYTES: usize = 4_096;
/// The longest id or value, in bytes.
const MAX_TEXT: usize = 200;
/// The longest name of a kind or a field, in bytes.
const MAX_NAME: usize = 64;
/// The most fields.
const MAX_FIELDS: usize = 8;

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Audience {
    /// A user, by id.
    User(String),
    /// The owners and admins of the organization.
    Admins,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News<'a> {
    /// A user has another role.
    RoleChanged {
        /// Id of the user.
        user: &'a str,
        /// The role before.
        from: &'a str,
        /// The role now.
        to: &'a str,
    },
    /// An API key will expire.
    KeyExpires {
        /// Id of the key.
        key: &'a str,
        /// When.
        at: Timestamp,
        /// Days before that for which this is the reminder.
        days: i64,
    },
    /// An API key has expired.
    KeyExpired {
        /// Id of the key.
        key: &'a str,
        /// When.
        at: Timestamp,
    },
    /// Messages became dead letters.
    DeadLetters,
    /// An erasure is complete.
    ErasureComplete {
        /// Id of the erasure.
        erasure: &'a str,
        /// What became of the sessions.
        mode: &'a str,
    },
    /// Nothing arrived at an endpoint of webhooks for days, so it gets nothing more.
    WebhookDisabled {
        /// Id of the endpoint.
        endpoint: &'a str,
        /// When.
        at: Timestamp,
    },
}

impl News<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Self::RoleChanged { .. } => "role_changed",
            Self::KeyExpires { .. } => "key_expires",
            Self::KeyExpired { .. } => "key_expired",
            Self::DeadLetters => "dead_letters",
            Self::ErasureComplete { .. } => "erasure_complete",
            Self::WebhookDisabled { .. } => "webhook_disabled",
        }
    }

    /// The same for a repeat.
    fn id(&self, at: Timestamp) -> String {
        match self {
            Self::RoleChanged { user, .. } => format!("role-{user}-{at}"),
            Self::KeyExpires { key, at, days } => format!("key-{key}-{at}-{days}d"),
            Self::KeyExpired { key, at } => format!("key-{key}-{at}-expired"),
            // Once a day.
            Self::DeadLetters => format!("letters-{}", at.0.div_euclid(DAY_MS)),
            Self::ErasureComplete { erasure, .. } => format!("erasure-{erasure}"),
            Self::WebhookDisabled { endpoint, at } => format!("webhook-{endpoint}-{at}"),
        }
    }

    fn fields(&self) -> BTreeMap<String, String> {
        let pairs = match self {
            Self::RoleChanged { from, to, .. } => {
                vec![("from", (*from).to_owned()), ("to", (*to).to_owned())]
            }
            Self::KeyExpires { key, at, .. } | Self::KeyExpired { key, at } => {
                vec![("keyId", (*key).to_owned()), ("expiresAt", at.to_string())]
            }
            Self::DeadLetters => Vec::new(),
            Self::ErasureComplete { erasure, mode } => {
                vec![
                    ("erasureId", (*erasure).to_owned()),
                    ("mode", (*mode).to_owned()),
                ]
            }
            Self::WebhookDisabled { endpoint, .. } => {
                vec![("webhookId", (*endpoint).to_owned())]
            }
        };
        let owned = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        owned.collect()
    }
}

/// A message for users. Its kind is text, so that a service keeps what a newer one sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// Names what happened within the organization. A repeat has the same.
    pub id: String,
    /// The tenant.
    pub organization_id: String,
    /// Who is told.
    pub audience: Audience,
    /// The word of a [`News`].
    pub kind: String,
    /// Ids and times.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// When it happened, milliseconds since the epoch.
    pub at: i64,
}

/// Why a message is not a notification.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableNotification {
    /// It is longer than any.
    #[error("the message has more than {MAX_BYTES} bytes")]
    TooLong,
    /// It is not the expected JSON. The text is not repeated.
    #[error("the message is not a notification")]
    Json(#[source] serde_json::Error),
    /// The tenant is not one.
    #[error("organizationId: {0}")]
    Organization(#[source] IdError),
    /// A text is empty or too long, or there are too many.
    #[error("{0}: is empty, or longer than allowed")]
    Bounds(&'static str),
}

impl Notification {
    /// News for somebody in an organization.
    #[must_use]
    pub fn new(organization: &str, audience: Audience, news: &News<'_>, at: Timestamp) -> Self {
        Self {
            id: news.id(at),
            organization_id: organization.to_owned(),
            audience,
            kind: news.kind().to_owned(),
            fields: news.fields(),
            at: at.0,
        }
    }

    /// From the payload of a message.
    ///
    /// # Errors
    /// When it is not a notification, or larger than one may be.
    pub fn read(payload: &[u8]) -> Result<Self, UnreadableNotification> {
        use UnreadableNotification::{Bounds, Json, Organization, TooLong};
        if payload.len() > MAX_BYTES {
            return Err(TooLong);
        }
        let read: Self = serde_json::from_slice(payload).map_err(Json)?;
        OrganizationId::new(read.organization_id.as_str()).map_err(Organization)?;
        let fits = |text: &str, most: usize| (1..=most).contains(&text.len());
        if !fits(&read.id, MAX_TEXT) {
            return Err(Bounds("id"));
        }
        if !fits(&read.kind, MAX_NAME) {
            return Err(Bounds("kind"));
        }
        let mut fields = read.fields.iter();
        if read.fields.len() > MAX_FIELDS
            || !fields.all(|(name, value)| fits(name, MAX_NAME) && fits(value, MAX_TEXT))
        {
            return Err(Bounds("fields"));
        }
        Ok(read)
    }
}
