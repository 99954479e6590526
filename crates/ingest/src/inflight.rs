//! The limit on the memory of all requests that carry data.
//!
//! A [`Reservation`] grows before a buffer is allocated, by its capacity, and shrinks after it is
//! freed. While one buffer is copied into another, both count. It covers the body as sent and
//! inflated, the window of the decoder, accepted items, and the message for the bus with its
//! compressed copy.
//!
//! Not counted: the read buffers of connections, and what the client of the bus buffers. Both have
//! limits of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the largest body needs besides copies of itself: the window of a decoder and its items.
const BESIDE_COPIES: usize = 32 << 20;

/// The memory that a body of the largest size needs. Once it is inflated, at most three copies
/// exist: the body, and two of a joined, repaired, scrubbed, encoded and compressed one.
pub(crate) fn needed_by_largest(max_body_bytes: usize, max_inflated_bytes: usize) -> usize {
    max_inflated_bytes
        .saturating_mul(3)
        .saturating_add(max_body_bytes)
        .saturating_add(BESIDE_COPIES)
}

/// The memory of all requests of this process.
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

    /// An empty reservation.
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

/// The memory of all requests is at the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoRoom;

impl Reservation {
    pub(crate) fn held(&self) -> usize {
        self.held
    }

    /// Takes so many bytes more.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), NoRoom> {
        let limit = self.inflight.limit;
        let more = |used: usize| used.checked_add(bytes).filter(|total| *total <= limit);
        let used = &self.inflight.used;
        used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .map_err(|_used| NoRoom)?;
        self.held += bytes;
        Ok(())
    }

    /// Holds so many bytes from now on. Fewer bytes are never refused.
    pub(crate) fn resize(&mut self, bytes: usize) -> Result<(), NoRoom> {
        if bytes > self.held {
            return self.grow(bytes - self.held);
        }
        let freed = self.held - bytes;
        self.inflight.used.fetch_sub(freed, Ordering::Relaxed);
        self.held = bytes;
        Ok(())
    }
}

/// The memory of a request whose body is read.
#[derive(Debug)]
pub(crate) struct Memory {
    reservation: Reservation,
    /// The body and its items, which stay until the end.
    kept: usize,
}

impl Memory {
    pub(crate) fn new(mut reservation: Reservation, kept: usize) -> Result<Self, NoRoom> {
        reservation.resize(kept)?;
        Ok(Self { reservation, kept })
    }

    /// Hands the memory to work that goes on even if the request ends. Nothing is left here.
    pub(crate) fn take(&mut self) -> Self {
        let nothing = self.reservation.inflight.reserve();
        Self {
            reservation: std::mem::replace(&mut self.reservation, nothing),
            kept: self.kept,
        }
    }

    pub(crate) fn kept(&self) -> usize {
        self.kept
    }

    /// Takes so many bytes more.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), NoRoom> {
        self.reservation.grow(bytes)
    }

    /// Holds what is kept, and so many bytes beside it.
    pub(crate) fn hold_beside(&mut self, bytes: usize) -> Result<(), NoRoom> {
        self.reservation.resize(self.kept + bytes)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.inflight.used.fetch_sub(self.held, Ordering::Relaxed);
    }
}
