//! Ctrl-C and SIGTERM: stop in order, so that no server stays behind.

use anyhow::{Context, bail};
use tokio::signal::unix::{SignalKind, signal};

/// Runs `work` to its end, or drops it on a signal. Its `Drop` stops what it holds.
pub async fn or_interrupted<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::select! {
        result = work => result,
        signal = interrupted() => bail!("stopped by {}", signal?),
    }
}

/// Waits for a stop signal, and returns its name.
pub async fn interrupted() -> anyhow::Result<&'static str> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen to SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen to SIGTERM")?;
    tokio::select! {
        _ = interrupt.recv() => Ok("Ctrl-C"),
        _ = terminate.recv() => Ok("SIGTERM"),
    }
}
