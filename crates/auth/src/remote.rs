//! Verification by the auth service over HTTP.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crow_types::{ApiKeySecret, OrganizationId};

use crate::config::AuthConfig;
use crate::error::AuthConfigError;
use crate::grant::KeyGrant;

const DEADLINE: Duration = Duration::from_secs(2);
/// An answer is a few hundred bytes; more is not read.
const MAX_ANSWER: u64 = 64 * 1024;

/// Why the service gave no usable answer. The text is logged and holds no key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoteError {
    #[error("the auth service could not be asked")]
    Http(#[from] reqwest::Error),
    #[error("the auth service answered with status {0}")]
    Status(u16),
    #[error("the auth service gave an unusable answer: {0}")]
    Answer(String),
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
        if response
            .content_length()
            .is_some_and(|length| length > MAX_ANSWER)
        {
            return Err(RemoteError::Answer("it is too long".to_owned()));
        }
        read(response.json().await.map_err(reqwest::Error::without_url)?)
    }
}

fn read(answer: Answer) -> Result<Option<KeyGrant>, RemoteError> {
    if !answer.valid {
        return Ok(None);
    }
    let missing = |field: &str| RemoteError::Answer(format!("{field} is missing"));
    let organization = answer
        .organization_id
        .ok_or_else(|| missing("organizationId"))?;
    let organization = OrganizationId::new(organization)
        .map_err(|error| RemoteError::Answer(format!("organizationId {error}")))?;
    // A scope that is newer than this program grants nothing here.
    let scopes = answer
        .scopes
        .iter()
        .filter_map(|word| word.parse().ok())
        .collect();
    Ok(Some(KeyGrant {
        key_id: answer.key_id.ok_or_else(|| missing("keyId"))?,
        organization,
        scopes,
        allowed_origins: answer.allowed_origins,
    }))
}
