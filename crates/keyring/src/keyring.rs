use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use moka::sync::Cache;

use crow_db::Db;
use crow_db::sealing_keys::{self, OrganizationKey};
use crow_storage::seal::KeyBytes;
use crow_storage::{DataKey, Seal};
use crow_types::SessionKeyRecord;

use crate::config::KeyringConfig;
use crate::error::{Error, Result};
use crate::master::Master;
use crate::wrap::{unwrap, wrap};

const PURPOSE: &str = "crow data key";
/// Opened keys of organizations in memory.
const MAX_OPENED: u64 = 10_000;

/// Gets and makes keys of sessions. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Keyring {
    pub(crate) db: Db,
    pub(crate) master: Option<Arc<Master>>,
    seal: Seal,
    /// Opened keys of organizations, by their wrapped form. So an entry is never out of date, and
    /// is of no use once the row is gone.
    opened: Cache<Vec<u8>, KeyBytes>,
}

/// The keys of the sessions that are written.
#[derive(Debug, Default)]
pub struct WritingKeys {
    /// By session row; empty when objects are not sealed.
    pub keys: HashMap<Arc<str>, DataKey>,
    /// Those that are not stored yet. They must be written with what they seal.
    pub new: Vec<SessionKeyRecord>,
}

impl Keyring {
    /// Reads the master key.
    ///
    /// # Errors
    /// [`Error::NoMasterKey`] when objects are to be sealed without one.
    pub fn open(db: &Db, config: &KeyringConfig, seal: Seal) -> Result<Self> {
        let master = Master::open(config)?;
        if master.is_none() && seal == Seal::On {
            return Err(Error::NoMasterKey);
        }
        Ok(Self {
            db: db.clone(),
            master: master.map(Arc::new),
            seal,
            opened: Cache::new(MAX_OPENED),
        })
    }

    /// Whether new objects are sealed.
    #[must_use]
    pub fn seal(&self) -> Seal {
        self.seal
    }

    /// The key of a session; `None`: it has none, or had one that was erased.
    ///
    /// # Errors
    /// When the database or Vault fails, or the key cannot be opened.
    pub async fn key_of(&self, session: &str) -> Result<Option<DataKey>> {
        let mut keys = self.keys_of(&[session]).await?;
        Ok(keys.remove(session))
    }

    /// The keys of those sessions that have one.
    ///
    /// # Errors
    /// As [`Self::key_of`].
    pub async fn keys_of(&self, sessions: &[&str]) -> Result<HashMap<Arc<str>, DataKey>> {
        let records = sealing_keys::of_sessions(&self.db, sessions).await?;
        self.open_keys(&records).await
    }

    /// The keys to seal parts of these sessions with, each with its organization. Makes those that
    /// are missing.
    ///
    /// # Errors
    /// As [`Self::key_of`].
    pub async fn for_writing(&self, sessions: &[(&str, &str)]) -> Result<WritingKeys> {
        if self.seal == Seal::Off || sessions.is_empty() {
            return Ok(WritingKeys::default());
        }
        let rows: Vec<&str> = sessions.iter().map(|(_organization, row)| *row).collect();
        let mut writing = WritingKeys {
            keys: self.keys_of(&rows).await?,
            new: Vec::new(),
        };
        let mut newest: HashMap<&str, (i64, KeyBytes)> = HashMap::new();
        for (organization, session) in sessions {
            if writing.keys.contains_key(*session) {
                continue;
            }
            let (number, with) = match newest.entry(organization) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(self.newest_of(organization).await?),
            };
            let (key, record) = new_key(organization, session, *number, with);
            writing.keys.insert(Arc::clone(&key.session), key);
            writing.new.push(record);
        }
        Ok(writing)
    }

    pub(crate) fn master(&self) -> Result<&Master> {
        self.master.as_deref().ok_or(Error::NoMasterKey)
    }

    pub(crate) async fn open_keys(
        &self,
        records: &[SessionKeyRecord],
    ) -> Result<HashMap<Arc<str>, DataKey>> {
        let mut wrapping: HashMap<(&str, i64), KeyBytes> = HashMap::new();
        let mut keys = HashMap::with_capacity(records.len());
        for record in records {
            let (organization, number) = (record.organization_id.as_str(), record.organization_key);
            let with = match wrapping.entry((organization, number)) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(self.numbered(organization, number).await?),
            };
            let key = open_key(record, with)?;
            keys.insert(Arc::clone(&key.session), key);
        }
        Ok(keys)
    }

    /// The key of an organization with this number.
    async fn numbered(&self, organization: &str, number: i64) -> Result<KeyBytes> {
        let row = sealing_keys::of_organization(&self.db, organization, number).await?;
        let row = row.ok_or_else(|| Error::NoOrganizationKey {
            organization: organization.to_owned(),
            number,
        })?;
        self.open_organization(&row).await
    }

    /// The key of an organization that wraps new keys. Makes the first one.
    pub(crate) async fn newest_of(&self, organization: &str) -> Result<(i64, KeyBytes)> {
        let newest = || sealing_keys::newest_of_organization(&self.db, organization);
        let row = match newest().await? {
            Some(row) => row,
            None => {
                self.add_organization_key(organization, 1).await?;
                // Another process may have been first.
                newest().await?.ok_or_else(|| Error::NoOrganizationKey {
                    organization: organization.to_owned(),
                    number: 1,
                })?
            }
        };
        Ok((row.number, self.open_organization(&row).await?))
    }

    pub(crate) async fn add_organization_key(&self, organization: &str, number: i64) -> Result<()> {
        let master = self.master()?;
        let row = OrganizationKey {
            organization: organization.to_owned(),
            number,
            master: master.id(),
            wrapped: master.wrap(organization, &KeyBytes::random()).await?,
        };
        Ok(sealing_keys::add(&self.db, row).await?)
    }

    pub(crate) async fn open_organization(&self, row: &OrganizationKey) -> Result<KeyBytes> {
        if let Some(opened) = self.opened.get(&row.wrapped) {
            return Ok(opened);
        }
        let opened = self.master()?.unwrap(row).await?;
        self.opened.insert(row.wrapped.clone(), opened.clone());
        Ok(opened)
    }
}

fn open_key(record: &SessionKeyRecord, with: &KeyBytes) -> Result<DataKey> {
    let opened = unwrap(with, PURPOSE, &record.session_id, &record.wrapped);
    let bytes = opened.ok_or_else(|| Error::Damaged {
        of: format!("session {}", record.session_id),
    })?;
    Ok(DataKey {
        organization: record.organization_id.as_str().into(),
        session: record.session_id.as_str().into(),
        bytes,
    })
}

fn new_key(
    organization: &str,
    session: &str,
    number: i64,
    with: &KeyBytes,
) -> (DataKey, SessionKeyRecord) {
    let key = DataKey {
        organization: organization.into(),
        session: session.into(),
        bytes: KeyBytes::random(),
    };
    let record = SessionKeyRecord {
        session_id: session.to_owned(),
        organization_id: organization.to_owned(),
        organization_key: number,
        wrapped: wrap(with, PURPOSE, session, &key.bytes),
    };
    (key, record)
}

/// The same key, wrapped with another key of the organization.
pub(crate) fn wrapped_with(key: &DataKey, number: i64, with: &KeyBytes) -> SessionKeyRecord {
    SessionKeyRecord {
        session_id: key.session.to_string(),
        organization_id: key.organization.to_string(),
        organization_key: number,
        wrapped: wrap(with, PURPOSE, &key.session, &key.bytes),
    }
}
