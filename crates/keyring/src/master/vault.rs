//! The transit engine of Vault and OpenBao, as its HTTP API describes it:
//! `POST /v1/{mount}/encrypt/{key}` and `/decrypt/{key}`. Vault rotates the key itself; its
//! ciphertexts name the version.

use std::path::PathBuf;
use std::time::Duration;

use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::json;

use crow_storage::seal::{KEY_BYTES, KeyBytes};

use crate::config::KeyringConfig;
use crate::error::{Error, Result};

/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Most characters of an answer that are shown.
const MAX_SHOWN: usize = 300;

#[derive(Debug)]
pub(crate) struct Vault {
    client: reqwest::Client,
    /// Address up to the operation.
    engine: String,
    key: String,
    token_file: PathBuf,
}

#[derive(Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    ciphertext: String,
    #[serde(default)]
    plaintext: String,
}

impl Vault {
    pub(crate) fn new(config: &KeyringConfig) -> Result<Self> {
        let is_name = |name: &str| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
            !name.is_empty() && name.chars().all(is_plain)
        };
        let mount = match config.vault_mount.as_str() {
            "" => "transit",
            mount => mount,
        };
        if !is_name(&config.vault_key) || !is_name(mount) {
            return Err(Error::VaultConfig(
                "keyring.vault_key must name the key in the transit engine".to_owned(),
            ));
        }
        let client = reqwest::Client::builder().timeout(TIMEOUT).build();
        Ok(Self {
            client: client.map_err(Error::Vault)?,
            engine: format!("{}/v1/{mount}", config.vault_url.trim_end_matches('/')),
            key: config.vault_key.clone(),
            token_file: config.vault_token_file.clone(),
        })
    }

    pub(crate) fn id(&self) -> String {
        format!("vault:{}", self.key)
    }

    pub(crate) async fn wrap(&self, organization: &str, key: &KeyBytes) -> Result<Vec<u8>> {
        let body = json!({
            "plaintext": BASE64.encode(key.expose()),
            "associated_data": BASE64.encode(organization.as_bytes()),
        });
        let data = self.ask("encrypt", &body).await?;
        Ok(data.ciphertext.into_bytes())
    }

    pub(crate) async fn unwrap(&self, organization: &str, wrapped: &[u8]) -> Result<KeyBytes> {
        let body = json!({
            "ciphertext": String::from_utf8_lossy(wrapped),
            "associated_data": BASE64.encode(organization.as_bytes()),
        });
        let data = self.ask("decrypt", &body).await?;
        let plain = BASE64.decode(data.plaintext.as_bytes()).ok();
        let plain = plain.and_then(|bytes| <[u8; KEY_BYTES]>::try_from(bytes).ok());
        plain.map(KeyBytes::new).ok_or_else(|| Error::Damaged {
            of: format!("organization {organization}"),
        })
    }

    async fn ask(&self, operation: &str, body: &serde_json::Value) -> Result<Data> {
        let token = std::fs::read_to_string(&self.token_file).map_err(|source| Error::File {
            path: self.token_file.clone(),
            source,
        })?;
        let url = format!("{}/{operation}/{}", self.engine, self.key);
        let asked = self.client.post(url).header("X-Vault-Token", token.trim());
        let answer = asked.json(body).send().await.map_err(Error::Vault)?;
        let status = answer.status();
        if !status.is_success() {
            let text = answer.text().await.unwrap_or_default();
            return Err(Error::VaultRefused {
                status: status.as_u16(),
                text: text.chars().take(MAX_SHOWN).collect(),
            });
        }
        let answer: Answer = answer.json().await.map_err(Error::Vault)?;
        Ok(answer.data)
    }
}
