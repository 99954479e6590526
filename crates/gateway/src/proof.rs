//! How the gateway proves to each service that it is the gateway: by its certificate, by a secret of
//! that service, or by the secret for all.

use anyhow::{Context, ensure};
use reqwest::Url;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crow_auth::{AuthConfig, SharedSecret};
use crow_runtime::{ClientFiles, ClientTls};

use crate::config::GatewayConfig;

/// What the gateway can present.
pub(crate) struct Proofs {
    pub(crate) tls: ClientTls,
    for_all: Option<HeaderValue>,
}

impl Proofs {
    pub(crate) fn new(auth: &AuthConfig, config: &GatewayConfig) -> anyhow::Result<Self> {
        let files = ClientFiles {
            ca_file: &config.ca_file,
            cert_file: &config.cert_file,
            key_file: &config.key_file,
        };
        Ok(Self {
            tls: ClientTls::open("gateway", files)?,
            for_all: header("auth.gateway_key", &auth.gateway_key)?,
        })
    }

    /// The secret for a service, which has this setting for one of its own. `None`: the certificate is
    /// enough.
    pub(crate) fn secret(
        &self,
        url: &Url,
        setting: &str,
        own: &SecretString,
    ) -> anyhow::Result<Option<HeaderValue>> {
        let secret = header(setting, own)?.or_else(|| self.for_all.clone());
        let is_certified = url.scheme() == "https" && self.tls.has_certificate();
        ensure!(
            secret.is_some() || is_certified,
            "{setting} or auth.gateway_key (INTERNAL_GATEWAY_KEY) is needed: services believe a token only with it, or over https with gateway.cert_file"
        );
        Ok(secret)
    }
}

/// `None` if it is not set.
fn header(setting: &str, secret: &SecretString) -> anyhow::Result<Option<HeaderValue>> {
    let text = secret.expose_secret();
    if text.is_empty() {
        return Ok(None);
    }
    let least = SharedSecret::LEAST;
    ensure!(
        text.chars().count() >= least,
        "{setting} must have at least {least} characters"
    );
    let value = HeaderValue::from_str(text);
    let mut value = value.with_context(|| format!("{setting} must be plain text"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}
