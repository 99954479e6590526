//! Wrapping keys again. Objects stay as they are. Every step may run twice.

use crow_db::sealing_keys::{self, OrganizationKey};
use crow_db::{Db, backup};
use crow_types::Timestamp;

use crate::error::{Error, Result};
use crate::keyring::{Keyring, wrapped_with};

/// Keys wrapped in one transaction.
const BATCH: u64 = 500;
/// A flush that read the key of an organization has ended by then.
const SETTLED_MS: i64 = 3_600_000;

/// Passes unless the database was restored and its keys were not.
///
/// # Errors
/// [`Error::NotRestored`] when they were not.
pub async fn check_restored(db: &Db) -> Result<()> {
    match backup::awaited_keys(db).await? {
        Some(backup) => Err(Error::NotRestored { backup }),
        None => Ok(()),
    }
}

impl Keyring {
    /// Passes when no keys are missing, and every key of an organization can be opened with what is
    /// configured.
    ///
    /// # Errors
    /// [`Error::NotRestored`] when keys are missing; [`Error::OtherMaster`], [`Error::NoMasterKey`]
    /// or [`Error::Damaged`] when one cannot be opened.
    pub async fn check(&self) -> Result<()> {
        check_restored(&self.db).await?;
        for key in sealing_keys::one_of_each_master(&self.db).await? {
            self.open_organization(&key).await?;
        }
        Ok(())
    }

    /// Wraps keys of all organizations, and of secrets, with the current master key; returns how many. Those of
    /// earlier master keys need these in `previous_master_key_files`.
    ///
    /// # Errors
    /// When a key cannot be opened, or the database or Vault fails.
    pub async fn rotate_master(&self) -> Result<u64> {
        let (master, mut count) = (self.master()?, 0);
        loop {
            let keys = sealing_keys::of_other_masters(&self.db, &master.id(), BATCH).await?;
            if keys.is_empty() {
                return Ok(count + self.rotate_secrets().await?);
            }
            for key in keys {
                let opened = self.open_organization(&key).await?;
                let wrapped = master.wrap(&key.organization, &opened).await?;
                let before = key.master.clone();
                let after = OrganizationKey {
                    master: master.id(),
                    wrapped,
                    ..key
                };
                sealing_keys::rewrap(&self.db, &before, after).await?;
                count += 1;
            }
        }
    }

    /// Gives an organization a new key, and wraps the keys of its sessions with it; `progress` gets
    /// how many so far. Returns how many.
    ///
    /// # Errors
    /// As [`Self::rotate_master`].
    pub async fn rotate_organization(
        &self,
        organization: &str,
        mut progress: impl FnMut(u64),
    ) -> Result<u64> {
        let (before, _key) = self.newest_of(organization).await?;
        self.add_organization_key(organization, before + 1).await?;
        let (number, with) = self.newest_of(organization).await?;
        let (mut after, mut count) = (String::new(), 0);
        loop {
            let (db, batch) = (&self.db, BATCH);
            let old = sealing_keys::of_older_keys(db, organization, number, &after, batch).await?;
            let Some(last) = old.last() else { break };
            after.clone_from(&last.session_id);
            let opened = self.open_keys(&old).await?;
            let pairs: Vec<_> = old
                .into_iter()
                .filter_map(|before| {
                    let key = opened.get(before.session_id.as_str())?;
                    let after = wrapped_with(key, number, &with);
                    Some((before, after))
                })
                .collect();
            count += pairs.len() as u64;
            if !sealing_keys::rewrap_sessions(db, organization, number, pairs).await? {
                return Err(Error::NoOrganizationKey {
                    organization: organization.to_owned(),
                    number,
                });
            }
            progress(count);
        }
        let settled = Timestamp::now().plus(-SETTLED_MS);
        sealing_keys::remove_unused(&self.db, organization, settled).await?;
        Ok(count)
    }
}
