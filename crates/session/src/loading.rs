//! From rows to what the core asks for.

use std::collections::BTreeMap;

use tracing::warn;

use crow_db::sessions as rows;
use crow_db::{Db, Result as DbResult};
use crow_keyring::Keyring;
use crow_session_core::{Loaded, MAX_VISITS, SessionKey};
use crow_storage::events::Events;
use crow_storage::{DataKey, ListedChunks, Store};
use crow_types::{ChunkRecord, EventRowId, OrganizationId, SessionId, SessionRecord, log_chain};

use crate::retry::Failure;

/// The visits of each session, none when it is new.
pub(crate) async fn sessions(db: &Db, keys: &[SessionKey]) -> DbResult<Loaded> {
    let mut sessions: BTreeMap<SessionKey, Vec<SessionRecord>> =
        keys.iter().map(|key| (key.clone(), Vec::new())).collect();
    if !keys.is_empty() {
        let pairs: Vec<(OrganizationId, SessionId)> = keys
            .iter()
            .map(|key| (key.organization.clone(), key.session.clone()))
            .collect();
        for record in rows::load(db, &pairs, MAX_VISITS).await? {
            let key = key_of(&record);
            if let Some(visits) = key.and_then(|key| sessions.get_mut(&key)) {
                visits.push(record);
            }
        }
    }
    Ok(Loaded {
        sessions,
        ..Loaded::default()
    })
}

/// Which events of these sessions are stored. Archives are read.
pub(crate) async fn known_events(
    db: &Db,
    store: &Store,
    keyring: &Keyring,
    keys: &[SessionKey],
) -> Result<Loaded, Unknown> {
    let mut known_events = BTreeMap::new();
    for key in keys {
        let known = rows::known_events(db, &key.organization, &key.session).await?;
        let mut ids = known.ids;
        let rows: Vec<&str> = known
            .archived
            .iter()
            .map(|it| it.session_id.as_str())
            .collect();
        let data_keys = keyring.keys_of(&rows).await?;
        for frame in &known.archived {
            let key = data_keys.get(frame.session_id.as_str()).cloned();
            ids.extend(ids_in(store, key, frame).await?);
        }
        known_events.insert(key.clone(), ids);
    }
    Ok(Loaded {
        known_events,
        ..Loaded::default()
    })
}

/// Of a frame that cannot be read: none. Its events cannot be shown either.
async fn ids_in(
    store: &Store,
    key: Option<DataKey>,
    frame: &ChunkRecord,
) -> Result<Vec<u64>, crow_storage::Error> {
    let source = ListedChunks::events(store, key, std::slice::from_ref(frame));
    let mut events = Events::new(frame.session_id.clone(), source);
    let mut ids = Vec::new();
    loop {
        match events.next().await {
            Ok(Some(event)) => ids.push(EventRowId::bits(&event.id)),
            Ok(None) => return Ok(ids),
            Err(error) if error.is_retryable() => return Err(error),
            Err(error) => {
                warn!(
                    session_row = frame.session_id,
                    object = frame.r2_key,
                    error = log_chain(&error),
                    "an archive cannot be read; its events may count again if they come again"
                );
                return Ok(ids);
            }
        }
    }
}

/// Why it is not known which events are stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unknown {
    #[error(transparent)]
    Database(#[from] crow_db::Error),
    #[error(transparent)]
    Storage(#[from] crow_storage::Error),
    #[error(transparent)]
    Keyring(#[from] crow_keyring::Error),
}

impl Failure for Unknown {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Database(error) => error.is_retryable(),
            Self::Storage(error) => error.is_retryable(),
            Self::Keyring(error) => error.is_retryable(),
        }
    }

    fn in_words(&self) -> &'static str {
        match self {
            Self::Database(error) => error.in_words(),
            Self::Storage(error) => error.in_words(),
            Self::Keyring(error) => error.in_words(),
        }
    }
}

/// The key of a row, if its ids are such.
pub(crate) fn key_of(record: &SessionRecord) -> Option<SessionKey> {
    let organization = OrganizationId::new(record.organization_id.as_str()).ok()?;
    let session = SessionId::new(record.session_id.as_str()).ok()?;
    Some(SessionKey {
        organization,
        session,
    })
}
