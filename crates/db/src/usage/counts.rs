//! What is added to the counts of a day, in the transaction that stores what is counted.

use std::collections::{BTreeMap, HashMap};

use sea_orm::sea_query::Value as Bound;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};
use xxhash_rust::xxh3::xxh3_64;

use crow_types::{ChunkRecord, Partition, SessionRecord, Timestamp};

use crate::connection::Db;
use crate::entity::interactions::Model as Interaction;
use crate::error::{Error, Result};
use crate::rows::{Insert, Statements, Value};

/// A day in milliseconds.
pub const DAY: i64 = 86_400_000;

const COUNTING: &str = "counting what was used";
const COLUMNS: [&str; 5] = ["organization_id", "day", "kind", "part", "used"];
/// Numbers are added to those that are there.
const ADDING: &str = "on conflict (organization_id, day, kind, part) \
    do update set used = usage_counts.used + excluded.used";
/// Rows of a day among which interactions are distributed.
const PARTS: u64 = 32;

/// Adds the events of new chunks to the days on which their sessions began. The sessions are those of the flush
/// of a partition, which has rows of its own.
pub(crate) fn add_events(
    statements: &mut Statements,
    partition: Partition,
    sessions: &[SessionRecord],
    chunks: &[ChunkRecord],
) {
    let day_of = |session: &SessionRecord| session.started_at.div_euclid(DAY);
    let of_session = sessions.iter().map(|session| {
        let day = (session.organization_id.as_str(), day_of(session));
        (session.id.as_str(), day)
    });
    let of_session: HashMap<&str, (&str, i64)> = of_session.collect();
    let mut days: BTreeMap<(&str, i64), i64> = BTreeMap::new();
    for chunk in chunks {
        let count = chunk.event_count - chunk.replay_event_count;
        // A chunk with events changes its session, so the session is there.
        if let Some(day) = of_session.get(chunk.session_id.as_str())
            && count > 0
        {
            *days.entry(*day).or_default() += count;
        }
    }
    let rows: Vec<((&str, i64), i64)> = days.into_iter().collect();
    let insert = Insert {
        doing: COUNTING,
        table: "usage_counts",
        columns: &COLUMNS,
        on_conflict: ADDING,
    };
    statements.insert(&insert, &rows, |((organization, day), count)| {
        [
            (*organization).into(),
            day.into(),
            "events".into(),
            Value::Number(Some(i64::from(partition.0))),
            count.into(),
        ]
    });
}

/// Counts interactions that were not there before. It comes last in its transaction, so that others wait for
/// its rows only until the commit.
pub(crate) async fn add_interactions(
    transaction: &DatabaseTransaction,
    interactions: impl Iterator<Item = &Interaction>,
) -> Result<()> {
    let part = |it: &Interaction| xxh3_64(it.id.as_bytes()) % PARTS;
    // In one order, so that two of these never wait for each other.
    let mut rows: BTreeMap<(&str, i64, u64), i64> = BTreeMap::new();
    for it in interactions {
        let day = it.timestamp.div_euclid(DAY);
        *rows
            .entry((it.organization_id.as_str(), day, part(it)))
            .or_default() += 1;
    }
    if rows.is_empty() {
        return Ok(());
    }
    let row = |at: usize| {
        let [organization, day, part, used] = [1, 2, 3, 4].map(|it| at * 4 + it);
        format!("(${organization}, ${day}, 'interactions', ${part}, ${used})")
    };
    let places: Vec<String> = (0..rows.len()).map(row).collect();
    let sql = format!(
        "insert into usage_counts (organization_id, day, kind, part, used) values {} {ADDING}",
        places.join(", ")
    );
    let values = rows
        .into_iter()
        .flat_map(|((organization, day, part), used)| -> [Bound; 4] {
            [
                organization.into(),
                day.into(),
                i64::try_from(part).unwrap_or_default().into(),
                used.into(),
            ]
        });
    let backend = transaction.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let counted = transaction.execute_raw(statement).await;
    counted.map(drop).map_err(Error::sql(COUNTING))
}

/// Removes the counts of days before that of a moment.
///
/// # Errors
/// When the database fails.
pub async fn expire(db: &Db, before: Timestamp) -> Result<()> {
    let connection = &db.write;
    let sql = "delete from usage_counts where day < $1";
    let values: [Bound; 1] = [before.0.div_euclid(DAY).into()];
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let removed = connection.execute_raw(statement).await;
    removed
        .map(drop)
        .map_err(Error::sql("removing old counts of use"))
}
