//! How much an organization used on each day, in UTC.
//!
//! Events and interactions are counted when they are stored, and stay counted when they are erased. The release
//! before counts nothing, so their rows are counted as well, and the larger number is told. Sessions are counted
//! from their rows: what was erased is not counted any more. Calls of models and their tokens are counted when
//! they are made. All counts are kept for 400 days.

use std::collections::BTreeMap;

use sea_orm::{FromQueryResult, Statement};

use crow_types::OrganizationId;

use crate::connection::Db;
use crate::error::{Error, Result};

mod counts;
#[cfg(test)]
mod tests;

pub use counts::{DAY, expire};
pub(crate) use counts::{add_events, add_interactions};

/// What was used on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayOfUse {
    /// Sessions that began on it, without erased ones.
    pub sessions: i64,
    /// Events of sessions that began on it, with erased ones.
    pub events: i64,
    /// Interactions that happened on it, with erased ones.
    pub interactions: i64,
    /// Calls of language models.
    pub model_calls: i64,
    /// Tokens, with those of calls that have not ended.
    pub tokens: i64,
}

/// Days since the epoch, UTC. The last one is not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: i64,
    /// After the last.
    pub to: i64,
}

/// Two numbers of a day.
#[derive(Debug, FromQueryResult)]
struct Counted {
    day: i64,
    first: i64,
    second: i64,
}

const SESSIONS: &str = "select started_at / 86400000 as day, count(*) as first, \
    cast(coalesce(sum(event_count), 0) as bigint) as second from sessions \
    where organization_id = $1 and started_at >= $2 and started_at < $3 group by 1";
const INTERACTIONS: &str = "select timestamp / 86400000 as day, count(*) as first, \
    cast(0 as bigint) as second from interactions \
    where organization_id = $1 and timestamp >= $2 and timestamp < $3 group by 1";
const CALLS: &str = "select at / 86400000 as day, count(*) as first, cast(0 as bigint) as second \
    from ai_calls where organization_id = $1 and at >= $2 and at < $3 group by 1";
const TOKENS: &str = "select day, tokens as first, cast(0 as bigint) as second from ai_usage \
    where organization_id = $1 and day * 86400000 >= $2 and day * 86400000 < $3";

const COUNTS: &str = "select day, \
    cast(sum(case when kind = 'events' then used else 0 end) as bigint) as first, \
    cast(sum(case when kind = 'interactions' then used else 0 end) as bigint) as second \
    from usage_counts where organization_id = $1 and day * 86400000 >= $2 and day * 86400000 < $3 \
    group by day";

/// The days on which anything was used. Reads the row of every session of the range, and of its
/// interactions and calls the entries in an index.
///
/// # Errors
/// When the database fails.
pub async fn by_day(
    db: &Db,
    organization: &OrganizationId,
    days: Days,
) -> Result<BTreeMap<i64, DayOfUse>> {
    let mut used: BTreeMap<i64, DayOfUse> = BTreeMap::new();
    for row in counted(db, SESSIONS, organization, days).await? {
        let day = used.entry(row.day).or_default();
        (day.sessions, day.events) = (row.first, row.second);
    }
    for row in counted(db, INTERACTIONS, organization, days).await? {
        used.entry(row.day).or_default().interactions = row.first;
    }
    for row in counted(db, COUNTS, organization, days).await? {
        let day = used.entry(row.day).or_default();
        day.events = day.events.max(row.first);
        day.interactions = day.interactions.max(row.second);
    }
    for row in counted(db, CALLS, organization, days).await? {
        used.entry(row.day).or_default().model_calls = row.first;
    }
    for row in counted(db, TOKENS, organization, days).await? {
        used.entry(row.day).or_default().tokens = row.first;
    }
    Ok(used)
}

async fn counted(
    db: &Db,
    sql: &str,
    organization: &OrganizationId,
    days: Days,
) -> Result<Vec<Counted>> {
    let moment = |day: i64| day.saturating_mul(DAY);
    let values = [
        organization.as_str().into(),
        moment(days.from).into(),
        moment(days.to).into(),
    ];
    let backend = db.read.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let found = Counted::find_by_statement(statement).all(&db.read).await;
    found.map_err(Error::sql("counting what was used"))
}
