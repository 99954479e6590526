//! Sign-in with an OpenID Connect provider.
//!
//! - `config`: the settings.
//! - `state`: the cookie between the start and the return.
//! - `provider`, `calls`: the conversation with the provider.
//! - `people`: which user somebody is.
//!
//! A person is known by issuer and subject. The e-mail address finds a user only once, to link the
//! two, and only if the provider has verified it: otherwise anybody could claim the address of
//! somebody else and take over the account.

mod calls;
mod config;
mod people;
mod provider;
mod state;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crow_auth::hash_of;
use crow_types::Timestamp;

use config::Settings;
use provider::Provider;
use state::StateKey;

pub use config::{OidcConfig, OidcConfigError};

/// Seconds that the cookie lasts.
pub const COOKIE_SECONDS: i64 = state::LASTS / 1_000;

/// The provider to sign in with. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Oidc {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    name: String,
    settings: Settings,
    key: StateKey,
    provider: Provider,
}

/// A sign-in that has begun.
#[derive(Debug)]
pub struct Started {
    /// The address of the provider's page.
    pub url: String,
    /// What the browser must send with the return.
    pub cookie: String,
    /// How long that is, in seconds.
    pub cookie_seconds: i64,
}

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

/// What the browser was given at the start.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The page to return to.
    next: Option<String>,
    /// Hash of the token of an earlier sign-in of the browser.
    previous: Option<String>,
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

impl Oidc {
    /// `None` without an issuer. The process-wide TLS provider must already be installed
    /// (`crow_runtime::install_crypto`).
    pub fn new(config: &OidcConfig, public_url: &str) -> Result<Option<Self>, OidcConfigError> {
        let Some(settings) = Settings::read(config, public_url)? else {
            return Ok(None);
        };
        let inner = Inner {
            name: config.name.clone(),
            key: StateKey::of(&settings.client_secret),
            provider: Provider::new()?,
            settings,
        };
        Ok(Some(Self {
            inner: Arc::new(inner),
        }))
    }

    /// The name on the button.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// Whether browsers reach CROW over https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.inner.settings.redirect.scheme() == "https"
    }

    /// Whether the address may not sign in with a password.
    #[must_use]
    pub fn enforces(&self, email: &str) -> bool {
        self.inner.settings.enforces(email)
    }

    /// Whether groups at the provider decide about roles.
    #[must_use]
    pub fn decides_roles(&self) -> bool {
        self.inner.settings.role_claim.is_some()
    }

    /// Begins a sign-in that returns to `next`, if that is a page of the dashboard. `before` is the
    /// token of the browser's sign-in, which ends when the new one starts.
    pub async fn begin(
        &self,
        next: Option<&str>,
        before: Option<&str>,
    ) -> Result<Started, Problem> {
        let inner = &self.inner;
        let next = next.and_then(state::page);
        let previous = before.map(hash_of);
        let begun = inner.provider.begin(&inner.settings, next, previous);
        let (url, begun) = begun.await?;
        Ok(Started {
            url,
            cookie: inner.key.seal(&begun),
            cookie_seconds: COOKIE_SECONDS,
        })
    }

    /// Who returned from the provider, and what the browser was given at the start.
    async fn finish(
        &self,
        cookie: &str,
        state: &str,
        code: String,
    ) -> Result<(Person, Kept), Problem> {
        let inner = &self.inner;
        let begun = inner.key.open(cookie, Timestamp::now());
        let begun = begun
            .filter(|begun| begun.is_answered_by(state))
            .ok_or(Problem::Expired)?;
        let kept = Kept {
            next: begun.next.clone(),
            previous: begun.previous.clone(),
        };
        let person = inner.provider.finish(&inner.settings, begun, code).await?;
        Ok((person, kept))
    }
}
