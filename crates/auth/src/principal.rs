use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crow_types::OrganizationId;

use crate::grant::{KeyGrant, Scope, Scopes};
use crate::jwt::Who;
use crate::sign_in::{Holder, SignIn};

/// The kind of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// A person with an account.
    User,
    /// An API key.
    Key,
    /// Somebody who is not known, such as one whose password was wrong.
    Public,
    /// The installation itself: its command line and its services.
    System,
}

impl PrincipalKind {
    /// The word in rows and responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Key => "key",
            Self::Public => "public",
            Self::System => "system",
        }
    }
}

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

/// Who makes a request. It comes from a verified key or sign-in, so holding one proves that somebody
/// was recognised. What they may do is decided by their scopes alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    organization: OrganizationId,
    kind: PrincipalKind,
    id: String,
    role: Option<Role>,
    scopes: Scopes,
}

impl Principal {
    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> PrincipalKind {
        self.kind
    }

    /// Id of the user or the key; safe to log.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The role of a user; keys have none.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.role
    }

    /// What it may do.
    #[must_use]
    pub fn scopes(&self) -> Scopes {
        self.scopes
    }
}

impl From<&KeyGrant> for Principal {
    fn from(grant: &KeyGrant) -> Self {
        Self {
            organization: grant.organization.clone(),
            kind: PrincipalKind::Key,
            id: grant.key_id.clone(),
            role: None,
            scopes: grant.scopes,
        }
    }
}

impl From<&SignIn> for Principal {
    fn from(sign_in: &SignIn) -> Self {
        let (kind, id, role) = match &sign_in.holder {
            Holder::Key { id, .. } => (PrincipalKind::Key, id, None),
            Holder::User(user) => (PrincipalKind::User, &user.id, Some(user.role)),
        };
        Self {
            organization: sign_in.organization.clone(),
            kind,
            id: id.clone(),
            role,
            scopes: sign_in.scopes,
        }
    }
}

/// What the gateway says of a principal in a token.
impl From<&Principal> for Who {
    fn from(principal: &Principal) -> Self {
        let scopes = principal
            .scopes
            .iter()
            .map(|scope| scope.as_str().to_owned());
        Self {
            sub: principal.id.clone(),
            org: Some(principal.organization.as_str().to_owned()),
            kind: principal.kind.as_str().to_owned(),
            role: principal.role.map(|role| role.as_str().to_owned()),
            scopes: scopes.collect(),
        }
    }
}

/// The claims of a token name nobody that we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnknownPrincipal;

impl TryFrom<Who> for Principal {
    type Error = UnknownPrincipal;

    fn try_from(who: Who) -> Result<Self, UnknownPrincipal> {
        let kinds = [PrincipalKind::User, PrincipalKind::Key];
        let kind = kinds.into_iter().find(|kind| kind.as_str() == who.kind);
        let kind = kind.ok_or(UnknownPrincipal)?;
        let role = who.role.map(|role| role.parse()).transpose();
        // Scopes that this version does not know grant nothing.
        let scopes = who.scopes.iter().filter_map(|word| word.parse().ok());
        let may_have = |scope: &Scope| kind == PrincipalKind::User || *scope != Scope::Owner;
        let organization = who.org.ok_or(UnknownPrincipal)?;
        Ok(Self {
            organization: OrganizationId::new(organization).map_err(|_error| UnknownPrincipal)?,
            kind,
            id: who.sub,
            role: role.map_err(|_error| UnknownPrincipal)?,
            scopes: scopes.filter(may_have).collect(),
        })
    }
}
