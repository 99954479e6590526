//! Work that takes several steps: the scheduler decides when each goes on, what fails, and
//! where its process dies.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use futures::FutureExt;

use super::store::{Fault, Gate};

/// What a task came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// It did its work, or found nothing to do.
    Finished,
    /// It learned that the partition has another owner.
    LeaseLost,
    /// It gave up, to be tried again later.
    Failed,
}

/// How far a step brought a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// It waits at its next gate.
    Parked,
    /// It is over.
    Over(Done),
    /// Its process died.
    Died,
}

/// A task with its gate.
pub(super) struct Task {
    gate: Gate,
    work: Pin<Box<dyn Future<Output = Done>>>,
    is_parked: bool,
}

impl Task {
    pub(super) fn new(work: impl Future<Output = Done> + 'static) -> Self {
        let gate = Gate::default();
        Self {
            work: Box::pin(gate.around(work)),
            gate,
            is_parked: false,
        }
    }

    /// Goes on to the end, and nothing fails.
    pub(super) async fn finish(&mut self) -> Done {
        loop {
            match self.advance(Fault::None).await {
                Progress::Parked => {}
                Progress::Over(done) => return done,
                Progress::Died => unreachable!("nobody is armed"),
            }
        }
    }

    /// Goes on to the next gate or to the end.
    pub(super) async fn advance(&mut self, fault: Fault) -> Progress {
        if std::mem::take(&mut self.is_parked) {
            self.gate.open(fault);
        }
        let step = async {
            tokio::select! {
                biased;
                done = &mut self.work => Progress::Over(done),
                () = self.gate.parked() => Progress::Parked,
            }
        };
        let progress = survive(step).await.unwrap_or(Progress::Died);
        self.is_parked = progress == Progress::Parked;
        progress
    }
}

/// How a process dies in the middle of its SQL.
struct Death;

/// Counts statements, and kills the process after one of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Killer(Arc<AtomicI64>);

impl Killer {
    /// The process dies after the n-th statement from now.
    pub(super) fn arm(&self, statements: i64) {
        self.0.store(statements, Ordering::Relaxed);
    }

    pub(super) fn disarm(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Called after each statement.
    pub(super) fn on_statement(&self) {
        if self.0.fetch_sub(1, Ordering::Relaxed) == 1 {
            // Unlike a panic, this prints nothing.
            resume_unwind(Box::new(Death));
        }
    }
}

/// `None`: the process died in it.
pub(super) async fn survive<T>(step: impl Future<Output = T>) -> Option<T> {
    match AssertUnwindSafe(step).catch_unwind().await {
        Ok(outcome) => Some(outcome),
        Err(cause) if cause.is::<Death>() => None,
        Err(cause) => resume_unwind(cause),
    }
}
