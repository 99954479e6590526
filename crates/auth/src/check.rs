//! Whether the settings can be used.

use secrecy::ExposeSecret;

use crate::config::AuthConfig;
use crate::error::AuthConfigError;
use crate::service::KnownServices;

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
        let has_secret = !self.service_api_key.expose_secret().is_empty();
        if !self.service_url.is_empty() && !has_secret && self.cert_file.is_empty() {
            return Err(AuthConfigError::ServiceApiKey);
        }
        KnownServices::callers(self).map(drop)
    }
}
