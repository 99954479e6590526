//! Sessions that are older than their organization keeps them.

use crow_db::audit_log::Actor;
use crow_db::erasure::{self, Request, Subject};
use crow_db::{Db, Result, settings};
use crow_types::{OrganizationId, Timestamp};

/// Sessions of one erasure.
const LIMIT: u64 = 5_000;
/// Erasures of an organization in one round.
const ROUNDS: u64 = 4;
const DAY: i64 = 86_400_000;

/// Erases what is too old, within a budget; returns how many sessions.
pub(super) async fn expire(db: &Db, now: Timestamp) -> Result<u64> {
    let mut count = 0;
    for (organization, settings) in settings::all(db).await? {
        if settings.retention.sessions_days.is_some()
            && let Ok(organization) = OrganizationId::new(organization)
        {
            count += expire_of(db, &organization, now).await?;
        }
    }
    metrics::counter!("crow_session_expired_total").increment(count);
    Ok(count)
}

async fn expire_of(db: &Db, organization: &OrganizationId, now: Timestamp) -> Result<u64> {
    let mut count = 0;
    for _round in 0..ROUNDS {
        // A hold may have been set in between.
        let retention = settings::read(db, organization).await?.settings.retention;
        let (Some(days), false) = (retention.sessions_days, retention.hold) else {
            break;
        };
        let subject = Subject::Expired {
            before: now.plus(-i64::from(days) * DAY).0,
            limit: LIMIT,
        };
        if erasure::find(db, organization, &subject).await?.sessions == 0 {
            break;
        }
        let request = Request {
            organization,
            subject: &subject,
            requested_by: &Actor::system_named("retention"),
        };
        count += erasure::erase(db, &request).await?.sessions;
    }
    Ok(count)
}
