//! The commit of a flush.
//!
//! 1. The pack object is durable already, under a fresh key.
//! 2. One transaction: epoch check and checkpoint, sessions, events, chunks, outbox.
//! 3. Later, and only as housekeeping, the stream is purged up to the checkpoint.
//!
//! The partition's row comes first in the transaction: its row lock makes a second owner
//! wait, and its epoch condition sends a former owner away before it has written anything.
//! Committing the same flush twice (the answer to a commit was lost) changes nothing: the
//! partition's row names the flush that was committed last.

use std::str::FromStr;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, Statement,
    TransactionTrait, Value,
};

use crow_types::{
    ChunkRecord, EndReason, Epoch, EventRecord, OutboxRecord, Partition, Sequence, SessionRecord,
    Timestamp,
};

use crate::analytics::add_facts;
use crate::connection::Db;
use crate::entity::{partitions, sessions};
use crate::error::{Error, Result};
use crate::rows::{Insert, Statements};

#[cfg(test)]
mod tests;

/// Event rows of one statement of Postgres.
const EVENTS_PER_STATEMENT: usize = 1_000;

/// Everything that one flush changes.
#[derive(Debug, Clone)]
pub struct Flush {
    /// Its name, a fresh one for each flush.
    pub id: String,
    /// Whose flush it is.
    pub partition: Partition,
    /// The fencing number under which the flush was made.
    pub epoch: Epoch,
    /// The position through which all effects are part of this or an earlier flush.
    pub checkpoint: Sequence,
    /// The incarnation of the stream that the checkpoint counts in.
    pub stream_created: i64,
    /// Sessions that changed, whole.
    pub sessions: Vec<SessionRecord>,
    /// New events.
    pub events: Vec<EventRecord>,
    /// New chunks.
    pub chunks: Vec<ChunkRecord>,
    /// New announcements.
    pub outbox: Vec<OutboxRecord>,
}

/// Commits a flush. [`Error::LeaseLost`]: nothing was written, and the caller must drop
/// the partition.
pub async fn commit(db: &Db, flush: &Flush) -> Result<()> {
    let outcome = match attempt(db, flush, Doubles::Refused).await {
        Err(error) if error.is_double() => attempt(db, flush, Doubles::LeftOut).await,
        outcome => outcome,
    };
    db.flushed.notify_one();
    outcome
}

/// What becomes of events that have rows. There should be none: the keeper knows them. Postgres
/// looks into the index once more, and writes twice, when it is to leave them out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubles {
    Refused,
    LeftOut,
}

async fn attempt(db: &Db, flush: &Flush, doubles: Doubles) -> Result<()> {
    let statements = statements_of(db, flush, doubles);
    let _turn = db.turn_to_write().await;
    let transaction = db
        .write
        .begin()
        .await
        .map_err(Error::sql("beginning a flush"))?;
    if !advance_checkpoint(&transaction, flush).await? {
        return check_committed(&transaction, flush).await;
    }
    statements.run(&transaction).await?;
    transaction
        .commit()
        .await
        .map_err(Error::sql("committing a flush"))
}

/// All but the checkpoint; sessions come before the rows that refer to them.
fn statements_of(db: &Db, flush: &Flush, doubles: Doubles) -> Statements {
    let mut statements = Statements::default();
    add_sessions(&mut statements, db, &flush.sessions);
    add_events(&mut statements, db, &flush.events, doubles);
    add_facts(&mut statements, db, &flush.sessions, &flush.events);
    add_chunks(&mut statements, db, &flush.chunks);
    add_outbox(&mut statements, db, &flush.outbox);
    statements
}

/// False: another owner has the partition, or this flush is committed already.
async fn advance_checkpoint(transaction: &DatabaseTransaction, flush: &Flush) -> Result<bool> {
    let checkpoint = i64::try_from(flush.checkpoint.0).unwrap_or(i64::MAX);
    let outcome = partitions::Entity::update_many()
        .col_expr(partitions::Column::Checkpoint, Expr::value(checkpoint))
        .col_expr(
            partitions::Column::StreamCreated,
            Expr::value(flush.stream_created),
        )
        .col_expr(
            partitions::Column::UpdatedAt,
            Expr::value(Timestamp::now().0),
        )
        .col_expr(partitions::Column::FlushId, Expr::value(flush.id.as_str()))
        .filter(partitions::Column::Id.eq(i64::from(flush.partition.0)))
        .filter(partitions::Column::Epoch.eq(flush.epoch.0))
        .filter(
            Condition::any()
                .add(partitions::Column::FlushId.is_null())
                .add(partitions::Column::FlushId.ne(flush.id.as_str())),
        )
        .exec(transaction)
        .await
        .map_err(Error::sql("advancing the checkpoint"))?;
    Ok(outcome.rows_affected == 1)
}

