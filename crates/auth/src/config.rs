use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crate::error::AuthConfigError;

/// How API keys are verified.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuthConfig {
    /// Base URL of the auth service (`AUTH_SERVICE_URL`). Empty: keys are verified
    /// against the `api_keys` table.
    pub service_url: String,
    /// Our own key for the auth service (`SERVICE_API_KEY`).
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub service_api_key: SecretString,
    /// Seconds that a verified key is believed without asking again, 60 to 300. A
    /// revocation that is published on the bus takes effect at once.
    pub cache_seconds: u64,
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            service_url: String::new(),
            service_api_key: SecretString::default(),
            cache_seconds: 60,
        }
    }
}

impl AuthConfig {
    pub(crate) fn check(&self) -> Result<(), AuthConfigError> {
        if !(60..=300).contains(&self.cache_seconds) {
            return Err(AuthConfigError::CacheSeconds(self.cache_seconds));
        }
        let is_http =
            self.service_url.starts_with("http://") || self.service_url.starts_with("https://");
        if !self.service_url.is_empty() && !is_http {
            return Err(AuthConfigError::ServiceUrl);
        }
        if !self.service_url.is_empty() && self.service_api_key.expose_secret().is_empty() {
            return Err(AuthConfigError::ServiceApiKey);
        }
        Ok(())
    }
}

/// An empty secret stays empty, because defaults are serialized and read back.
fn redacted<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if secret.expose_secret().is_empty() {
        ""
    } else {
        "…"
    })
}
