//! One issue.

use sea_orm::FromQueryResult;

use crow_types::OrganizationId;

use super::parts::Range;
use super::sql::Sql;
use crate::connection::Db;
use crate::error::Result;

/// Values of one breakdown.
const PARTS: u32 = 10;

/// A value, and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Part {
    /// The value; empty: unknown.
    pub value: String,
    /// Sessions.
    pub sessions: i64,
    /// Occurrences.
    pub occurrences: i64,
}

/// A session with the issue.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct IssueSession {
    /// `sessions.id`.
    pub session_row: String,
    /// The SDK's session id.
    pub session_id: String,
    /// When it started.
    pub started_at: i64,
    /// The first occurrence in it.
    pub first_at: i64,
    /// The last one.
    pub last_at: i64,
    /// Occurrences in it.
    pub occurrences: i64,
    /// The event of the last one.
    pub event_id: String,
    /// The page of the last one.
    pub page: String,
    /// The release of the last one; empty: unknown.
    pub app_release: String,
    /// The browser.
    pub browser: Option<String>,
    /// The operating system.
    pub os: Option<String>,
    /// The user.
    pub user_id: Option<String>,
    /// Whether it has a recording.
    pub has_replay: bool,
}

/// Where an issue occurs, in a range: the most frequent values first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IssueDetail {
    /// Browsers.
    pub browsers: Vec<Part>,
    /// Operating systems.
    pub systems: Vec<Part>,
    /// Pages.
    pub pages: Vec<Part>,
    /// Releases.
    pub releases: Vec<Part>,
    /// Sessions, the latest first.
    pub sessions: Vec<IssueSession>,
}

/// Where an issue occurs, with at most `sessions` sessions.
///
/// # Errors
/// When the database fails.
pub async fn detail(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    fingerprint: &str,
    sessions: u32,
) -> Result<IssueDetail> {
    let parts = |column| parts(db, organization, range, fingerprint, column);
    Ok(IssueDetail {
        browsers: parts("coalesce(s.browser, '')").await?,
        systems: parts("coalesce(s.os, '')").await?,
        pages: parts("e.page").await?,
        releases: parts("e.app_release").await?,
        sessions: latest(db, organization, range, fingerprint, sessions).await?,
    })
}

/// The issues of a session: fingerprints, each with the event of the last occurrence.
///
/// # Errors
/// When the database fails.
pub async fn of_session(
    db: &Db,
    organization: &OrganizationId,
    session_row: &str,
) -> Result<Vec<(String, String)>> {
    let mut sql = Sql::default();
    // Without `|| ''`, SQLite reads all rows of the organization ([`crate::by_key`]).
    sql.add("select fingerprint, event_id from session_errors where session_id = ");
    sql.bind(session_row);
    sql.add(" and organization_id || '' = ")
        .bind(organization.as_str());
    let rows: Vec<Named> = sql.all(db).await?;
    let pair = |row: Named| (row.fingerprint, row.event_id);
    Ok(rows.into_iter().map(pair).collect())
}

#[derive(FromQueryResult)]
struct Named {
    fingerprint: String,
    event_id: String,
}

async fn parts(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    fingerprint: &str,
    column: &str,
) -> Result<Vec<Part>> {
    let mut sql = Sql::default();
    sql.add(&format!(
        "select {column} as value, count(*) as sessions, \
         cast(sum(e.occurrences) as bigint) as occurrences"
    ));
    of_issue(&mut sql, organization, range, fingerprint);
    sql.add(&format!(
        " group by {column} order by sessions desc, value limit {PARTS}"
    ));
    sql.all(db).await
}

async fn latest(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    fingerprint: &str,
    limit: u32,
) -> Result<Vec<IssueSession>> {
    let mut sql = Sql::default();
    sql.add(
        "select e.session_id as session_row, s.session_id, s.started_at, e.first_at, e.last_at, \
         e.occurrences, e.event_id, e.page, e.app_release, s.browser, s.os, s.user_id, s.has_replay",
    );
    of_issue(&mut sql, organization, range, fingerprint);
    sql.add(&format!(
        " order by e.last_at desc, e.session_id limit {limit}"
    ));
    sql.all(db).await
}

fn of_issue(sql: &mut Sql, organization: &OrganizationId, range: Range, fingerprint: &str) {
    sql.add(
        " from session_errors e join sessions s on s.id = e.session_id where e.organization_id = ",
    );
    sql.bind(organization.as_str());
    sql.add(" and e.fingerprint = ").bind(fingerprint);
    sql.add(" and e.last_at >= ").bind(range.from);
    sql.add(" and e.first_at < ").bind(range.to);
}
