use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crow_runtime::{ClientFiles, ClientTls, TlsConfig};

use crate::error::AuthConfigError;

/// How API keys are verified.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuthConfig {
    /// Base URL of the auth service (`AUTH_SERVICE_URL`). Empty: keys are verified
    /// against the `api_keys` table.
    pub service_url: String,
    /// Our own key for the auth service (`SERVICE_API_KEY`). Not needed with `cert_file`.
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
    /// Who may act as the API gateway: names in the certificates of clients, such as
    /// `spiffe://crow/gateway` or `gateway.crow.internal`. A connection with a certificate is then
    /// judged by its names, and one without by `gateway_key`. Needs `client_ca_file` of a listener.
    pub gateway_identities: Vec<String>,
    /// Who may have keys verified by `crow-query` and report interactions, in the same way. Without
    /// a certificate, `system_secret` counts.
    pub system_identities: Vec<String>,
    /// Certificates of authorities (PEM) that the auth service and the API gateway may have, besides
    /// those of the system. This file and the next two are read again when they change.
    pub ca_file: String,
    /// The certificate that this process presents to the auth service, and to the API gateway when it
    /// fetches its public keys (PEM). Empty: none.
    pub cert_file: String,
    /// The private key of `cert_file` (PEM).
    pub key_file: String,
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
            gateway_identities: Vec::new(),
            system_identities: Vec::new(),
            ca_file: String::new(),
            cert_file: String::new(),
            key_file: String::new(),
            cache_seconds: 60,
        }
    }
}

impl AuthConfig {
    /// Fails if the API gateway is to be recognised by its certificate, but no listener asks for one.
    /// `setting` is what would make one ask.
    ///
    /// # Errors
    /// With the names of both settings.
    pub fn check_gateway_listeners(
        &self,
        setting: &'static str,
        listeners: &[&TlsConfig],
    ) -> Result<(), AuthConfigError> {
        let names = ("gateway_identities", &*self.gateway_identities);
        check_listeners(names, setting, listeners)
    }

    /// The same for services that have keys verified.
    ///
    /// # Errors
    /// With the names of both settings.
    pub fn check_system_listener(
        &self,
        setting: &'static str,
        listener: &TlsConfig,
    ) -> Result<(), AuthConfigError> {
        let names = ("system_identities", &*self.system_identities);
        check_listeners(names, setting, &[listener])
    }

    /// What this process presents to other services, and whom it trusts; `None`: as any client.
    pub(crate) fn client_tls(&self) -> Result<Option<ClientTls>, AuthConfigError> {
        let files = ClientFiles {
            ca_file: &self.ca_file,
            cert_file: &self.cert_file,
            key_file: &self.key_file,
        };
        let tls = files.is_set().then(|| ClientTls::open("auth", files));
        Ok(tls.transpose()?)
    }
}

fn check_listeners(
    (names, allowed): (&'static str, &[String]),
    setting: &'static str,
    listeners: &[&TlsConfig],
) -> Result<(), AuthConfigError> {
    let ask = |tls: &&TlsConfig| !tls.client_ca_file.is_empty();
    if allowed.is_empty() || listeners.iter().any(ask) {
        return Ok(());
    }
    Err(AuthConfigError::NoCertificates { names, setting })
}

/// An empty secret stays empty, because defaults are serialized and read back.
fn redacted<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if secret.expose_secret().is_empty() {
        ""
    } else {
        "…"
    })
}
