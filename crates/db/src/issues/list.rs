//! Lists of issues.

use std::collections::HashMap;

use sea_orm::{DbBackend, FromQueryResult};

use crow_types::OrganizationId;

use super::{Sql, Status, came_back};
use crate::connection::Db;
use crate::error::Result;

/// Parts of a trend.
pub const TREND: usize = 24;

/// A range of time, milliseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// At or after.
    pub from: i64,
    /// Before.
    pub to: i64,
}

/// What issues must be, besides having occurred in a range. Pages, releases and texts are those of
/// the last occurrence in each session, and only sessions that match are counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueFilter {
    /// What is to be done about it.
    pub status: Option<Status>,
    /// A part of type, message or place, ignoring case.
    pub text: Option<String>,
    /// The release, exactly.
    pub release: Option<String>,
    /// A part of the page's path, ignoring case.
    pub page: Option<String>,
    /// Id of the user who is to see to it.
    pub assignee: Option<String>,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IssueOrder {
    /// The latest occurrence.
    #[default]
    LastSeen,
    /// The most occurrences.
    Count,
    /// The most people.
    People,
}

impl IssueOrder {
    fn column(self) -> &'static str {
        match self {
            Self::LastSeen => "last_at",
            Self::Count => "occurrences",
            Self::People => "people",
        }
    }

    fn value(self, row: &Counted) -> i64 {
        match self {
            Self::LastSeen => row.last_at,
            Self::Count => row.occurrences,
            Self::People => row.people,
        }
    }
}

/// Where a page of issues ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueKey {
    /// What the list is ordered by.
    pub value: i64,
    /// Breaks ties.
    pub fingerprint: String,
}

/// An issue in a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueRow {
    /// Names it.
    pub fingerprint: String,
    /// The type of its last occurrence; empty: unknown.
    pub kind: String,
    /// What its last occurrence says.
    pub message: String,
    /// Where its last occurrence happened.
    pub culprit: String,
    /// The page of its last occurrence.
    pub page: String,
    /// The release of its last occurrence; empty: unknown.
    pub release: String,
    /// Its first occurrence in any session that is left.
    pub first_at: i64,
    /// Its last occurrence in the sessions that are counted.
    pub last_at: i64,
    /// Occurrences.
    pub occurrences: i64,
    /// Sessions with it.
    pub sessions: i64,
    /// People with it.
    pub people: i64,
    /// What is to be done about it.
    pub status: Status,
    /// It was resolved and has occurred since.
    pub is_regressed: bool,
    /// Id of the user who is to see to it.
    pub assignee: Option<String>,
    /// When it was resolved.
    pub resolved_at: Option<i64>,
    /// Occurrences in each 24th of the range, by the first one of their session.
    pub trend: Vec<i64>,
    /// Where the page of the list goes on after it.
    pub key: IssueKey,
}

#[derive(FromQueryResult)]
struct Counted {
    fingerprint: String,
    last_at: i64,
    occurrences: i64,
    sessions: i64,
    people: i64,
    status: String,
    is_regressed: i64,
    assignee_id: Option<String>,
    resolved_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct First {
    fingerprint: String,
    first_at: i64,
}

#[derive(FromQueryResult)]
struct Latest {
    fingerprint: String,
    kind: String,
    message: String,
    culprit: String,
    page: String,
    app_release: String,
}

#[derive(FromQueryResult)]
struct InPart {
    fingerprint: String,
    part: i64,
    occurrences: i64,
}

/// Issues that occurred in a range and pass a filter, at most `limit` after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    filter: &IssueFilter,
    (order, after, limit): (IssueOrder, Option<&IssueKey>, u64),
) -> Result<Vec<IssueRow>> {
    let backend = db.read.get_database_backend();
    let mut sql = judged(backend, organization, range, filter, None);
    sql.add("select * from judged where 1 = 1");
    if let Some(status) = filter.status {
        sql.add(" and status = ").bind(status.as_str());
    }
    if let Some(assignee) = &filter.assignee {
        sql.add(" and assignee_id = ").bind(assignee.as_str());
    }
    let column = order.column();
    if let Some(after) = after {
        sql.add(&format!(" and ({column} < ")).bind(after.value);
        sql.add(&format!(" or {column} = ")).bind(after.value);
        sql.add(" and fingerprint < ");
        sql.bind(after.fingerprint.as_str()).add(")");
    }
    sql.add(&format!(
        " order by {column} desc, fingerprint desc limit {limit}"
    ));
    let rows: Vec<Counted> = sql.all(db).await?;
    complete(db, organization, range, order, rows).await
}

