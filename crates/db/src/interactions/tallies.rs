//! How often interactions of a range are alike. The database counts, so memory does not grow with
//! the range.

use sea_orm::{FromQueryResult, Statement, Value};

use crow_types::OrganizationId;

use crate::connection::Db;
use crate::error::{Error, Result};

const COUNTING: &str = "counting interactions";
/// Groups that one answer reads at most.
const MAX_GROUPS: u64 = 20_000;

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

/// Interactions of one day with the same intent and the same tags.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Tally {
    /// Days since the epoch, UTC.
    pub day: i64,
    /// The furthest step.
    pub intent: Option<String>,
    /// A JSON list.
    pub tags: Option<String>,
    /// How many.
    pub count: i64,
}

/// Interactions with the same intent about the same products.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ProductTally {
    /// The furthest step.
    pub intent: Option<String>,
    /// A JSON list.
    pub product_ids: String,
    /// How many.
    pub count: i64,
}

/// The interactions of the range by day, intent and tags. There are few intents and tags, so `None`
/// means that the range has too many days.
///
/// # Errors
/// When the database fails.
pub async fn tallies(db: &Db, range: &TallyRange<'_>) -> Result<Option<Vec<Tally>>> {
    let sql = format!(
        "select timestamp / 86400000 as day, intent, tags, count(*) as count from interactions {} \
         group by timestamp / 86400000, intent, tags limit {}",
        condition(range),
        MAX_GROUPS + 1
    );
    all(db, range, sql).await
}

/// The interactions of the range by products and intent; `None`: there are too many combinations.
///
/// # Errors
/// When the database fails.
pub async fn product_tallies(db: &Db, range: &TallyRange<'_>) -> Result<Option<Vec<ProductTally>>> {
    let sql = format!(
        "select intent, product_ids, count(*) as count from interactions {} \
         and product_ids is not null and product_ids <> '[]' group by intent, product_ids limit {}",
        condition(range),
        MAX_GROUPS + 1
    );
    all(db, range, sql).await
}

fn condition(range: &TallyRange<'_>) -> &'static str {
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
    let mut values: Vec<Value> = vec![
        range.organization.as_str().into(),
        range.from.into(),
        range.to.into(),
    ];
    values.extend(range.source_type.map(Value::from));
    let statement = Statement::from_sql_and_values(db.read.get_database_backend(), sql, values);
    let groups = T::find_by_statement(statement).all(&db.read).await;
    let groups = groups.map_err(Error::sql(COUNTING))?;
    let is_complete = groups.len() as u64 <= MAX_GROUPS;
    Ok(is_complete.then_some(groups))
}
