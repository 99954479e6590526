//! What lists of issues are made of.

use std::collections::HashMap;

use sea_orm::{DbBackend, FromQueryResult};

use crow_types::OrganizationId;

use super::sql::Sql;
use super::status::{Status, came_back};
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
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::LastSeen => "last_at",
            Self::Count => "occurrences",
            Self::People => "people",
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
    /// People with it: a browser counts as the user who signs in with it later. Of an issue with more than
    /// 256 sessions in a list, or 20,000 alone, these are two.
    pub people: i64,
    /// The people are estimated from one in eight.
    pub are_people_estimated: bool,
    /// What is to be done about it.
    pub status: Status,
    /// It was resolved and has occurred since.
    pub is_regressed: bool,
    /// It was resolved in the next release: occurrences in the releases known then do not reopen it.
    pub is_in_next_release: bool,
    /// Id of the user who is to see to it.
    pub assignee: Option<String>,
    /// When it was resolved.
    pub resolved_at: Option<i64>,
    /// Occurrences in each 24th of the range, by the last one of their session.
    pub trend: Vec<i64>,
    /// Where the page of the list goes on after it.
    pub key: IssueKey,
}

/// What the last occurrence of an issue says.
#[derive(FromQueryResult)]
pub(super) struct Latest {
    pub(super) fingerprint: String,
    kind: String,
    message: String,
    culprit: String,
    page: String,
    app_release: String,
    first_at: i64,
    pub(super) last_at: i64,
}

/// What is counted of an issue, and decided about it.
pub(super) struct Summary {
    pub(super) fingerprint: String,
    /// What the list is ordered by.
    pub(super) value: i64,
    pub(super) last_at: i64,
    pub(super) occurrences: i64,
    pub(super) sessions: i64,
    pub(super) people: i64,
    pub(super) are_people_estimated: bool,
    pub(super) status: String,
    pub(super) is_regressed: bool,
    pub(super) is_in_next_release: bool,
    pub(super) assignee: Option<String>,
    pub(super) resolved_at: Option<i64>,
    pub(super) trend: Vec<i64>,
}

impl Summary {
    /// With what its last occurrence says.
    pub(super) fn with(self, said: Latest) -> IssueRow {
        IssueRow {
            key: IssueKey {
                value: self.value,
                fingerprint: self.fingerprint.clone(),
            },
            fingerprint: self.fingerprint,
            kind: said.kind,
            message: said.message,
            culprit: said.culprit,
            page: said.page,
            release: said.app_release,
            first_at: said.first_at,
            last_at: self.last_at,
            occurrences: self.occurrences,
            sessions: self.sessions,
            people: self.people,
            are_people_estimated: self.are_people_estimated,
            status: Status::of(&self.status).unwrap_or(Status::Open),
            is_regressed: self.is_regressed,
            is_in_next_release: self.is_in_next_release,
            assignee: self.assignee,
            resolved_at: self.resolved_at,
            trend: self.trend,
        }
    }
}

/// The end of a statement that selects from `judged`: what was decided about the issues, and the page.
pub(super) fn page_of(
    sql: &mut Sql,
    filter: &IssueFilter,
    column: &str,
    (after, limit): (Option<&IssueKey>, u64),
) {
    if let Some(status) = filter.status {
        sql.add(" and status = ").bind(status.as_str());
    }
    if let Some(assignee) = &filter.assignee {
        sql.add(" and assignee_id = ").bind(assignee.as_str());
    }
    if let Some(after) = after {
        sql.add(&format!(" and ({column} < ")).bind(after.value);
        sql.add(&format!(" or {column} = ")).bind(after.value);
        sql.add(" and fingerprint < ");
        sql.bind(after.fingerprint.as_str()).add(")");
    }
    sql.add(&format!(
        " order by {column} desc, fingerprint desc limit {limit}"
    ));
}

/// ` where …`: the rows `e` of an organization in a range that pass a filter.
pub(super) fn rows_of(
    sql: &mut Sql,
    backend: DbBackend,
    organization: &OrganizationId,
    range: Range,
    filter: &IssueFilter,
) {
    sql.add(" where e.organization_id = ");
    sql.bind(organization.as_str());
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
}

/// Goes on after `counted`: `judged` also says what is to be done about the issues.
pub(super) fn judge(sql: &mut Sql, backend: DbBackend, organization: &OrganizationId) {
    sql.add(
        "known as (select c.*, \
         coalesce(i.status, 'open') as decided, i.assignee_id, i.resolved_at, \
         cast(case when i.resolved_releases <> '' then 1 else 0 end as bigint) \
         as is_in_next_release, \
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
}

/// ` and column in (…)`.
pub(super) fn among(sql: &mut Sql, column: &str, names: &[&str]) {
    sql.add(&format!(" and {column} in ("));
    for (place, name) in names.iter().enumerate() {
        sql.add(if place == 0 { "" } else { ", " }).bind(*name);
    }
    sql.add(")");
}

/// What the last occurrence of each issue says, and when the first one was. Each is one step in an
/// index; joined with the times of the last occurrences, SQLite would read all rows.
pub(super) async fn latest(
    db: &Db,
    organization: &OrganizationId,
    names: &[&str],
) -> Result<HashMap<String, Latest>> {
    let mut sql = Sql::default();
    sql.add(
        "select e.fingerprint, e.kind, e.message, e.culprit, e.page, e.app_release, e.last_at, \
         (select min(m.first_at) from session_errors m where m.organization_id = ",
    );
    sql.bind(organization.as_str());
    sql.add(
        " and m.fingerprint = e.fingerprint) as first_at \
         from (select n.column1 as fingerprint, (select l.session_id from session_errors l \
         where l.organization_id = ",
    );
    sql.bind(organization.as_str());
    sql.add(
        " and l.fingerprint = n.column1 order by l.last_at desc, l.session_id limit 1) \
         as session_id from (values ",
    );
    for (place, name) in names.iter().enumerate() {
        sql.add(if place == 0 { "(" } else { ", (" });
        sql.bind(*name).add(")");
    }
    sql.add(
        ") as n) as named join session_errors e on e.session_id = named.session_id \
         and e.fingerprint = named.fingerprint",
    );
    let rows: Vec<Latest> = sql.all(db).await?;
    let by_name = rows.into_iter().map(|row| (row.fingerprint.clone(), row));
    Ok(by_name.collect())
}

/// Milliseconds of one part of a trend.
pub(super) fn width_of(range: Range) -> i64 {
    let parts = i64::try_from(TREND).unwrap_or(1);
    (range.to.saturating_sub(range.from) / parts).max(1)
}

/// The place of a part. A session may go on failing after the range.
pub(super) fn part_of(part: i64) -> usize {
    usize::try_from(part).unwrap_or(0).min(TREND - 1)
}
