//! One task per owned partition: performs what the core decides.
//!
//! It only receives. Everything that waits for the database, the store or the bus is a separate
//! task: a flush, or one of [`crate::effects`]. So the driver always reacts to a stop, a lost
//! lease, a commit, a watcher and a timer. One effect runs at a time, so that its data is still
//! current when the core gets it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use futures::FutureExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::{error, info, warn};

use crow_bus::reader::{Delivery, Reader};
use crow_session_core::{
    Action, Config, Core, Event, FlushPlan, Incoming, Loaded, Prefetch, SessionKey,
};
use crow_types::{Sequence, Timestamp, log_chain as chain};
use crow_web::Watch;

use crate::effects::{Done, Due, Effect, Letter, Message, Tools};
use crate::flush::{Flusher, LeaseLost};
use crate::live::Live;
use crate::opening::{PAUSE, READING, ask_stream, make_missing_stream, only, starting_point};
use crate::telling::{ask_new_window, ask_snapshot, tell_ended};
use crate::work::{Part, timed};

/// Messages handled at once, so that one query loads the data for all of them.
const MAX_DELIVERIES: usize = 256;
/// Payload bytes taken from the reader at once.
const MAX_DELIVERED_BYTES: usize = 2 << 20;
/// Reason of a dead letter: the row of its session is unreadable.
const UNREADABLE: &str = "the session's row cannot be read by this version";

/// Why a partition's task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Everything that was read is committed.
    Drained,
    /// It had to stop before everything was committed.
    GivenUp,
    /// Another owner has the partition.
    LeaseLost,
    /// The stream went back: open the partition again.
    StreamWentBack,
}

/// A flush runs as a task of its own. It must continue while the driver waits for the database,
/// because it may hold the only writing connection.
type Flushing = AbortOnDropHandle<Result<(), LeaseLost>>;

/// The partition's task.
pub(crate) struct Driver {
    core: Core,
    reader: Reader,
    flusher: Flusher,
    flushing: Option<Flushing>,
    tools: Tools,
    /// The one task that the core waits for.
    effect: Option<Effect>,
    /// Deliveries that were read and not opened.
    unopened: VecDeque<Delivery>,
    /// Messages that wait until their sessions are loaded.
    opened: Vec<Message>,
    /// Whether it knows their events, too.
    are_events_known: bool,
    /// Due sessions that wait until they are loaded.
    due: Option<Due>,
    /// Until when is to be looked for due sessions.
    wants_due: Option<Timestamp>,
    /// Through here the core has all messages.
    through: Sequence,
    live: Live,
    /// Objects of claim checks, by the position at which a commit frees them.
    claimed: BTreeMap<Sequence, String>,
    max_held_bytes: usize,
    /// How long it drains. If the database or the store is down, the rest stays in the stream for
    /// the next owner.
    draining: Duration,
    last_stored_at: Timestamp,
    deliveries_paused_until: Option<tokio::time::Instant>,
    reading: Watch,
    ending: Option<Ended>,
}

impl Driver {
    /// Opens the partition at its checkpoint, or at the first message of a stream that
    /// is not the one the checkpoint was taken on. `None`: `stop` came first.
    pub(crate) async fn open(
        mut flusher: Flusher,
        config: Config,
        max_held_bytes: usize,
        draining: Duration,
        stop: &CancellationToken,
    ) -> Result<Option<Self>, LeaseLost> {
        let lease = flusher.lease;
        // Before the partition is open there is nothing to drain.
        let Some(state) = stop.run_until_cancelled(ask_stream(&flusher)).await else {
            return Ok(None);
        };
        flusher.stream_created = state.created;
        let checkpoint = starting_point(&flusher, state);
        if checkpoint != lease.checkpoint || lease.stream_created != state.created {
            let writing = flusher.clone().run(only(checkpoint), Vec::new());
            match stop.run_until_cancelled(writing).await {
                Some(written) => written?,
                None => return Ok(None),
            }
        }
        flusher.lease.checkpoint = checkpoint;
        flusher.lease.stream_created = state.created;
        let reader = Reader::new(
            &flusher.bus,
            lease.partition,
            state.created,
            checkpoint.next(),
        );
        info!(
            partition = lease.partition.0,
            epoch = lease.epoch.0,
            checkpoint = checkpoint.0,
            "partition opened"
        );
        let watching = Live::new(&flusher.bus, lease.partition);
        let Some(live) = stop.run_until_cancelled(watching).await else {
            return Ok(None);
        };
        Ok(Some(Self {
            live,
            core: Core::new(lease.partition, config, checkpoint, Timestamp::now()),
            reading: flusher.troubles.watch(READING, lease.partition.0),
            reader,
            flushing: None,
            tools: Tools {
                db: flusher.db.clone(),
                store: flusher.store.clone(),
                bus: flusher.bus.clone(),
                partition: lease.partition,
                troubles: flusher.troubles.clone(),
            },
            effect: None,
            unopened: VecDeque::new(),
            opened: Vec::new(),
            are_events_known: false,
            due: None,
            wants_due: None,
            through: checkpoint,
            claimed: BTreeMap::new(),
            max_held_bytes,
            draining,
            last_stored_at: Timestamp(0),
            deliveries_paused_until: None,
            ending: None,
            flusher,
        }))
    }

