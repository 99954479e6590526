use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::grant::{Scope, Scopes};

/// What a user is in an organization: a named set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, also appointing owners.
    Owner,
    /// Everything but what concerns owners.
    Admin,
    /// Reads everything that was recorded.
    Member,
    /// Sees sessions and statistics with personal data masked.
    Marketing,
}

impl Role {
    /// All roles, widest first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Marketing];

    /// The word in rows and responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Marketing => "marketing",
        }
    }

    /// What a user with this role may do.
    #[must_use]
    pub fn scopes(self) -> Scopes {
        let scopes: &[Scope] = match self {
            Self::Owner => &[Scope::Admin, Scope::Owner],
            Self::Admin => &[Scope::Admin],
            Self::Member => &[Scope::Read],
            Self::Marketing => &[Scope::Analytics],
        };
        scopes.iter().copied().collect()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// The word is not a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown role {0:?}; use owner, admin, member or marketing")]
pub struct UnknownRole(pub String);
