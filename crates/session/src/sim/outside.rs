//! What surrounds a driver in a run: streams in memory, a clock that the scheduler moves, and tasks
//! that go on when the scheduler says so.

use std::any::Any;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use sea_orm::DbErr;

use crow_bus::notices::Notice;
use crow_bus::reader::{Delivery, StreamState};
use crow_bus::{Error, Result};
use crow_db::leases::Lease;
use crow_db::{Db, flush as rows};
use crow_proto::live as wire;
use crow_types::{OrganizationId, Partition, Sequence, SessionId, SessionRecord, Timestamp};

use super::shared::Shared;
use super::store::{Fault, Gate};
use crate::outside::{Messages, Outside, Sleep};

/// The one incarnation that streams have here.
pub(super) const STREAM_CREATED: i64 = 1;

/// A task that a driver started.
pub(super) struct Started {
    pub(super) work: BoxFuture<'static, ()>,
    /// The driver dropped its handle.
    pub(super) is_stopped: Arc<AtomicBool>,
}

/// How the scheduler and a driver meet. Cloning gives the same.
#[derive(Clone, Default)]
pub(super) struct Link(Arc<LinkState>);

#[derive(Default)]
struct LinkState {
    started: Mutex<VecDeque<Started>>,
    /// What the reader returns next.
    next: AtomicU64,
    /// Through here messages have arrived.
    arrived: AtomicU64,
    /// The next read fails.
    fails: AtomicBool,
}

impl Link {
    /// Lets some more messages arrive.
    pub(super) fn deliver(&self, count: u64) {
        let next = self.0.next.load(Ordering::Relaxed);
        let through = next.saturating_add(count).saturating_sub(1);
        self.0.arrived.fetch_max(through, Ordering::Relaxed);
    }

    /// Lets one read fail.
    pub(super) fn fail(&self) {
        self.0.fails.store(true, Ordering::Relaxed);
    }

    /// The last message that was read.
    pub(super) fn read(&self) -> Sequence {
        Sequence(self.0.next.load(Ordering::Relaxed).saturating_sub(1))
    }

    /// The tasks that were started since.
    pub(super) fn take_started(&self) -> VecDeque<Started> {
        std::mem::take(&mut self.0.started.lock().unwrap())
    }
}

/// Sets the flag when it is dropped.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

pub(super) struct SimOutside {
    pub(super) shared: Shared,
    pub(super) partition: Partition,
    pub(super) link: Link,
}

/// A failure that a retry mends.
fn lost() -> crow_db::Error {
    crow_db::Error::Sql {
        what: "committing",
        source: DbErr::Custom("a fault of the simulation".to_owned()),
    }
}

#[async_trait]
impl Outside for SimOutside {
    fn now(&self) -> Timestamp {
        self.shared.now()
    }

