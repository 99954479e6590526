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

use sea_orm::EntityTrait;
use sea_orm::sqlx::Arguments;
use sea_orm::sqlx::postgres::PgArguments;

use crow_types::{
    ChunkRecord, Consent, Epoch, EventRecord, OutboxRecord, Partition, Sequence,
    SessionErrorRecord, SessionKeyRecord, SessionRecord, Timestamp,
};

use crate::analytics::{NewSteps, add_facts};
use crate::connection::Db;
use crate::entity::partitions;
use crate::error::{Error, Result};
use crate::issues::add_errors;
use crate::leases::Lease;
use crate::records::{
    CHUNK_COLUMNS, EVENT_COLUMNS, KEY_COLUMNS, OUTBOX_COLUMNS, SESSION_COLUMNS, chunk_values,
    event_values, key_values, outbox_values, session_values,
};
use crate::rows::{ENCODABLE, Insert, Statement, Statements};
use crate::usage;

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
    /// Events that become rows.
    pub events: Vec<EventRecord>,
    /// What all new events add to the facts.
    pub steps: NewSteps,
    /// What new errors add to the issues of sessions: at most one for each session and fingerprint.
    pub errors: Vec<SessionErrorRecord>,
    /// Keys of sessions that had none.
    pub keys: Vec<SessionKeyRecord>,
    /// New chunks.
    pub chunks: Vec<ChunkRecord>,
    /// New announcements.
    pub outbox: Vec<OutboxRecord>,
}

const ADDING_KEYS: &str = "writing keys of sessions";

/// Commits a flush. [`Error::LeaseLost`]: nothing was written, and the caller must drop
/// the partition. [`Error::KeyExists`]: nothing was written, and the flush must be sealed again.
pub async fn commit(db: &Db, flush: &Flush) -> Result<()> {
    let outcome = match attempt(db, flush, Doubles::Refused).await {
        Err(error) if error.is_double() && !error.is_double_of(ADDING_KEYS) => {
            attempt(db, flush, Doubles::LeftOut).await
        }
        outcome => outcome,
    };
    let outcome = outcome.map_err(|error| match error {
        error if error.is_double_of(ADDING_KEYS) => Error::KeyExists,
        error => error,
    });
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
    if statements.commit(db).await? {
        Ok(())
    } else {
        check_committed(db, flush).await
    }
}

/// Writes rows of new sessions ahead of their flush; a session that has a row keeps it. Advances no
/// checkpoint, so the rows must hold nothing that the flush adds to. [`Error::LeaseLost`]: nothing
/// was written.
pub async fn introduce(db: &Db, lease: &Lease, sessions: &[SessionRecord]) -> Result<()> {
    let mut statements = Statements::new(db);
    // Another owner waits until this is over, or sends it away.
    statements.push(
        "checking the lease",
        "update partitions set epoch = epoch where id = ? and epoch = ? returning id",
        [
            (&i64::from(lease.partition.0)).into(),
            (&lease.epoch.0).into(),
        ],
    );
    insert_sessions(&mut statements, sessions, "on conflict do nothing");
    let _turn = db.turn_to_write().await;
    if statements.commit(db).await? {
        Ok(())
    } else {
        Err(Error::LeaseLost)
    }
}

/// The checkpoint decides; sessions come before the rows that refer to them.
fn statements_of(db: &Db, flush: &Flush, doubles: Doubles) -> Statements {
    let mut statements = Statements::new(db);
    advance_checkpoint(&mut statements, flush);
    add_sessions(&mut statements, &flush.sessions);
    add_events(&mut statements, &flush.events, doubles);
    add_facts(&mut statements, &flush.sessions, &flush.steps);
    add_errors(&mut statements, &flush.sessions, &flush.errors);
    add_keys(&mut statements, &flush.keys);
    add_chunks(&mut statements, &flush.chunks);
    add_outbox(&mut statements, &flush.outbox);
    add_withdrawals(&mut statements, &flush.sessions);
    // Last, as in all transactions that count.
    usage::add_events(
        &mut statements,
        flush.partition,
        &flush.sessions,
        &flush.chunks,
    );
    statements
}

/// No row: another owner has the partition, or this flush is committed already.
fn advance_checkpoint(statements: &mut Statements, flush: &Flush) {
    let checkpoint = i64::try_from(flush.checkpoint.0).unwrap_or(i64::MAX);
    statements.push(
        "advancing the checkpoint",
        "update partitions set checkpoint = ?, stream_created = ?, updated_at = ?, flush_id = ? \
         where id = ? and epoch = ? and (flush_id is null or flush_id <> ?) returning id",
        [
            (&checkpoint).into(),
            (&flush.stream_created).into(),
            (&Timestamp::now().0).into(),
            (&flush.id).into(),
            (&i64::from(flush.partition.0)).into(),
            (&flush.epoch.0).into(),
            (&flush.id).into(),
        ],
    );
}

