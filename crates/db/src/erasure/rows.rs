//! The rows of sessions, in all tables.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use crow_types::stores::tables_of_sessions;

use super::*;
use crate::interactions::reported::{self, Erased};
use crate::{issues, reduction};

/// Tables with rows of sessions, each with the column that holds the session row. A table comes
/// before those that its rows refer to.
pub(super) fn tables() -> impl Iterator<Item = (&'static str, &'static str)> {
    let column = |table| match table {
        "sessions" => "id",
        // The interaction of a session has the id of its row.
        "interaction_products" | "interaction_outbox" => "interaction_id",
        "interactions" | "embeddings" | "ai_answers" | "ai_retries" => "session_row",
        _ => "session_id",
    };
    tables_of_sessions().map(move |table| (table, column(table)))
}

/// How many rows were removed.
#[derive(Debug, Default)]
pub(super) struct Removed {
    pub(super) keys: u64,
    pub(super) rows: u64,
}

/// Destroys keys and rows.
pub(super) async fn remove(
    transaction: &DatabaseTransaction,
    request: &Request<'_>,
    matched: &[Matched],
    now: Timestamp,
) -> Result<Removed> {
    let organization = request.organization.as_str();
    let mut removed =
        remove_sessions(transaction, organization, request.mode, matched, now).await?;
    removed.rows +=
        remove_reported(transaction, organization, request.subject, matched, now).await?;
    if *request.subject == Subject::Organization {
        let all = [organization];
        let (table, column) = ("organization_keys", "organization_id");
        removed.keys += delete(transaction, table, column, &all, None).await?;
        for table in [
            "asset_refs",
            "asset_witnesses",
            "interaction_products",
            "interaction_outbox",
            "interactions",
            "embeddings",
            "ai_answers",
            "ai_retries",
            "issue_hour_changes",
            "issue_hours",
        ] {
            if table == "issue_hour_changes" {
                // A merge that is not committed could bring sums back. This comes late, because from
                // here on merges of all organizations wait for this transaction.
                issues::wait_for_merge(transaction).await?;
            }
            removed.rows += delete(transaction, table, column, &all, None).await?;
        }
    }
    Ok(removed)
}

/// Removes what people decided about the issues of an organization; returns how many rows. They write the
/// audit log first, so the entry of the erasure must come before this.
pub(super) async fn remove_decisions(
    transaction: &DatabaseTransaction,
    request: &Request<'_>,
) -> Result<u64> {
    if *request.subject != Subject::Organization {
        return Ok(0);
    }
    let all = [request.organization.as_str()];
    delete(transaction, "issues", "organization_id", &all, None).await
}

/// Removes what services reported of these sessions, or of the time that the subject names; returns
/// how many interactions.
pub(super) async fn remove_reported(
    transaction: &DatabaseTransaction,
    organization: &str,
    subject: &Subject,
    matched: &[Matched],
    now: Timestamp,
) -> Result<u64> {
    let named = subject.sessions().unwrap_or_default().iter();
    let found = matched.iter().map(|session| &session.session_id);
    let sessions: BTreeSet<&str> = named.chain(found).map(String::as_str).collect();
    let sessions: Vec<&str> = sessions.into_iter().collect();
    let (erased, until) = match subject {
        Subject::Withdrawn(_) => (Erased::OfVisitor(&sessions), i64::MAX),
        Subject::Sessions(_) => (Erased::Sessions(&sessions), i64::MAX),
        // Whatever is stored was published before.
        Subject::Time { from, to } => (Erased::Time(*from, *to), i64::MAX),
        Subject::User(_) | Subject::Visitor(_) | Subject::Property { .. } => {
            (Erased::Sessions(&sessions), now.0)
        }
        // The one with the whole table, the other by the time of each.
        Subject::Organization | Subject::Expired { .. } => return Ok(0),
    };
    reported::remove(transaction, organization, erased, until).await
}

/// Destroys keys and rows of these sessions.
pub(super) async fn remove_sessions(
    transaction: &DatabaseTransaction,
    organization: &str,
    mode: Mode,
    matched: &[Matched],
    now: Timestamp,
) -> Result<Removed> {
    let rows: Vec<String> = matched.iter().map(|session| session.id.clone()).collect();
    let mut removed = remove_rows(transaction, mode, &rows, now).await?;
    let sessions: Vec<&str> = matched.iter().map(|it| it.session_id.as_str()).collect();
    for sessions in sessions.chunks(PER_STATEMENT) {
        let of = Some(organization);
        removed.rows += delete(transaction, "asset_refs", "session_id", sessions, of).await?;
    }
    Ok(removed)
}

