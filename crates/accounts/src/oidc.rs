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
mod person;
mod provider;
mod state;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crow_auth::hash_of;
use crow_types::Timestamp;

use config::Settings;
use person::Person;
use provider::Provider;
use state::StateKey;

pub use config::{OidcConfig, OidcConfigError};
pub use person::Problem;

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

/// What the browser was given at the start.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The page to return to.
    next: Option<String>,
    /// Hash of the token of an earlier sign-in of the browser.
    previous: Option<String>,
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
