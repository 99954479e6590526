use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// TLS of one listener. Without `cert_file` the listener speaks plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TlsConfig {
    /// Path of the certificate and its chain (PEM). Empty: no TLS. This file and the next two are
    /// read again when they change.
    pub cert_file: String,
    /// Path of the private key (PEM).
    pub key_file: String,
    /// Path of certificates of authorities (PEM). Clients must then present a certificate that one
    /// of them has signed (mutual TLS). Empty: no certificate is asked for.
    pub client_ca_file: String,
    /// With `client_ca_file`: clients without a certificate are served, too, and known by their keys
    /// and secrets alone. A certificate of another authority is refused.
    pub client_cert_optional: bool,
}

impl TlsConfig {
    /// Whether the listener speaks TLS.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.cert_file.is_empty()
    }

    /// The scheme of the listener's address: `https` or `http`.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        if self.is_on() { "https" } else { "http" }
    }
}

/// Why TLS cannot start. The message names the setting and the file.
#[derive(Debug, thiserror::Error)]
#[error("setting {setting}: {reason}")]
pub struct TlsError {
    pub(super) setting: &'static str,
    pub(super) reason: String,
}

/// Whether clients present a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clients {
    NotAsked,
    Asked,
    Required,
}

impl Clients {
    pub(super) fn of(config: &TlsConfig) -> Self {
        match (config.client_ca_file.as_str(), config.client_cert_optional) {
            ("", _) => Self::NotAsked,
            (_, true) => Self::Asked,
            (_, false) => Self::Required,
        }
    }
}
