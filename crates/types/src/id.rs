use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

#[cfg(test)]
mod tests;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing was given.
    #[error("must not be empty")]
    Empty,
    /// Longer than `MAX_ID_BYTES`.
    #[error("must be at most 128 characters")]
    TooLong,
    /// A character outside the allowed set.
    #[error("may contain only letters, digits, '-', '_', '.', ':' and '~'")]
    Character,
}

/// The longest id that a client may choose, in bytes.
pub const MAX_ID_BYTES: usize = 128;

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > MAX_ID_BYTES {
        return Err(IdError::TooLong);
    }
    let is_allowed = |b: u8| matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b':' | b'~');
    if text.bytes().all(is_allowed) {
        Ok(())
    } else {
        Err(IdError::Character)
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks length and characters.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// The tenant.
    OrganizationId
);
text_id!(
    /// A session id as the SDK made it.
    SessionId
);
text_id!(
    /// One tab or app window of a session.
    WindowId
);

/// 128 bits of SHA-256 over the parts, NUL between them.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    let digest = hash.finalize();
    let (half, _rest) = digest
        .split_first_chunk()
        .expect("a SHA-256 digest has 32 bytes");
    u128::from_be_bytes(*half)
}

fn session_text(organization: &OrganizationId, session: &SessionId) -> String {
    [organization.as_str(), session.as_str()].join("\0")
}

/// XXH3-64 of `organization NUL session`: part of the storage contract.
pub(crate) fn session_hash(organization: &OrganizationId, session: &SessionId) -> u64 {
    xxh3_64(session_text(organization, session).as_bytes())
}

/// The primary key of one visit: `sessions.id`.
///
/// Derived from organization, session id and generation, so that writing the same
/// visit twice writes the same row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionRowId(pub String);

impl SessionRowId {
    /// The id of the given generation, from 0.
    #[must_use]
    pub fn derive(organization: &OrganizationId, session: &SessionId, generation: u32) -> Self {
        let digest = digest([
            organization.as_str().as_bytes(),
            session.as_str().as_bytes(),
            &generation.to_be_bytes(),
        ]);
        Self(HEXLOWER.encode(&digest.to_be_bytes()))
    }
}

impl fmt::Display for SessionRowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of an interaction that a service reports: `interactions.id`, 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportedId(String);

impl ReportedId {
    /// The same parts give the same id.
    #[must_use]
    pub fn derive<'a>(organization: &'a str, parts: impl IntoIterator<Item = &'a str>) -> Self {
        // Each with its length: a part may hold any character.
        let mut text = String::from("reported");
        for part in [organization].into_iter().chain(parts) {
            text += &format!("\0{}\0{part}", part.len());
        }
        let digest = digest([text.as_bytes()]);
        Self(HEXLOWER.encode(&digest.to_be_bytes()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of one event row: `events.id`, 32 hexadecimal digits.
///
/// The first eight are taken from the session. The others are 96 bits of XXH3-128 and distinguish
/// the events of one session. All of these have the same sender, so a sender who forges a collision
/// loses only their own second event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventRowId(pub String);

impl EventRowId {
    /// For an event with an id from the client. The same id in the same session is the same event.
    #[must_use]
    pub fn named(organization: &OrganizationId, session: &SessionId, event: &str) -> Self {
        Self::of(organization, session, &[b"named", event.as_bytes()])
    }

    /// For an event without an id: derived from its place in its batch.
    #[must_use]
    pub fn placed(
        organization: &OrganizationId,
        session: &SessionId,
        batch: &str,
        index: usize,
    ) -> Self {
        let index = (index as u64).to_be_bytes();
        Self::of(
            organization,
            session,
            &[b"placed", batch.as_bytes(), &index],
        )
    }

    /// Its last 64 bits. They are as good as random, unless the sender chose the names for a
    /// collision. The leading digits are the same for all events of a session.
    #[must_use]
    pub fn bits(id: &str) -> u64 {
        id.get(16..)
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .unwrap_or_default()
    }

    fn of(organization: &OrganizationId, session: &SessionId, event: &[&[u8]]) -> Self {
        let mut text = session_text(organization, session).into_bytes();
        let first = u128::from(xxh3_64(&text) >> 32);
        for part in event {
            text.push(0);
            text.extend_from_slice(part);
        }
        let rest = xxh3_128(&text) & (u128::MAX >> 32);
        Self(HEXLOWER.encode(&(first << 96 | rest).to_be_bytes()))
    }
}

/// The full text of an API key. Never printed, never stored: see [`ApiKeySecret::hash`].
#[derive(Clone)]
pub struct ApiKeySecret(String);

impl ApiKeySecret {
    /// A key is `crow_` and 20 to 120 letters, digits or underscores.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.strip_prefix("crow_")?;
        let is_key = (20..=120).contains(&body.len())
            && body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        is_key.then(|| Self(text.to_owned()))
    }

    /// SHA-256 of the key in hexadecimal, as stored in the database. The key has over 128 bits of
    /// entropy, so a slow hash would add cost and no strength.
    #[must_use]
    pub fn hash(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.0.as_bytes()))
    }

    /// The text, for sending it to the auth service or showing it once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeySecret(…)")
    }
}
