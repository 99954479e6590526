//! Sessions whose visitor has withdrawn consent.
//!
//! The key of a page is public, so anyone can withdraw consent in any number of sessions of their
//! own. An erasure makes keepers read some messages again. So withdrawals are collected, and erased
//! together.

use tracing::warn;

use crow_db::audit_log::Actor;
use crow_db::erasure::{self, Mode, Request, Subject};
use crow_db::{Db, Result, settings, withdrawals};
use crow_types::{OrganizationId, log_chain};

/// Milliseconds from a round that erased something to the next one.
pub(super) const PAUSE_MS: i64 = 300_000;
/// Sessions of an organization in one round.
const LIMIT: u64 = 500;

/// Erases what is stored of sessions whose visitor withdrew consent, within a budget; returns how
/// many rows of sessions.
pub(super) async fn erase(db: &Db) -> Result<u64> {
    let mut count = 0;
    for organization in withdrawals::organizations(db).await? {
        let Ok(organization) = OrganizationId::new(organization) else {
            continue;
        };
        match erase_of(db, &organization).await {
            Ok(erased) => count += erased,
            // The others need not wait for it.
            Err(error) => warn!(
                org.id = organization.as_str(),
                error = log_chain(&error),
                "erasing after withdrawn consent failed, retrying"
            ),
        }
    }
    metrics::counter!("crow_session_withdrawn_total").increment(count);
    Ok(count)
}

async fn erase_of(db: &Db, organization: &OrganizationId) -> Result<u64> {
    let settings = settings::read(db, organization).await?.settings;
    // They stay noted until the hold ends.
    if settings.retention.hold {
        return Ok(0);
    }
    let sessions = withdrawals::waiting(db, organization, LIMIT).await?;
    if sessions.is_empty() {
        return Ok(0);
    }
    let visitor = Actor {
        kind: "public",
        id: "visitor".to_owned(),
        address: None,
    };
    let request = Request {
        organization,
        subject: &Subject::Withdrawn(sessions),
        mode: Mode::Erase,
        requested_by: &visitor,
    };
    Ok(erasure::erase(db, &request).await?.sessions)
}
