//! What is older than its organization keeps it: sessions, their events, their recordings.

use crow_db::audit_log::Actor;
use crow_db::erasure::{self, Mode, Request, Subject};
use crow_db::interactions::reported;
use crow_db::{Db, Result, reduction, settings};
use crow_types::settings::RetentionSettings;
use crow_types::{OrganizationId, Timestamp};

/// Sessions of one erasure.
const LIMIT: u64 = 5_000;
/// Erasures of an organization and a kind in one look.
const ROUNDS: u64 = 4;
/// Steps of removing recordings in one look: as many sessions as those erasures have.
const STEPS: u64 = 40;
const DAY: i64 = 86_400_000;

/// How many sessions lost what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Expired {
    pub(super) sessions: u64,
    pub(super) events: u64,
    pub(super) recordings: u64,
}

/// Removes what is too old, within a budget.
pub(super) async fn expire(db: &Db, now: Timestamp) -> Result<Expired> {
    let mut expired = Expired::default();
    for (organization, settings) in settings::all(db).await? {
        let Ok(organization) = OrganizationId::new(organization) else {
            continue;
        };
        let retention = &settings.retention;
        if retention.sessions_days.is_some() {
            expired.sessions += erase(db, &organization, Mode::Erase, now).await?;
        }
        if retention.events_days.is_some() {
            expired.events += erase(db, &organization, Mode::RemoveEvents, now).await?;
        }
        if retention.recordings_days.is_some() {
            expired.recordings += remove_recordings(db, &organization, now).await?;
        }
    }
    count("sessions", expired.sessions);
    count("events", expired.events);
    count("recordings", expired.recordings);
    Ok(expired)
}

fn count(kind: &'static str, count: u64) {
    metrics::counter!("crow_session_expired_total", "kind" => kind).increment(count);
}

async fn erase(db: &Db, organization: &OrganizationId, mode: Mode, now: Timestamp) -> Result<u64> {
    let days = |retention: &RetentionSettings| match mode {
        Mode::Erase | Mode::Anonymize => retention.sessions_days,
        Mode::RemoveEvents => retention.events_days,
    };
    let mut count = 0;
    for _round in 0..ROUNDS {
        let Some(before) = too_old(db, organization, days, now).await? else {
            break;
        };
        let (before, limit) = (before.0, LIMIT);
        let subject = Subject::Expired { before, limit };
        let found = erasure::find(db, organization, &subject, mode).await?;
        if found.sessions == 0 {
            break;
        }
        let request = Request {
            organization,
            subject: &subject,
            mode,
            requested_by: &Actor::system_named("retention"),
        };
        count += erasure::erase(db, &request).await?.sessions;
    }
    if let Some(before) = too_old(db, organization, days, now).await? {
        reported::expire(db, organization, before, LIMIT).await?;
    }
    Ok(count)
}

/// The archiver writes these sessions again, at its own pace.
async fn remove_recordings(db: &Db, organization: &OrganizationId, now: Timestamp) -> Result<u64> {
    let mut count = 0;
    for _step in 0..STEPS {
        let days = |retention: &RetentionSettings| retention.recordings_days;
        let Some(before) = too_old(db, organization, days, now).await? else {
            break;
        };
        let removed = reduction::remove_recordings(db, organization, before).await?;
        if removed == 0 {
            break;
        }
        count += removed;
    }
    Ok(count)
}

/// What was over before this time is too old. `None`: nothing is, perhaps because of a hold that was
/// set since the last step.
async fn too_old(
    db: &Db,
    organization: &OrganizationId,
    days: impl Fn(&RetentionSettings) -> Option<u16>,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let retention = settings::read(db, organization).await?.settings.retention;
    let days = days(&retention).filter(|_days| !retention.hold);
    Ok(days.map(|days| now.plus(-i64::from(days) * DAY)))
}
