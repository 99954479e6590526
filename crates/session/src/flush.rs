//! A flush: object first, rows second, housekeeping last. Every step may run twice.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use tokio::sync::Semaphore;
use tracing::debug;

use crow_db::analytics::{Happened, NewSteps};
use crow_db::leases::Lease;
use crow_db::{Db, flush as rows};
use crow_issues::occurrences::ERROR;
use crow_issues::{Occurrence, Occurrences};
use crow_keyring::{Keyring, WritingKeys};
use crow_runtime::Troubles;
use crow_session_core::{ChunkPlan, FlushPlan, FlushReason};
use crow_storage::events::Interaction;
use crow_storage::pack::{Extent, LineReader, PackWriter};
use crow_storage::{DataKey, Seal, Store, keys};
use crow_types::settings::IssueRule;
use crow_types::{
    ChunkRecord, EventRecord, EventRowId, Line, LineKind, Partition, SessionKeyRecord,
    SessionRecord, Timestamp,
};

pub(crate) use crow_types::log_chain as chain;

use crate::config::EventRowsConfig;
use crate::cpu_time::{Part, timed};
use crate::issue_rules::{IssueRules, Rules};
use crate::outside::Outside;
use crate::retry::{Failure, Hopeless, Retry};

/// Name of this operation in readiness and metrics, if it keeps failing.
pub(crate) const WRITING_OBJECTS: &str = "objects";
pub(crate) const COMMITTING: &str = "commits";
pub(crate) const GETTING_KEYS: &str = "keys";

/// Why a flush was not committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    /// Another owner has the partition.
    LeaseLost,
    /// A retry does not help.
    Hopeless(Hopeless),
}

/// What a flush needs besides its plan. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Flusher {
    pub(crate) db: Db,
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    pub(crate) outside: Arc<dyn Outside>,
    pub(crate) lease: Lease,
    /// The incarnation of the stream that the checkpoint refers to.
    pub(crate) stream_created: i64,
    /// Notified after each commit that announces something.
    pub(crate) announced: Arc<tokio::sync::Notify>,
    pub(crate) event_rows: EventRowsConfig,
    pub(crate) troubles: Troubles,
    /// How many flushes of the keeper are compressed at once. More than there are cores would only
    /// take memory.
    pub(crate) packing: Arc<Semaphore>,
    /// How organizations group errors.
    pub(crate) issue_rules: IssueRules,
}

impl Flusher {
    /// Runs until the flush is committed, and retries while the store or the database fails. Ends
    /// early when the lease is lost, or when a retry does not help. `claimed` has the claim-check
    /// objects with effects in this flush.
    pub(crate) async fn run(self, plan: FlushPlan, claimed: Vec<String>) -> Result<(), Failed> {
        let started = Instant::now();
        let reason = plan.reason.as_str();
        let has_announcements = !plan.outbox.is_empty();
        let flush = self.write(plan).await?;
        if has_announcements {
            self.announced.notify_one();
        }
        metrics::counter!("crow_session_flushes_total", "reason" => reason).increment(1);
        count(&flush);
        metrics::histogram!("crow_session_flush_seconds").record(started.elapsed().as_secs_f64());
        debug!(
            partition = self.lease.partition.0,
            checkpoint = flush.checkpoint.0,
            sessions = flush.sessions.len(),
            rows = flush.events.len(),
            chunks = flush.chunks.len(),
            reason,
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "flushed"
        );
        self.clean_up(flush.checkpoint, claimed).await;
        Ok(())
    }

    /// Writes object and rows. Begins again if a session that had no key has got one meanwhile.
    async fn write(&self, mut plan: FlushPlan) -> Result<rows::Flush, Failed> {
        loop {
            let keys = self.keys_of(&plan).await?;
            let data_keys = Arc::new(keys.keys);
            let prepared = self.prepare(plan, Arc::clone(&data_keys), keys.new).await;
            if let Some(pack) = &prepared.pack {
                self.put(pack).await?;
            }
            match self.commit(&prepared.flush).await {
                Ok(()) => {
                    metrics::counter!("crow_session_errors_left_out_total")
                        .increment(prepared.errors_left_out);
                    return Ok(prepared.flush);
                }
                Err(Uncommitted::KeyExists) => plan = prepared.into_plan(&data_keys),
                Err(Uncommitted::Failed(failed)) => return Err(failed),
            }
        }
    }

