//! One session, line by line.

use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;

use crow_bus::live as wire;
use crow_db::read::{self, TailState};
use crow_proto::live::{Frame, Watch};
use crow_storage::merge::{ChunkSource, Merge};
use crow_storage::pack::Line;
use crow_types::SessionId;
use crow_web::ApiError;

use super::join::{Join, Missing, Taken};
use super::mailbox::Mailbox;
use super::{ASK_AGAIN, Cut, HEARTBEAT, Live, Outlet, PARTS, PATIENCE, slots};
use crate::ask::replay::WatchSession;
use crate::door::{Allowed, Read};
use crate::error::{Error, Result};
use crate::replay::cut::Cut as RangeCut;
use crate::replay::seek::window_starts;
use crate::replay::stored::{Recording, StoredChunks};
use crate::replay::{Replay, ReplayRange};

/// A part is sent once its lines have this many bytes.
const PART_BYTES: usize = 64 << 10;
/// Reads of stored chunks before the tail goes live. Each round reads what was stored during the
/// round before.
const ROUNDS: usize = 3;

/// What a watcher receives.
#[derive(Debug, PartialEq)]
pub enum Part {
    /// Lines, never none.
    Lines(Vec<Line>),
    /// Everything that existed was sent; what follows is live.
    CaughtUp,
    /// The session is over, for this reason.
    End(String),
    /// Nothing; keeps the connection open.
    Heartbeat,
}

/// The parts of a tail. An error ends the stream.
pub type Parts = ReceiverStream<std::result::Result<Part, ApiError>>;

impl Live {
    /// Watches a session: first what is stored, then what arrives.
    pub async fn tail(&self, watcher: &Allowed<Read>, asked: &WatchSession) -> Result<Parts> {
        let organization = watcher.organization();
        let row = self.use_cases.row(organization, &asked.session);
        let row = row.await?.record;
        let slot = self.slot(watcher)?;
        let watched = &self.use_cases.watched;
        watched
            .watched(watcher.actor(), organization, &row.id)
            .await?;
        let session = SessionId::new(row.session_id.as_str()).map_err(|_error| Error::NotFound)?;
        let (parts, out) = mpsc::channel(PARTS);
        let tail = Tail {
            recording: self.use_cases.recording(organization, &row.id),
            live: self.clone(),
            watcher: watcher.clone(),
            session,
            out: Outlet { parts },
            _slot: slot,
        };
        metrics::counter!("crow_query_tails_total").increment(1);
        tokio::spawn(tail.run(asked.from.map(|moment| moment.0)));
        Ok(ReceiverStream::new(out))
    }
}

struct Tail {
    live: Live,
    watcher: Allowed<Read>,
    recording: Recording,
    session: SessionId,
    out: Outlet<Part>,
    _slot: slots::Slot,
}

impl Tail {
    async fn run(self, from: Option<i64>) {
        if let Err(cut) = self.give_all(from).await {
            self.out.cut(cut);
        }
    }

    async fn give_all(&self, from: Option<i64>) -> std::result::Result<(), Cut> {
        let mut join = self.give_stored(from).await?;
        for _round in 0..ROUNDS {
            let before = join.chunk_count();
            if let Some(reason) = self.catch_up(&mut join).await? {
                self.out.send(Part::CaughtUp).await?;
                return self.out.send(Part::End(reason)).await;
            }
            if join.chunk_count() == before {
                break;
            }
        }
        let reason = self.follow(&mut join).await?;
        self.out.send(Part::End(reason)).await
    }

    /// Sends what is stored at the start.
    async fn give_stored(&self, from: Option<i64>) -> std::result::Result<Join, Cut> {
        let state = self.state().await?;
        let range = ReplayRange { from, to: None };
        let starts = match from {
            Some(from) => window_starts(&self.recording, from).await?,
            None => Default::default(),
        };
        let chunks = StoredChunks::new(self.recording.clone(), range, starts.clone())
            .before(Some(state.chunk_count));
        let mut replay = Replay::new(chunks, RangeCut::new(range, starts));
        let mut lines = Lines::default();
        while let Some(line) = replay.next().await? {
            lines.add(line, &self.out).await?;
        }
        lines.give(&self.out).await?;
        Ok(Join::new(self.recording.session.clone(), state))
    }

