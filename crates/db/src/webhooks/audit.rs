use sea_orm::DatabaseTransaction;

use crow_types::Timestamp;

use crate::audit_log::{Actor, audit};
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
    audit(
        transaction,
        by,
        organization,
        action,
        subject,
        Timestamp(at),
    )
    .await
    .map_err(Error::sql(NOTING))
}
