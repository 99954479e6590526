//! Who somebody is at the provider, or why that is not known.

/// What the provider says about somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    /// Whether the provider has verified the address.
    pub(crate) is_verified: bool,
    pub(crate) name: Option<String>,
    /// `None`: it says nothing about groups.
    pub(crate) groups: Option<Vec<String>>,
}

/// Why somebody is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The sign-in began in another browser or too long ago.
    #[error("the sign-in took too long or began in another browser; start again")]
    Expired,
    /// The person or the provider has cancelled.
    #[error("the provider did not sign you in")]
    Denied,
    /// A code or a token is not valid.
    #[error("the answer of the provider is not valid; start again")]
    Invalid,
    /// The provider does not say that the address is verified.
    #[error("the provider has not verified your e-mail address")]
    Unverified,
    /// The domain of the address is not one of the settings.
    #[error("your e-mail domain may not sign in with this provider")]
    Domain,
    /// The provider's groups give no role.
    #[error("your groups at the provider give you no role here")]
    NoRole,
    /// There is no account, and none is made.
    #[error("you have no account here; ask for an invitation")]
    NoAccount,
    /// The account belongs to another organization, or is linked to another person.
    #[error("the account of this e-mail address cannot sign in with this provider")]
    OtherAccount,
    /// The account is disabled.
    #[error("your account is disabled")]
    Disabled,
    /// The provider cannot be reached.
    #[error("the provider cannot be reached; try again")]
    Unavailable,
}

impl Problem {
    /// The word for pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Denied => "denied",
            Self::Invalid => "invalid",
            Self::Unverified => "unverified_email",
            Self::Domain => "domain",
            Self::NoRole => "no_role",
            Self::NoAccount => "no_account",
            Self::OtherAccount => "other_account",
            Self::Disabled => "disabled",
            Self::Unavailable => "unavailable",
        }
    }
}
