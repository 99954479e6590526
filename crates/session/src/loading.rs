//! From rows to what the core asks for.

use std::collections::{BTreeMap, HashSet};

use tracing::warn;

use crow_db::sessions as rows;
use crow_db::{Db, Result as DbResult};
use crow_session_core::{Loaded, MAX_VISITS, SessionKey};
use crow_storage::events::Events;
use crow_storage::{ListedChunks, Store};
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

/// Which of these events are stored. Chunks whose rows do not say it are read.
pub(crate) async fn known_events(
    db: &Db,
    store: &Store,
    wanted: &BTreeMap<SessionKey, Vec<EventRowId>>,
) -> Result<Loaded, Unknown> {
    let mut known_events = BTreeMap::new();
    for (key, ids) in wanted {
        let known = rows::known_events(db, &key.organization, &key.session, ids).await?;
        let mut found = known.ids;
        if !known.unsaid.is_empty() {
            let wanted: HashSet<&str> = ids.iter().map(|id| id.0.as_str()).collect();
            found.extend(read_ids(store, &known.unsaid, &wanted).await?);
        }
        known_events.insert(key.clone(), found.into_iter().collect());
    }
    Ok(Loaded {
        known_events,
        ..Loaded::default()
    })
}

/// Those of the wanted events that are in the chunks. A chunk that cannot be read tells nothing:
/// its events cannot be shown either.
async fn read_ids(
    store: &Store,
    chunks: &[ChunkRecord],
    wanted: &HashSet<&str>,
) -> Result<Vec<String>, crow_storage::Error> {
    let mut found = Vec::new();
    for chunk in chunks {
        let source = ListedChunks::events(store, std::slice::from_ref(chunk));
        let mut events = Events::new(chunk.session_id.clone(), source);
        loop {
            match events.next().await {
                Ok(Some(event)) if wanted.contains(event.id.as_str()) => found.push(event.id),
                Ok(Some(_other)) => {}
                Ok(None) => break,
                Err(error) if error.is_retryable() => return Err(error),
                Err(error) => {
                    warn!(
                        session_row = chunk.session_id,
                        object = chunk.r2_key,
                        error = log_chain(&error),
                        "a chunk cannot be read; its events may count again if they come again"
                    );
                    break;
                }
            }
        }
    }
    Ok(found)
}

/// Why it is not known which events are stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unknown {
    #[error(transparent)]
    Database(#[from] crow_db::Error),
    #[error(transparent)]
    Storage(#[from] crow_storage::Error),
}

impl Failure for Unknown {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Database(error) => error.is_retryable(),
            Self::Storage(error) => error.is_retryable(),
        }
    }

    fn in_words(&self) -> &'static str {
        match self {
            Self::Database(error) => error.in_words(),
            Self::Storage(error) => error.in_words(),
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