async fn check_committed(db: &Db, flush: &Flush) -> Result<()> {
    let row = partitions::Entity::find_by_id(i64::from(flush.partition.0))
        .one(&db.write)
        .await
        .map_err(Error::sql("looking for a committed flush"))?;
    match row {
        Some(row) if row.flush_id.as_ref() == Some(&flush.id) => Ok(()),
        Some(_) | None => Err(Error::LeaseLost),
    }
}

fn add_sessions(statements: &mut Statements, records: &[SessionRecord]) {
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
    insert_sessions(statements, records, &on_conflict);
}

fn insert_sessions(statements: &mut Statements, records: &[SessionRecord], on_conflict: &str) {
    let insert = Insert {
        doing: "writing sessions",
        table: "sessions",
        columns: SESSION_COLUMNS,
        on_conflict,
    };
    statements.insert(&insert, records, session_values);
}

/// The one table with many rows in a flush. Postgres takes them column by column.
fn add_events(statements: &mut Statements, records: &[EventRecord], doubles: Doubles) {
    const DOING: &str = "writing events";
    const LEAVE_OUT: &str = " on conflict (session_id, timestamp, id) do nothing";
    let Statements::Postgres(list) = statements else {
        let insert = Insert {
            doing: DOING,
            table: "events",
            columns: EVENT_COLUMNS,
            on_conflict: LEAVE_OUT,
        };
        statements.insert(&insert, records, event_values);
        return;
    };
    let mut sql = INSERT_COLUMNS.to_owned();
    if doubles == Doubles::LeftOut {
        sql.push_str(LEAVE_OUT);
    }
    for records in records.chunks(EVENTS_PER_STATEMENT) {
        list.push(Statement::new(DOING, sql.clone(), event_columns(records)));
    }
}

/// An array for each of [`EVENT_COLUMNS`]: one text for any number of rows, and ten values
/// to bind. Taken apart in the list, row by row; in a `from` they would be put together in a
/// table first.
const INSERT_COLUMNS: &str = "insert into events \
    (id, session_id, type, name, url, window_id, timestamp, place, data, created_at) \
    select unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), \
    unnest($5::text[]), unnest($6::text[]), unnest($7::bigint[]), unnest($8::bigint[]), \
    unnest($9::text[]), unnest($10::bigint[])";

fn event_columns(records: &[EventRecord]) -> PgArguments {
    let mut arguments = PgArguments::default();
    let mut add_texts = |of: fn(&EventRecord) -> Option<&str>| {
        let texts: Vec<Option<&str>> = records.iter().map(of).collect();
        arguments.add(texts).expect(ENCODABLE);
    };
    add_texts(|record| Some(&record.id));
    add_texts(|record| Some(&record.session_id));
    add_texts(|record| Some(&record.r#type));
    add_texts(|record| record.name.as_deref());
    add_texts(|record| record.url.as_deref());
    add_texts(|record| Some(&record.window_id));
    let numbers = |of: fn(&EventRecord) -> i64| -> Vec<i64> { records.iter().map(of).collect() };
    for of in [
        (|record| record.timestamp) as fn(&EventRecord) -> i64,
        |record| record.place,
    ] {
        arguments.add(numbers(of)).expect(ENCODABLE);
    }
    let texts: Vec<&str> = records.iter().map(|record| record.data.as_str()).collect();
    arguments.add(texts).expect(ENCODABLE);
    arguments
        .add(numbers(|record| record.created_at))
        .expect(ENCODABLE);
    arguments
}

/// A key that is there already is never replaced: objects may be sealed with it.
fn add_keys(statements: &mut Statements, records: &[SessionKeyRecord]) {
    let insert = Insert {
        doing: ADDING_KEYS,
        table: "session_keys",
        columns: KEY_COLUMNS,
        on_conflict: "",
    };
    statements.insert(&insert, records, key_values);
}

fn add_chunks(statements: &mut Statements, records: &[ChunkRecord]) {
    let insert = Insert {
        doing: "writing chunks",
        table: "replay_chunks",
        columns: CHUNK_COLUMNS,
        on_conflict: "on conflict (session_id, chunk_index) do nothing",
    };
    statements.insert(&insert, records, chunk_values);
}

fn add_outbox(statements: &mut Statements, records: &[OutboxRecord]) {
    let insert = Insert {
        doing: "writing the outbox",
        table: "outbox",
        columns: OUTBOX_COLUMNS,
        on_conflict: "on conflict (id) do nothing",
    };
    statements.insert(&insert, records, outbox_values);
}

/// The eraser finds them. A visitor who agrees again before that keeps the session.
fn add_withdrawals(statements: &mut Statements, sessions: &[SessionRecord]) {
    let denied = sessions
        .iter()
        .filter(|session| Consent::is_denied(session.consent.as_deref()));
    for session in denied {
        statements.push(
            "noting withdrawn consent",
            "insert into withdrawals (session_id, organization_id, noted_at) values (?, ?, ?) \
             on conflict (session_id) do nothing",
            [
                (&session.id).into(),
                (&session.organization_id).into(),
                (&Timestamp::now().0).into(),
            ],
        );
    }
}