    /// Runs until `stop` says to drain, or the lease is lost (`lost` says so early, a
    /// commit says so for certain).
    pub(crate) async fn run(mut self, stop: CancellationToken, lost: CancellationToken) -> Ended {
        let mut give_up_at = None;
        loop {
            self.settle();
            if let Some(ended) = self.ending
                && self.core.is_idle()
            {
                return match ended {
                    Ended::StreamWentBack => self.forget_stream(&stop, &lost).await,
                    Ended::Drained | Ended::GivenUp | Ended::LeaseLost => ended,
                };
            }
            let timeout = until(self.core.poll_timeout());
            let may_read = self.may_read();
            let resume_at = self.deliveries_paused_until;
            tokio::select! {
                biased;
                () = lost.cancelled() => return Ended::LeaseLost,
                () = stop.cancelled(), if give_up_at.is_none() => {
                    give_up_at = Some(tokio::time::Instant::now() + self.draining);
                    self.drain(Ended::Drained);
                }
                () = sleep_until(give_up_at) => {
                    error!(
                        partition = self.partition(),
                        seconds = self.draining.as_secs(),
                        "could not commit in time; the next owner reads the rest again"
                    );
                    return Ended::GivenUp;
                }
                outcome = wait_for(&mut self.flushing) => match outcome {
                    Ok(()) => {
                        self.flushing = None;
                        self.live.show_changes();
                        self.core.handle_event(Timestamp::now(), Event::FlushCommitted);
                    }
                    Err(LeaseLost) => return Ended::LeaseLost,
                },
                done = wait_for_effect(&mut self.effect) => {
                    self.effect = None;
                    self.on_done(done);
                }
                () = tokio::time::sleep(timeout) => self.core.handle_timeout(Timestamp::now()),
                () = sleep_until(resume_at) => self.deliveries_paused_until = None,
                watch = self.live.next() => self.core.handle_event(Timestamp::now(), watch),
                delivery = self.reader.next(), if may_read => match delivery {
                    Ok(Some(delivery)) => {
                        self.reading.ended();
                        self.take_in(delivery);
                    }
                    Ok(None) => {
                        error!(partition = self.partition(), "the stream went back; reading it from its first message");
                        metrics::counter!("crow_session_stream_went_back_total").increment(1);
                        // From now on flushes neither record nor purge the stream.
                        self.flusher.stream_created = 0;
                        self.drain(Ended::StreamWentBack);
                    }
                    Err(error) => {
                        self.reading.failed(chain(&error));
                        warn!(partition = self.partition(), error = chain(&error), "reading failed, retrying");
                        make_missing_stream(&self.flusher.bus, &error);
                        self.deliveries_paused_until = Some(tokio::time::Instant::now() + PAUSE);
                    }
                },
            }
        }
    }

    /// Commits what the core has, and accepts no more messages. The next owner reads the others
    /// again.
    fn drain(&mut self, ended: Ended) {
        self.ending = self.ending.or(Some(ended));
        self.effect = None;
        self.unopened.clear();
        self.opened.clear();
        self.due = None;
        self.wants_due = None;
        self.core.handle_event(Timestamp::now(), Event::Drain);
    }

