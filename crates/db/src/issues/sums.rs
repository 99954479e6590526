//! Lists of issues from the sums by issue and hour.
//!
//! Triggers of the database keep `issue_hours` equal to what `session_errors` holds, so a list reads
//! some sums of each issue instead of the rows of all sessions. A session counts in the hour of its
//! last occurrence. In Postgres the triggers only add rows to `issue_hour_changes`, so flushes do not
//! wait for each other; [`merge_hours`] adds these to the sums. All reads take both.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, Statement};

use crow_types::{OrganizationId, Timestamp};

use super::parts::{
    self, IssueFilter, IssueKey, IssueOrder, IssueRow, Range, Summary, TREND, among, page_of,
};
use super::people::{self, People};
use super::sql::Sql;
use crate::connection::{Db, take_turn};
use crate::error::{Error, Result};

const HOUR: i64 = 3_600_000;
/// Shorter ranges have few rows, and their trend has parts of less than two hours.
const SHORTEST: i64 = 48 * HOUR;
/// How long ago a range may have ended. Sums do not say which sessions began after its end.
const SLACK: i64 = 60_000;
/// People of an issue with more sessions are estimated from a sample, if it has enough of them.
const MAX_COUNTED: i64 = 2_048;
/// People in the sample that are enough. With so many, two thirds of the estimates are within 17 %; with
/// 256, within 6 %.
const LEAST_SAMPLED: i64 = 32;
/// The sample has one person in so many; the index `session_errors_sample` has the same condition.
const SAMPLE: i64 = 8;
const IN_SAMPLE: &str = "e.person < -6917529027641081856";
/// Changes that are merged in one transaction, at most.
pub const MERGED: u64 = 20_000;
const MERGING: &str = "merging sums of issues";
/// The turn in which sums are merged.
const TURN: &str = "issue hours";

/// What a list is ordered by.
#[derive(Debug, Clone, Copy)]
pub(super) enum Order {
    LastSeen,
    Count,
}

/// The order of a list that can be counted from the sums; `None`: it cannot.
pub(super) fn suffice(
    range: Range,
    filter: &IssueFilter,
    order: IssueOrder,
    now: Timestamp,
) -> Option<Order> {
    let IssueFilter {
        status: _,
        text,
        release,
        page,
        assignee: _,
    } = filter;
    let is_possible = text.is_none()
        && release.is_none()
        && page.is_none()
        && range.to > now.0 - SLACK
        && range.to.saturating_sub(range.from) >= SHORTEST;
    match order {
        IssueOrder::LastSeen => is_possible.then_some(Order::LastSeen),
        IssueOrder::Count => is_possible.then_some(Order::Count),
        // People of many sessions are no sum.
        IssueOrder::People => None,
    }
}

