//! Waits for conditions. No other test code sleeps.
//!
//! Other processes do not see Tokio's paused time, so wait for them with the real clock.

use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::Client;
use tokio::time::{Instant, sleep, timeout_at};

use crate::http;

#[cfg(test)]
mod tests;

/// Time between two probes.
const POLL: Duration = Duration::from_millis(25);

/// Longest wait for one response in [`http_ready`].
const ANSWER: Duration = Duration::from_secs(2);

/// Polls `probe` until it returns a value, and panics with `what` at the deadline.
///
/// `what` completes the sentence "waited … for".
pub async fn eventually<T>(
    what: &str,
    deadline: Duration,
    probe: impl AsyncFnMut() -> Option<T>,
) -> T {
    until(what, deadline, probe)
        .await
        .unwrap_or_else(|error| panic!("{error:#}"))
}

/// Like [`eventually`], but returns an error instead of panicking.
///
/// A probe that hangs is dropped at the deadline.
pub async fn until<T>(
    what: &str,
    deadline: Duration,
    mut probe: impl AsyncFnMut() -> Option<T>,
) -> anyhow::Result<T> {
    let end = Instant::now() + deadline;
    loop {
        let value = timeout_at(end, probe()).await;
        if let Ok(Some(value)) = value {
            return Ok(value);
        }
        if Instant::now() >= end {
            bail!("waited {deadline:?} in vain for {what}");
        }
        sleep(POLL).await;
    }
}

/// Waits until a GET of `url` succeeds; panics at the deadline.
pub async fn http_ready(url: &str, deadline: Duration) {
    until_http_ready(url, deadline)
        .await
        .unwrap_or_else(|error| panic!("{error:#}"));
}

/// Like [`http_ready`], but returns an error instead of panicking.
pub async fn until_http_ready(url: &str, deadline: Duration) -> anyhow::Result<()> {
    let client = http::client();
    let mut last_answer = String::from("none");
    until(url, deadline, async || match get(&client, url).await {
        Ok(()) => Some(()),
        Err(answer) => {
            last_answer = answer;
            None
        }
    })
    .await
    .with_context(|| format!("not ready; last answer: {last_answer}"))
}

/// Lets `duration` of real time pass, for tests that something does *not* happen.
pub async fn quiet_for(duration: Duration) {
    sleep(duration).await;
}

/// Blocks until `probe` returns true or the deadline passes, for use in `Drop`.
pub(crate) fn until_blocking(deadline: Duration, mut probe: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + deadline;
    while !probe() && std::time::Instant::now() < end {
        thread::sleep(POLL);
    }
}

async fn get(client: &Client, url: &str) -> Result<(), String> {
    match client.get(url).timeout(ANSWER).send().await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(answer.status().to_string()),
        Err(error) => Err(format!("{:#}", anyhow::Error::from(error))),
    }
}
