//! Secrets of organizations in rows, such as what signs webhooks.
//!
//! Each has a key of its own, which the master key wraps: keys of organizations go with the last session.
//! Without a master key, which is allowed only where recordings are not sealed either, secrets are stored
//! as they are.

use ring::aead::{Aad, NONCE_LEN, Nonce};
use ring::rand::{SecureRandom, SystemRandom};

use crow_db::sealing_keys::OrganizationKey;
use crow_db::webhooks;
use crow_storage::seal::KeyBytes;

use crate::error::{Error, Result};
use crate::keyring::Keyring;

const PURPOSE: &str = "crow secret";
/// Rows that are read at once.
const BATCH: u64 = 100;

/// A secret as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecret {
    /// The content.
    pub sealed: Vec<u8>,
    /// Its key, wrapped.
    pub wrapped: Vec<u8>,
    /// The master key that wraps it; empty: there is none, and the content is not sealed.
    pub master: String,
}

impl Keyring {
    /// Seals a secret. `of` names the row that it belongs to; it is opened only for that one.
    ///
    /// # Errors
    /// When Vault fails.
    pub async fn seal_secret(
        &self,
        organization: &str,
        of: &str,
        clear: &[u8],
    ) -> Result<SealedSecret> {
        let Some(master) = self.master.as_deref() else {
            return Ok(SealedSecret {
                sealed: clear.to_vec(),
                wrapped: Vec::new(),
                master: String::new(),
            });
        };
        let key = KeyBytes::random();
        let mut nonce = [0; NONCE_LEN];
        let filled = SystemRandom::new().fill(&mut nonce);
        filled.expect("the operating system has random numbers");
        let mut content = clear.to_vec();
        let tag = key.subkey(PURPOSE, of).seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(organization),
            &mut content,
        );
        let tag = tag.expect("a secret is far smaller than the limit of GCM");
        Ok(SealedSecret {
            sealed: [&nonce[..], &content, tag.as_ref()].concat(),
            wrapped: master.wrap(&name_of(organization, of), &key).await?,
            master: master.id(),
        })
    }

    /// Opens a secret.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it belongs to another row; [`Error::OtherMaster`] and
    /// [`Error::NoMasterKey`] when its key cannot be opened.
    pub async fn open_secret(
        &self,
        organization: &str,
        of: &str,
        secret: &SealedSecret,
    ) -> Result<Vec<u8>> {
        if secret.master.is_empty() {
            return Ok(secret.sealed.clone());
        }
        let key = self.key_of_secret(organization, of, secret).await?;
        let open = || {
            let (nonce, content) = secret.sealed.split_first_chunk::<NONCE_LEN>()?;
            let mut content = content.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let key = key.subkey(PURPOSE, of);
            let opened = key.open_in_place(nonce, Aad::from(organization), &mut content);
            opened.ok().map(|clear| clear.to_vec())
        };
        open().ok_or_else(|| Error::Damaged { of: of.to_owned() })
    }

    async fn key_of_secret(
        &self,
        organization: &str,
        of: &str,
        secret: &SealedSecret,
    ) -> Result<KeyBytes> {
        let row = OrganizationKey {
            organization: name_of(organization, of),
            number: 0,
            master: secret.master.clone(),
            wrapped: secret.wrapped.clone(),
        };
        self.open_organization(&row).await
    }

    /// Wraps the keys of all secrets with the current master key; returns how many.
    pub(crate) async fn rotate_secrets(&self) -> Result<u64> {
        let (master, mut count) = (self.master()?, 0);
        loop {
            let rows = webhooks::of_other_masters(&self.db, &master.id(), BATCH).await?;
            if rows.is_empty() {
                return Ok(count);
            }
            for row in rows {
                let secret = SealedSecret {
                    sealed: Vec::new(),
                    wrapped: row.wrapped.clone(),
                    master: row.master.clone(),
                };
                let (organization, of) = (row.organization_id.as_str(), row.id.as_str());
                let key = self.key_of_secret(organization, of, &secret).await?;
                let wrapped = master.wrap(&name_of(organization, of), &key).await?;
                webhooks::rewrap(&self.db, &row, &master.id(), wrapped).await?;
                count += 1;
            }
        }
    }
}

/// No organization has such a name, so a wrapped key of one opens no secret.
fn name_of(organization: &str, of: &str) -> String {
    format!("{organization} {of}")
}