/// One issue in a range; `None`: no session has it. Its counts may be 0.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    fingerprint: &str,
) -> Result<Option<IssueRow>> {
    let backend = db.read.get_database_backend();
    let filter = IssueFilter::default();
    let mut sql = judged(backend, organization, range, &filter, Some(fingerprint));
    sql.add("select * from judged");
    let rows: Vec<Counted> = sql.all(db).await?;
    let mut found = complete(db, organization, range, IssueOrder::LastSeen, rows).await?;
    Ok(found.pop())
}

/// The beginning of a statement: `counted` has the issues with their counts, and `judged` also says
/// what is to be done about them.
fn judged(
    backend: DbBackend,
    organization: &OrganizationId,
    range: Range,
    filter: &IssueFilter,
    only: Option<&str>,
) -> Sql {
    let mut sql = Sql::default();
    sql.add(
        "with counted as (select e.fingerprint, max(e.last_at) as last_at, \
         cast(sum(e.occurrences) as bigint) as occurrences, count(*) as sessions, \
         count(distinct e.person) as people from session_errors e where e.organization_id = ",
    );
    sql.bind(organization.as_str());
    if let Some(only) = only {
        sql.add(" and e.fingerprint = ").bind(only);
    }
    sql.add(" and e.last_at >= ").bind(range.from);
    sql.add(" and e.first_at < ").bind(range.to);
    if let Some(text) = &filter.text {
        for (start, column) in [
            (" and (", "e.message"),
            (" or ", "e.kind"),
            (" or ", "e.culprit"),
        ] {
            sql.add(start).contains(column, text, backend);
        }
        sql.add(")");
    }
    if let Some(release) = &filter.release {
        sql.add(" and e.app_release = ").bind(release.as_str());
    }
    if let Some(page) = &filter.page {
        sql.add(" and ").contains("e.page", page, backend);
    }
    sql.add(
        " group by e.fingerprint), known as (select c.*, \
         coalesce(i.status, 'open') as decided, i.assignee_id, i.resolved_at, \
         cast(case when i.status = 'resolved' and exists (select 1 from session_errors e \
         where e.organization_id = ",
    );
    sql.bind(organization.as_str());
    sql.add(" and e.fingerprint = c.fingerprint and ");
    sql.add(came_back(backend));
    sql.add(
        ") then 1 else 0 end as bigint) as is_regressed from counted c \
         left join issues i on i.fingerprint = c.fingerprint and i.organization_id = ",
    );
    sql.bind(organization.as_str());
    sql.add(
        "), judged as (select known.*, case when is_regressed = 1 then 'open' else decided end \
         as status from known) ",
    );
    sql
}

