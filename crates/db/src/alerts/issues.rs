//! Which issues a rule knows, and which it does not.

use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, Statement, Value};

use crow_types::OrganizationId;

use crate::connection::Db;
use crate::error::{Error, Result};
use crate::issues::came_back;

pub(super) const READING: &str = "reading alerts";
pub(super) const EVALUATING: &str = "evaluating an alert";

/// Issues that one evaluation tells. The next one tells the others.
pub const MOST: u64 = 1_000;
/// Rows of one statement.
const PER_STATEMENT: usize = 200;

/// What a rule about issues waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// Issues that were never there before.
    New,
    /// Issues that were resolved and have occurred since.
    Regressed,
}

/// An issue that is told.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Told {
    /// Names the issue.
    pub fingerprint: String,
    /// When it was resolved before; 0 of a new one.
    pub resolved_at: i64,
}

/// What the last occurrence of an issue says. It comes from pages and their visitors.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Said {
    /// Names the issue.
    pub fingerprint: String,
    /// The type; empty: unknown.
    pub kind: String,
    /// The message.
    pub message: String,
    /// Where it happened.
    pub culprit: String,
}

impl Watched {
    /// A query for the columns `fingerprint` and `resolved_at` of all such issues of `$1`.
    fn all(self, db: sea_orm::DbBackend) -> String {
        match self {
            // Each step jumps to the next fingerprint in the index, so the time grows with the number of
            // issues and not with that of sessions.
            Self::New => "with recursive f(fingerprint) as (\
                 select min(fingerprint) from session_errors where organization_id = $1 union all \
                 select (select min(e.fingerprint) from session_errors e \
                 where e.organization_id = $1 and e.fingerprint > f.fingerprint) \
                 from f where f.fingerprint is not null) \
                 select fingerprint, cast(0 as bigint) as resolved_at from f \
                 where fingerprint is not null"
                .to_owned(),
            Self::Regressed => format!(
                "select i.fingerprint, i.resolved_at from issues i where i.organization_id = $1 \
                 and i.status = 'resolved' and exists (select 1 from session_errors e \
                 where e.organization_id = i.organization_id and e.fingerprint = i.fingerprint \
                 and {})",
                came_back(db)
            ),
        }
    }
}

/// Lets a rule know all that is there.
pub(super) async fn begin(
    transaction: &DatabaseTransaction,
    organization: &str,
    alert: &str,
    watched: Option<Watched>,
) -> Result<()> {
    let Some(watched) = watched else {
        return Ok(());
    };
    let all = watched.all(transaction.get_database_backend());
    let sql = format!(
        "insert into alert_issues (organization_id, alert_id, fingerprint, resolved_at) \
         select $1, $2, fingerprint, resolved_at from ({all}) as known where 1 = 1 \
         on conflict (alert_id, fingerprint, resolved_at) do nothing"
    );
    run(transaction, sql, [organization.into(), alert.into()]).await
}

/// Lets a rule know what it tells.
pub(super) async fn note(
    transaction: &DatabaseTransaction,
    organization: &str,
    alert: &str,
    told: &[Told],
) -> Result<()> {
    for part in told.chunks(PER_STATEMENT) {
        let mut values: Vec<Value> = vec![organization.into(), alert.into()];
        let mut rows = Vec::new();
        for one in part {
            values.push(one.fingerprint.as_str().into());
            rows.push(format!("($1, $2, ${}, {})", values.len(), one.resolved_at));
        }
        let sql = format!(
            "insert into alert_issues (organization_id, alert_id, fingerprint, resolved_at) \
             values {} on conflict (alert_id, fingerprint, resolved_at) do nothing",
            rows.join(", ")
        );
        run(transaction, sql, values).await?;
    }
    Ok(())
}

/// Lets a rule know nothing.
pub(super) async fn forget(
    transaction: &DatabaseTransaction,
    organization: &str,
    alert: &str,
) -> Result<()> {
    let sql = "delete from alert_issues where organization_id = $1 and alert_id = $2";
    let values = [organization.into(), alert.into()];
    run(transaction, sql.to_owned(), values).await
}

