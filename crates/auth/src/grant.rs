use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crow_types::OrganizationId;

use crate::rate::KeyRate;

/// A right of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Send events. Safe in a page, because it cannot read anything.
    Ingest,
    /// See sessions and statistics, with personal data masked. No recordings, no events.
    Analytics,
    /// Read everything that was recorded.
    Read,
    /// Everything but what only owners may do.
    Admin,
    /// Appoint owners. Only users have it, and never keys.
    Owner,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 5] = [
        Self::Ingest,
        Self::Analytics,
        Self::Read,
        Self::Admin,
        Self::Owner,
    ];

    /// The word in rows and responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Analytics => "analytics",
            Self::Read => "read",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    fn bit(self) -> u8 {
        match self {
            Self::Ingest => 1,
            Self::Read => 2,
            Self::Admin => 4,
            Self::Analytics => 8,
            Self::Owner => 16,
        }
    }

    /// The scopes that include this one, as bits.
    fn included_in(self) -> u8 {
        let wider: &[Self] = match self {
            Self::Analytics => &[Self::Read, Self::Admin, Self::Owner],
            Self::Ingest | Self::Read => &[Self::Admin, Self::Owner],
            Self::Admin => &[Self::Owner],
            Self::Owner => &[],
        };
        wider.iter().fold(self.bit(), |bits, one| bits | one.bit())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

/// The word is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope {0:?}; use ingest, analytics, read or admin")]
pub struct UnknownScope(pub String);

/// A set of scopes. Its text form is a comma-separated list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// Whether the set includes this scope. `owner` includes `admin`, which includes `ingest` and
    /// `read`, which includes `analytics`.
    #[must_use]
    pub fn allow(self, scope: Scope) -> bool {
        self.0 & scope.included_in() != 0
    }

    /// The scopes that were granted explicitly.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .into_iter()
            .filter(move |scope| self.0 & scope.bit() != 0)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::parse)
            .collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{scope}")?;
        }
        Ok(())
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Scope::as_str))
    }
}

/// The rights of a verified key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyGrant {
    /// Id of the key, safe to log.
    pub key_id: String,
    /// The tenant.
    pub organization: OrganizationId,
    /// What the key may do.
    pub scopes: Scopes,
    /// Origins from which a browser may use it; `None`: any.
    pub allowed_origins: Option<Vec<String>>,
    /// When it stops working, milliseconds since the epoch; `None`: never.
    pub expires_at: Option<i64>,
    /// Requests per second that it may make at each service; `None`: as any key.
    pub requests_per_second: Option<KeyRate>,
}

impl KeyGrant {
    /// Whether a request with this `Origin` header may use the key. A request without the header
    /// does not come from a page and is allowed. Pages with an opaque origin send `null`. Any page
    /// can do that, so no list allows it.
    #[must_use]
    pub fn allows_origin(&self, origin: Option<&str>) -> bool {
        match (&self.allowed_origins, origin) {
            (None, _) | (_, None) => true,
            (Some(_), Some("null")) => false,
            (Some(allowed), Some(origin)) => {
                allowed.iter().any(|one| one.eq_ignore_ascii_case(origin))
            }
        }
    }
}
