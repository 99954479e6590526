//! How long a statement may take.
//!
//! SQLite asks [`Limit::is_over`] every few thousand steps of a statement, so a question
//! ends soon after its time is over or its caller is gone. Postgres has the same deadline
//! as its own `statement_timeout`.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sea_orm::sqlx;
use sea_orm::sqlx::sqlite::SqliteConnection;

/// Steps of SQLite's virtual machine between two looks at the clock: about a millisecond.
const STEPS: i32 = 20_000;

tokio::task_local! {
    static CURRENT: Limit;
}

/// Until when the statements of a task may run.
#[derive(Debug, Clone)]
pub struct Limit {
    until: Instant,
    is_cancelled: Arc<AtomicBool>,
}

impl Limit {
    /// From now on for this long.
    #[must_use]
    pub fn of(time: Duration) -> Self {
        Self {
            until: Instant::now() + time,
            is_cancelled: Arc::default(),
        }
    }

    /// Ends the statement that runs now, and all that follow.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the time is over or the caller is gone.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed) || Instant::now() >= self.until
    }

    /// The statements of this future are under the limit.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }
}

/// Puts the connection under the limit of the task that takes it, or else under `default`.
pub(crate) async fn impose(
    connection: &mut SqliteConnection,
    default: Option<Duration>,
) -> Result<(), sqlx::Error> {
    let of_task = CURRENT.try_with(Clone::clone).ok();
    let Some(limit) = of_task.or_else(|| default.map(Limit::of)) else {
        return Ok(());
    };
    let mut handle = connection.lock_handle().await?;
    handle.set_progress_handler(STEPS, move || !limit.is_over());
    Ok(())
}