async fn run(
    transaction: &DatabaseTransaction,
    sql: String,
    values: impl IntoIterator<Item = Value>,
) -> Result<()> {
    let backend = transaction.get_database_backend();
    transaction
        .execute_raw(Statement::from_sql_and_values(backend, sql, values))
        .await
        .map(drop)
        .map_err(Error::sql(EVALUATING))
}

/// Issues that a rule does not know, at most [`MOST`].
///
/// # Errors
/// When the database fails.
pub async fn unknown(
    db: &Db,
    organization: &OrganizationId,
    alert: &str,
    watched: Watched,
) -> Result<Vec<Told>> {
    let backend = db.read.get_database_backend();
    let sql = format!(
        "select w.fingerprint, w.resolved_at from ({}) as w where not exists \
         (select 1 from alert_issues k where k.alert_id = $2 and k.fingerprint = w.fingerprint \
         and k.resolved_at = w.resolved_at) order by w.fingerprint limit {MOST}",
        watched.all(backend)
    );
    let values = [organization.as_str().into(), alert.into()];
    Told::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .all(&db.read)
        .await
        .map_err(Error::sql(READING))
}

/// What the last occurrence of an issue says; `None`: no session has it any more.
///
/// # Errors
/// When the database fails.
pub async fn said(
    db: &Db,
    organization: &OrganizationId,
    fingerprint: &str,
) -> Result<Option<Said>> {
    let sql = "select fingerprint, kind, message, culprit from session_errors \
        where organization_id = $1 and fingerprint = $2 order by last_at desc limit 1";
    let backend = db.lookups.get_database_backend();
    let values = [organization.as_str().into(), fingerprint.into()];
    Said::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .one(&db.lookups)
        .await
        .map_err(Error::sql(READING))
}

/// Occurrences of an issue by spans of time, the oldest first. Those of a session count at the last one, and
/// in the last span if the session has gone on since.
///
/// # Errors
/// When the database fails.
pub async fn occurrences(
    db: &Db,
    organization: &OrganizationId,
    fingerprint: &str,
    (from, length, spans): (i64, i64, usize),
) -> Result<Vec<u64>> {
    #[derive(FromQueryResult)]
    struct Counted {
        span: i64,
        count: i64,
    }
    let length = length.max(1);
    let to = from + length * i64::try_from(spans).unwrap_or(i64::MAX / length);
    let sql = format!(
        "select (last_at - {from}) / {length} as span, cast(sum(occurrences) as bigint) as count \
         from session_errors where organization_id = $1 and fingerprint = $2 \
         and last_at >= {from} and first_at < {to} group by 1"
    );
    let backend = db.read.get_database_backend();
    let values = [organization.as_str().into(), fingerprint.into()];
    let rows = Counted::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .all(&db.read)
        .await
        .map_err(Error::sql(READING))?;
    let mut counts = vec![0; spans];
    for row in rows {
        let span = usize::try_from(row.span).unwrap_or(usize::MAX);
        if let Some(count) = counts.get_mut(span.min(spans.saturating_sub(1))) {
            *count += u64::try_from(row.count).unwrap_or_default();
        }
    }
    Ok(counts)
}

/// Lets rules forget issues that no session has any more; returns how many. Should one occur again, it is
/// new.
///
/// # Errors
/// When the database fails.
pub async fn remove_gone(db: &Db) -> Result<u64> {
    let sql = "delete from alert_issues where not exists (select 1 from session_errors e \
        where e.organization_id = alert_issues.organization_id \
        and e.fingerprint = alert_issues.fingerprint)";
    let backend = db.write.get_database_backend();
    let removed = db
        .write
        .execute_raw(Statement::from_string(backend, sql))
        .await
        .map_err(Error::sql("forgetting issues that are gone"))?;
    Ok(removed.rows_affected())
}
