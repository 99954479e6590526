//! Orderly shutdown.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, info, warn};

/// A stop token, and the tasks that must end before the process does.
///
/// Cloning is cheap; all clones are the same shutdown.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    token: CancellationToken,
    tasks: TaskTracker,
    failed: Arc<AtomicBool>,
}

impl Shutdown {
    /// A shutdown that has not started.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts the shutdown.
    pub fn start(&self) {
        self.token.cancel();
    }

    /// Whether the shutdown has started.
    #[must_use]
    pub fn is_started(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Waits until the shutdown starts.
    pub async fn started(&self) {
        self.token.cancelled().await;
    }

    /// Spawns a task that the process needs. If it fails, panics, or ends before the shutdown, the
    /// process stops with a failure.
    pub fn spawn<F>(&self, name: &'static str, task: F)
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let shutdown = self.clone();
        self.tasks.spawn(async move {
            let has_failed = match AssertUnwindSafe(task).catch_unwind().await {
                Ok(Ok(())) if shutdown.is_started() => false,
                Ok(Ok(())) => {
                    error!(task = name, "task ended early");
                    true
                }
                Ok(Err(error)) => {
                    error!(task = name, error = format!("{error:#}"), "task failed");
                    true
                }
                Err(_panic) => {
                    error!(task = name, "task panicked");
                    true
                }
            };
            shutdown.failed.fetch_or(has_failed, Ordering::AcqRel);
            shutdown.start();
        });
    }

    /// Waits until every task has ended, at most `deadline`. Returns true if all ended and none
    /// failed.
    pub async fn finish(&self, deadline: Duration) -> bool {
        self.tasks.close();
        if tokio::time::timeout(deadline, self.tasks.wait())
            .await
            .is_err()
        {
            warn!(
                tasks = self.tasks.len(),
                "tasks did not stop before the deadline"
            );
            return false;
        }
        info!("stopped");
        !self.failed.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn outcome_of(task: impl Future<Output = anyhow::Result<()>> + Send + 'static) -> bool {
        let shutdown = Shutdown::new();
        shutdown.spawn("task", task);
        shutdown.started().await;
        shutdown.finish(Duration::from_secs(10)).await
    }

    #[tokio::test]
    async fn a_task_that_ends_early_fails_or_panics_stops_the_process_with_a_failure() {
        assert!(!outcome_of(async { Ok(()) }).await);
        assert!(!outcome_of(async { anyhow::bail!("no") }).await);
        assert!(!outcome_of(async { panic!("no") }).await);
    }

    #[tokio::test]
    async fn a_task_that_ends_when_told_is_a_success() {
        let shutdown = Shutdown::new();
        let told = shutdown.clone();
        shutdown.spawn("task", async move {
            told.started().await;
            Ok(())
        });
        shutdown.start();
        assert!(shutdown.finish(Duration::from_secs(10)).await);
    }
}
