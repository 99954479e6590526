use crow_types::OrganizationId;

use crate::grant::{KeyGrant, Scope, Scopes};
use crate::jwt::claims::Who;
use crate::role::Role;
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

impl KeyGrant {
    /// The rights of a principal that the gateway vouches for. It has checked origin and expiry.
    #[must_use]
    pub fn vouched(principal: &Principal) -> Self {
        Self {
            key_id: principal.id().to_owned(),
            organization: principal.organization().clone(),
            scopes: principal.scopes(),
            allowed_origins: None,
            expires_at: None,
            requests_per_second: None,
        }
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