    /// Follows the session until it is over and returns the reason.
    async fn follow(&self, join: &mut Join) -> std::result::Result<String, Cut> {
        let live = &self.live;
        let organization = &self.recording.organization;
        let frames = wire::frames(&live.bus, organization, &self.session)
            .await
            .map_err(|_error| Cut::Stopping)?;
        let mut mailbox = Mailbox::new(frames);
        let mut heartbeat = tokio::time::interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        let patience = tokio::time::sleep(PATIENCE);
        tokio::pin!(patience);
        let mut is_caught_up = false;
        // Something is missing and was requested.
        let mut is_waiting = true;
        let mut ask_at = Instant::now();
        loop {
            tokio::select! {
                () = live.shutdown.started() => return Err(Cut::Stopping),
                () = self.out.parts.closed() => return Err(Cut::Slow),
                () = tokio::time::sleep_until(ask_at) => {
                    live.check(&self.watcher).await?;
                    self.ask(join, is_waiting).await?;
                    ask_at = Instant::now() + if is_waiting { ASK_AGAIN } else { wire::RENEWAL };
                }
                frame = mailbox.next::<Frame>() => {
                    let has_ended = frame.has_ended;
                    is_waiting = !self.take(join, frame).await?;
                    if has_ended && let Some(reason) = self.catch_up(join).await? {
                        self.say_caught_up(&mut is_caught_up).await?;
                        return Ok(reason);
                    }
                    if is_waiting {
                        ask_at = ask_at.min(Instant::now() + ASK_AGAIN);
                    } else {
                        self.say_caught_up(&mut is_caught_up).await?;
                    }
                }
                () = &mut patience, if !is_caught_up => {
                    self.say_caught_up(&mut is_caught_up).await?;
                }
                _ = heartbeat.tick() => {
                    self.out.send(Part::Heartbeat).await?;
                    if let Some(reason) = self.catch_up(join).await? {
                        self.say_caught_up(&mut is_caught_up).await?;
                        return Ok(reason);
                    }
                }
            }
        }
    }

    /// Sends `CaughtUp` once, even if the session is already over.
    async fn say_caught_up(&self, is_said: &mut bool) -> std::result::Result<(), Cut> {
        if std::mem::replace(is_said, true) {
            return Ok(());
        }
        self.out.send(Part::CaughtUp).await
    }

    /// Sends the lines of a frame, after any stored lines that it skips. Returns false when
    /// something is missing that is not stored yet.
    async fn take(&self, join: &mut Join, frame: Frame) -> std::result::Result<bool, Cut> {
        if join.is_behind(&frame) {
            metrics::counter!("crow_query_tail_holes_total").increment(1);
            // If the session is over by now, the next heartbeat notices.
            self.catch_up(join).await?;
        }
        match join.take(frame) {
            Taken::Lines(new) => {
                let mut lines = Lines::default();
                for line in new {
                    lines.add(line, &self.out).await?;
                }
                lines.give(&self.out).await?;
                Ok(true)
            }
            Taken::Hole => Ok(false),
            Taken::Elsewhere => Err(Cut::BeginAnew),
        }
    }

    /// Sends stored lines that did not arrive in frames. Returns the reason when the session is
    /// over.
    async fn catch_up(&self, join: &mut Join) -> std::result::Result<Option<String>, Cut> {
        let state = self.state().await?;
        match join.compare(&state) {
            Missing::Nothing => {}
            Missing::Gone => return Err(Cut::BeginAnew),
            Missing::Chunks(indexes) => {
                let chunks = StoredChunks::new(
                    self.recording.clone(),
                    ReplayRange::default(),
                    Default::default(),
                )
                .with_indexes(indexes);
                match self.give_new(join, Merge::new(chunks)).await {
                    Err(Cut::Failed(Error::Rewritten)) => return Err(Cut::BeginAnew),
                    given => given?,
                }
            }
        }
        let is_over = state.status != "open";
        let reason = state.end_reason.clone().unwrap_or_default();
        join.caught_up_with(state);
        if join.is_too_far() {
            return Err(Cut::BeginAnew);
        }
        Ok(is_over.then_some(reason))
    }

    async fn give_new<S: ChunkSource<Error = Error>>(
        &self,
        join: &mut Join,
        mut stored: Merge<S>,
    ) -> std::result::Result<(), Cut> {
        let mut lines = Lines::default();
        while let Some(line) = stored.next().await? {
            if join.is_new(&line) {
                lines.add(line, &self.out).await?;
            }
        }
        lines.give(&self.out).await
    }

    async fn state(&self) -> Result<TailState> {
        let Recording {
            db,
            organization,
            session,
            ..
        } = &self.recording;
        let state = read::tail_state(db, organization, session).await?;
        state.ok_or(Error::NotFound)
    }

    /// Announces interest to the keeper. The stream continues without the bus, because stored lines
    /// still arrive.
    async fn ask(&self, join: &Join, wants_answer: bool) -> std::result::Result<(), Cut> {
        let watch = Watch {
            organization_id: self.recording.organization.as_str().to_owned(),
            session_id: self.session.as_str().to_owned(),
            after: join.position(),
            wants_answer,
            once: false,
        };
        let said = wire::watch(&self.live.bus, join.partition(), &watch).await;
        if let Err(error) = said {
            tracing::debug!(
                error = crow_types::log_chain(&error),
                "cannot announce interest to the keeper"
            );
        }
        Ok(())
    }
}

/// Lines that are sent together as one part.
#[derive(Default)]
struct Lines {
    lines: Vec<Line>,
    bytes: usize,
}

impl Lines {
    async fn add(&mut self, line: Line, out: &Outlet<Part>) -> std::result::Result<(), Cut> {
        self.bytes += line.data.len() + 64;
        self.lines.push(line);
        if self.bytes >= PART_BYTES {
            self.give(out).await?;
        }
        Ok(())
    }

    async fn give(&mut self, out: &Outlet<Part>) -> std::result::Result<(), Cut> {
        self.bytes = 0;
        if self.lines.is_empty() {
            return Ok(());
        }
        out.send(Part::Lines(std::mem::take(&mut self.lines))).await
    }
}
