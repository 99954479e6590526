//! From rows to what the core asks for.

use std::collections::BTreeMap;

use crow_db::sessions as rows;
use crow_db::{Db, Result};
use crow_session_core::{Loaded, MAX_VISITS, SessionKey};
use crow_types::{EventRowId, OrganizationId, SessionId, SessionRecord};

/// The visits of each session, none when it is new.
pub(crate) async fn sessions(db: &Db, keys: &[SessionKey]) -> Result<Loaded> {
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

/// Which of these events have rows.
pub(crate) async fn known_events(
    db: &Db,
    wanted: &BTreeMap<SessionKey, Vec<EventRowId>>,
) -> Result<Loaded> {
    let mut known_events = BTreeMap::new();
    for (key, ids) in wanted {
        let known = rows::known_events(db, &key.organization, &key.session, ids).await?;
        known_events.insert(key.clone(), known.into_iter().collect());
    }
    Ok(Loaded {
        known_events,
        ..Loaded::default()
    })
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
