//! What a partition's task needs besides rows and objects: the bus, the clock and the runtime. The
//! simulation has its own.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use tokio::sync::oneshot;
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, warn};

use crow_bus::live::{self, Screen};
use crow_bus::notices::{self, Notice};
use crow_bus::reader::{self, Delivery, Reader, StreamState};
use crow_bus::{Bus, Result, dead_letters, streams};
use crow_db::leases::Lease;
use crow_db::{Db, flush as rows};
use crow_proto::live as wire;
use crow_types::{
    OrganizationId, Partition, Sequence, SessionId, SessionRecord, Timestamp, log_chain,
};

/// What surrounds the task of one partition.
#[async_trait]
pub(crate) trait Outside: Send + Sync + 'static {
    /// The time.
    fn now(&self) -> Timestamp;

    /// Returns after this time.
    fn sleep(&self, time: Duration) -> Sleep;

    /// Starts a task. It stops when the handle is dropped.
    fn spawn(&self, task: BoxFuture<'static, ()>) -> Box<dyn Any + Send>;

    /// Commits a flush.
    async fn commit(&self, db: &Db, flush: &rows::Flush) -> crow_db::Result<()>;

    /// Writes rows of new sessions ahead of their flush.
    async fn introduce(
        &self,
        db: &Db,
        lease: &Lease,
        sessions: &[SessionRecord],
    ) -> crow_db::Result<()>;

    /// The state of the partition's stream.
    async fn stream_state(&self) -> Result<StreamState>;

    /// Creates the streams that are missing. Nothing waits for it.
    fn make_streams(&self);

    /// Reads the partition from `next` on, in the stream's incarnation `created`.
    fn reader(&self, created: i64, next: Sequence) -> Box<dyn Messages>;

    /// Removes the messages up to and including the checkpoint.
    async fn purge_through(&self, created: i64, checkpoint: Sequence) -> Result<()>;

    /// The largest payload of a message, in bytes.
    fn max_message_bytes(&self) -> usize;

    /// Stores a dead letter.
    async fn keep_letter(
        &self,
        sequence: Sequence,
        reason: &'static str,
        payload: Bytes,
    ) -> Result<()>;

    /// Sends a hint to the gateways. Nothing waits for it, and nothing depends on it.
    fn tell(&self, notice: Notice);

    /// The interest in sessions of the partition, from now on.
    async fn watches(&self) -> Result<BoxStream<'static, wire::Watch>>;

    /// Sends lines to the watchers of a session.
    fn show(&self, organization: &OrganizationId, session: &SessionId, frame: wire::Frame);

    /// Sends the changed sessions to the watchers of an organization.
    fn show_changes(&self, organization: &OrganizationId, visits: Vec<String>);
}

/// The messages of a partition, in order.
#[async_trait]
pub(crate) trait Messages: Send {
    /// See [`Reader::next`].
    async fn next(&mut self) -> Result<Option<Delivery>>;
}

#[async_trait]
impl Messages for Reader {
    async fn next(&mut self) -> Result<Option<Delivery>> {
        Self::next(self).await
    }
}

/// A task and its result. The task stops when this is dropped.
pub(crate) struct Running<T> {
    result: oneshot::Receiver<T>,
    _task: Box<dyn Any + Send>,
}

impl<T: Send + 'static> Running<T> {
    /// Starts it.
    pub(crate) fn start(
        outside: &dyn Outside,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Self {
        let (sender, result) = oneshot::channel();
        let task = outside.spawn(work.map(|done| drop(sender.send(done))).boxed());
        Self {
            result,
            _task: task,
        }
    }
}

impl<T> Future for Running<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.result.poll_unpin(context).map(|done| {
            done.expect("a task does not panic, and is not stopped while it is awaited")
        })
    }
}

/// A time that passes.
pub(crate) type Sleep = BoxFuture<'static, ()>;

/// The result of a task; waits for ever if there is none.
pub(crate) async fn done<T>(task: &mut Option<Running<T>>) -> T {
    match task {
        Some(task) => task.await,
        None => std::future::pending().await,
    }
}

/// Returns when the time has passed; waits for ever if there is none.
pub(crate) async fn passed(sleep: &mut Option<Sleep>) {
    match sleep {
        Some(sleep) => sleep.await,
        None => std::future::pending().await,
    }
}

/// NATS, the machine's clock and tokio.
pub(crate) struct Real {
    bus: Bus,
    partition: Partition,
    screen: Screen,
}

impl Real {
    pub(crate) fn new(bus: &Bus, partition: Partition) -> Self {
        Self {
            bus: bus.clone(),
            partition,
            screen: Screen::new(bus),
        }
    }
}

#[async_trait]
impl Outside for Real {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, time: Duration) -> Sleep {
        tokio::time::sleep(time).boxed()
    }

    fn spawn(&self, task: BoxFuture<'static, ()>) -> Box<dyn Any + Send> {
        Box::new(AbortOnDropHandle::new(tokio::spawn(task)))
    }

    async fn commit(&self, db: &Db, flush: &rows::Flush) -> crow_db::Result<()> {
        rows::commit(db, flush).await
    }

    async fn introduce(
        &self,
        db: &Db,
        lease: &Lease,
        sessions: &[SessionRecord],
    ) -> crow_db::Result<()> {
        rows::introduce(db, lease, sessions).await
    }

    async fn stream_state(&self) -> Result<StreamState> {
        reader::stream_state(&self.bus, self.partition).await
    }

    fn make_streams(&self) {
        let bus = self.bus.clone();
        tokio::spawn(async move {
            if let Err(error) = streams::ensure_with_notifications(&bus).await {
                warn!(
                    error = log_chain(&error),
                    "creating streams failed, retrying"
                );
            }
        });
    }

    fn reader(&self, created: i64, next: Sequence) -> Box<dyn Messages> {
        Box::new(Reader::new(&self.bus, self.partition, created, next))
    }

    async fn purge_through(&self, created: i64, checkpoint: Sequence) -> Result<()> {
        reader::purge_through(&self.bus, self.partition, created, checkpoint).await
    }

    fn max_message_bytes(&self) -> usize {
        self.bus.max_message_bytes()
    }

    async fn keep_letter(
        &self,
        sequence: Sequence,
        reason: &'static str,
        payload: Bytes,
    ) -> Result<()> {
        dead_letters::keep(&self.bus, self.partition, sequence, reason, payload).await
    }

    fn tell(&self, notice: Notice) {
        let bus = self.bus.clone();
        tokio::spawn(async move {
            if let Err(error) = notices::publish(&bus, notices::NOTICE, notice.encode()).await {
                debug!(error = log_chain(&error), "a notice was not sent");
            }
        });
    }

    async fn watches(&self) -> Result<BoxStream<'static, wire::Watch>> {
        Ok(live::watches(&self.bus, self.partition).await?.boxed())
    }

    fn show(&self, organization: &OrganizationId, session: &SessionId, frame: wire::Frame) {
        self.screen.show(organization, session, frame);
    }

    fn show_changes(&self, organization: &OrganizationId, visits: Vec<String>) {
        self.screen.show_changes(organization, visits);
    }
}
