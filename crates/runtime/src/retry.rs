//! Retries without an end.

use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use tracing::warn;

use crow_types::log_chain;

use crate::shutdown::Shutdown;

/// The longest pause between two attempts.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(5);

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

/// Listens until the shutdown starts. Subscribes again after a failure, and logs it; `what` names
/// what is listened to.
pub async fn keep_listening<F, E>(
    what: &'static str,
    listen: impl FnMut() -> F,
    shutdown: &Shutdown,
) where
    F: Future<Output = Result<Infallible, E>>,
    E: Error + 'static,
{
    let listening = listen.retry(pauses()).notify(|error, _pause| {
        warn!(what, error = log_chain(error), "cannot listen, retrying");
    });
    tokio::select! {
        _never = listening => {}
        () = shutdown.started() => {}
    }
}