/// Removes everything with these row ids that the mode does not keep.
pub(super) async fn remove_rows(
    transaction: &DatabaseTransaction,
    mode: Mode,
    rows: &[String],
    now: Timestamp,
) -> Result<Removed> {
    let mut removed = Removed::default();
    let ids: Vec<&str> = rows.iter().map(String::as_str).collect();
    for (table, column) in tables() {
        if mode.keeps(table) {
            continue;
        }
        let mut count = 0;
        for ids in ids.chunks(PER_STATEMENT) {
            count += delete(transaction, table, column, ids, None).await?;
        }
        if table == "session_keys" {
            removed.keys += count;
        } else {
            removed.rows += count;
        }
    }
    for rows in rows.chunks(PER_STATEMENT) {
        match mode {
            Mode::Erase => {}
            Mode::Anonymize => reduction::anonymize(transaction, rows, now).await?,
            Mode::RemoveEvents => reduction::note_events(transaction, rows).await?,
        }
    }
    Ok(removed)
}

async fn delete(
    transaction: &DatabaseTransaction,
    table: &str,
    column: &str,
    values: &[&str],
    organization: Option<&str>,
) -> Result<u64> {
    let backend = transaction.get_database_backend();
    let (sql, values) = among(values, organization);
    let sql = format!("delete from {table} where {column} in ({sql}");
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let outcome = transaction.execute_raw(statement).await;
    let outcome = outcome.map_err(Error::sql("removing rows of sessions"))?;
    Ok(outcome.rows_affected())
}

/// The end of a condition, and its values.
fn among(values: &[&str], organization: Option<&str>) -> (String, Vec<Value>) {
    let places: Vec<String> = (1..=values.len())
        .map(|place| format!("${place}"))
        .collect();
    let mut sql = places.join(", ") + ")";
    let mut values: Vec<Value> = values.iter().map(|value| (*value).into()).collect();
    if let Some(organization) = organization {
        values.push(organization.into());
        sql += &format!(" and organization_id = ${}", values.len());
    }
    (sql, values)
}

/// What of an erasure is in SQL after all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Remaining {
    /// Keys of its sessions.
    pub keys: u64,
    /// Other rows of its sessions.
    pub rows: u64,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// Rows of a table that belong to an erasure.
const OF_ERASURE: &str = "in (select session_row from erased_sessions where erasure_id = $1)";
/// A session row that still names its visitor.
const NAMES_VISITOR: &str = "(user_id is not null or visitor_id is not null or traits is not null \
    or ip_address is not null or user_agent is not null or exit_context is not null)";

/// Counts rows of the sessions of an erasure that it should have removed. There should be none.
pub async fn remaining(db: &Db, erasure: &Erasure) -> Result<Remaining> {
    let mode = Mode::from_str(&erasure.mode)?;
    let mut remaining = Remaining::default();
    if mode == Mode::RemoveEvents {
        // Late data may have come since, and goes in another round.
        let condition = format!(
            "replay_chunks where session_id {OF_ERASURE} and created_at <= {}",
            erasure.requested_at
        );
        remaining.rows = count(db, &condition, &erasure.id).await?;
        for (table, column) in [
            ("session_errors", "session_id"),
            ("ai_answers", "session_row"),
        ] {
            let condition = format!(
                "{table} where {column} {OF_ERASURE} and not exists (select 1 from replay_chunks \
                where replay_chunks.session_id = {table}.{column} \
                and replay_chunks.created_at > {})",
                erasure.requested_at
            );
            remaining.rows += count(db, &condition, &erasure.id).await?;
        }
        return Ok(remaining);
    }
    if mode == Mode::Anonymize {
        let condition = format!("sessions where id {OF_ERASURE} and {NAMES_VISITOR}");
        remaining.rows = count(db, &condition, &erasure.id).await?;
    }
    for (table, column) in tables() {
        if mode.keeps(table) {
            continue;
        }
        let count = count(
            db,
            &format!("{table} where {column} {OF_ERASURE}"),
            &erasure.id,
        )
        .await?;
        if table == "session_keys" {
            remaining.keys += count;
        } else {
            remaining.rows += count;
        }
    }
    Ok(remaining)
}

async fn count(db: &Db, condition: &str, erasure: &str) -> Result<u64> {
    let backend = db.read.get_database_backend();
    let sql = format!("select count(*) as count from {condition}");
    let statement = Statement::from_sql_and_values(backend, sql, [erasure.into()]);
    let row = Count::find_by_statement(statement).one(&db.read).await;
    let row = row.map_err(Error::sql("looking for rows of erased sessions"))?;
    Ok(row.map_or(0, |row| u64::try_from(row.count).unwrap_or_default()))
}
