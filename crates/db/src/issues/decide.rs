//! What people decide. Each decision notes itself in the audit log, in its transaction. That entry comes
//! first, as in changes of users: it serialises them, so the assignee is not disabled before the commit.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, Statement, Value};

use crow_types::{OrganizationId, Timestamp};

use super::sql::Sql;
use super::status::Status;
use crate::audit_log::{Actor, audit};
use crate::connection::Db;
use crate::error::{Error, Result};

const DECIDING: &str = "deciding about an issue";
/// Releases that are remembered, the latest ones.
const MAX_RELEASES: u32 = 200;
/// Releases that failed in this time are known, in milliseconds: 90 days.
const KNOWN_FOR: i64 = 90 * 24 * 60 * 60 * 1_000;

/// What is decided. What is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// What is to be done about it.
    pub status: Option<Status>,
    /// Of [`Status::Resolved`]: it is in the next release that it should not occur again. Occurrences in
    /// the releases that are known now do not reopen it.
    pub is_in_next_release: bool,
    /// Who is to see to it, by the id of a user; `Some(None)`: nobody.
    pub assignee: Option<Option<String>>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It is stored.
    Done,
    /// No session has such an issue.
    Unknown,
    /// The organization has no such user, or the user may not sign in or sees no issues.
    UnknownAssignee,
}

#[derive(FromQueryResult)]
struct Named {
    name: String,
}

/// Stores a decision.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    fingerprint: &str,
    decision: &Decision,
) -> Result<Decided> {
    let is_in_next_release =
        decision.status == Some(Status::Resolved) && decision.is_in_next_release;
    let releases = if is_in_next_release {
        known_releases(db, organization).await?
    } else {
        String::new()
    };
    let transaction = db.begin(DECIDING).await?;
    let decided = decide_in(
        &transaction,
        by,
        organization.as_str(),
        fingerprint,
        decision,
        releases,
    )
    .await?;
    match decided {
        Decided::Done => transaction.commit().await,
        Decided::Unknown | Decided::UnknownAssignee => transaction.rollback().await,
    }
    .map_err(Error::sql(DECIDING))?;
    Ok(decided)
}

async fn decide_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    organization: &str,
    fingerprint: &str,
    decision: &Decision,
    releases: String,
) -> Result<Decided> {
    const ISSUE: &str = "select fingerprint as name from session_errors \
        where organization_id = $1 and fingerprint = $2 limit 1";
    const USER: &str = "select id as name from users where organization_id = $1 and id = $2 \
        and disabled_at is null and role <> 'marketing'";
    const ADD: &str = "insert into issues (organization_id, fingerprint, status, updated_at) \
        values ($1, $2, 'open', $3) on conflict (organization_id, fingerprint) do nothing";
    const STATUS: &str = "update issues set status = $1, resolved_at = $2, resolved_releases = $3, \
        updated_at = $4 where organization_id = $5 and fingerprint = $6";
    const ASSIGNEE: &str = "update issues set assignee_id = $1, updated_at = $2 \
        where organization_id = $3 and fingerprint = $4";
    let of = || [Value::from(organization), Value::from(fingerprint)];
    let now = Timestamp::now();
    let note = async |action: &str, subject: &str| {
        audit(transaction, by, organization, action, subject, now)
            .await
            .map_err(Error::sql(DECIDING))
    };
    if let Some(status) = decision.status {
        let subject = match releases.as_str() {
            "" => fingerprint.to_owned(),
            _known => format!("{fingerprint} in the next release"),
        };
        note(action_of(status), &subject).await?;
    }
    if let Some(assignee) = &decision.assignee {
        let to = assignee.as_deref().unwrap_or("nobody");
        note("issue.assigned", &format!("{fingerprint} to {to}")).await?;
    }
    if !exists(transaction, ISSUE, of()).await? {
        return Ok(Decided::Unknown);
    }
    if let Some(Some(user)) = &decision.assignee {
        let values = [organization.into(), user.as_str().into()];
        if !exists(transaction, USER, values).await? {
            return Ok(Decided::UnknownAssignee);
        }
    }
    let [organization_value, fingerprint_value] = of();
    run(
        transaction,
        ADD,
        [organization_value, fingerprint_value, now.0.into()],
    )
    .await?;
    if let Some(status) = decision.status {
        let resolved_at = (status == Status::Resolved).then_some(now.0);
        let [organization_value, fingerprint_value] = of();
        let values = [
            status.as_str().into(),
            resolved_at.into(),
            releases.into(),
            now.0.into(),
            organization_value,
            fingerprint_value,
        ];
        run(transaction, STATUS, values).await?;
    }
    if let Some(assignee) = &decision.assignee {
        let [organization_value, fingerprint_value] = of();
        let values = [
            assignee.clone().into(),
            now.0.into(),
            organization_value,
            fingerprint_value,
        ];
        run(transaction, ASSIGNEE, values).await?;
    }
    Ok(Decided::Done)
}

fn action_of(status: Status) -> &'static str {
    match status {
        Status::Open => "issue.reopened",
        Status::Resolved => "issue.resolved",
        Status::Ignored => "issue.ignored",
    }
}

/// Takes a user off all issues.
pub(crate) async fn assign_to_nobody(
    transaction: &DatabaseTransaction,
    organization: &str,
    user: &str,
    now: Timestamp,
) -> std::result::Result<(), DbErr> {
    let sql = "update issues set assignee_id = null, updated_at = $1 \
        where organization_id = $2 and assignee_id = $3";
    let values = [now.0.into(), organization.into(), user.into()];
    let backend = transaction.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    transaction.execute_raw(statement).await.map(drop)
}

async fn exists<const N: usize>(
    transaction: &DatabaseTransaction,
    sql: &str,
    values: [Value; N],
) -> Result<bool> {
    let backend = transaction.get_database_backend();
    let found = Named::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .one(transaction)
        .await
        .map_err(Error::sql(DECIDING))?;
    Ok(found.is_some_and(|row| !row.name.is_empty()))
}

async fn run<const N: usize>(
    transaction: &DatabaseTransaction,
    sql: &str,
    values: [Value; N],
) -> Result<()> {
    let backend = transaction.get_database_backend();
    transaction
        .execute_raw(Statement::from_sql_and_values(backend, sql, values))
        .await
        .map(drop)
        .map_err(Error::sql(DECIDING))
}

/// The releases in which anything of the organization has failed lately, each between line feeds; never
/// empty. A release has no control characters.
async fn known_releases(db: &Db, organization: &OrganizationId) -> Result<String> {
    let mut sql = Sql::default();
    sql.add("select app_release as name from session_errors where organization_id = ");
    sql.bind(organization.as_str());
    sql.add(" and last_at >= ");
    sql.bind(Timestamp::now().0 - KNOWN_FOR);
    sql.add(&format!(
        " and app_release <> '' group by app_release order by max(last_at) desc limit {MAX_RELEASES}"
    ));
    let rows: Vec<Named> = sql.all(db).await?;
    let mut all = "\n".to_owned();
    for row in rows {
        all.push_str(&row.name);
        all.push('\n');
    }
    Ok(all)
}
