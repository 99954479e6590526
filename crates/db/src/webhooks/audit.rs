use sea_orm::DatabaseTransaction;

use crow_types::Timestamp;

use crate::audit_log::{self, Actor, Entry, Outcome};
use crate::error::{Error, Result};

const NOTING: &str = "noting in the audit log";

/// Notes what somebody did in an organization.
pub(crate) async fn note(
    transaction: &DatabaseTransaction,
    (by, organization): (&Actor, &str),
    action: &str,
    subject: &str,
    at: i64,
) -> Result<()> {
    let entry = Entry {
        organization,
        by,
        action,
        subject,
        outcome: Outcome::Done,
        at: Timestamp(at),
    };
    audit_log::append(transaction, entry)
        .await
        .map_err(Error::sql(NOTING))
}
