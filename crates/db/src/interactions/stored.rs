//! Interactions that were stored and that other services do not know of yet.
//!
//! A row is written in the transaction that stores, replaces or rewords its interaction, and says what to
//! publish. Any process may [`claim`] it for a while, publish it and [`remove`] it. If the process dies, another
//! one publishes it again under the same name. The database removes a row with its interaction, so what was
//! erased is not announced.
//!
//! The outbox of sessions is no place for it: keepers publish that one, each for the partitions that it
//! leases, and reports have no partition.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement, Value};
use serde::Deserialize;
use serde_json::json;

use crow_types::Timestamp;

use super::Interaction;
use crate::connection::Db;
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

const NOTING: &str = "noting a stored interaction";
const READING: &str = "reading stored interactions to announce";
const CHANGING: &str = "changing stored interactions to announce";

/// An announcement to publish.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Stored {
    /// The interaction.
    pub interaction_id: String,
    /// Names this state of it. A repeat has the same.
    pub message_id: String,
    /// JSON. It has nothing that a visitor wrote.
    pub message: String,
}

/// What this needs of `interactions.evidence`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Evidence {
    r#match: Vec<Matched>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Matched {
    product_id: String,
}

/// With the interaction that was just written: it is to be announced. `change` tells states of one revision
/// apart. An earlier state that nobody has published yet is not announced any more.
pub(super) async fn note(
    transaction: &DatabaseTransaction,
    of: &Interaction,
    change: &str,
) -> Result<()> {
    note_all(transaction, &[of], change).await
}

/// The same for different interactions.
pub(super) async fn note_all(
    transaction: &DatabaseTransaction,
    all: &[&Interaction],
    change: &str,
) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    let values = all.iter().flat_map(|of| -> [Value; 6] {
        let message_id = format!("{}-{}{change}", of.id, of.revision);
        [
            of.id.clone().into(),
            of.organization_id.clone().into(),
            message_id.clone().into(),
            message(of, &message_id).into(),
            of.created_at.into(),
            of.created_at.into(),
        ]
    });
    let row = |at: usize| {
        let places: Vec<String> = (1..=6).map(|it| format!("${}", at * 6 + it)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..all.len()).map(row).collect();
    let sql = format!(
        "insert into interaction_outbox \
        (interaction_id, organization_id, message_id, message, stored_at, due_at) \
        values {} on conflict (interaction_id) do update set \
        organization_id = excluded.organization_id, message_id = excluded.message_id, \
        message = excluded.message, stored_at = excluded.stored_at, due_at = excluded.due_at",
        rows.join(", ")
    );
    let backend = transaction.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let noted = transaction.execute_raw(statement).await;
    noted.map(drop).map_err(Error::sql(NOTING))
}

/// Pages and visitors choose the ids of sessions, so there is none. Of products, there are only those of the
/// catalogue, for the same reason.
fn message(of: &Interaction, message_id: &str) -> String {
    let evidence = of.evidence.as_deref();
    let evidence: Option<Evidence> = evidence.and_then(|json| serde_json::from_str(json).ok());
    let matched = evidence.unwrap_or_default().r#match.into_iter();
    let products: Vec<String> = matched.map(|it| it.product_id).collect();
    let completion = of.session_row.as_ref();
    let completion = completion.map(|row| format!("{row}-{}", of.revision));
    json!({
        "messageId": message_id,
        "organizationId": of.organization_id,
        "interactionId": of.id,
        "completionId": completion,
        "revision": of.revision,
        "sourceType": of.source_type,
        "intent": of.intent,
        "productIds": products,
        "storedAt": of.created_at,
    })
    .to_string()
}

/// Takes announcements that are due, at most `limit`, until a moment. Without [`remove`] they are due again
/// then.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, now: Timestamp, until: Timestamp, limit: u64) -> Result<Vec<Stored>> {
    if !has_due(db, now).await? {
        return Ok(Vec::new());
    }
    let connection = db.quick_write();
    let backend = connection.get_database_backend();
    // Rows that an erasure holds are left out: waiting for them could make the erasure wait for this.
    let sql = format!(
        "update interaction_outbox set due_at = $1 where interaction_id in \
        (select interaction_id from interaction_outbox where due_at <= $2 order by due_at limit $3{}) \
        returning interaction_id, message_id, message",
        lock(backend)
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values: [Value; 3] = [until.0.into(), now.0.into(), limit.into()];
    Stored::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .all(connection)
        .await
        .map_err(Error::sql(CHANGING))
}

/// Most of the time nothing is, and SQLite has one writer.
async fn has_due(db: &Db, now: Timestamp) -> Result<bool> {
    let backend = db.lookups.get_database_backend();
    let sql = "select interaction_id from interaction_outbox where due_at <= $1 limit 1";
    let statement = Statement::from_sql_and_values(backend, sql, [now.0.into()]);
    let found = db.lookups.query_one_raw(statement).await;
    Ok(found.map_err(Error::sql(READING))?.is_some())
}

/// Removes announcements that the bus has. One whose interaction has changed since stays.
///
/// # Errors
/// When the database fails.
pub async fn remove(db: &Db, published: &[Stored]) -> Result<()> {
    if published.is_empty() {
        return Ok(());
    }
    let connection = db.quick_write();
    let backend = connection.get_database_backend();
    let count = published.len();
    let places = |from: usize| {
        let places: Vec<String> = (from..from + count).map(|it| format!("${it}")).collect();
        places.join(", ")
    };
    // A message id begins with that of its interaction, so no pair can be mixed up.
    let sql = format!(
        "delete from interaction_outbox where interaction_id in \
        (select interaction_id from interaction_outbox where interaction_id in ({}) \
        and message_id in ({}){})",
        places(1),
        places(count + 1),
        lock(backend)
    );
    let ids = published.iter().map(|it| it.interaction_id.clone());
    let names = published.iter().map(|it| it.message_id.clone());
    let values: Vec<Value> = ids.chain(names).map(Value::from).collect();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let removed = connection.execute_raw(statement).await;
    removed.map(drop).map_err(Error::sql(CHANGING))
}

/// Removes announcements of interactions that were stored before a moment, at most `limit`: nobody could
/// publish them. Returns how many.
///
/// # Errors
/// When the database fails.
pub async fn expire(db: &Db, before: Timestamp, limit: u64) -> Result<u64> {
    let connection = db.quick_write();
    let backend = connection.get_database_backend();
    let sql = format!(
        "delete from interaction_outbox where interaction_id in \
        (select interaction_id from interaction_outbox where stored_at < $1 limit $2{})",
        lock(backend)
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values: [Value; 2] = [before.0.into(), limit.into()];
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let removed = connection.execute_raw(statement).await;
    Ok(removed.map_err(Error::sql(CHANGING))?.rows_affected())
}

/// SQLite has one writer.
fn lock(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "",
        _postgres => " for update skip locked",
    }
}
