//! The master key: here, or in Vault.

use data_encoding::{BASE64, HEXLOWER};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crow_db::sealing_keys::OrganizationKey;
use crow_storage::seal::{KEY_BYTES, KeyBytes};

use crate::config::KeyringConfig;
use crate::error::{Error, Result};
use crate::wrap::{unwrap, wrap};

mod vault;

use vault::Vault;

const PURPOSE: &str = "crow organization key";

/// Text of a fresh master key.
#[must_use]
pub fn new_master_key() -> String {
    format!("{}\n", BASE64.encode(KeyBytes::random().expose()))
}

/// What wraps keys of organizations.
#[derive(Debug)]
pub(crate) enum Master {
    Local {
        current: LocalKey,
        previous: Option<LocalKey>,
    },
    Vault(Vault),
}

/// A master key with its name.
#[derive(Debug)]
pub(crate) struct LocalKey {
    /// The first eight bytes of its SHA-256, hexadecimal.
    id: String,
    bytes: KeyBytes,
}

impl LocalKey {
    /// `None`: the setting is empty.
    fn parse(setting: &'static str, text: &SecretString) -> Result<Option<Self>> {
        let text = text.expose_secret().trim();
        if text.is_empty() {
            return Ok(None);
        }
        let bytes = BASE64.decode(text.as_bytes()).ok();
        let bytes = bytes.and_then(|bytes| <[u8; KEY_BYTES]>::try_from(bytes).ok());
        let bytes = bytes.ok_or(Error::NotAKey { setting })?;
        Ok(Some(Self {
            id: HEXLOWER.encode(&Sha256::digest(bytes)[..8]),
            bytes: KeyBytes::new(bytes),
        }))
    }
}

impl Master {
    /// `None`: none is configured.
    pub(crate) fn open(config: &KeyringConfig) -> Result<Option<Self>> {
        if !config.vault_url.is_empty() {
            return Ok(Some(Self::Vault(Vault::new(config)?)));
        }
        let current = LocalKey::parse("keyring.master_key", &config.master_key)?;
        let previous = "keyring.previous_master_key";
        let previous = LocalKey::parse(previous, &config.previous_master_key)?;
        Ok(current.map(|current| Self::Local { current, previous }))
    }

    /// The name of the master key that wraps now.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Local { current, .. } => current.id.clone(),
            Self::Vault(vault) => vault.id(),
        }
    }

    pub(crate) async fn wrap(&self, organization: &str, key: &KeyBytes) -> Result<Vec<u8>> {
        match self {
            Self::Local { current, .. } => Ok(wrap(&current.bytes, PURPOSE, organization, key)),
            Self::Vault(vault) => vault.wrap(organization, key).await,
        }
    }

    pub(crate) async fn unwrap(&self, key: &OrganizationKey) -> Result<KeyBytes> {
        let of = key.organization.as_str();
        let other = || Error::OtherMaster {
            organization: of.to_owned(),
            master: key.master.clone(),
        };
        match self {
            Self::Local { current, previous } => {
                let all = std::iter::once(current).chain(previous);
                let mut all = all.into_iter();
                let master = all.find(|master| master.id == key.master);
                let master = master.ok_or_else(other)?;
                let opened = unwrap(&master.bytes, PURPOSE, of, &key.wrapped);
                opened.ok_or_else(|| Error::Damaged {
                    of: format!("organization {of}"),
                })
            }
            Self::Vault(vault) if vault.id() == key.master => vault.unwrap(of, &key.wrapped).await,
            Self::Vault(_) => Err(other()),
        }
    }
}
