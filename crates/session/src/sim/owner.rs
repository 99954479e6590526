//! A partition of a simulated keeper: the product's driver, one step at a time.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crow_db::leases::Lease;
use crow_db::{archive, flush as rows};
use crow_runtime::Troubles;
use crow_session_core::{FlushPlan, FlushReason};
use crow_storage::Seal;
use crow_types::Timestamp;

use super::archiving::archive_one;
use super::outside::{Link, STREAM_CREATED, SimOutside};
use super::shared::Shared;
use super::tasks::{Done, Task};
use crate::config::EventRowsConfig;
use crate::driver::{Ended, Limits, drive};
use crate::flush::{DataKeys, Flusher, Prepared, Target};
use crate::issue_rules::{IssueRules, Rules};

/// A partition that a keeper believes to own.
pub(super) struct Owner {
    pub(super) lease: Lease,
    driver: Pin<Box<dyn Future<Output = Ended>>>,
    stop: CancellationToken,
    lost: CancellationToken,
    pub(super) link: Link,
    /// What the driver started, in this order.
    pub(super) tasks: Vec<DriverTask>,
    pub(super) archive: Option<Task>,
    /// Why the driver is over.
    pub(super) ended: Option<Ended>,
}

/// A flush, or another task that a driver waits for.
pub(super) struct DriverTask {
    /// `None`: it is over.
    pub(super) task: Option<Task>,
    is_stopped: Arc<AtomicBool>,
}

impl Owner {
    pub(super) fn new(lease: Lease, shared: &Shared) -> Self {
        let (link, stop, lost) = (
            Link::default(),
            CancellationToken::new(),
            CancellationToken::new(),
        );
        let flusher = Flusher {
            db: shared.db.clone(),
            store: shared.store(),
            keyring: shared.keyring.clone(),
            outside: Arc::new(SimOutside {
                shared: shared.clone(),
                partition: lease.partition,
                link: link.clone(),
            }),
            lease,
            stream_created: lease.stream_created,
            announced: Arc::default(),
            event_rows: EventRowsConfig::None,
            troubles: Troubles::default(),
            packing: Arc::new(Semaphore::new(1)),
            issue_rules: IssueRules::default(),
        };
        let limits = Limits {
            core: shared.config,
            // With small flushes, reading often pauses.
            max_held_bytes: shared.config.flush_bytes.saturating_mul(3),
            draining: Duration::from_secs(12),
        };
        let driver = drive(flusher, limits, stop.clone(), lost.clone());
        Self {
            lease,
            driver: Box::pin(tokio::task::unconstrained(driver)),
            stop,
            lost,
            link,
            tasks: Vec::new(),
            archive: None,
            ended: None,
        }
    }

    /// Lets the driver go on until it can only wait. It does no I/O of its own, so it needs no
    /// waker: it is asked again after everything that may concern it.
    pub(super) fn go_on(&mut self) {
        if self.ended.is_some() {
            return;
        }
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(ended) = self.driver.as_mut().poll(&mut context) {
            assert!(!matches!(ended, Ended::Hopeless(_)), "{ended:?}");
            self.driver = Box::pin(std::future::pending());
            self.ended = Some(ended);
        }
        let started = self.link.take_started().into_iter();
        self.tasks.extend(started.map(|started| DriverTask {
            task: Some(Task::new(started.work.map(|()| Done::Finished))),
            is_stopped: started.is_stopped,
        }));
        self.tasks
            .retain(|it| it.task.is_some() && !it.is_stopped.load(Ordering::Relaxed));
    }

    /// Some more messages arrive.
    pub(super) fn read(&mut self, count: u64) {
        self.link.deliver(count);
        self.go_on();
    }

    pub(super) fn drain(&mut self) {
        self.stop.cancel();
        self.go_on();
    }

    /// It learns that another keeper has the partition.
    pub(super) fn lose(&mut self) {
        self.lost.cancel();
        self.go_on();
    }

    /// Reads everything, and finishes all that the driver starts.
    pub(super) async fn work_off(&mut self) {
        self.read(u64::MAX);
        while let Some(mut task) = self.tasks.first_mut().and_then(|it| it.task.take()) {
            assert_eq!(task.finish().await, Done::Finished);
            self.go_on();
        }
    }

    /// Whether everything that was published is committed.
    pub(super) fn is_committed(&self, shared: &Shared) -> bool {
        let last = shared.last(self.lease.partition);
        self.link.read() == last && shared.checkpoint(self.lease.partition) == last
    }

    /// Starts to archive a session, unless it is already archiving one.
    pub(super) fn start_archive(&mut self, shared: &Shared, choice: usize) {
        if self.archive.is_none() {
            let work = archive_one(shared.clone(), self.lease, choice);
            self.archive = Some(Task::new(work));
        }
    }

    /// Whether no session is left to archive.
    pub(super) async fn is_archived(&self, shared: &Shared) -> bool {
        let all = Timestamp(i64::MAX);
        let found = archive::candidates(&shared.db, self.lease.partition, all, 1).await;
        found.unwrap().is_empty()
    }

    /// Commits that nothing is new.
    pub(super) async fn commit_again(&self, shared: &Shared) {
        let plan = FlushPlan {
            reason: FlushReason::Drain,
            checkpoint: self.link.read(),
            sessions: Vec::new(),
            chunks: Vec::new(),
            outbox: Vec::new(),
            bytes: 0,
        };
        let target = Target {
            lease: self.lease,
            stream_created: STREAM_CREATED,
            event_rows: EventRowsConfig::None,
            seal: Seal::On,
        };
        let Prepared { flush, .. } = Prepared::new(
            plan,
            &target,
            &Rules::new(),
            &DataKeys::default(),
            Vec::new(),
        );
        rows::commit(&shared.db, &flush).await.unwrap();
    }
}
