//! Retries without an end.

use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use tracing::warn;

use crow_types::log_chain;

use crate::shutdown::Shutdown;

/// The longest pause between two attempts.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A failure that stays the same is logged again after this.
const LOGGED_AGAIN: Duration = Duration::from_secs(60);

/// Pauses that grow up to [`LONGEST_PAUSE`], without an end. With jitter, so that processes do not
/// retry in step.
#[must_use]
pub fn pauses() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(LONGEST_PAUSE)
        .with_jitter()
        .without_max_times()
}

/// As [`keep_running`], until the shutdown starts.
pub async fn keep_listening<F, E>(
    what: &'static str,
    listen: impl FnMut() -> F,
    shutdown: &Shutdown,
) where
    F: Future<Output = Result<Infallible, E>>,
    E: Error + 'static,
{
    tokio::select! {
        () = keep_running(what, listen) => {}
        () = shutdown.started() => {}
    }
}

/// Runs what should never end, for ever: again after each failure. A failure is logged, at most once in
/// a minute while it stays the same; `what` names what failed.
pub async fn keep_running<F, E>(what: &'static str, run: impl FnMut() -> F)
where
    F: Future<Output = Result<Infallible, E>>,
    E: Error + 'static,
{
    let _: Result<Infallible, E> = run_again(what, run).await;
}

/// As [`keep_running`], for what ends by itself: returns when it has ended without a failure. A shutdown
/// that starts in a pause is noticed after at most [`LONGEST_PAUSE`].
pub async fn keep_running_until_done<F, E>(what: &'static str, run: impl FnMut() -> F)
where
    F: Future<Output = Result<(), E>>,
    E: Error + 'static,
{
    let _: Result<(), E> = run_again(what, run).await;
}

async fn run_again<T, F, E>(what: &'static str, run: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: Error + 'static,
{
    let mut logged: Option<(String, Instant)> = None;
    let running = run.retry(pauses()).notify(|error, _pause| {
        let error = log_chain(error);
        let is_known = logged
            .as_ref()
            .is_some_and(|(known, at)| *known == error && at.elapsed() < LOGGED_AGAIN);
        if !is_known {
            warn!(what, error, "interrupted, retrying");
            logged = Some((error, Instant::now()));
        }
    });
    running.await
}
