use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crate::error::AuthConfigError;
use crate::secret::SharedSecret;

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
    /// What other services present to have keys verified by `crow-query`
    /// (`SYSTEM_SECRET`): at least 32 characters. Empty: none may.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub system_secret: SecretString,
    /// The secret before that. It is accepted, too, while the services change over.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub previous_system_secret: SecretString,
    /// Where the API gateway publishes the keys of its tokens, such as
    /// `http://crow-gateway:7075/.well-known/jwks.json`. Empty: tokens are refused.
    pub jwks_url: String,
    /// What the API gateway presents with a token (`INTERNAL_GATEWAY_KEY`): at least 32
    /// characters. A token without it is refused.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub gateway_key: SecretString,
    /// The key before that. It is accepted, too, while you change over.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub previous_gateway_key: SecretString,
    /// Seconds that a verified key is believed without asking again, 60 to 300. A
    /// revocation that is published on the bus takes effect at once.
    pub cache_seconds: u64,
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            service_url: String::new(),
            service_api_key: SecretString::default(),
            system_secret: SecretString::default(),
            previous_system_secret: SecretString::default(),
            jwks_url: String::new(),
            gateway_key: SecretString::default(),
            previous_gateway_key: SecretString::default(),
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
        SharedSecret::of_system(self).map(drop)
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