async fn check_committed(transaction: &DatabaseTransaction, flush: &Flush) -> Result<()> {
    let row = partitions::Entity::find_by_id(i64::from(flush.partition.0))
        .one(transaction)
        .await
        .map_err(Error::sql("looking for a committed flush"))?;
    match row {
        Some(row) if row.flush_id.as_ref() == Some(&flush.id) => Ok(()),
        Some(_) | None => Err(Error::LeaseLost),
    }
}

fn add_sessions(statements: &mut Statements, db: &Db, records: &[SessionRecord]) {
    // What names a visit never changes, and lies in an index.
    const FIXED: [&str; 6] = [
        "id",
        "organization_id",
        "session_id",
        "generation",
        "partition",
        "created_at",
    ];
    let changing = SESSION_COLUMNS
        .iter()
        .filter(|column| !FIXED.contains(column));
    let update: Vec<_> = changing
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    let on_conflict = format!("on conflict (id) do update set {}", update.join(", "));
    let insert = Insert {
        doing: "writing sessions",
        table: "sessions",
        columns: SESSION_COLUMNS,
        on_conflict: &on_conflict,
    };
    insert.add_to(statements, db, records, session_values);
}

/// The one table with many rows in a flush. Postgres takes them column by column.
fn add_events(statements: &mut Statements, db: &Db, records: &[EventRecord], doubles: Doubles) {
    const DOING: &str = "writing events";
    const LEAVE_OUT: &str = " on conflict (session_id, timestamp, id) do nothing";
    if db.is_sqlite() {
        let insert = Insert {
            doing: DOING,
            table: "events",
            columns: &EVENT_COLUMNS,
            on_conflict: LEAVE_OUT,
        };
        insert.add_to(statements, db, records, event_values);
        return;
    }
    let mut sql = INSERT_COLUMNS.to_owned();
    if doubles == Doubles::LeftOut {
        sql.push_str(LEAVE_OUT);
    }
    for records in records.chunks(EVENTS_PER_STATEMENT) {
        let statement = Statement::from_sql_and_values(
            db.write.get_database_backend(),
            sql.as_str(),
            event_columns(records),
        );
        statements.push(DOING, statement);
    }
}

const EVENT_COLUMNS: [&str; 9] = [
    "id",
    "session_id",
    "type",
    "name",
    "url",
    "window_id",
    "timestamp",
    "data",
    "created_at",
];

/// An array for each of [`EVENT_COLUMNS`]: one text for any number of rows, and nine values
/// to bind. An array here holds no nulls, so that what is empty stands for one. Taken apart in
/// the list, row by row; in a `from` they would be put together in a table first.
const INSERT_COLUMNS: &str = "insert into events \
    (id, session_id, type, name, url, window_id, timestamp, data, created_at) \
    select unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), \
    nullif(unnest($4::text[]), ''), nullif(unnest($5::text[]), ''), unnest($6::text[]), \
    unnest($7::bigint[]), unnest($8::text[]), unnest($9::bigint[])";