#[derive(FromQueryResult)]
struct Judged {
    fingerprint: String,
    value: i64,
    status: String,
    is_regressed: i64,
    is_in_next_release: i64,
    assignee_id: Option<String>,
    resolved_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct InPart {
    fingerprint: String,
    part: i64,
    sessions: i64,
    occurrences: i64,
}

/// How many people, and whether that is an estimate.
type Counted = (i64, bool);

#[derive(Debug, Default)]
struct Sums {
    sessions: i64,
    occurrences: i64,
    trend: Vec<i64>,
}

/// [`super::list`], if the sums [`suffice`].
pub(super) async fn list(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    filter: &IssueFilter,
    (order, after, limit): (Order, Option<&IssueKey>, u64),
) -> Result<Vec<IssueRow>> {
    let mut sql = Sql::default();
    counted(&mut sql, organization, range.from, order);
    parts::judge(&mut sql, db.read.get_database_backend(), organization);
    sql.add("select * from judged where 1 = 1");
    page_of(&mut sql, filter, "value", (after, limit));
    let rows: Vec<Judged> = sql.all(db).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = rows.iter().map(|row| row.fingerprint.as_str()).collect();
    let mut latest = parts::latest(db, organization, &names).await?;
    let mut sums = sums_of(db, organization, range, &names).await?;
    let mut people = people_of(db, organization, range, &sums).await?;
    let row = |row: Judged| {
        // It was erased since.
        let said = latest.remove(&row.fingerprint)?;
        let counted = sums.remove(&row.fingerprint)?;
        let (people, are_people_estimated) = people.remove(&row.fingerprint).unwrap_or_default();
        let summary = Summary {
            value: row.value,
            last_at: said.last_at,
            occurrences: counted.occurrences,
            sessions: counted.sessions,
            people,
            are_people_estimated,
            fingerprint: row.fingerprint,
            status: row.status,
            is_regressed: row.is_regressed == 1,
            is_in_next_release: row.is_in_next_release == 1,
            assignee: row.assignee_id,
            resolved_at: row.resolved_at,
            trend: counted.trend,
        };
        Some(summary.with(said))
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

/// The beginning of a statement: `counted` has all issues of the range with their `value` in the order.
fn counted(sql: &mut Sql, organization: &OrganizationId, from: i64, order: Order) {
    match order {
        Order::LastSeen => {
            // Each step jumps to the next fingerprint in the index, so the time grows with the number
            // of issues and not with that of sessions.
            sql.add(
                "with recursive f(fingerprint) as (select min(fingerprint) from session_errors \
                 where organization_id = ",
            );
            sql.bind(organization.as_str());
            sql.add(
                " union all select (select min(e.fingerprint) from session_errors e \
                 where e.organization_id = ",
            );
            sql.bind(organization.as_str());
            sql.add(
                " and e.fingerprint > f.fingerprint) from f where f.fingerprint is not null), \
                 seen as (select f.fingerprint, (select max(e.last_at) from session_errors e \
                 where e.organization_id = ",
            );
            sql.bind(organization.as_str());
            sql.add(
                " and e.fingerprint = f.fingerprint) as value from f \
                 where f.fingerprint is not null), \
                 counted as (select fingerprint, value from seen where value >= ",
            );
            sql.bind(from).add("), ");
        }
        Order::Count => {
            sql.add(
                "with counted as (select h.fingerprint, \
                 cast(sum(h.occurrences) as bigint) as value from ",
            );
            hours(sql, organization, from, None);
            sql.add(" group by h.fingerprint having sum(h.sessions) > 0), ");
        }
    }
}

/// `(…) h`: numbers of sessions and occurrences by issue and hour, which add up to what occurred at
/// `from` or later. What the first hour has before that is among them with a minus.
fn hours(sql: &mut Sql, organization: &OrganizationId, from: i64, names: Option<&[&str]>) {
    let start = from.div_euclid(HOUR);
    sql.add("(");
    for table in ["issue_hours", "issue_hour_changes"] {
        sql.add(&format!(
            "select fingerprint, hour, sessions, occurrences from {table} where organization_id = "
        ));
        sql.bind(organization.as_str());
        sql.add(" and hour >= ").bind(start);
        if let Some(names) = names {
            among(sql, "fingerprint", names);
        }
        sql.add(" union all ");
    }
    sql.add(
        "select fingerprint, last_at / 3600000, -1, -occurrences from session_errors \
         where organization_id = ",
    );
    sql.bind(organization.as_str());
    sql.add(" and last_at >= ").bind(start.saturating_mul(HOUR));
    sql.add(" and last_at < ").bind(from);
    if let Some(names) = names {
        among(sql, "fingerprint", names);
    }
    sql.add(") h");
}

/// Numbers of these issues.
async fn sums_of(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    names: &[&str],
) -> Result<HashMap<String, Sums>> {
    let width = parts::width_of(range);
    let mut sql = Sql::default();
    sql.add(&format!(
        "select h.fingerprint, (h.hour * {HOUR} - {}) / {width} as part, \
         cast(sum(h.sessions) as bigint) as sessions, \
         cast(sum(h.occurrences) as bigint) as occurrences from ",
        range.from
    ));
    hours(&mut sql, organization, range.from, Some(names));
    sql.add(" group by h.fingerprint, part");
    let rows: Vec<InPart> = sql.all(db).await?;
    let mut all: HashMap<String, Sums> = HashMap::new();
    for row in rows {
        let sums = all.entry(row.fingerprint).or_insert_with(|| Sums {
            trend: vec![0; TREND],
            ..Sums::default()
        });
        sums.sessions += row.sessions;
        sums.occurrences += row.occurrences;
        sums.trend[parts::part_of(row.part)] += row.occurrences;
    }
    Ok(all)
}

/// People of these issues.
async fn people_of(
    db: &Db,
    organization: &OrganizationId,
    range: Range,
    sums: &HashMap<String, Sums>,
) -> Result<HashMap<String, Counted>> {
    let named = |is_meant: fn(i64) -> bool| {
        let meant = sums.iter().filter(|(_, sums)| is_meant(sums.sessions));
        meant.map(|(name, _)| name.as_str()).collect::<Vec<&str>>()
    };
    let large = named(|sessions| sessions > MAX_COUNTED);
    let small = named(|sessions| sessions <= people::IN_LIST);
    let from = range.from;
    let sampled = people_in(db, organization, from, &large, Some(IN_SAMPLE)).await?;
    let mut all: HashMap<String, Counted> = sampled
        .into_iter()
        .filter(|row| row.people >= LEAST_SAMPLED)
        .map(|row| (row.fingerprint, (row.people * SAMPLE, true)))
        .collect();
    let filter = IssueFilter::default();
    let looked_up = people::looked_up(db, organization, range, &filter, &small).await?;
    all.extend(
        looked_up
            .into_iter()
            .map(|(name, people)| (name, (people, false))),
    );
    // Many sessions of few people are counted, too: of one person, an estimate would say none or eight.
    let rest = sums.keys().filter(|name| !all.contains_key(*name));
    let rest: Vec<&str> = rest.map(String::as_str).collect();
    let counted = people_in(db, organization, from, &rest, None).await?;
    all.extend(
        counted
            .into_iter()
            .map(|row| (row.fingerprint, (row.people, false))),
    );
    Ok(all)
}

/// People of these issues among those that a condition names.
async fn people_in(
    db: &Db,
    organization: &OrganizationId,
    from: i64,
    names: &[&str],
    among_whom: Option<&str>,
) -> Result<Vec<People>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    sql.add(
        "select e.fingerprint, count(distinct e.person) as people \
         from session_errors e where e.organization_id = ",
    );
    sql.bind(organization.as_str());
    sql.add(" and e.last_at >= ").bind(from);
    if let Some(condition) = among_whom {
        sql.add(" and ").add(condition);
    }
    among(&mut sql, "e.fingerprint", names);
    sql.add(" group by e.fingerprint");
    sql.all(db).await
}

/// Adds changes of Postgres to the sums by hour, at most [`MERGED`] of them, and removes sums of nothing.
/// Returns how many changes there were. Two at once wait for each other.
///
/// # Errors
/// When the database fails.
pub async fn merge_hours(db: &Db) -> Result<u64> {
    let transaction = db.begin_in_turn(MERGING, TURN.to_owned()).await?;
    let merged = merge_in(&transaction).await.map_err(Error::sql(MERGING))?;
    transaction.commit().await.map_err(Error::sql(MERGING))?;
    Ok(merged)
}

pub(super) async fn merge_in(transaction: &DatabaseTransaction) -> std::result::Result<u64, DbErr> {
    const MERGE: &str = "with taken as (delete from issue_hour_changes where ctid in \
        (select ctid from issue_hour_changes limit $LIMIT) returning *), \
        added as (insert into issue_hours \
        (organization_id, fingerprint, hour, sessions, occurrences) \
        select organization_id, fingerprint, hour, sum(sessions), sum(occurrences) from taken \
        group by organization_id, fingerprint, hour \
        on conflict (organization_id, fingerprint, hour) do update set \
        sessions = issue_hours.sessions + excluded.sessions, \
        occurrences = issue_hours.occurrences + excluded.occurrences) \
        select count(*) as count from taken";
    const EMPTY: &str = "delete from issue_hours where sessions = 0 and occurrences = 0";
    let mut merged = 0;
    if transaction.get_database_backend() == DbBackend::Postgres {
        let sql = MERGE.replace("$LIMIT", &MERGED.to_string());
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let found = transaction.query_one_raw(statement).await?;
        merged = found.map_or(Ok(0), |row| row.try_get::<i64>("", "count"))?;
    }
    transaction.execute_unprepared(EMPTY).await?;
    Ok(u64::try_from(merged).unwrap_or_default())
}

/// Waits until no sums are being merged, and keeps them as they are until the transaction ends.
pub(crate) async fn wait_for_merge(transaction: &DatabaseTransaction) -> Result<()> {
    take_turn(transaction, TURN)
        .await
        .map_err(Error::sql(MERGING))
}
