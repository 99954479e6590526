//! Retries of operations that need the bus.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use tracing::warn;

use crow_runtime::Shutdown;
use crow_types::log_chain;

/// Pauses that grow up to five seconds, without an end.
pub(crate) fn pauses() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(5))
        .with_jitter()
        .without_max_times()
}

/// Listens until the shutdown starts. Subscribes again after the bus has failed.
pub(crate) async fn keep_listening<F>(
    what: &'static str,
    listen: impl FnMut() -> F,
    shutdown: &Shutdown,
) where
    F: Future<Output = crow_bus::Result<Infallible>>,
{
    let listening = listen.retry(pauses()).notify(|error, _pause| {
        warn!(what, error = log_chain(error), "cannot listen, retrying");
    });
    tokio::select! {
        _never = listening => {}
        () = shutdown.started() => {}
    }
}
