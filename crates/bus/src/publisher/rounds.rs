//! Rounds of publishing: a message for each partition that has batches waiting, all at once.
//!
//! They clock themselves. A batch that comes while nothing is in flight goes at once. What comes during
//! a round shares the next messages, so the slower the server or its disk, the more batches share one.
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
            while let Ok(waiting) = self.queue.try_recv() {
                self.take_in(waiting);
            }
            self.start();
            // Late ones end by themselves.
            drop(tokio::time::timeout(ROUND, self.end()).await);
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

    /// Sends a message for each partition that has none in flight.
    fn start(&mut self) {
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