fn event_columns(records: &[EventRecord]) -> Vec<Value> {
    let texts = |of: fn(&EventRecord) -> &str| -> Value {
        let texts: Vec<String> = records.iter().map(|record| of(record).to_owned()).collect();
        texts.into()
    };
    let numbers = |of: fn(&EventRecord) -> i64| -> Value {
        records.iter().map(of).collect::<Vec<i64>>().into()
    };
    vec![
        texts(|record| &record.id),
        texts(|record| &record.session_id),
        texts(|record| &record.r#type),
        texts(|record| record.name.as_deref().unwrap_or_default()),
        texts(|record| record.url.as_deref().unwrap_or_default()),
        texts(|record| &record.window_id),
        numbers(|record| record.timestamp),
        texts(|record| &record.data),
        numbers(|record| record.created_at),
    ]
}

fn event_values(record: &EventRecord) -> [Value; EVENT_COLUMNS.len()] {
    [
        record.id.as_str().into(),
        record.session_id.as_str().into(),
        record.r#type.as_str().into(),
        record.name.as_deref().into(),
        record.url.as_deref().into(),
        record.window_id.as_str().into(),
        record.timestamp.into(),
        record.data.as_str().into(),
        record.created_at.into(),
    ]
}

pub(crate) fn add_chunks(statements: &mut Statements, db: &Db, records: &[ChunkRecord]) {
    let insert = Insert {
        doing: "writing chunks",
        table: "replay_chunks",
        columns: &CHUNK_COLUMNS,
        on_conflict: "on conflict (session_id, chunk_index) do nothing",
    };
    insert.add_to(statements, db, records, chunk_values);
}

const CHUNK_COLUMNS: [&str; 14] = [
    "id",
    "session_id",
    "chunk_index",
    "r2_key",
    "byte_offset",
    "byte_length",
    "window_id",
    "event_count",
    "replay_event_count",
    "size_bytes",
    "first_at",
    "last_at",
    "has_full_snapshot",
    "created_at",
];

fn chunk_values(record: &ChunkRecord) -> [Value; CHUNK_COLUMNS.len()] {
    [
        record.id.as_str().into(),
        record.session_id.as_str().into(),
        record.chunk_index.into(),
        record.r2_key.as_str().into(),
        record.byte_offset.into(),
        record.byte_length.into(),
        record.window_id.as_str().into(),
        record.event_count.into(),
        record.replay_event_count.into(),
        record.size_bytes.into(),
        record.first_at.into(),
        record.last_at.into(),
        record.has_full_snapshot.into(),
        record.created_at.into(),
    ]
}

fn add_outbox(statements: &mut Statements, db: &Db, records: &[OutboxRecord]) {
    let insert = Insert {
        doing: "writing the outbox",
        table: "outbox",
        columns: &["id", "partition", "session_id", "revision", "created_at"],
        on_conflict: "on conflict (id) do nothing",
    };
    insert.add_to(statements, db, records, |record| {
        [
            record.id.as_str().into(),
            record.partition.into(),
            record.session_id.as_str().into(),
            record.revision.into(),
            Value::from(record.created_at),
        ]
    });
}

/// Declares the two directions between record and row for the columns that are the same.
macro_rules! session_columns {
    ($($same:ident),* $(,)?) => {
        const SESSION_COLUMNS: &[&str] =
            &["status", "archived_at", "end_reason", $(stringify!($same)),*];

        fn session_values(record: &SessionRecord) -> Vec<Value> {
            let status = if record.end_reason.is_some() { "closed" } else { "open" };
            vec![
                status.into(),
                Value::BigInt(None),
                record.end_reason.map(EndReason::as_str).into(),
                $(record.$same.clone().into()),*
            ]
        }

        /// The record of a row.
        pub(crate) fn record_of(row: sessions::Model) -> Result<SessionRecord> {
            let end_reason = row.end_reason.as_deref().map(EndReason::from_str).transpose();
            Ok(SessionRecord {
                end_reason: end_reason.map_err(|error| Error::Unreadable(error.to_string()))?,
                $($same: row.$same,)*
            })
        }
    };
}

session_columns!(
    id,
    organization_id,
    session_id,
    generation,
    revision,
    partition,
    due_at,
    started_at,
    last_activity_at,
    last_event_at,
    ended_at,
    duration_ms,
    referrer,
    initial_url,
    exit_url,
    user_id,
    traits,
    user_agent,
    ip_address,
    country,
    device_type,
    browser,
    os,
    is_bot,
    locale,
    timezone,
    viewport,
    screen,
    sdk_name,
    sdk_version,
    platform,
    has_replay,
    exit_context,
    event_count,
    pageview_count,
    click_count,
    input_count,
    error_count,
    rage_click_count,
    replay_event_count,
    chunk_count,
    max_scroll_depth,
    windows,
    created_at,
    updated_at,
);
