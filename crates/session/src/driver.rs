//! One task per owned partition: performs what the core decides, and is the only place
//! that sleeps.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use futures::FutureExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, error, info, warn};

use crow_bus::notices::{self, Notice};
use crow_bus::reader::{Delivery, Reader, StreamState, stream_state};
use crow_bus::{Bus, streams};
use crow_db::sessions as rows;
use crow_session_core::{Action, Config, Core, Event, FlushPlan, Incoming, SessionKey};
use crow_types::{Sequence, Timestamp};
use crow_web::Watch;

use crate::flush::{Flusher, LeaseLost, chain};
use crate::live::Live;
use crate::work::{Part, timed};
use crate::{intake, loading};

/// Messages handled at once, so that one query loads what all of them need.
const MAX_DELIVERIES: usize = 256;
/// Payload bytes handled at once, inflated: the last message may exceed it.
const MAX_DELIVERED_BYTES: usize = 2 << 20;
/// Due sessions looked at in one go.
const MAX_DUE: u64 = 1_000;
/// What may fail for long, as readiness and metrics call it.
pub(crate) const READING: &str = "stream";
/// Pause before something outside is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// Why a partition's task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Everything that was read is committed.
    Drained,
    /// Another owner has the partition.
    LeaseLost,
    /// The stream went back: open the partition again.
    StreamWentBack,
}

/// A flush runs as a task of its own: it must go on while the driver waits for the
/// database, whose one writing connection it may hold.
type Flushing = AbortOnDropHandle<Result<(), LeaseLost>>;

/// The partition's task.
pub(crate) struct Driver {
    core: Core,
    reader: Reader,
    flusher: Flusher,
    flushing: Option<Flushing>,
    live: Live,
    /// Objects of claim checks by the position whose commit frees them.
    claimed: BTreeMap<Sequence, String>,
    max_held_bytes: usize,
    last_stored_at: Timestamp,
    deliveries_paused_until: Option<tokio::time::Instant>,
    reading: Watch,
}

