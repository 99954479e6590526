//! Sessions while they happen: first the stored part, then the frames that the keeper publishes.
//!
//! - [`tail`]: one session, line by line; [`join`] merges the stored and the live part.
//! - [`changes`]: which sessions of an organization change.
//! - [`held`]: what is not stored yet, asked for once.
//! - [`mailbox`]: messages from the bus, bounded.
//! - [`slots`]: the limits on concurrent watchers.

pub mod changes;
pub mod held;
pub mod join;
mod mailbox;
mod slots;
pub mod tail;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crow_bus::Bus;
use crow_runtime::Shutdown;
use crow_types::ErrorCode;
use crow_web::ApiError;
use tokio::sync::mpsc;

use crate::door::{Allowed, Door, Read};
use crate::error::{Error, Result};
use crate::use_cases::UseCases;

pub use slots::Most;
use slots::Slots;

/// How often interest is repeated while a response is missing. Otherwise it is repeated every
/// [`crow_bus::live::RENEWAL`]. Each time the watcher's key is verified again.
const ASK_AGAIN: Duration = Duration::from_millis(300);
/// Something is sent at least this often, so that a dead connection is noticed.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// A watcher that accepts nothing for this long is cut off.
const STALL: Duration = Duration::from_secs(10);
/// If no keeper responds within this time, the stored part counts as complete.
const PATIENCE: Duration = Duration::from_secs(5);
/// Parts that may wait for a watcher.
const PARTS: usize = 4;

/// What watchers need. Cloning is cheap.
#[derive(Clone)]
pub struct Live {
    use_cases: UseCases,
    door: Door,
    bus: Bus,
    slots: Slots,
    shutdown: Shutdown,
}

impl Live {
    /// Allows at most this many concurrent watchers.
    #[must_use]
    pub fn new(use_cases: UseCases, door: Door, bus: Bus, most: Most, shutdown: Shutdown) -> Self {
        Self {
            use_cases,
            door,
            bus,
            slots: Slots::new(most),
            shutdown,
        }
    }
}

/// Why a stream ends before the session does.
#[derive(Debug, thiserror::Error)]
pub enum Cut {
    /// The watcher reads too slowly or is gone.
    #[error("the client reads too slowly or is gone")]
    Slow,
    /// The key was revoked or may not read any more.
    #[error("the key was revoked")]
    Refused(ApiError),
    /// This process is stopping.
    #[error("the service is stopping")]
    Stopping,
    /// The stream of the partition was recreated, or the recording was rewritten.
    #[error("the stream cannot continue; read the recording again from the start")]
    BeginAnew,
    /// Reading what is stored failed.
    #[error("reading failed")]
    Failed(#[from] Error),
}

impl From<Cut> for ApiError {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::Slow => Self::new(ErrorCode::Timeout, cut.to_string()),
            Cut::Refused(error) => error,
            Cut::Stopping | Cut::BeginAnew => Self::unavailable(cut.to_string()),
            Cut::Failed(error) => error.into_api(),
        }
    }
}

/// Sends to one watcher.
struct Outlet<T> {
    parts: mpsc::Sender<std::result::Result<T, ApiError>>,
}

impl<T> Outlet<T> {
    async fn send(&self, part: T) -> std::result::Result<(), Cut> {
        match tokio::time::timeout(STALL, self.parts.send(Ok(part))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_closed)) => Err(Cut::Slow),
            Err(_elapsed) => {
                metrics::counter!("crow_query_watchers_cut_off_total").increment(1);
                Err(Cut::Slow)
            }
        }
    }

    /// Breaks the stream off. A watcher that is too slow does not receive the error.
    fn cut(&self, cut: Cut) {
        tracing::debug!(reason = cut.to_string(), "a watcher was cut off");
        drop(self.parts.try_send(Err(cut.into())));
    }
}

impl Live {
    /// Checks that the watcher may still read. If the key cannot be verified at the moment, the
    /// watcher stays.
    async fn check(&self, watcher: &Allowed<Read>) -> std::result::Result<(), Cut> {
        if self.shutdown.is_started() {
            return Err(Cut::Stopping);
        }
        match self.door.admit_again(watcher).await {
            Err(error) if error.code != ErrorCode::Unavailable => Err(Cut::Refused(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn slot(&self, watcher: &Allowed<Read>) -> Result<slots::Slot> {
        self.slots
            .take(watcher.organization(), watcher.principal().id())
            .map_err(Error::TooManyWatchers)
    }
}
