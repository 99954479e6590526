//! What changes of products have in common.

use sea_orm::DatabaseTransaction;

use crow_types::Timestamp;

use crate::audit_log::{Actor, audit};
use crate::connection::Db;
use crate::error::{Error, Result};

pub(super) const CHANGING: &str = "changing products";

/// Products of one organization. The catalogue is in memory where interactions are made.
pub const MOST: u64 = 50_000;

/// Changes of one catalogue wait for each other, so that each sees what the others have taken.
pub(super) async fn begin(db: &Db, organization: &str) -> Result<DatabaseTransaction> {
    db.begin_in_turn(CHANGING, format!("products of {organization}"))
        .await
}

pub(super) async fn note(
    transaction: &DatabaseTransaction,
    by: &Actor,
    organization: &str,
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
    .map_err(Error::sql(CHANGING))
}
