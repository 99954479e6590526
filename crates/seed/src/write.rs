use std::collections::BTreeSet;
use std::ops::Range;

use bytes::Bytes;
use serde_json::Value;

use crow_db::analytics::NewSteps;
use crow_db::flush::{self, Flush};
use crow_db::leases::{self, Lease};
use crow_db::{Db, archive, sessions};
use crow_issues::Occurrences;
use crow_keyring::WritingKeys;
use crow_storage::keys;
use crow_storage::pack::{Line, LineKind, PackWriter};
use crow_types::{ChunkRecord, Timestamp};

use crate::interactions;
use crate::objects::{DataKeys, Objects};
use crate::visit::{Plan, Visit};

/// Sessions of one flush.
const PER_FLUSH: u64 = 2_000;
/// How long an interrupted run blocks the partitions.
const LEASE_MS: i64 = 60_000;
const KEEPER: &str = "seed";

/// Why not all sessions were written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A keeper runs on this database.
    #[error("a session keeper is running on this database; stop it first")]
    KeeperRuns,
    /// This plan was already written.
    #[error("sessions with this seed already exist; choose another seed")]
    Exists,
    /// The database failed.
    #[error("the database cannot be written")]
    Database(#[from] crow_db::Error),
    /// The object store failed.
    #[error("the recordings cannot be written")]
    Storage(#[from] crow_storage::Error),
    /// A key could not be made.
    #[error("the recordings cannot be sealed")]
    Keyring(#[from] crow_keyring::Error),
}

/// Writes all sessions of the plan; `progress` gets the number of sessions written. Without
/// `objects` the interactions become rows, for comparisons with plain SQL.
///
/// # Errors
/// When a keeper runs, the plan was already written, or the database or object store fails.
/// Sessions written before the error remain.
pub async fn write(
    db: &Db,
    plan: &Plan,
    objects: Option<&Objects>,
    mut progress: impl FnMut(u64),
) -> Result<(), Error> {
    if sessions::by_row_id(db, &plan.row_id(0).0).await?.is_some() {
        return Err(Error::Exists);
    }
    let leases = take_all(db).await?;
    let result = write_all(db, plan, objects, &leases, &mut progress).await;
    for lease in &leases {
        leases::release(db, KEEPER, lease).await?;
    }
    result?;
    archive::pass_over_empty(db, plan.organization().as_str()).await?;
    Ok(())
}

/// Leases all partitions, so that no keeper processes them.
async fn take_all(db: &Db) -> Result<Vec<Lease>, Error> {
    let count = usize::from(crow_db::installation::ensure(db, None).await?.get());
    let leases = leases::acquire(db, KEEPER, LEASE_MS, count, &BTreeSet::new()).await?;
    if leases.len() == count {
        return Ok(leases);
    }
    for lease in &leases {
        leases::release(db, KEEPER, lease).await?;
    }
    Err(Error::KeeperRuns)
}

async fn write_all(
    db: &Db,
    plan: &Plan,
    objects: Option<&Objects>,
    leases: &[Lease],
    progress: &mut impl FnMut(u64),
) -> Result<(), Error> {
    let recorded = objects.map_or(0, |objects| objects.recordings.sessions);
    let recorded_from = plan.sessions() - recorded.min(plan.sessions());
    let partitions = leases.iter().map(|lease| lease.partition).collect();
    let mut first = 0;
    while first < plan.sessions() {
        let end = (first + PER_FLUSH).min(plan.sessions());
        let mut flush = empty_flush(&leases[0]);
        let mut keys = DataKeys::new();
        if let Some(objects) = objects {
            let writing = keys_of(objects, plan, first..end).await?;
            (keys, flush.keys) = (writing.keys, writing.new);
        }
        for number in first..end {
            let mut visit = plan.visit(number);
            if let Some(objects) = objects
                && number >= recorded_from
            {
                let chunk = record(objects, &keys, &mut visit, &leases[0]).await?;
                flush.chunks.push(chunk);
            }
            flush.sessions.push(visit.session);
            flush.events.extend(visit.events);
        }
        flush.steps = NewSteps::of_records(&flush.events);
        flush.errors = Occurrences::of_records(&flush.events).into_records();
        if let Some(objects) = objects {
            let events = std::mem::take(&mut flush.events);
            let frames = interactions::store(objects, &keys, &events, &leases[0]).await?;
            flush.chunks.extend(frames);
        }
        flush::commit(db, &flush).await?;
        leases::renew(db, KEEPER, LEASE_MS, &partitions).await?;
        progress(end);
        first = end;
    }
    Ok(())
}

/// The checkpoint does not move, because no message was involved.
fn empty_flush(lease: &Lease) -> Flush {
    Flush {
        id: ulid::Ulid::new().to_string(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: lease.checkpoint,
        stream_created: lease.stream_created,
        sessions: Vec::new(),
        events: Vec::new(),
        steps: NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    }
}

async fn keys_of(
    objects: &Objects,
    plan: &Plan,
    numbers: Range<u64>,
) -> Result<WritingKeys, Error> {
    let rows: Vec<String> = numbers.map(|number| plan.row_id(number).0).collect();
    let organization = plan.organization().as_str();
    let sessions: Vec<_> = rows
        .iter()
        .map(|row| (organization, row.as_str()))
        .collect();
    Ok(objects.keyring.for_writing(&sessions).await?)
}

/// Stores the recording, shifted to the time of the session, and notes it in the session.
async fn record(
    objects: &Objects,
    data_keys: &DataKeys,
    visit: &mut Visit,
    lease: &Lease,
) -> Result<ChunkRecord, Error> {
    let session = &mut visit.session;
    let lines = lines(
        &objects.recordings.events,
        visit.events.first().map_or("", |event| &event.window_id),
        session.started_at,
    );
    let now = Timestamp::now();
    let key = keys::new_pack(lease.partition, now, objects.keyring.seal());
    let mut pack = PackWriter::new(&key)?;
    let data_key = data_keys.get(session.id.as_str());
    let extent = pack.add_chunk(&session.id, data_key, &lines)?;
    objects.store.put(&key, pack.finish()).await?;

    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let count = number(lines.len() as u64);
    let last_at = lines.last().map_or(session.started_at, |line| line.at);
    session.has_replay = true;
    session.replay_event_count = count;
    session.chunk_count = 1;
    session.last_event_at = session.last_event_at.max(last_at);
    session.last_activity_at = session.last_event_at;
    session.ended_at = Some(session.last_event_at);
    session.duration_ms = session.last_event_at - session.started_at;
    session.updated_at = session.last_event_at;
    Ok(ChunkRecord {
        id: format!("{}-{:08}", session.id, 0),
        session_id: session.id.clone(),
        chunk_index: 0,
        r2_key: key,
        byte_offset: number(extent.offset),
        byte_length: number(extent.length),
        window_id: lines
            .first()
            .map(|line| line.window.clone())
            .unwrap_or_default(),
        event_count: count,
        replay_event_count: count,
        size_bytes: number(extent.raw),
        first_at: session.started_at,
        last_at,
        has_full_snapshot: true,
        event_ids: Vec::new(),
        created_at: now.0,
    })
}

fn lines(events: &[Value], window: &str, start: i64) -> Vec<Line> {
    let at = |event: &Value| event["timestamp"].as_i64().unwrap_or(0);
    let first = events.first().map_or(0, at);
    let line = |event: &Value| {
        let at = start + at(event) - first;
        let mut event = event.clone();
        event["timestamp"] = at.into();
        Line {
            window: window.to_owned(),
            kind: LineKind::Replay,
            seq: None,
            index: 0,
            at,
            data: Bytes::from(event.to_string()),
        }
    };
    events.iter().map(line).collect()
}