    /// The keys of the sessions with chunks.
    async fn keys_of(&self, plan: &FlushPlan) -> Result<WritingKeys, Failed> {
        let rows: HashSet<&str> = plan
            .chunks
            .iter()
            .map(|it| it.session_id.as_str())
            .collect();
        let with_chunks = plan
            .sessions
            .iter()
            .filter(|it| rows.contains(it.id.as_str()));
        let sessions: Vec<(&str, &str)> = with_chunks
            .map(|it| (it.organization_id.as_str(), it.id.as_str()))
            .collect();
        let retry = self.retry(GETTING_KEYS);
        let found = retry.run(|| self.keyring.for_writing(&sessions)).await;
        found.map_err(|error| Failed::Hopeless(retry.give_up(&error)))
    }

    /// Compresses and seals on a thread that may block.
    async fn prepare(
        &self,
        plan: FlushPlan,
        keys: Arc<DataKeys>,
        new_keys: Vec<SessionKeyRecord>,
    ) -> Prepared {
        let target = Target {
            lease: self.lease,
            stream_created: self.stream_created,
            event_rows: self.event_rows,
            seal: self.keyring.seal(),
        };
        let rules = self.issue_rules.now();
        let work = move || Prepared::new(plan, &target, &rules, &keys, new_keys);
        let _permit = self.packing.acquire().await.expect("it is never closed");
        tokio::task::spawn_blocking(move || timed(Part::Pack, work))
            .await
            .expect("compression does not panic, and is not cancelled")
    }

    async fn put(&self, pack: &Pack) -> Result<(), Failed> {
        let retry = self.retry(WRITING_OBJECTS);
        let written = retry
            .run(|| self.store.put(&pack.key, pack.object.clone()))
            .await;
        written.map_err(|error| Failed::Hopeless(retry.give_up(&error)))?;
        metrics::counter!("crow_session_packs_total").increment(1);
        Ok(())
    }

    async fn commit(&self, flush: &rows::Flush) -> Result<(), Uncommitted> {
        let retry = self.retry(COMMITTING);
        let committed = retry.run(|| async {
            let outcome = self.outside.commit(&self.db, flush).await;
            if outcome.as_ref().is_err_and(Failure::is_retryable) {
                metrics::counter!("crow_session_commit_failures_total").increment(1);
            }
            outcome
        });
        committed.await.map_err(|error| match error {
            crow_db::Error::KeyExists => Uncommitted::KeyExists,
            crow_db::Error::LeaseLost => Uncommitted::Failed(Failed::LeaseLost),
            error => Uncommitted::Failed(Failed::Hopeless(retry.give_up(&error))),
        })
    }

    /// How one of its steps is retried.
    pub(crate) fn retry(&self, what: &'static str) -> Retry<'_> {
        Retry {
            outside: &self.outside,
            troubles: &self.troubles,
            partition: self.lease.partition,
            what,
        }
    }

    /// A failure here only costs space for a while.
    async fn clean_up(&self, checkpoint: crow_types::Sequence, claimed: Vec<String>) {
        let purge = self.outside.purge_through(self.stream_created, checkpoint);
        if let Err(error) = purge.await {
            debug!(
                partition = self.lease.partition.0,
                error = chain(&error),
                "purge failed; the next purge covers it"
            );
        }
        for key in claimed {
            if let Err(error) = self.store.delete(&key).await {
                debug!(
                    error = chain(&error),
                    "deleting a claim check failed; the sweeper deletes it"
                );
            }
        }
    }
}

/// Why a transaction changed nothing.
enum Uncommitted {
    /// The archiver has sealed one of the sessions with another key.
    KeyExists,
    Failed(Failed),
}

/// What is durable now.
fn count(flush: &rows::Flush) {
    let lines = |of: fn(&ChunkRecord) -> i64| {
        let sum: i64 = flush.chunks.iter().map(of).sum();
        u64::try_from(sum).unwrap_or_default()
    };
    let (all, replay) = (
        lines(|chunk| chunk.event_count),
        lines(|chunk| chunk.replay_event_count),
    );
    metrics::counter!("crow_session_events_total", "lane" => "events").increment(all - replay);
    metrics::counter!("crow_session_events_total", "lane" => "replay").increment(replay);
    metrics::counter!("crow_session_event_rows_total").increment(flush.events.len() as u64);
}

/// The object of a flush, to be written before its rows.
pub(crate) struct Pack {
    pub(crate) key: String,
    pub(crate) object: Bytes,
}

/// Keys of sessions, by row.
pub(crate) type DataKeys = HashMap<Arc<str>, DataKey>;

/// Where a flush goes, and in which form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    pub(crate) lease: Lease,
    pub(crate) stream_created: i64,
    pub(crate) event_rows: EventRowsConfig,
    pub(crate) seal: Seal,
}

