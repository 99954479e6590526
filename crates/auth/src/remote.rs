//! Verification by the auth service, over HTTP.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crow_runtime::ClientTls;
use crow_types::{ApiKeySecret, OrganizationId, Timestamp};

use crate::config::AuthConfig;
use crate::error::AuthConfigError;
use crate::grant::{KeyGrant, Scope};
use crate::origin::normalised;
use crate::rate::KeyRate;

const DEADLINE: Duration = Duration::from_secs(2);
/// Limit for a response, in bytes. A real one has a few hundred.
const MAX_ANSWER: usize = 64 * 1024;

/// Why the service gave no usable response. The text is logged, so it contains nothing of the
/// response, which may repeat the key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoteError {
    #[error("the auth service cannot be reached")]
    Http(#[from] reqwest::Error),
    #[error("the auth service answered with status {0}")]
    Status(u16),
    #[error("the auth service gave an unusable answer: {0}")]
    Answer(&'static str),
}

#[derive(Debug)]
pub(crate) struct RemoteVerifier {
    client: reqwest::Client,
    url: String,
    service_key: SecretString,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    valid: bool,
    key_id: Option<String>,
    organization_id: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    allowed_origins: Option<Vec<String>>,
    /// Milliseconds since the epoch.
    #[serde(default)]
    expires_at: Option<i64>,
    #[serde(default)]
    requests_per_second: Option<i64>,
}

impl RemoteVerifier {
    pub(crate) fn new(config: &AuthConfig) -> Result<Self, AuthConfigError> {
        let client = client(config.client_tls()?)?;
        let url = format!(
            "{}/api/v1/api-keys/verify",
            config.service_url.trim_end_matches('/')
        );
        Ok(Self {
            client,
            url,
            service_key: config.service_api_key.clone(),
        })
    }

    /// Returns `None` if the service does not know the key.
    pub(crate) async fn verify(&self, key: &ApiKeySecret) -> Result<Option<KeyGrant>, RemoteError> {
        let mut request = self.client.post(&self.url);
        let secret = self.service_key.expose_secret();
        if !secret.is_empty() {
            request = request.bearer_auth(secret);
        }
        let response = request
            .json(&serde_json::json!({ "key": key.expose() }))
            .send()
            .await
            .map_err(reqwest::Error::without_url)?;
        let status = response.status();
        // 401 and 403 mean that the service rejects our own key. They say nothing about the
        // caller's key.
        if !status.is_success() {
            return Err(RemoteError::Status(status.as_u16()));
        }
        let body = whole(response).await?;
        let answer = serde_json::from_slice(&body)
            .map_err(|_error| RemoteError::Answer("it is not the expected JSON"))?;
        read(answer)
    }
}

/// A client for services of ours. It follows no redirect, so that secrets stay where they belong.
pub(crate) fn client(tls: Option<ClientTls>) -> Result<reqwest::Client, AuthConfigError> {
    let mut builder = reqwest::Client::builder()
        .timeout(DEADLINE)
        .connect_timeout(DEADLINE)
        .redirect(reqwest::redirect::Policy::none());
    if let Some(tls) = tls {
        builder = builder.tls_backend_preconfigured(tls.client_config());
    }
    builder.build().map_err(AuthConfigError::Client)
}

/// Reads the body up to the limit. It may be chunked and have no `Content-Length`.
pub(crate) async fn whole(mut response: reqwest::Response) -> Result<Vec<u8>, RemoteError> {
    let mut body = Vec::new();
    while let Some(part) = response
        .chunk()
        .await
        .map_err(reqwest::Error::without_url)?
    {
        if body.len() + part.len() > MAX_ANSWER {
            return Err(RemoteError::Answer("it is too long"));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

fn read(answer: Answer) -> Result<Option<KeyGrant>, RemoteError> {
    if !answer.valid {
        return Ok(None);
    }
    let organization = answer
        .organization_id
        .ok_or(RemoteError::Answer("organizationId is missing"))?;
    let organization = OrganizationId::new(organization)
        .map_err(|_error| RemoteError::Answer("organizationId is not a valid id"))?;
    let key_id = answer
        .key_id
        .ok_or(RemoteError::Answer("keyId is missing"))?;
    if !is_key_id(&key_id) {
        return Err(RemoteError::Answer("keyId is not a valid id"));
    }
    let allowed_origins = answer.allowed_origins.map(|origins| origins_of(&origins));
    // Scopes that this version does not know grant nothing.
    let scopes = answer
        .scopes
        .iter()
        .filter_map(|word| word.parse().ok())
        .filter(|scope| *scope != Scope::Owner)
        .collect();
    let has_expired = |at: i64| at <= Timestamp::now().0;
    if answer.expires_at.is_some_and(has_expired) {
        return Ok(None);
    }
    Ok(Some(KeyGrant {
        key_id,
        organization,
        scopes,
        allowed_origins,
        expires_at: answer.expires_at,
        requests_per_second: answer.requests_per_second.and_then(KeyRate::of_row),
    }))
}

/// The id is logged, stored with sign-ins and published, so it must not look like a key.
fn is_key_id(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.:".contains(&b);
    (1..=128).contains(&text.len())
        && text.bytes().all(is_plain)
        && ApiKeySecret::parse(text).is_none()
}

/// The valid origins. An origin that no page can have is dropped, because it admits nobody.
fn origins_of(origins: &[String]) -> Vec<String> {
    let good: Vec<String> = origins
        .iter()
        .filter_map(|text| normalised(text).ok())
        .collect();
    if good.len() < origins.len() {
        tracing::warn!(
            refused = origins.len() - good.len(),
            "the auth service returned invalid origins"
        );
    }
    good
}
