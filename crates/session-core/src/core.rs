//! The state machine of one partition.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crow_types::{Partition, Sequence, SessionRecord, Timestamp};

use crate::config::Config;
use crate::message::{Incoming, SessionKey};
use crate::pending::{FlushPlan, FlushReason, Pending};
use crate::visits::Visits;
use crate::watch::{HeldChunk, LiveFrame, Watches};

mod apply;
#[cfg(test)]
mod invariants;
mod live;
#[cfg(test)]
mod tests;

/// A session without a batch for this long, in milliseconds, is evicted. The next one loads it
/// again.
const QUIET_AFTER: i64 = 30_000;

/// A new session waits this long, in milliseconds, before it is introduced ahead of its flush.
const INTRODUCED_AFTER: i64 = 1_000;

/// What happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// Rows that [`Core::prefetch`] asked for.
    Loaded(Loaded),
    /// A message of the stream. The caller has loaded everything that `prefetch` asks for.
    Message {
        /// Its position.
        sequence: Sequence,
        /// Its batches.
        batches: Vec<Incoming>,
    },
    /// These sessions may be due. The caller has loaded everything that `prefetch_sessions` asks
    /// for.
    Due {
        /// All messages stored before this were handled.
        watermark: Timestamp,
        /// Sessions whose rows say so.
        sessions: Vec<SessionKey>,
    },
    /// The flush in flight is committed.
    FlushCommitted,
    /// A watcher of a session has everything of it through `after`.
    Watch {
        /// Who is watched.
        key: SessionKey,
        /// Position that the watcher has reached.
        after: Sequence,
        /// Answer even if there is nothing after `after`.
        wants_answer: bool,
        /// It asks once, and does not watch.
        once: bool,
    },
    /// The partition is being released: flush everything.
    Drain,
}

/// What the driver must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Write the pack, then commit; answer with [`Event::FlushCommitted`].
    Flush(Box<FlushPlan>),
    /// Write these rows of new sessions if they have none, so that lists show them before their flush.
    /// Nothing depends on it. The rows hold no effect of any event: whoever reads the same messages
    /// again, after a crash, counts them from zero.
    Introduce(Vec<SessionRecord>),
    /// Look for sessions that were due at or before this time. Answer with [`Event::Due`], even if
    /// there are none.
    FindDue(Timestamp),
    /// Tell the gateways that this window should send a full snapshot.
    AskSnapshot(SessionKey, String),
    /// Tell the gateways that this window used a number twice and should continue as another
    /// window.
    AskNewWindow(SessionKey, String),
    /// Show watchers what came.
    Show(LiveFrame),
    /// Tell the gateways that a session is over although its windows may be active, so that they
    /// continue under another id.
    TellEnded(SessionKey),
}

/// What must be in memory before an event is handled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefetch {
    /// Sessions whose rows are needed.
    pub sessions: Vec<SessionKey>,
    /// Sessions whose stored events are needed.
    pub events: Vec<SessionKey>,
}

/// The answer to a [`Prefetch`].
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The visits of each session asked for, oldest first; empty when it is new.
    pub sessions: BTreeMap<SessionKey, Vec<SessionRecord>>,
    /// All stored events of each session asked for, see [`crow_types::EventRowId::bits`].
    pub known_events: BTreeMap<SessionKey, Vec<u64>>,
}

/// The decisions for one partition.
#[derive(Debug)]
pub struct Core {
    partition: Partition,
    config: Config,
    /// Everything through here is in a flush that was cut.
    checkpoint: Sequence,
    /// Through here everything is committed.
    committed: Sequence,
    sessions: BTreeMap<SessionKey, Visits>,
    by_age: BTreeSet<(Timestamp, SessionKey)>,
    pending: Pending,
    /// Windows that should send a full snapshot.
    asks: VecDeque<(SessionKey, String)>,
    /// Windows that used a number twice.
    reused: VecDeque<(SessionKey, String)>,
    /// New sessions without a row, and since when there are some.
    fresh: BTreeSet<SessionKey>,
    fresh_since: Option<Timestamp>,
    watches: Watches,
    /// What watchers are to be shown.
    frames: VecDeque<LiveFrame>,
    /// Ended sessions whose windows may not know it.
    ended: VecDeque<SessionKey>,
    in_flight_bytes: Option<usize>,
    /// The lines of the flush in flight, by session.
    in_flight: Vec<HeldChunk>,
    next_due_check: Timestamp,
    wants_due_check: bool,
    is_draining: bool,
    now: Timestamp,
}

