//! Verification by the auth service over HTTP.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crow_types::{ApiKeySecret, OrganizationId};

use crate::config::AuthConfig;
use crate::error::AuthConfigError;
use crate::grant::KeyGrant;
use crate::origin::normalised;

const DEADLINE: Duration = Duration::from_secs(2);
/// An answer is a few hundred bytes; more is not read.
const MAX_ANSWER: usize = 64 * 1024;

/// Why the service gave no usable answer. The text is logged: it holds nothing of the
/// answer, which may repeat the key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoteError {
    #[error("the auth service could not be asked")]
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
}

impl RemoteVerifier {
    pub(crate) fn new(config: &AuthConfig) -> Result<Self, AuthConfigError> {
        let client = reqwest::Client::builder()
            .timeout(DEADLINE)
            .connect_timeout(DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(AuthConfigError::Client)?;
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

    /// `None`: the service does not know the key.
    pub(crate) async fn verify(&self, key: &ApiKeySecret) -> Result<Option<KeyGrant>, RemoteError> {
        let response = self
            .client
            .post(&self.url)
            .bearer_auth(self.service_key.expose_secret())
            .json(&serde_json::json!({ "key": key.expose() }))
            .send()
            .await
            .map_err(reqwest::Error::without_url)?;
        let status = response.status();
        // 401 and 403 mean that our own key is refused: nothing is known about the caller's.
        if !status.is_success() {
            return Err(RemoteError::Status(status.as_u16()));
        }
        let body = whole(response).await?;
        let answer = serde_json::from_slice(&body)
            .map_err(|_error| RemoteError::Answer("it is not the JSON that we expect"))?;
        read(answer)
    }
}

/// The body, as long as it is short. It may come in chunks and announce no length.
async fn whole(mut response: reqwest::Response) -> Result<Vec<u8>, RemoteError> {
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
        .map_err(|_error| RemoteError::Answer("organizationId is not an id"))?;
    let key_id = answer
        .key_id
        .ok_or(RemoteError::Answer("keyId is missing"))?;
    if !is_key_id(&key_id) {
        return Err(RemoteError::Answer("keyId is not an id"));
    }
    let allowed_origins = answer.allowed_origins.map(|origins| origins_of(&origins));
    // A scope that is newer than this program grants nothing here.
    let scopes = answer
        .scopes
        .iter()
        .filter_map(|word| word.parse().ok())
        .collect();
    Ok(Some(KeyGrant {
        key_id,
        organization,
        scopes,
        allowed_origins,
    }))
}

/// It is logged, stored with sign-ins and published; a key is no id.
fn is_key_id(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.:".contains(&b);
    (1..=128).contains(&text.len())
        && text.bytes().all(is_plain)
        && ApiKeySecret::parse(text).is_none()
}

/// An origin that no page can have allows nobody: it is left out, and the others count.
fn origins_of(origins: &[String]) -> Vec<String> {
    let good: Vec<String> = origins
        .iter()
        .filter_map(|text| normalised(text).ok())
        .collect();
    if good.len() < origins.len() {
        tracing::warn!(
            refused = origins.len() - good.len(),
            "the auth service allows origins that no page can have"
        );
    }
    good
}