/// A flush with an id and a compressed pack, ready to be written.
pub(crate) struct Prepared {
    /// `None`: nothing to store.
    pub(crate) pack: Option<Pack>,
    pub(crate) flush: rows::Flush,
    reason: FlushReason,
    bytes: usize,
    /// Errors that no issue counts, because their session has too many.
    errors_left_out: u64,
}

impl Prepared {
    /// Compresses and seals the chunks. The rows hold their location in the pack.
    pub(crate) fn new(
        plan: FlushPlan,
        target: &Target,
        rules: &Rules,
        data_keys: &DataKeys,
        new_keys: Vec<SessionKeyRecord>,
    ) -> Self {
        let Target {
            lease,
            stream_created,
            event_rows,
            seal,
        } = *target;
        let (pack, chunks) = pack_of(&plan.chunks, lease.partition, seal, data_keys).unzip();
        let mut chunks = chunks.unwrap_or_default();
        let Interactions {
            rows,
            steps,
            errors,
        } = Interactions::of(&plan, &mut chunks, event_rows, rules);
        let errors_left_out = errors.left_out();
        let flush = rows::Flush {
            id: ulid::Ulid::new().to_string(),
            partition: lease.partition,
            epoch: lease.epoch,
            checkpoint: plan.checkpoint,
            stream_created,
            sessions: plan.sessions,
            events: rows,
            steps,
            errors: errors.into_records(),
            keys: new_keys,
            chunks,
            outbox: plan.outbox,
        };
        Self {
            pack,
            flush,
            reason: plan.reason,
            bytes: plan.bytes,
            errors_left_out,
        }
    }

    /// The plan again. Lines are read from the pack, so they need not stay in memory.
    fn into_plan(self, data_keys: &DataKeys) -> FlushPlan {
        let Self {
            pack,
            flush,
            reason,
            bytes,
            errors_left_out: _,
        } = self;
        let chunks = flush.chunks.into_iter().map(|row| {
            let pack = pack.as_ref().expect("a chunk is in a pack");
            let key = data_keys.get(row.session_id.as_str());
            chunk_in(pack, row, key)
        });
        FlushPlan {
            reason,
            checkpoint: flush.checkpoint,
            chunks: chunks.collect(),
            sessions: flush.sessions,
            outbox: flush.outbox,
            bytes,
        }
    }
}

/// Reads a chunk of a pack in memory.
fn chunk_in(pack: &Pack, row: ChunkRecord, key: Option<&DataKey>) -> ChunkPlan {
    let at = |offset: i64| usize::try_from(offset).expect("an offset in memory");
    let range = at(row.byte_offset)..at(row.byte_offset + row.byte_length);
    let frame = pack.object.slice(range);
    let offset = row.byte_offset.cast_unsigned();
    let reader = LineReader::new(&pack.key, offset, frame, key);
    let mut reader = reader.expect("what was just sealed has a key");
    let lines = std::iter::from_fn(|| reader.next_line().expect("what was just written is read"));
    ChunkPlan {
        lines: Arc::new(lines.collect()),
        session_id: row.session_id,
        chunk_index: row.chunk_index,
        window_id: row.window_id,
        replay_event_count: row.replay_event_count,
        has_full_snapshot: row.has_full_snapshot,
    }
}

/// What the interactions of a flush become besides lines.
#[derive(Default)]
struct Interactions {
    rows: Vec<EventRecord>,
    steps: NewSteps,
    errors: Occurrences,
}

