//! One task per owned partition: performs what the core decides.
//!
//! It only receives. Everything that waits for the database, the store or the bus is a separate
//! task: a flush, or one of [`crate::effects`]. So the driver always reacts to a stop, a lost
//! lease, a commit, a watcher and a timer. One effect runs at a time, so that its data is still
//! current when the core gets it.

mod due;
mod introduction;
mod loaded;
mod traced;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crow_bus::reader::Delivery;
use crow_runtime::TroubleGuard;
use crow_session_core::{Action, Config, Core, Event, FlushPlan, Prefetch};
use crow_types::{Sequence, Timestamp, log_chain as chain};

use crate::cpu_time::{Part, timed};
use crate::effects::{DUE, Done, Due, Effect, Message};
use crate::flush::{Failed, Flusher};
use crate::live::Live;
use crate::opening::{Opened, PAUSE, READING, make_missing_stream, open, record_checkpoint};
use crate::outside::{Messages, Outside, Running, Sleep, done, passed};
use crate::retry::{Failure, Hopeless, of_partition};
use crate::telling::{ask_new_window, ask_snapshot, tell_ended};
use crate::tools::Tools;

use self::traced::Traced;

/// Messages handled at once, so that one query loads the data for all of them.
const MAX_DELIVERIES: usize = 256;
/// Payload bytes taken from the reader at once.
const MAX_DELIVERED_BYTES: usize = 2 << 20;

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
    /// It cannot continue, and a retry does not help.
    Hopeless(Hopeless),
}

impl From<Failed> for Ended {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::LeaseLost => Self::LeaseLost,
            Failed::Hopeless(why) => Self::Hopeless(why),
        }
    }
}

/// A flush runs as a task of its own. It must continue while the driver waits for the database,
/// because it may hold the only writing connection.
type Flushing = Running<Result<(), Failed>>;

/// How a partition is driven.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) core: Config,
    /// Payload bytes in memory above which reading pauses.
    pub(crate) max_held_bytes: usize,
    /// How long it drains. If the database or the store is down, the rest stays in the stream for
    /// the next owner.
    pub(crate) draining: Duration,
}

/// Opens a partition and drives it until `stop` says to drain, or the lease is lost (`lost` says so
/// early, a commit says so for certain).
pub(crate) async fn drive(
    flusher: Flusher,
    limits: Limits,
    stop: CancellationToken,
    lost: CancellationToken,
) -> Ended {
    match lost.run_until_cancelled(open(flusher, &stop)).await {
        Some(Ok(Some(opened))) => Driver::new(opened, limits).run(stop, lost).await,
        Some(Ok(None)) => Ended::Drained,
        Some(Err(failed)) => failed.into(),
        None => Ended::LeaseLost,
    }
}

/// The partition's task.
struct Driver {
    core: Core,
    reader: Box<dyn Messages>,
    outside: Arc<dyn Outside>,
    flusher: Flusher,
    flushing: Option<Flushing>,
    /// Rows of new sessions are being written.
    introducing: Option<Running<()>>,
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
    /// Rows of due sessions that cannot be read and are in the log.
    unreadable_due: BTreeSet<String>,
    /// Through here the core has all messages.
    through: Sequence,
    traced: Traced,
    live: Live,
    /// Objects of claim checks, by the position at which a commit frees them.
    claimed: BTreeMap<Sequence, String>,
    limits: Limits,
    last_stored_at: Timestamp,
    /// Reading pauses until this has passed.
    pause: Option<Sleep>,
    reading: TroubleGuard,
    /// Ends its trouble with the driver.
    _finding_due: TroubleGuard,
    ending: Option<Ended>,
}

impl Driver {
    fn new(opened: Opened, limits: Limits) -> Self {
        let Opened {
            flusher,
            live,
            tombstones,
        } = opened;
        let lease = flusher.lease;
        let outside = Arc::clone(&flusher.outside);
        let (partition, checkpoint) = (lease.partition, lease.checkpoint);
        Self {
            live,
            core: Core::new(partition, limits.core, checkpoint, outside.now()),
            reading: flusher.troubles.guard(READING, partition.0),
            _finding_due: flusher.troubles.guard(DUE, partition.0),
            reader: outside.reader(lease.stream_created, checkpoint.next()),
            flushing: None,
            introducing: None,
            tools: Tools {
                db: flusher.db.clone(),
                store: flusher.store.clone(),
                keyring: flusher.keyring.clone(),
                tombstones,
                outside: Arc::clone(&outside),
                partition,
                troubles: flusher.troubles.clone(),
            },
            outside,
            effect: None,
            unopened: VecDeque::new(),
            opened: Vec::new(),
            are_events_known: false,
            due: None,
            wants_due: None,
            unreadable_due: BTreeSet::new(),
            through: checkpoint,
            traced: Traced::default(),
            claimed: BTreeMap::new(),
            limits,
            last_stored_at: Timestamp(0),
            pause: None,
            ending: None,
            flusher,
        }
    }