impl Driver {
    /// Opens the partition at its checkpoint, or at the first message of a stream that
    /// is not the one the checkpoint was taken on. `None`: `stop` came first.
    pub(crate) async fn open(
        mut flusher: Flusher,
        config: Config,
        max_held_bytes: usize,
        stop: &CancellationToken,
    ) -> Result<Option<Self>, LeaseLost> {
        let lease = flusher.lease;
        let Some(state) = ask_stream(&flusher, stop).await else {
            return Ok(None);
        };
        flusher.stream_created = state.created;
        let checkpoint = starting_point(&flusher, state);
        if checkpoint != lease.checkpoint || lease.stream_created != state.created {
            flusher.clone().run(only(checkpoint), Vec::new()).await?;
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
        let live = Live::new(&flusher.bus, lease.partition).await;
        Ok(Some(Self {
            live,
            core: Core::new(lease.partition, config, checkpoint, Timestamp::now()),
            reading: flusher.troubles.watch(READING, lease.partition.0),
            reader,
            flusher,
            flushing: None,
            claimed: BTreeMap::new(),
            max_held_bytes,
            last_stored_at: Timestamp(0),
            deliveries_paused_until: None,
        }))
    }

    /// Runs until `stop` says to drain, or the lease is lost (`lost` says so early, a
    /// commit says so for certain).
    pub(crate) async fn run(mut self, stop: CancellationToken, lost: CancellationToken) -> Ended {
        let mut ending = None;
        loop {
            self.perform_actions().await;
            if let Some(ended) = ending
                && self.core.is_idle()
            {
                return match ended {
                    Ended::StreamWentBack => self.forget_stream().await,
                    Ended::Drained | Ended::LeaseLost => ended,
                };
            }
            let timeout = until(self.core.poll_timeout());
            let may_read = ending.is_none()
                && self.deliveries_paused_until.is_none()
                && self.core.bytes_held() < self.max_held_bytes;
            let resume_at = self.deliveries_paused_until;
            tokio::select! {
                biased;
                () = lost.cancelled() => return Ended::LeaseLost,
                () = stop.cancelled(), if ending.is_none() => {
                    ending = Some(Ended::Drained);
                    self.core.handle_event(Timestamp::now(), Event::Drain);
                }
                outcome = wait_for(&mut self.flushing) => match outcome {
                    Ok(()) => {
                        self.flushing = None;
                        self.live.show_changes();
                        self.core.handle_event(Timestamp::now(), Event::FlushCommitted);
                    }
                    Err(LeaseLost) => return Ended::LeaseLost,
                },
                () = tokio::time::sleep(timeout) => self.core.handle_timeout(Timestamp::now()),
                () = sleep_until(resume_at) => self.deliveries_paused_until = None,
                watch = self.live.next() => self.core.handle_event(Timestamp::now(), watch),
                delivery = self.reader.next(), if may_read => match delivery {
                    Ok(Some(delivery)) => {
                        self.reading.ended();
                        self.take_in(delivery).await;
                    }
                    Ok(None) => {
                        error!(partition = self.partition(), "the stream went back; reading it from its first message");
                        metrics::counter!("crow_session_stream_went_back_total").increment(1);
                        // From now on the flushes neither name the stream nor purge it.
                        self.flusher.stream_created = 0;
                        ending = Some(Ended::StreamWentBack);
                        self.core.handle_event(Timestamp::now(), Event::Drain);
                    }
                    Err(error) => {
                        self.reading.failed(chain(&error));
                        warn!(partition = self.partition(), error = chain(&error), "reading failed, trying again");
                        make_missing_stream(&self.flusher.bus, &error).await;
                        self.deliveries_paused_until = Some(tokio::time::Instant::now() + PAUSE);
                    }
                },
            }
        }
    }

    /// Writes that the partition is to be read from its stream's first message: by the time
    /// it is opened again the stream may have grown past the checkpoint.
    async fn forget_stream(self) -> Ended {
        match self.flusher.run(only(Sequence(0)), Vec::new()).await {
            Ok(()) => Ended::StreamWentBack,
            Err(LeaseLost) => Ended::LeaseLost,
        }
    }

    fn partition(&self) -> u16 {
        self.flusher.lease.partition.0
    }

    async fn perform_actions(&mut self) {
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
                Action::FindDue(until) => {
                    let due = self.find_due(until).await.unwrap_or_else(|error| {
                        warn!(
                            partition = self.partition(),
                            error = format!("{error:#}"),
                            "looking for due sessions failed"
                        );
                        Event::Due {
                            watermark: Timestamp(0),
                            sessions: Vec::new(),
                        }
                    });
                    self.core.handle_event(Timestamp::now(), due);
                }
            }
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

    /// Handles a delivery and what is ready behind it.
    async fn take_in(&mut self, first: Delivery) {
        let mut messages = Vec::new();
        let mut bytes = 0;
        let mut next = Some(first);
        while let Some(delivery) = next {
            let Flusher {
                bus, store, lease, ..
            } = &self.flusher;
            let opened = intake::open(bus, store, lease.partition, &delivery).await;
            if let Some(key) = opened.claimed {
                self.claimed.insert(delivery.sequence, key);
            }
            bytes += opened.batches.iter().map(Incoming::size).sum::<usize>();
            messages.push((delivery.sequence, delivery.stored_at, opened.batches));
            if messages.len() >= MAX_DELIVERIES || bytes >= MAX_DELIVERED_BYTES {
                break;
            }
            // What is not ready stays with the reader; an error comes again with the next call.
            next = self
                .reader
                .next()
                .now_or_never()
                .and_then(|read| read.ok().flatten());
        }
        self.prefetch(&messages).await;
        for (sequence, stored_at, batches) in messages {
            self.last_stored_at = stored_at;
            metrics::counter!("crow_session_batches_total").increment(batches.len() as u64);
            let message = Event::Message { sequence, batches };
            timed(Part::Apply, || {
                self.core.handle_event(Timestamp::now(), message);
            });
        }
    }

    /// Loads what the core needs for these messages: first the sessions, then, where they
    /// are not new, which of the events have rows.
    async fn prefetch(&mut self, messages: &[(Sequence, Timestamp, Vec<Incoming>)]) {
        let batches = || {
            messages
                .iter()
                .flat_map(|(_sequence, _stored_at, batches)| batches)
        };
        let wanted = timed(Part::Apply, || self.core.prefetch(batches()).sessions);
        self.load(wanted).await;
        let wanted = timed(Part::Apply, || self.core.prefetch(batches()).events);
        let loaded = until_it_works(self.partition(), "looking up events", || {
            loading::known_events(&self.flusher.db, &wanted)
        })
        .await;
        self.core
            .handle_event(Timestamp::now(), Event::Loaded(loaded));
    }

    async fn load(&mut self, keys: Vec<SessionKey>) {
        if keys.is_empty() {
            return;
        }
        let loaded = until_it_works(self.partition(), "loading sessions", || {
            loading::sessions(&self.flusher.db, &keys)
        })
        .await;
        self.core
            .handle_event(Timestamp::now(), Event::Loaded(loaded));
    }

    /// The rows' due times are hints. The watermark is what makes them safe: a session is
    /// not over while its events may still be waiting in the stream.
    async fn find_due(&mut self, until: Timestamp) -> anyhow::Result<Event> {
        let partition = self.flusher.lease.partition;
        let asked_at = Timestamp::now();
        let due = rows::due(&self.flusher.db, partition, until, MAX_DUE).await?;
        let mut watermark = self.last_stored_at;
        if !due.is_empty() {
            let state = stream_state(&self.flusher.bus, partition).await?;
            if state.created == self.flusher.stream_created && state.last < self.reader.position() {
                watermark = asked_at;
            }
        }
        let sessions: Vec<SessionKey> = due.iter().filter_map(loading::key_of).collect();
        self.load(self.core.prefetch_sessions(&sessions)).await;
        Ok(Event::Due {
            watermark,
            sessions,
        })
    }
}

/// The core asks again while it is needed.
fn ask_snapshot(bus: Bus, key: &SessionKey, window_id: String) {
    metrics::counter!("crow_session_snapshots_asked_total").increment(1);
    let notice = Notice {
        window_id,
        need_snapshot: true,
        ..Notice::of(&key.organization, &key.session)
    };
    tell(bus, notice);
}

/// A window that is not told goes on, and nothing of it is lost.
fn ask_new_window(bus: Bus, key: &SessionKey, window_id: String) {
    metrics::counter!("crow_session_reused_numbers_total").increment(1);
    let notice = Notice {
        window_id,
        new_window: true,
        ..Notice::of(&key.organization, &key.session)
    };
    tell(bus, notice);
}

/// A window that is not told goes on in the next generation of its session.
fn tell_ended(bus: Bus, key: &SessionKey) {
    let notice = Notice {
        session_ended: true,
        ..Notice::of(&key.organization, &key.session)
    };
    tell(bus, notice);
}

/// Nothing waits for it, and nothing depends on it.
fn tell(bus: Bus, notice: Notice) {
    tokio::spawn(async move {
        if let Err(error) = notices::publish(&bus, notices::NOTICE, notice.encode()).await {
            debug!(error = chain(&error), "a notice was not sent");
        }
    });
}

/// The partition cannot go on without the answer, and must not skip anything.
async fn until_it_works<T, F>(partition: u16, what: &'static str, mut call: impl FnMut() -> F) -> T
where
    F: Future<Output = crow_db::Result<T>>,
{
    loop {
        match call().await {
            Ok(answer) => return answer,
            Err(error) => {
                warn!(
                    partition,
                    what,
                    error = chain(&error),
                    "database failed, trying again"
                );
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Asks until the bus answers. `None`: `stop` came first.
async fn ask_stream(flusher: &Flusher, stop: &CancellationToken) -> Option<StreamState> {
    loop {
        match stream_state(&flusher.bus, flusher.lease.partition).await {
            Ok(state) => return Some(state),
            Err(error) => {
                warn!(
                    partition = flusher.lease.partition.0,
                    error = chain(&error),
                    "the stream does not answer"
                );
                make_missing_stream(&flusher.bus, &error).await;
                tokio::select! {
                    () = stop.cancelled() => return None,
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        }
    }
}

/// A wiped server has no streams, and nobody else would notice while all services run.
async fn make_missing_stream(bus: &Bus, error: &crow_bus::Error) {
    if !matches!(error, crow_bus::Error::NoStream { .. }) {
        return;
    }
    error!(error = chain(error), "making the streams anew");
    if let Err(error) = streams::ensure(bus).await {
        warn!(
            error = chain(&error),
            "the streams could not be made, trying again"
        );
    }
}

/// A flush of nothing but the checkpoint.
fn only(checkpoint: Sequence) -> FlushPlan {
    FlushPlan {
        reason: crow_session_core::FlushReason::Drain,
        checkpoint,
        sessions: Vec::new(),
        events: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
        bytes: 0,
    }
}

/// The position after which reading begins.
fn starting_point(flusher: &Flusher, state: StreamState) -> Sequence {
    let lease = &flusher.lease;
    let before_first = Sequence(state.first.0.saturating_sub(1));
    if lease.stream_created == 0 {
        return before_first;
    }
    if lease.stream_created == state.created && lease.checkpoint <= state.last {
        return lease.checkpoint;
    }
    error!(
        partition = lease.partition.0,
        checkpoint = lease.checkpoint.0,
        last_sequence = state.last.0,
        is_recreated = lease.stream_created != state.created,
        "the stream went back; reading it from its first message"
    );
    metrics::counter!("crow_session_stream_went_back_total").increment(1);
    before_first
}

async fn wait_for(flushing: &mut Option<Flushing>) -> Result<(), LeaseLost> {
    match flushing {
        Some(flushing) => flushing
            .await
            .expect("a flush does not panic, and is not aborted while it is waited for"),
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