impl Interactions {
    /// Notes the ids of the interactions in the rows of their chunks.
    fn of(
        plan: &FlushPlan,
        rows: &mut [ChunkRecord],
        event_rows: EventRowsConfig,
        rules: &Rules,
    ) -> Self {
        let now = Timestamp::now().0;
        let mut all = Self::default();
        let rules = rules_of(&plan.sessions, rules);
        for (chunk, row) in plan.chunks.iter().zip(rows) {
            let rules = rules.get(chunk.session_id.as_str()).copied();
            let rules = rules.unwrap_or_default();
            let is_event = |line: &&Line| line.kind == LineKind::Event;
            for line in chunk.lines.iter().filter(is_event) {
                // Whoever reads the chunk leaves it out, too.
                let Ok(interaction) = Interaction::of(line) else {
                    continue;
                };
                let id = EventRowId::bits(&interaction.id);
                row.event_ids.extend_from_slice(&id.to_be_bytes());
                all.add(chunk, line, &interaction, rules);
                if event_rows.includes(&interaction.r#type) {
                    let record = interaction.to_record(&chunk.session_id, line, now);
                    all.rows.push(record);
                }
            }
        }
        all
    }

    fn add(
        &mut self,
        chunk: &ChunkPlan,
        line: &Line,
        interaction: &Interaction<'_>,
        rules: &[IssueRule],
    ) {
        let happened = Happened {
            at: line.at,
            r#type: &interaction.r#type,
            name: &interaction.name,
            url: &interaction.url,
            data: interaction.data(),
        };
        self.steps.add(&chunk.session_id, &happened);
        if interaction.r#type == ERROR {
            self.errors.add(&Occurrence {
                session: &chunk.session_id,
                event: &interaction.id,
                at: line.at,
                url: &interaction.url,
                data: interaction.data(),
                rules,
            });
        }
    }
}

/// The rules of each session, by row; those without rules are left out.
fn rules_of<'a>(
    sessions: &'a [SessionRecord],
    rules: &'a Rules,
) -> HashMap<&'a str, &'a [IssueRule]> {
    if rules.is_empty() {
        return HashMap::new();
    }
    let of = |session: &'a SessionRecord| {
        let rules = rules.get(&session.organization_id)?;
        Some((session.id.as_str(), rules.as_slice()))
    };
    sessions.iter().filter_map(of).collect()
}

fn pack_of(
    chunks: &[ChunkPlan],
    partition: Partition,
    seal: Seal,
    data_keys: &DataKeys,
) -> Option<(Pack, Vec<ChunkRecord>)> {
    if chunks.is_empty() {
        return None;
    }
    let now = Timestamp::now();
    let key = keys::new_pack(partition, now, seal);
    let mut writer = PackWriter::new(&key).expect("there is memory to compress in");
    let rows = chunks
        .iter()
        .map(|chunk| {
            let data_key = data_keys.get(chunk.session_id.as_str());
            let extent = writer
                .add_chunk(&chunk.session_id, data_key, chunk.lines.iter())
                .expect("compressing in memory does not fail");
            row_of(chunk, extent, &key, now)
        })
        .collect();
    let object = writer.finish();
    Some((Pack { key, object }, rows))
}

fn row_of(chunk: &ChunkPlan, extent: Extent, key: &str, now: Timestamp) -> ChunkRecord {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    ChunkRecord {
        id: format!("{}-{:08}", chunk.session_id, chunk.chunk_index),
        session_id: chunk.session_id.clone(),
        chunk_index: chunk.chunk_index,
        r2_key: key.to_owned(),
        byte_offset: number(extent.offset),
        byte_length: number(extent.length),
        window_id: chunk.window_id.clone(),
        event_count: number(chunk.lines.len() as u64),
        replay_event_count: chunk.replay_event_count,
        size_bytes: number(extent.raw),
        first_at: chunk.lines.first().map_or(0, |line| line.at),
        last_at: chunk.lines.last().map_or(0, |line| line.at),
        has_full_snapshot: chunk.has_full_snapshot,
        event_ids: Vec::new(),
        created_at: now.0,
    }
}

#[cfg(test)]
mod tests;
