//! Sessions that are older than their organization keeps them.

use crow_db::erasure::{self, Request, Subject};
use crow_db::{Db, Result, settings};
use crow_types::{OrganizationId, Timestamp};

/// Sessions of one erasure. Each erasure takes the partitions over once.
const LIMIT: u64 = 5_000;
/// Erasures of an organization in one round.
const ROUNDS: u64 = 4;
const DAY: i64 = 86_400_000;

/// Erases what is too old, within a budget; returns how many sessions.
pub(super) async fn expire(db: &Db, now: Timestamp) -> Result<u64> {
    let mut count = 0;
    for (organization, settings) in settings::all(db).await? {
        let retention = settings.retention;
        let (Some(days), false) = (retention.sessions_days, retention.hold) else {
            continue;
        };
        let Ok(organization) = OrganizationId::new(organization) else {
            continue;
        };
        let before = now.plus(-i64::from(days) * DAY);
        count += expire_of(db, &organization, before).await?;
    }
    metrics::counter!("crow_session_expired_total").increment(count);
    Ok(count)
}

async fn expire_of(db: &Db, organization: &OrganizationId, before: Timestamp) -> Result<u64> {
    let subject = Subject::Expired {
        before: before.0,
        limit: LIMIT,
    };
    let mut count = 0;
    for _round in 0..ROUNDS {
        if erasure::find(db, organization, &subject).await?.sessions == 0 {
            break;
        }
        let request = Request {
            organization,
            subject: &subject,
            requested_by: "retention",
        };
        count += erasure::erase(db, &request).await?.sessions;
    }
    Ok(count)
}