    fn may_read(&self) -> bool {
        let has_work =
            self.effect.is_some() || !self.unopened.is_empty() || !self.opened.is_empty();
        self.ending.is_none()
            && !has_work
            && self.deliveries_paused_until.is_none()
            && self.core.bytes_held() < self.max_held_bytes
    }

    /// Records that the partition must be read from the first message of its stream. When it is
    /// opened again, the stream may have grown past the checkpoint.
    async fn forget_stream(self, stop: &CancellationToken, lost: &CancellationToken) -> Ended {
        let draining = self.draining;
        let writing = self.flusher.run(only(Sequence(0)), Vec::new());
        tokio::select! {
            biased;
            () = lost.cancelled() => Ended::LeaseLost,
            outcome = writing => match outcome {
                Ok(()) => Ended::StreamWentBack,
                Err(LeaseLost) => Ended::LeaseLost,
            },
            () = cancelled_for(stop, draining) => Ended::GivenUp,
        }
    }

    fn partition(&self) -> u16 {
        self.flusher.lease.partition.0
    }

    /// Performs the core's actions and starts the next effects, until it can only wait. Never waits
    /// itself.
    fn settle(&mut self) {
        loop {
            self.perform_actions();
            if self.effect.is_some() || self.ending.is_some() || !self.advance() {
                return;
            }
        }
    }

    fn perform_actions(&mut self) {
        while let Some(action) = timed(Part::Apply, || self.core.poll_action()) {
            match action {
                Action::Flush(plan) => self.start_flush(*plan),
                Action::Show(frame) => self.live.show(frame, self.flusher.stream_created),
                Action::AskSnapshot(key, window) => {
                    ask_snapshot(self.flusher.bus.clone(), &key, window);
                }
                Action::AskNewWindow(key, window) => {
                    ask_new_window(self.flusher.bus.clone(), &key, window);
                }
                Action::TellEnded(key) => tell_ended(self.flusher.bus.clone(), &key),
                Action::FindDue(until) => self.wants_due = Some(until),
            }
        }
    }

    /// Takes the next step of the current work, or starts the next one. False: there is none.
    ///
    /// Asks before each step what the core must know, because a commit in between may have evicted
    /// sessions.
    fn advance(&mut self) -> bool {
        if let Some(due) = self.due.take() {
            self.go_on_with_due(due);
        } else if !self.opened.is_empty() {
            self.go_on_with_messages();
        } else if let Some(until) = self.wants_due.take() {
            self.effect = Some(self.tools.find_due(until));
        } else if !self.unopened.is_empty() {
            let deliveries = std::mem::take(&mut self.unopened);
            self.effect = Some(self.tools.open(deliveries));
        } else {
            return false;
        }
        true
    }

    /// The due times of rows are hints. The watermark makes them safe: a session does not end while
    /// its events may still wait in the stream.
    fn go_on_with_due(&mut self, due: Due) {
        let missing = self.core.prefetch_sessions(&due.sessions);
        if !missing.is_empty() {
            self.due = Some(due);
            self.effect = Some(self.tools.load_sessions(missing));
            return;
        }
        let is_read_to_the_end = due.stream.is_some_and(|stream| {
            stream.created == self.flusher.stream_created && stream.last <= self.through
        });
        let watermark = if is_read_to_the_end {
            due.asked_at
        } else {
            self.last_stored_at
        };
        let event = Event::Due {
            watermark,
            sessions: due.sessions,
        };
        self.core.handle_event(Timestamp::now(), event);
    }

    /// Loads first the sessions, then the ids of known events of sessions that are not new. Then it
    /// handles the messages.
    fn go_on_with_messages(&mut self) {
        let batches = self.opened.iter().flat_map(|message| &message.batches);
        let Prefetch { sessions, events } = timed(Part::Apply, || self.core.prefetch(batches));
        if !sessions.is_empty() {
            self.are_events_known = false;
            self.effect = Some(self.tools.load_sessions(sessions));
        } else if !self.are_events_known && !events.is_empty() {
            self.are_events_known = true;
            self.effect = Some(self.tools.load_events(events));
        } else {
            self.apply();
        }
    }

