//! Secrets by which services recognise each other.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::AuthConfig;
use crate::error::AuthConfigError;

/// The secrets that are accepted, as hashes: the current one and the one before.
#[derive(Clone, Default)]
pub struct SharedSecret {
    accepted: Vec<[u8; 32]>,
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SharedSecret")
    }
}

impl SharedSecret {
    /// The fewest characters of a secret.
    pub const LEAST: usize = 32;

    /// What services present to each other.
    ///
    /// # Errors
    /// When a secret is so short that it could be guessed.
    pub fn of_system(config: &AuthConfig) -> Result<Self, AuthConfigError> {
        Self::of([
            ("system_secret", &config.system_secret),
            ("previous_system_secret", &config.previous_system_secret),
        ])
    }

    /// What the API gateway presents to services.
    ///
    /// # Errors
    /// When a secret is so short that it could be guessed.
    pub fn of_gateway(config: &AuthConfig) -> Result<Self, AuthConfigError> {
        Self::of([
            ("gateway_key", &config.gateway_key),
            ("previous_gateway_key", &config.previous_gateway_key),
        ])
    }

    /// The secrets that are not empty. The names are those of the settings.
    fn of<'a>(
        secrets: impl IntoIterator<Item = (&'static str, &'a SecretString)>,
    ) -> Result<Self, AuthConfigError> {
        let mut accepted = Vec::new();
        for (name, secret) in secrets {
            let text = secret.expose_secret();
            match text.chars().count() {
                0 => {}
                Self::LEAST.. => accepted.push(Sha256::digest(text.as_bytes()).into()),
                _ => return Err(AuthConfigError::ShortSecret(name)),
            }
        }
        Ok(Self { accepted })
    }

    /// Whether this is one of the secrets. Hashes have one length, so the time tells nothing.
    #[must_use]
    pub fn is_one(&self, text: &str) -> bool {
        let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let found = self.accepted.iter().map(|one| one.ct_eq(&hash));
        found.fold(0_u8, |any, one| any | one.unwrap_u8()) == 1
    }

    /// Whether there is a secret at all.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.accepted.is_empty()
    }
}