impl Core {
    /// A partition with nothing in memory. Its effects are committed through `checkpoint`.
    #[must_use]
    pub fn new(partition: Partition, config: Config, checkpoint: Sequence, now: Timestamp) -> Self {
        Self {
            partition,
            config,
            checkpoint,
            committed: checkpoint,
            sessions: BTreeMap::new(),
            by_age: BTreeSet::new(),
            pending: Pending::default(),
            asks: VecDeque::new(),
            reused: VecDeque::new(),
            fresh: BTreeSet::new(),
            fresh_since: None,
            watches: Watches::default(),
            frames: VecDeque::new(),
            ended: VecDeque::new(),
            in_flight_bytes: None,
            in_flight: Vec::new(),
            next_due_check: now,
            wants_due_check: false,
            is_draining: false,
            now,
        }
    }

    /// What must be loaded before these batches can be handled. Ask again after loading the
    /// sessions: only then is it known which events must be looked up.
    #[must_use]
    pub fn prefetch<'a>(&self, batches: impl IntoIterator<Item = &'a Incoming>) -> Prefetch {
        let mut sessions = BTreeSet::new();
        let mut events = BTreeSet::new();
        for incoming in batches {
            let Some(visits) = self.sessions.get(&incoming.key) else {
                sessions.insert(incoming.key.clone());
                continue;
            };
            let batch = &incoming.batch;
            if visits.is_seen_complete || visits.is_duplicate(batch) {
                continue;
            }
            if batch.events.iter().any(|event| !event.id.is_empty()) {
                events.insert(incoming.key.clone());
            }
        }
        Prefetch {
            sessions: sessions.into_iter().collect(),
            events: events.into_iter().collect(),
        }
    }

    /// Which of these sessions are not in memory.
    #[must_use]
    pub fn prefetch_sessions(&self, keys: &[SessionKey]) -> Vec<SessionKey> {
        keys.iter()
            .filter(|key| !self.sessions.contains_key(*key))
            .cloned()
            .collect()
    }

    /// Payload bytes that are held until a commit.
    #[must_use]
    pub fn bytes_held(&self) -> usize {
        self.pending.bytes + self.in_flight_bytes.unwrap_or(0)
    }

    /// Sessions in memory.
    #[cfg(test)]
    fn cached_sessions(&self) -> usize {
        self.sessions.len()
    }

    /// Whether nothing is pending and nothing in flight.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.pending.is_empty() && self.in_flight_bytes.is_none()
    }

    /// Takes what happened.
    pub fn handle_event(&mut self, now: Timestamp, event: Event) {
        self.set_now(now);
        match event {
            Event::Loaded(loaded) => self.on_loaded(loaded),
            Event::Message { sequence, batches } => self.on_message(sequence, &batches),
            Event::Due {
                watermark,
                sessions,
            } => self.on_due(watermark, sessions),
            Event::FlushCommitted => self.on_flush_committed(),
            Event::Watch {
                key,
                after,
                wants_answer,
                once,
            } => self.on_watch(key, after, wants_answer, once),
            Event::Drain => self.is_draining = true,
        }
    }

    /// The time of [`Core::poll_timeout`] has come.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.set_now(now);
        if now >= self.next_due_check {
            self.next_due_check = now.plus(self.config.due_interval);
            self.wants_due_check = true;
            self.watches.forget_old(now);
        }
    }

    /// A clock that was set back must not delay pending work.
    fn set_now(&mut self, now: Timestamp) {
        if now < self.now {
            let pending = &mut self.pending;
            for since in [
                &mut pending.since,
                &mut pending.ended_since,
                &mut self.fresh_since,
            ] {
                *since = since.map(|since| since.min(now));
            }
            let next = now.plus(self.config.due_interval);
            self.next_due_check = self.next_due_check.min(next);
        }
        self.now = now;
    }

    /// When to call [`Core::handle_timeout`].
    #[must_use]
    pub fn poll_timeout(&self) -> Timestamp {
        let flush = self
            .flush_time()
            .filter(|_at| self.in_flight_bytes.is_none());
        let others = [flush, self.introduction_time()];
        let next = others.into_iter().flatten().min();
        next.map_or(self.next_due_check, |at| at.min(self.next_due_check))
    }

    /// The next action; `None` until there is another event or timeout.
    pub fn poll_action(&mut self) -> Option<Action> {
        if let Some(frame) = self.frames.pop_front() {
            return Some(Action::Show(frame));
        }
        if std::mem::take(&mut self.wants_due_check) {
            let until = self.now.plus(-self.config.idle_grace);
            return Some(Action::FindDue(until));
        }
        if let Some((key, window)) = self.asks.pop_front() {
            return Some(Action::AskSnapshot(key, window));
        }
        if let Some((key, window)) = self.reused.pop_front() {
            return Some(Action::AskNewWindow(key, window));
        }
        if let Some(key) = self.ended.pop_front() {
            return Some(Action::TellEnded(key));
        }
        if let Some(reason) = self.flush_reason() {
            return Some(Action::Flush(Box::new(self.cut_flush(reason))));
        }
        let is_time = self.introduction_time().is_some_and(|at| self.now >= at);
        is_time.then(|| Action::Introduce(self.introduce()))
    }

    fn introduction_time(&self) -> Option<Timestamp> {
        self.fresh_since.map(|since| since.plus(INTRODUCED_AFTER))
    }

    fn introduce(&mut self) -> Vec<SessionRecord> {
        self.fresh_since = None;
        let fresh = std::mem::take(&mut self.fresh);
        let rows = fresh.iter().filter_map(|key| {
            let visits = self.sessions.get_mut(key)?;
            visits.introduce(&self.config, self.now)
        });
        rows.collect()
    }

    /// Latest time at which pending effects are flushed.
    fn flush_time(&self) -> Option<Timestamp> {
        let Pending {
            since, ended_since, ..
        } = self.pending;
        let by_age = since.map(|since| since.plus(self.config.flush_age));
        let by_end = ended_since.map(|since| since.plus(self.config.end_flush_age));
        by_age.into_iter().chain(by_end).min()
    }

    fn flush_reason(&self) -> Option<FlushReason> {
        if self.in_flight_bytes.is_some() || self.pending.is_empty() {
            return None;
        }
        let has_come = |since: Option<Timestamp>, wait: i64| {
            since.is_some_and(|since| self.now >= since.plus(wait))
        };
        if self.pending.bytes >= self.config.flush_bytes {
            Some(FlushReason::Bytes)
        } else if has_come(self.pending.ended_since, self.config.end_flush_age) {
            Some(FlushReason::SessionEnd)
        } else if self.is_draining {
            Some(FlushReason::Drain)
        } else {
            has_come(self.pending.since, self.config.flush_age).then_some(FlushReason::Age)
        }
    }

    fn on_loaded(&mut self, loaded: Loaded) {
        for (key, records) in loaded.sessions {
            if !self.sessions.contains_key(&key) {
                let visits = Visits::new(records, self.now);
                self.by_age.insert((visits.touched_at, key.clone()));
                self.sessions.insert(key, visits);
            }
        }
        for (key, stored) in loaded.known_events {
            if let Some(visits) = self.sessions.get_mut(&key) {
                visits.know_events(stored);
            }
        }
    }

    fn on_message(&mut self, sequence: Sequence, batches: &[Incoming]) {
        self.pending.checkpoint = Some(sequence);
        self.pending.since.get_or_insert(self.now);
        for incoming in batches {
            self.on_batch(incoming);
        }
        if !self.watches.is_empty() {
            self.show_message(sequence, batches);
        }
    }

    /// A fired timer is a hint: if the deadline of a session has moved, it stays open.
    fn on_due(&mut self, watermark: Timestamp, keys: Vec<SessionKey>) {
        self.next_due_check = self.now.plus(self.config.due_interval);
        for key in keys {
            let Some(mut visits) = self.sessions.remove(&key) else {
                continue;
            };
            let due = visits
                .list
                .last()
                .filter(|visit| visit.is_open())
                .map(|visit| visit.deadline(&self.config));
            if let Some((deadline, reason)) = due
                && deadline.plus(self.config.idle_grace) <= watermark
            {
                visits.end(reason, deadline, &self.config);
                self.tell_ended(&key, reason);
                let newest = visits.list.len() - 1;
                self.announce_end(&mut visits, newest);
                self.pending.since.get_or_insert(self.now);
                self.pending.dirty.insert(key.clone());
            }
            self.sessions.insert(key, visits);
        }
    }

    fn on_flush_committed(&mut self) {
        self.in_flight_bytes = None;
        self.in_flight = Vec::new();
        self.committed = self.checkpoint;
        self.show_ends();
        self.sessions.values_mut().for_each(Visits::changes_written);
        self.forget_quiet();
        while self.sessions.len() > self.config.max_cached_sessions {
            let is_free = |key: &SessionKey| !self.pending.dirty.contains(key);
            let Some(oldest) = self.by_age.iter().find(|(_at, key)| is_free(key)).cloned() else {
                return;
            };
            self.sessions.remove(&oldest.1);
            self.by_age.remove(&oldest);
        }
    }

    /// Evicts sessions without recent batches. Most of those in memory are over, and timers alone
    /// load thousands of sessions per second.
    fn forget_quiet(&mut self) {
        let until = self.now.plus(-QUIET_AFTER);
        let is_free = |key: &SessionKey| !self.pending.dirty.contains(key);
        let quiet = self.by_age.iter().take_while(|(at, _key)| *at <= until);
        let quiet: Vec<_> = quiet.filter(|(_at, key)| is_free(key)).cloned().collect();
        for entry in quiet {
            self.sessions.remove(&entry.1);
            self.by_age.remove(&entry);
        }
    }

    fn cut_flush(&mut self, reason: FlushReason) -> FlushPlan {
        let pending = std::mem::take(&mut self.pending);
        let mut chunks = Vec::with_capacity(pending.chunks.len());
        let mut in_flight = Vec::with_capacity(pending.chunks.len());
        for ((key, index, window), lines) in pending.chunks {
            let visits = self
                .sessions
                .get_mut(&key)
                .expect("a session with pending lines is not evicted");
            let record = &mut visits.list[index].record;
            let (plan, sequences) = lines.into_plan(record.id.clone(), record.chunk_count, window);
            record.chunk_count += 1;
            in_flight.push(HeldChunk::new(key, &plan, sequences));
            chunks.push(plan);
        }
        // All of them are in this flush.
        self.fresh.clear();
        self.fresh_since = None;
        let mut sessions = Vec::with_capacity(pending.dirty.len());
        for key in &pending.dirty {
            let visits = self
                .sessions
                .get_mut(key)
                .expect("a session with changes is not evicted");
            sessions.extend(visits.take_changes(&self.config, self.now));
        }
        self.in_flight_bytes = Some(pending.bytes);
        self.in_flight = in_flight;
        self.checkpoint = pending.checkpoint.unwrap_or(self.checkpoint);
        FlushPlan {
            reason,
            checkpoint: self.checkpoint,
            sessions,
            chunks,
            outbox: pending.outbox,
            bytes: pending.bytes,
        }
    }
}
