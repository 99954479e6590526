//! Lists of issues.

use std::collections::HashMap;

use sea_orm::{DbBackend, FromQueryResult};

use crow_types::{OrganizationId, Timestamp};

use super::parts::{
    IssueFilter, IssueKey, IssueOrder, IssueRow, Range, Summary, TREND, among, judge, latest,
    page_of, part_of, rows_of, width_of,
};
use super::sql::Sql;
use super::{people, sums};
use crate::connection::Db;
use crate::error::Result;

#[derive(FromQueryResult)]
struct Counted {
    fingerprint: String,
    last_at: i64,
    occurrences: i64,
    sessions: i64,
    people: i64,
    status: String,
    is_regressed: i64,
    is_in_next_release: i64,
    assignee_id: Option<String>,
    resolved_at: Option<i64>,
}

impl Counted {
    fn value(&self, order: IssueOrder) -> i64 {
        match order {
            IssueOrder::LastSeen => self.last_at,
            IssueOrder::Count => self.occurrences,
            IssueOrder::People => self.people,
        }
    }
}

#[derive(FromQueryResult)]
struct InPart {
    fingerprint: String,
    part: i64,
    occurrences: i64,
}

/// Issues that occurred in a range and pass a filter, at most `limit` after `after`. Long ranges up to
/// now are counted from sums by hour, the others from the rows of sessions.
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
    match sums::suffice(range, filter, order, Timestamp::now()) {
        Some(order) => {
            let page = (order, after, limit);
            sums::list(db, organization, range, filter, page).await
        }
        None => of_rows(db, organization, range, filter, (order, after, limit)).await,
    }
}

/// [`list`], counted from the rows of sessions.
pub(super) async fn of_rows(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    filter: &IssueFilter,
    (order, after, limit): (IssueOrder, Option<&IssueKey>, u64),
) -> Result<Vec<IssueRow>> {
    let backend = db.read.get_database_backend();
    let mut sql = judged(backend, organization, range, filter, None);
    sql.add("select * from judged where 1 = 1");
    page_of(&mut sql, filter, order.column(), (after, limit));
    let rows: Vec<Counted> = sql.all(db).await?;
    let small = |row: &&Counted| row.sessions <= people::IN_LIST;
    let small = rows.iter().filter(small);
    let small: Vec<&str> = small.map(|row| row.fingerprint.as_str()).collect();
    let people = people::looked_up(db, organization, range, filter, &small).await?;
    complete(db, organization, range, order, rows, &people).await
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
    let is_small = rows
        .first()
        .is_some_and(|row| row.sessions <= people::OF_ONE);
    let small = Some(fingerprint).filter(|_| is_small);
    let people = people::looked_up(db, organization, range, &filter, small.as_slice()).await?;
    let order = IssueOrder::LastSeen;
    let mut found = complete(db, organization, range, order, rows, &people).await?;
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
         count(distinct e.person) as people from session_errors e",
    );
    rows_of(&mut sql, backend, organization, range, filter);
    if let Some(only) = only {
        sql.add(" and e.fingerprint = ").bind(only);
    }
    sql.add(" group by e.fingerprint), ");
    judge(&mut sql, backend, organization);
    sql
}

/// With what the last occurrences say, trends, and the people that were looked up.
async fn complete(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    order: IssueOrder,
    rows: Vec<Counted>,
    people: &HashMap<String, i64>,
) -> Result<Vec<IssueRow>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = rows.iter().map(|row| row.fingerprint.as_str()).collect();
    let mut latest = latest(db, organization, &names).await?;
    let mut trends = trends(db, organization, range, &names).await?;
    let row = |row: Counted| {
        // It was erased since.
        let said = latest.remove(&row.fingerprint)?;
        let trend = trends.remove(&row.fingerprint);
        let summary = Summary {
            value: row.value(order),
            trend: trend.unwrap_or_else(|| vec![0; TREND]),
            people: people.get(&row.fingerprint).copied().unwrap_or(row.people),
            fingerprint: row.fingerprint,
            last_at: row.last_at,
            occurrences: row.occurrences,
            sessions: row.sessions,
            are_people_estimated: false,
            status: row.status,
            is_regressed: row.is_regressed == 1,
            is_in_next_release: row.is_in_next_release == 1,
            assignee: row.assignee_id,
            resolved_at: row.resolved_at,
        };
        Some(summary.with(said))
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

async fn trends(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    names: &[&str],
) -> Result<HashMap<String, Vec<i64>>> {
    let width = width_of(range);
    let mut sql = Sql::default();
    sql.add(&format!(
        "select e.fingerprint, (e.last_at - {}) / {width} as part, \
         cast(sum(e.occurrences) as bigint) as occurrences from session_errors e \
         where e.organization_id = ",
        range.from
    ));
    sql.bind(organization.as_str());
    among(&mut sql, "e.fingerprint", names);
    sql.add(" and e.last_at >= ").bind(range.from);
    sql.add(" and e.first_at < ").bind(range.to);
    sql.add(" group by e.fingerprint, part");
    let rows: Vec<InPart> = sql.all(db).await?;
    let mut trends: HashMap<String, Vec<i64>> = HashMap::new();
    for row in rows {
        let trend = trends
            .entry(row.fingerprint)
            .or_insert_with(|| vec![0; TREND]);
        trend[part_of(row.part)] += row.occurrences;
    }
    Ok(trends)
}
