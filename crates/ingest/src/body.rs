//! The limit on the total size of all bodies.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crow_web::ApiError;

/// The total size of all bodies that this process holds.
#[derive(Debug, Clone)]
pub(crate) struct Inflight {
    used: Arc<AtomicUsize>,
    limit: usize,
}

impl Inflight {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            used: Arc::default(),
            limit,
        }
    }

    /// An empty reservation; it grows with [`Reservation::grow`].
    pub(crate) fn reserve(&self) -> Reservation {
        Reservation {
            inflight: self.clone(),
            held: 0,
        }
    }

    /// Bytes held at the moment, for the gauge.
    pub(crate) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }
}

/// The share of one request; released on drop.
#[derive(Debug)]
pub(crate) struct Reservation {
    inflight: Inflight,
    held: usize,
}

/// The total size of all bodies is at the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoRoom;

impl Reservation {
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), NoRoom> {
        let before = self.inflight.used.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > self.inflight.limit {
            self.inflight.used.fetch_sub(bytes, Ordering::Relaxed);
            return Err(NoRoom);
        }
        self.held += bytes;
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.inflight.used.fetch_sub(self.held, Ordering::Relaxed);
    }
}

impl From<NoRoom> for ApiError {
    fn from(_: NoRoom) -> Self {
        Self::unavailable(
            "too much data is being received at the moment; send the same request again",
        )
    }
}
