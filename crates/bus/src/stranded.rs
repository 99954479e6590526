//! Leaves a server that answers pings but cannot serve: it lost the other nodes of its cluster, or
//! the way to them.
//!
//! The connection to such a server stays up, so the client library sees nothing wrong. What shows
//! is that every operation fails. After [`FIRST`] without a success the bus connects again, and to
//! another server if there is one. While nothing succeeds, the time between two changes doubles.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::{debug, warn};

use crate::error::{Error, Result};

/// How long everything fails before the first change. Publishing alone gives up after 0.8 s.
const FIRST: Duration = Duration::from_secs(2);
/// The longest time between two changes.
const LONGEST: Duration = Duration::from_secs(16);
/// How often one change may lead to the same server again.
const TRIES: u32 = 6;
/// How long one change may take.
const CONNECTS: Duration = Duration::from_secs(3);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Outcomes of operations on one connection.
#[derive(Debug, Default)]
pub(crate) struct Outcomes(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Since the last success, or since the last change.
    failing_since: Option<Instant>,
    /// Changes since the last success.
    changes: u32,
}

impl Outcomes {
    /// The server did what it was asked.
    pub(crate) fn succeeded(&self) {
        *self.lock() = State::default();
    }

    /// Returns true when it is time to connect again.
    pub(crate) fn failed(&self) -> bool {
        let now = Instant::now();
        let mut state = self.lock();
        let since = *state.failing_since.get_or_insert(now);
        let limit = FIRST.saturating_mul(1 << state.changes.min(8)).min(LONGEST);
        if now.duration_since(since) < limit {
            return false;
        }
        state.failing_since = Some(now);
        state.changes = state.changes.saturating_add(1);
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an outcome says about the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It answers for the whole cluster.
    Serves,
    /// Another server might have succeeded.
    Fails,
    /// Nothing.
    Unknown,
}

impl Verdict {
    pub(crate) fn of<T>(outcome: &Result<T>) -> Self {
        match outcome {
            Ok(_) | Err(Error::Full | Error::NoRoom | Error::NoStream { .. }) => Self::Serves,
            Err(Error::TimedOut | Error::Server { .. }) => Self::Fails,
            Err(
                Error::Config(_)
                | Error::Connect(_)
                | Error::Disconnected
                | Error::Busy
                | Error::TooLarge { .. }
                | Error::PartitionMismatch { .. },
            ) => Self::Unknown,
        }
    }
}

/// Connects again, if possible to another server.
pub(crate) async fn leave(client: async_nats::Client) {
    let left = client.server_info().server_id;
    warn!("nothing succeeds on this NATS server, connecting to another");
    metrics::counter!("crow_bus_servers_left_total").increment(1);
    let servers = client.server_pool().await.map_or(1, |pool| pool.len());
    let tries = if servers > 1 { TRIES } else { 1 };
    for _try in 0..tries {
        if !connects_again(&client).await {
            return;
        }
        if client.server_info().server_id != left {
            debug!("connected to another NATS server");
            return;
        }
    }
}

/// Returns false if that takes too long.
async fn connects_again(client: &async_nats::Client) -> bool {
    let statistics = client.statistics();
    let connects = || statistics.connects.load(Ordering::Relaxed);
    let before = connects();
    // Fails only when the client has ended.
    if client.force_reconnect().await.is_err() {
        return false;
    }
    let connected = async {
        while connects() == before {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    tokio::time::timeout(CONNECTS, connected).await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_failures_without_a_success_between_them_lead_to_a_change() {
        let outcomes = Outcomes::default();
        for _second in 0..10 {
            assert!(!outcomes.failed());
            tokio::time::advance(Duration::from_secs(1)).await;
            outcomes.succeeded();
        }
        assert!(!outcomes.failed());
        tokio::time::advance(FIRST).await;
        assert!(outcomes.failed());
        assert!(!outcomes.failed());
    }

    #[tokio::test(start_paused = true)]
    async fn changes_become_rarer_until_one_succeeds() {
        let outcomes = Outcomes::default();
        let mut changes = Vec::new();
        for second in 0..60 {
            if outcomes.failed() {
                changes.push(second);
            }
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        assert_eq!(changes, [2, 6, 14, 30, 46]);
        outcomes.succeeded();
        assert!(!outcomes.failed());
        tokio::time::advance(FIRST).await;
        assert!(outcomes.failed());
    }
}
