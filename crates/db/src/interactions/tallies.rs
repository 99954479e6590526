//! How often interactions of a range are alike. The database counts, so memory does not grow with
//! the range.

use sea_orm::{FromQueryResult, Statement, Value};

use crow_types::OrganizationId;

use crate::connection::Db;
use crate::error::{Error, Result};

const COUNTING: &str = "counting interactions";
/// Groups that one answer reads at most.
const MAX_GROUPS: u64 = 20_000;
/// The intent of robots. They are counted apart.
pub const BOT: &str = "bot";

/// Which interactions are counted.
#[derive(Debug, Clone)]
pub struct TallyRange<'a> {
    /// The tenant.
    pub organization: &'a OrganizationId,
    /// At or after, milliseconds since the epoch.
    pub from: i64,
    /// Before.
    pub to: i64,
    /// web, cctv or social; `None`: all.
    pub source_type: Option<&'a str>,
}

/// Interactions with the same intent and the same tags.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Tally {
    /// The furthest step.
    pub intent: Option<String>,
    /// A JSON list.
    pub tags: Option<String>,
    /// How many.
    pub count: i64,
}

/// Interactions of one day, without robots.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct DayTally {
    /// Days since the epoch, UTC.
    pub day: i64,
    /// How many.
    pub count: i64,
}

/// The interactions of the range by intent and tags, however long the range is. `None`: there are too many
/// combinations, which the rules never make.
///
/// # Errors
/// When the database fails.
pub async fn tallies(db: &Db, range: &TallyRange<'_>) -> Result<Option<Vec<Tally>>> {
    let sql = format!(
        "select intent, tags, count(*) as count from interactions {} \
         group by intent, tags limit {}",
        condition(range),
        MAX_GROUPS + 1
    );
    all(db, range, sql).await
}

/// The interactions of the range by day, in order of time, without robots and without days that have none.
/// `None`: there are too many days, which takes more than 54 years.
///
/// # Errors
/// When the database fails.
pub async fn days(db: &Db, range: &TallyRange<'_>) -> Result<Option<Vec<DayTally>>> {
    let sql = format!(
        "select timestamp / 86400000 as day, count(*) as count from interactions {} \
         and (intent is null or intent <> '{BOT}') \
         group by timestamp / 86400000 order by timestamp / 86400000 limit {}",
        condition(range),
        MAX_GROUPS + 1
    );
    all(db, range, sql).await
}

/// Of rows with a tenant, a time and a source.
pub(super) fn condition(range: &TallyRange<'_>) -> &'static str {
    match range.source_type {
        Some(_) => {
            "where organization_id = $1 and timestamp >= $2 and timestamp < $3 and source_type = $4"
        }
        None => "where organization_id = $1 and timestamp >= $2 and timestamp < $3",
    }
}

async fn all<T: FromQueryResult>(
    db: &Db,
    range: &TallyRange<'_>,
    sql: String,
) -> Result<Option<Vec<T>>> {
    let groups = rows(db, range, sql).await?;
    let is_complete = groups.len() as u64 <= MAX_GROUPS;
    Ok(is_complete.then_some(groups))
}

/// The rows of a query with [`condition`].
pub(super) async fn rows<T: FromQueryResult>(
    db: &Db,
    range: &TallyRange<'_>,
    sql: String,
) -> Result<Vec<T>> {
    let mut values: Vec<Value> = vec![
        range.organization.as_str().into(),
        range.from.into(),
        range.to.into(),
    ];
    values.extend(range.source_type.map(Value::from));
    let statement = Statement::from_sql_and_values(db.read.get_database_backend(), sql, values);
    let groups = T::find_by_statement(statement).all(&db.read).await;
    groups.map_err(Error::sql(COUNTING))
}
