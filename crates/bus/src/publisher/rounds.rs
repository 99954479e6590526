//! Rounds of publishing: a message for each partition that has batches waiting, all at once.
//!
//! During a round the queue is not read, so batches gather without waking a task. A round ends when
//! all its messages are acknowledged, or after `ROUND`. Late messages then continue on their own,
//! and only their partitions wait for them: a partition has one message in flight at a time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tracing::warn;

use crow_types::Partition;

use super::{Answer, Outcome, QUEUE, Rests, Waiting};
use crate::connection::Bus;
use crate::error::Error;
use crate::streams;

/// A message is not grown beyond this, in bytes.
const GROUP_BYTES: usize = 1 << 20;
/// How long a round waits for its messages. Acknowledgements normally arrive within this time.
const ROUND: Duration = Duration::from_millis(5);

/// A round with so many batches is followed by a pause: the callers that it answered come back, and
/// the next messages are fuller. The cost of a message for the server hardly depends on its size.
/// A caller alone never waits: the next round starts when the last one is acknowledged.
const CROWD: usize = 24;
/// Minimum time between the starts of two rounds in a crowd.
const PACE: Duration = Duration::from_millis(2);

/// What waits for one partition.
struct Lane {
    subject: String,
    waiting: VecDeque<Waiting>,
    is_publishing: bool,
}

/// A message that was acknowledged, or was not.
struct Published {
    partition: Partition,
    round: u64,
    outcome: Outcome,
    answers: Vec<Answer>,
}

/// Publishes what comes through a queue.
pub(super) struct Rounds {
    bus: Bus,
    queue: mpsc::Receiver<Waiting>,
    rests: Rests,
    lanes: Vec<Lane>,
    under_way: FuturesUnordered<BoxFuture<'static, Published>>,
    round: u64,
    next_at: Instant,
    /// Messages of this round that are under way.
    open: usize,
}

impl Rounds {
    pub(super) fn new(bus: Bus, queue: mpsc::Receiver<Waiting>, rests: Rests) -> Self {
        let lane = |partition| Lane {
            subject: streams::events_subject(partition),
            waiting: VecDeque::new(),
            is_publishing: false,
        };
        Self {
            lanes: bus.partitions.iter().map(lane).collect(),
            bus,
            queue,
            rests,
            under_way: FuturesUnordered::new(),
            round: 0,
            next_at: Instant::now(),
            open: 0,
        }
    }

    /// Until nobody can send any more.
    pub(super) async fn run(mut self) {
        loop {
            if !self.lanes.iter().any(Lane::is_due) {
                tokio::select! {
                    Some(published) = self.under_way.next() => self.finish(published),
                    waiting = self.queue.recv() => match waiting {
                        Some(waiting) => self.take_in(waiting),
                        None => return,
                    },
                }
            }
            self.rest().await;
            while let Ok(waiting) = self.queue.try_recv() {
                self.take_in(waiting);
            }
            let began = Instant::now();
            let batches = self.start();
            // Late ones end by themselves.
            drop(tokio::time::timeout(ROUND, self.end()).await);
            if batches >= CROWD {
                self.next_at = began + PACE;
            }
        }
    }

    /// Waits until the next round may start, and handles late messages of earlier rounds.
    async fn rest(&mut self) {
        // A timer lasts a millisecond at least.
        if self.next_at <= Instant::now() {
            return;
        }
        let over = tokio::time::sleep_until(self.next_at);
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => return,
                Some(published) = self.under_way.next() => self.finish(published),
            }
        }
    }

    fn take_in(&mut self, waiting: Waiting) {
        let lane = &mut self.lanes[usize::from(waiting.partition.0)];
        if self.rests.is_resting(waiting.partition) || lane.waiting.len() == QUEUE {
            tell(waiting.answer, Err(Arc::new(Error::Busy)));
            return;
        }
        lane.waiting.push_back(waiting);
    }

    /// Sends a message for each partition that has none in flight. Returns how many batches they hold.
    fn start(&mut self) -> usize {
        let mut batches = 0;
        self.round += 1;
        self.open = 0;
        let limit = GROUP_BYTES.min(self.bus.max_message_bytes());
        for (partition, lane) in self.bus.partitions.iter().zip(&mut self.lanes) {
            if !lane.is_due() {
                continue;
            }
            lane.is_publishing = true;
            self.open += 1;
            let (bus, subject, round) = (self.bus.clone(), lane.subject.clone(), self.round);
            let (payload, answers) = lane.take_group(limit);
            batches += answers.len();
            metrics::histogram!("crow_bus_group_batches").record(answers.len() as f64);
            self.under_way.push(Box::pin(async move {
                let limit = Duration::from_millis(bus.config.publish_timeout_ms);
                let outcome = bus.publish_acknowledged(subject, None, payload, limit);
                Published {
                    partition,
                    round,
                    outcome: outcome.await.map_err(Arc::new),
                    answers,
                }
            }));
        }
        batches
    }

    async fn end(&mut self) {
        while self.open > 0
            && let Some(published) = self.under_way.next().await
        {
            self.finish(published);
        }
    }

    /// Answers the callers. After a failure, also those that wait for the same partition.
    fn finish(&mut self, published: Published) {
        let Published {
            partition,
            round,
            outcome,
            answers,
        } = published;
        self.open -= usize::from(round == self.round);
        let lane = &mut self.lanes[usize::from(partition.0)];
        lane.is_publishing = false;
        if let Err(error) = &outcome {
            self.rests.rest(partition);
            report(partition, answers.len(), error);
            let refused = Arc::new(Error::Busy);
            for waiting in lane.waiting.drain(..) {
                tell(waiting.answer, Err(Arc::clone(&refused)));
            }
        }
        for answer in answers {
            tell(answer, outcome.clone());
        }
    }
}

fn tell(answer: Answer, outcome: Outcome) {
    // A caller that went away has nobody to tell.
    drop(answer.send(outcome));
}

fn report(partition: Partition, batches: usize, error: &Error) {
    metrics::counter!("crow_bus_publish_failures_total", "reason" => error.label()).increment(1);
    warn!(
        partition = partition.0,
        batches,
        error = crow_types::log_chain(error),
        "publish failed"
    );
}

impl Lane {
    fn is_due(&self) -> bool {
        !self.is_publishing && !self.waiting.is_empty()
    }

    /// The next message, of at most `limit` bytes unless one batch is larger, and its callers.
    fn take_group(&mut self, limit: usize) -> (Bytes, Vec<Answer>) {
        let (mut bytes, mut count) = (0, 0);
        for Waiting { message, .. } in &self.waiting {
            let fits = message.is_joinable() && bytes + message.0.len() <= limit;
            if count > 0 && !fits {
                break;
            }
            bytes += message.0.len();
            count += 1;
            if !message.is_joinable() {
                break;
            }
        }
        if count == 1
            && let Some(only) = self.waiting.pop_front()
        {
            return (only.message.0, vec![only.answer]);
        }
        let mut joined = BytesMut::with_capacity(bytes);
        let answers = self.waiting.drain(..count).map(|waiting| {
            joined.extend_from_slice(&waiting.message.0);
            waiting.answer
        });
        let answers = answers.collect();
        (joined.freeze(), answers)
    }
}