/// With what the last occurrences say, and trends.
async fn complete(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    order: IssueOrder,
    rows: Vec<Counted>,
) -> Result<Vec<IssueRow>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = rows.iter().map(|row| row.fingerprint.as_str()).collect();
    let mut latest = latest(db, organization, &names).await?;
    let firsts = firsts(db, organization, &names).await?;
    let mut trends = trends(db, organization, range, &names).await?;
    let row = |row: Counted| {
        // It was erased since.
        let said = latest.remove(&row.fingerprint)?;
        let first_at = *firsts.get(&row.fingerprint)?;
        let status = Status::of(&row.status).unwrap_or(Status::Open);
        Some(IssueRow {
            key: IssueKey {
                value: order.value(&row),
                fingerprint: row.fingerprint.clone(),
            },
            trend: trends
                .remove(&row.fingerprint)
                .unwrap_or_else(|| vec![0; TREND]),
            fingerprint: row.fingerprint,
            kind: said.kind,
            message: said.message,
            culprit: said.culprit,
            page: said.page,
            release: said.app_release,
            first_at,
            last_at: row.last_at,
            occurrences: row.occurrences,
            sessions: row.sessions,
            people: row.people,
            status,
            is_regressed: row.is_regressed == 1,
            assignee: row.assignee_id,
            resolved_at: row.resolved_at,
        })
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

fn among(sql: &mut Sql, names: &[&str]) {
    sql.add(" and e.fingerprint in (");
    for (place, name) in names.iter().enumerate() {
        sql.add(if place == 0 { "" } else { ", " }).bind(*name);
    }
    sql.add(")");
}

/// What the last occurrence of each issue says. The index leads to each; joined with the times of the
/// last occurrences, SQLite would read all rows.
async fn latest(
    db: &Db,
    organization: &OrganizationId,
    names: &[&str],
) -> Result<HashMap<String, Latest>> {
    let mut sql = Sql::default();
    for (place, name) in names.iter().enumerate() {
        sql.add(if place == 0 { "" } else { " union all " });
        sql.add(
            "select * from (select e.fingerprint, e.kind, e.message, e.culprit, e.page, \
             e.app_release from session_errors e where e.organization_id = ",
        );
        sql.bind(organization.as_str());
        sql.add(" and e.fingerprint = ").bind(*name);
        sql.add(&format!(
            " order by e.last_at desc, e.session_id limit 1) as issue_{place}"
        ));
    }
    let rows: Vec<Latest> = sql.all(db).await?;
    let by_name = rows.into_iter().map(|row| (row.fingerprint.clone(), row));
    Ok(by_name.collect())
}

/// When each issue occurred first.
async fn firsts(
    db: &Db,
    organization: &OrganizationId,
    names: &[&str],
) -> Result<HashMap<String, i64>> {
    let mut sql = Sql::default();
    sql.add(
        "select e.fingerprint, min(e.first_at) as first_at from session_errors e \
         where e.organization_id = ",
    );
    sql.bind(organization.as_str());
    among(&mut sql, names);
    sql.add(" group by e.fingerprint");
    let rows: Vec<First> = sql.all(db).await?;
    let by_name = rows.into_iter().map(|row| (row.fingerprint, row.first_at));
    Ok(by_name.collect())
}

async fn trends(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    names: &[&str],
) -> Result<HashMap<String, Vec<i64>>> {
    let parts = i64::try_from(TREND).unwrap_or(1);
    let width = (range.to.saturating_sub(range.from) / parts).max(1);
    let mut sql = Sql::default();
    sql.add(&format!(
        "select e.fingerprint, (e.first_at - {}) / {width} as part, \
         cast(sum(e.occurrences) as bigint) as occurrences from session_errors e \
         where e.organization_id = ",
        range.from
    ));
    sql.bind(organization.as_str());
    among(&mut sql, names);
    sql.add(" and e.last_at >= ").bind(range.from);
    sql.add(" and e.first_at < ").bind(range.to);
    sql.add(" group by e.fingerprint, part");
    let rows: Vec<InPart> = sql.all(db).await?;
    let mut trends: HashMap<String, Vec<i64>> = HashMap::new();
    for row in rows {
        let trend = trends
            .entry(row.fingerprint)
            .or_insert_with(|| vec![0; TREND]);
        // A session may have begun to fail before the range.
        let part = usize::try_from(row.part).unwrap_or(0).min(TREND - 1);
        trend[part] += row.occurrences;
    }
    Ok(trends)
}
