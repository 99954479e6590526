//! What people of an organization keep with a session: notes, tags, collections, and who has watched
//! it. All of it is erased with the session. Notes, tags and collections write entries of the audit
//! log, which name only ids. Who adds something holds the row of the session until the commit, so an
//! erasure leaves nothing behind.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement};

use crow_types::Timestamp;

use crate::audit_log::{Actor, audit};
use crate::connection::commit_if;
use crate::error::{Error, Result};

pub mod collections;
pub mod notes;
pub mod tags;
#[cfg(test)]
mod tests;
pub mod watches;

/// What a session must have for something to be added to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// It exists, and was not anonymized.
    Session,
    /// It has also ended, and has a recording.
    Recording,
}

#[derive(FromQueryResult)]
struct Held {
    id: String,
}

/// Locks the row of a session; false when there is none that has what is needed.
pub(crate) async fn hold_session(
    transaction: &DatabaseTransaction,
    organization: &str,
    session: &str,
    needs: Needs,
) -> Result<bool> {
    let backend = transaction.get_database_backend();
    let condition = match needs {
        Needs::Session => "(removed is null or removed <> 'identity')",
        Needs::Recording => "removed is null and has_replay and status = 'closed'",
    };
    let lock = match backend {
        // There is one writer.
        DbBackend::Sqlite => "",
        _postgres => " for share",
    };
    let sql = format!(
        "select id from sessions where id = $1 and organization_id = $2 and {condition}{lock}"
    );
    let values = [session.into(), organization.into()];
    let found = Held::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .one(transaction)
        .await
        .map_err(Error::sql("holding a session"))?;
    Ok(found.is_some_and(|held| held.id == session))
}

/// What became of something that was added to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is stored.
    Done,
    /// The organization has no such session, or nothing may be added to it because it was anonymized.
    Unknown,
    /// The session has as many as allowed.
    TooMany,
}

impl Added {
    /// Commits what is stored, and takes back the rest.
    async fn end(self, transaction: DatabaseTransaction, doing: &'static str) -> Result<Self> {
        commit_if(self == Self::Done, transaction, doing).await?;
        Ok(self)
    }
}

/// Notes a change in the audit log.
async fn note(
    transaction: &DatabaseTransaction,
    by: &Actor,
    organization: &str,
    action: &str,
    subject: &str,
) -> Result<()> {
    let now = Timestamp::now();
    audit(transaction, by, organization, action, subject, now)
        .await
        .map_err(Error::sql("noting a change of what is kept with a session"))
}