    fn apply(&mut self) {
        self.are_events_known = false;
        for message in std::mem::take(&mut self.opened) {
            let Message {
                sequence,
                stored_at,
                batches,
                claimed,
                ..
            } = message;
            if let Some(key) = claimed {
                self.claimed.insert(sequence, key);
            }
            self.through = sequence;
            self.last_stored_at = stored_at;
            metrics::counter!("crow_session_batches_total").increment(batches.len() as u64);
            let message = Event::Message { sequence, batches };
            timed(Part::Apply, || {
                self.core.handle_event(Timestamp::now(), message);
            });
        }
    }

    fn on_done(&mut self, done: Done) {
        match done {
            Done::Opened { messages, rest } => {
                self.opened = messages;
                self.unopened = rest;
            }
            Done::Loaded { loaded, unreadable } => self.on_loaded(loaded, &unreadable),
            Done::Buried => {}
            Done::Due(due) => self.due = Some(due),
        }
    }

    /// Moves batches of sessions that this version cannot read to the dead letters. The partition
    /// continues.
    fn on_loaded(&mut self, loaded: Loaded, unreadable: &BTreeMap<SessionKey, String>) {
        self.core
            .handle_event(Timestamp::now(), Event::Loaded(loaded));
        if unreadable.is_empty() {
            return;
        }
        for (key, reason) in unreadable {
            error!(
                partition = self.partition(),
                session = key.session.as_str(),
                error = reason,
                "a session cannot be read; its batches go to the dead letters"
            );
        }
        if let Some(due) = &mut self.due {
            due.sessions.retain(|key| !unreadable.contains_key(key));
        }
        let mut letters = Vec::new();
        for message in &mut self.opened {
            let is_bad = |incoming: &mut Incoming| unreadable.contains_key(&incoming.key);
            for incoming in message.batches.extract_if(.., is_bad) {
                // The letter may be the message itself, which needs its object.
                message.claimed = None;
                letters.push(Letter {
                    sequence: message.sequence,
                    reason: UNREADABLE,
                    batch: incoming.batch,
                    message: message.payload.clone(),
                });
            }
        }
        if !letters.is_empty() {
            self.effect = Some(self.tools.bury(letters));
        }
    }

    fn start_flush(&mut self, plan: FlushPlan) {
        self.live.note_changes(&plan);
        let later = self.claimed.split_off(&plan.checkpoint.next());
        let claimed = std::mem::replace(&mut self.claimed, later)
            .into_values()
            .collect();
        self.flushing = Some(AbortOnDropHandle::new(tokio::spawn(
            self.flusher.clone().run(plan, claimed),
        )));
    }

    /// Takes a delivery and what is ready behind it.
    fn take_in(&mut self, first: Delivery) {
        let mut bytes = first.payload.len();
        self.unopened.push_back(first);
        while self.unopened.len() < MAX_DELIVERIES && bytes < MAX_DELIVERED_BYTES {
            // Unfinished work stays with the reader. An error is returned again by the next call.
            let ready = self.reader.next().now_or_never();
            let Some(delivery) = ready.and_then(|read| read.ok().flatten()) else {
                return;
            };
            bytes += delivery.payload.len();
            self.unopened.push_back(delivery);
        }
    }
}

async fn wait_for(flushing: &mut Option<Flushing>) -> Result<(), LeaseLost> {
    match flushing {
        Some(flushing) => flushing
            .await
            .expect("a flush does not panic, and is not aborted while it is waited for"),
        None => std::future::pending().await,
    }
}

/// Returns when it was cancelled this long ago.
async fn cancelled_for(token: &CancellationToken, time: Duration) {
    token.cancelled().await;
    tokio::time::sleep(time).await;
}

async fn wait_for_effect(effect: &mut Option<Effect>) -> Done {
    match effect {
        Some(effect) => effect
            .await
            .expect("an effect does not panic, and is not aborted while it is waited for"),
        None => std::future::pending().await,
    }
}

async fn sleep_until(instant: Option<tokio::time::Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

fn until(at: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(at.since(Timestamp::now())).unwrap_or(0))
}