    async fn run(mut self, stop: CancellationToken, lost: CancellationToken) -> Ended {
        let mut give_up = None;
        loop {
            self.settle();
            if let Some(ended) = self.ending
                && self.core.is_idle()
            {
                return match ended {
                    Ended::StreamWentBack => self.forget_stream(&stop, &lost).await,
                    Ended::Drained | Ended::GivenUp | Ended::LeaseLost | Ended::Hopeless(_) => {
                        ended
                    }
                };
            }
            let now = self.now();
            let timeout = self.outside.sleep(until(self.core.poll_timeout(), now));
            let may_read = self.may_read();
            tokio::select! {
                biased;
                () = lost.cancelled() => return Ended::LeaseLost,
                () = stop.cancelled(), if give_up.is_none() => {
                    give_up = Some(self.outside.sleep(self.limits.draining));
                    self.drain(Ended::Drained);
                }
                () = passed(&mut give_up) => {
                    error!(
                        partition = self.partition(),
                        seconds = self.limits.draining.as_secs(),
                        "could not commit in time; the next owner reads the rest again"
                    );
                    return Ended::GivenUp;
                }
                outcome = done(&mut self.flushing) => {
                    self.flushing = None;
                    if let Err(failed) = outcome {
                        return self.fail(failed, &stop, &lost).await;
                    }
                    self.live.show_changes();
                    self.traced.end_flush();
                    self.handle(Event::FlushCommitted);
                    // The core no longer remembers what was in flight, and a look-up from before
                    // the commit did not find it.
                    self.are_events_known = false;
                }
                done = done(&mut self.effect) => {
                    self.effect = None;
                    self.on_done(done);
                }
                () = done(&mut self.introducing) => self.introducing = None,
                () = timeout => {
                    let now = self.now();
                    self.core.handle_timeout(now);
                }
                () = passed(&mut self.pause) => self.pause = None,
                watch = self.live.next() => self.handle(watch),
                delivery = self.reader.next(), if may_read => match delivery {
                    Ok(Some(delivery)) => {
                        self.reading.ended();
                        self.take_in(delivery);
                    }
                    Ok(None) => self.on_went_back(),
                    Err(error) => self.on_unread(&error),
                },
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.outside.now()
    }

    fn handle(&mut self, event: Event) {
        let now = self.now();
        self.core.handle_event(now, event);
    }

    fn on_went_back(&mut self) {
        error!(
            partition = self.partition(),
            "the stream went back; reading it from its first message"
        );
        metrics::counter!("crow_session_stream_went_back_total").increment(1);
        // From now on flushes neither record nor purge the stream.
        self.flusher.stream_created = 0;
        self.drain(Ended::StreamWentBack);
    }

    fn on_unread(&mut self, failure: &crow_bus::Error) {
        let partition = self.flusher.lease.partition;
        if !failure.is_retryable() {
            let hopeless = self.tools.retry(READING).give_up(failure);
            return self.drain(Ended::Hopeless(hopeless));
        }
        self.reading
            .failed(of_partition(partition, failure.in_words()));
        warn!(
            partition = partition.0,
            error = chain(failure),
            "reading failed, retrying"
        );
        make_missing_stream(self.outside.as_ref(), failure);
        self.pause = Some(self.outside.sleep(PAUSE));
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
        self.handle(Event::Drain);
    }

    fn may_read(&self) -> bool {
        let has_work =
            self.effect.is_some() || !self.unopened.is_empty() || !self.opened.is_empty();
        self.ending.is_none()
            && !has_work
            && self.pause.is_none()
            && self.core.bytes_held() < self.limits.max_held_bytes
    }

    /// The next attempt must know that the stream went back, too.
    async fn fail(
        self,
        failed: Failed,
        stop: &CancellationToken,
        lost: &CancellationToken,
    ) -> Ended {
        let went_back = self.ending == Some(Ended::StreamWentBack);
        if went_back
            && matches!(failed, Failed::Hopeless(_))
            && self.forget_stream(stop, lost).await == Ended::LeaseLost
        {
            return Ended::LeaseLost;
        }
        failed.into()
    }

    /// Records that the partition must be read from the first message of its stream. When it is
    /// opened again, the stream may have grown past the checkpoint.
    async fn forget_stream(self, stop: &CancellationToken, lost: &CancellationToken) -> Ended {
        let drained = stop
            .cancelled()
            .then(|()| self.outside.sleep(self.limits.draining));
        tokio::select! {
            biased;
            () = lost.cancelled() => Ended::LeaseLost,
            outcome = record_checkpoint(&self.flusher, Sequence(0)) => match outcome {
                Ok(()) => Ended::StreamWentBack,
                Err(failed) => failed.into(),
            },
            () = drained => Ended::GivenUp,
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
                    ask_snapshot(self.outside.as_ref(), &key, window);
                }
                Action::AskNewWindow(key, window) => {
                    ask_new_window(self.outside.as_ref(), &key, window);
                }
                Action::TellEnded(key) => tell_ended(self.outside.as_ref(), &key),
                Action::FindDue(until) => self.wants_due = Some(until),
                Action::Introduce(sessions) => self.introduce(sessions),
            }
        }
    }

    /// Takes the next step of the current work, or starts the next one. False: there is none.
    ///
    /// Asks before each step what the core must know, because a commit in between may have evicted
    /// sessions, or event ids that a look-up from before it did not find.
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
            let partition = self.flusher.lease.partition;
            self.traced.take_in(partition, sequence, &batches);
            self.last_stored_at = stored_at;
            metrics::counter!("crow_session_batches_total").increment(batches.len() as u64);
            let message = Event::Message { sequence, batches };
            timed(Part::Apply, || self.handle(message));
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
            Done::Due(due) => self.on_due(due),
            Done::Hopeless(why) => self.drain(Ended::Hopeless(why)),
        }
    }

    fn start_flush(&mut self, plan: FlushPlan) {
        self.live.note_changes(&plan);
        self.traced.start_flush(plan.checkpoint);
        let later = self.claimed.split_off(&plan.checkpoint.next());
        let claimed = std::mem::replace(&mut self.claimed, later)
            .into_values()
            .collect();
        let flush = self.flusher.clone().run(plan, claimed);
        self.flushing = Some(Running::start(self.outside.as_ref(), flush));
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

fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(at.since(now)).unwrap_or(0))
}
