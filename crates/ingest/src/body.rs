//! Reading a body: at most so many bytes, in at most so much time, and all bodies
//! together within a limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use futures::StreamExt;

use crow_types::ErrorCode;
use crow_web::ApiError;

/// Initial capacity for a body of several parts.
const FIRST_RESERVATION: usize = 64 * 1024;

/// The bytes of all bodies that this process holds.
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

    /// Nothing yet; grows with [`Reservation::grow`].
    pub(crate) fn reserve(&self) -> Reservation {
        Reservation {
            inflight: self.clone(),
            held: 0,
        }
    }

    /// Bytes held now, for the gauge.
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

/// All bodies together are at the limit.
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

/// Limits of one body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimits {
    pub max_bytes: usize,
    pub timeout: Duration,
}

/// The whole body as it was sent.
pub(crate) async fn read(
    payload: Payload,
    limits: BodyLimits,
    reservation: &mut Reservation,
) -> Result<Bytes, ApiError> {
    let collected = collect(payload, limits.max_bytes, reservation);
    tokio::time::timeout(limits.timeout, collected)
        .await
        .map_err(|_elapsed| {
            let seconds = limits.timeout.as_secs_f32();
            ApiError::new(
                ErrorCode::Timeout,
                format!("the body did not arrive within {seconds} s; send less at once"),
            )
        })?
}

async fn collect(
    mut payload: Payload,
    max_bytes: usize,
    reservation: &mut Reservation,
) -> Result<Bytes, ApiError> {
    // Most bodies arrive in one part, which is not copied.
    let mut only = Bytes::new();
    let mut body = BytesMut::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_cut_off| {
            ApiError::new(
                ErrorCode::Malformed,
                "the body was cut off or is not framed correctly",
            )
        })?;
        if only.len() + body.len() + part.len() > max_bytes {
            return Err(too_large(max_bytes));
        }
        reservation.grow(part.len())?;
        if only.is_empty() && body.is_empty() {
            only = part;
            continue;
        }
        if body.is_empty() {
            body.reserve((only.len() + part.len()).max(FIRST_RESERVATION.min(max_bytes)));
            body.extend_from_slice(&std::mem::take(&mut only));
        }
        body.extend_from_slice(&part);
    }
    Ok(if body.is_empty() { only } else { body.freeze() })
}

/// Over the limit of bytes as they are sent.
pub(crate) fn too_large(max_bytes: usize) -> ApiError {
    ApiError::new(
        ErrorCode::TooLarge,
        format!("the body is larger than {max_bytes} bytes; split the batch"),
    )
}