    /// A task waits until the scheduler chooses it again, however long that is.
    fn sleep(&self, time: Duration) -> Sleep {
        if let Some(gate) = Gate::of_task() {
            return async move {
                gate.pass().await;
            }
            .boxed();
        }
        let shared = self.shared.clone();
        let until = shared.now().plus(i64::try_from(time.as_millis()).unwrap());
        let is_over = move |_context: &mut Context<'_>| {
            if shared.now() < until {
                return Poll::Pending;
            }
            Poll::Ready(())
        };
        FutureExt::boxed(poll_fn(is_over))
    }

    fn spawn(&self, work: BoxFuture<'static, ()>) -> Box<dyn Any + Send> {
        let is_stopped = Arc::<AtomicBool>::default();
        self.link.0.started.lock().unwrap().push_back(Started {
            work,
            is_stopped: Arc::clone(&is_stopped),
        });
        Box::new(StopOnDrop(is_stopped))
    }

    async fn commit(&self, db: &Db, flush: &rows::Flush) -> crow_db::Result<()> {
        let fault = Gate::pass_own().await;
        if fault == Fault::Failed {
            return Err(lost());
        }
        let outcome = rows::commit(db, flush).await;
        if outcome.is_ok() {
            self.shared.committed(self.partition, flush.checkpoint);
            self.shared.check_ends(&flush.sessions, flush.checkpoint);
        }
        if fault == Fault::AnswerLost {
            return Err(lost());
        }
        outcome
    }

    async fn introduce(
        &self,
        db: &Db,
        lease: &Lease,
        sessions: &[SessionRecord],
    ) -> crow_db::Result<()> {
        let fault = Gate::pass_own().await;
        if fault == Fault::Failed {
            return Err(lost());
        }
        let outcome = rows::introduce(db, lease, sessions).await;
        if fault == Fault::AnswerLost {
            return Err(lost());
        }
        outcome
    }

    async fn stream_state(&self) -> Result<StreamState> {
        // A partition that is being opened asks outside of a task.
        let is_down = match Gate::of_task() {
            Some(gate) => gate.pass().await != Fault::None,
            None => false,
        };
        if is_down {
            return Err(Error::Disconnected);
        }
        Ok(StreamState {
            created: STREAM_CREATED,
            first: self.shared.first(self.partition),
            last: self.shared.last(self.partition),
        })
    }

    fn make_streams(&self) {
        unreachable!("no stream is missing here")
    }

    fn reader(&self, created: i64, next: Sequence) -> Box<dyn Messages> {
        assert_eq!(created, STREAM_CREATED);
        self.link.0.next.store(next.0, Ordering::Relaxed);
        Box::new(SimMessages {
            shared: self.shared.clone(),
            partition: self.partition,
            link: self.link.clone(),
        })
    }

    async fn purge_through(&self, created: i64, checkpoint: Sequence) -> Result<()> {
        assert_eq!(created, STREAM_CREATED);
        let fault = Gate::pass_own().await;
        if fault == Fault::Failed {
            return Err(Error::TimedOut);
        }
        self.shared.purge_through(self.partition, checkpoint);
        if fault == Fault::AnswerLost {
            return Err(Error::TimedOut);
        }
        Ok(())
    }

    fn max_message_bytes(&self) -> usize {
        1 << 20
    }

    async fn keep_letter(
        &self,
        sequence: Sequence,
        _reason: &'static str,
        _payload: Bytes,
    ) -> Result<()> {
        let fault = Gate::pass_own().await;
        if fault == Fault::Failed {
            return Err(Error::TimedOut);
        }
        self.shared.keep_letter(self.partition, sequence);
        if fault == Fault::AnswerLost {
            return Err(Error::TimedOut);
        }
        Ok(())
    }

    fn tell(&self, _notice: Notice) {}

    async fn watches(&self) -> Result<BoxStream<'static, wire::Watch>> {
        Ok(futures::stream::pending().boxed())
    }

    fn show(&self, _organization: &OrganizationId, _session: &SessionId, _frame: wire::Frame) {}

    fn show_changes(&self, _organization: &OrganizationId, _visits: Vec<String>) {}
}

/// The messages that have arrived.
struct SimMessages {
    shared: Shared,
    partition: Partition,
    link: Link,
}

impl SimMessages {
    fn poll(&self) -> Poll<Result<Option<Delivery>>> {
        let link = &self.link.0;
        if link.fails.swap(false, Ordering::Relaxed) {
            return Poll::Ready(Err(Error::Disconnected));
        }
        let next = Sequence(link.next.load(Ordering::Relaxed));
        if next.0 > link.arrived.load(Ordering::Relaxed) {
            return Poll::Pending;
        }
        let Some(stored) = self.shared.read(self.partition, next) else {
            return Poll::Pending;
        };
        link.next.store(next.0 + 1, Ordering::Relaxed);
        Poll::Ready(Ok(Some(Delivery {
            sequence: next,
            stored_at: Timestamp(stored.at),
            payload: stored.encode(),
        })))
    }
}

#[async_trait]
impl Messages for SimMessages {
    async fn next(&mut self) -> Result<Option<Delivery>> {
        poll_fn(|_context| self.poll()).await
    }
}
