//! Reads a body within limits of size, time and memory.

use std::time::Duration;

use actix_web::web::{Bytes, Payload};
use futures::StreamExt;

use crow_types::ErrorCode;

use crate::ApiError;

/// Initial capacity for a body that arrives in several parts.
const FIRST_CAPACITY: usize = 64 * 1024;

/// The limits of one body.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The maximum size in bytes.
    pub max_bytes: usize,
    /// The maximum time from the first byte to the last.
    pub timeout: Duration,
}

/// Reads the whole body as sent. `room` learns how many bytes are held from then on, before they
/// are allocated, and may refuse them.
///
/// # Errors
/// `timeout`, `too_large`, `malformed` when the body was cut off, or the error of `room`.
pub async fn read(
    payload: Payload,
    limits: BodyLimits,
    room: impl FnMut(usize) -> Result<(), ApiError>,
) -> Result<Bytes, ApiError> {
    tokio::time::timeout(limits.timeout, collect(payload, limits.max_bytes, room))
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
    mut room: impl FnMut(usize) -> Result<(), ApiError>,
) -> Result<Bytes, ApiError> {
    let mut parts = Parts::up_to(max_bytes);
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_cut_off| {
            ApiError::new(
                ErrorCode::Malformed,
                "the body was cut off or is not framed correctly",
            )
        })?;
        if parts.as_slice().len() + part.len() > max_bytes {
            return Err(too_large(max_bytes));
        }
        parts.add(part, &mut room)?;
    }
    Ok(parts.joined())
}

/// The parts of a body, joined as they arrive.
#[derive(Debug)]
pub struct Parts {
    /// Most bodies arrive in one part, which needs no copy.
    only: Bytes,
    /// Several parts.
    buffer: Vec<u8>,
    max_capacity: usize,
}

impl Parts {
    /// No part yet. The buffer has at most this capacity, unless the parts are longer.
    #[must_use]
    pub fn up_to(max_capacity: usize) -> Self {
        Self {
            only: Bytes::new(),
            buffer: Vec::new(),
            max_capacity,
        }
    }

    /// Adds a part. `room` learns how many bytes are held from then on, before they are allocated.
    /// While the buffer grows, that is the old one and the new one.
    ///
    /// # Errors
    /// The error of `room`.
    pub fn add<E>(
        &mut self,
        part: Bytes,
        room: &mut impl FnMut(usize) -> Result<(), E>,
    ) -> Result<(), E> {
        let len = self.as_slice().len() + part.len();
        if len == part.len() {
            room(len)?;
            self.only = part;
            return Ok(());
        }
        let old = self.buffer.capacity();
        if len > old {
            let doubled = (2 * old).max(FIRST_CAPACITY).min(self.max_capacity);
            let new = doubled.max(len);
            room(self.only.len() + old + new)?;
            self.buffer.reserve_exact(new - self.buffer.len());
            self.buffer
                .extend_from_slice(&std::mem::take(&mut self.only));
            room(new)?;
        }
        self.buffer.extend_from_slice(&part);
        Ok(())
    }

    /// What has arrived.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        if self.buffer.is_empty() {
            &self.only
        } else {
            &self.buffer
        }
    }

    /// What has arrived, without a copy.
    #[must_use]
    pub fn joined(self) -> Bytes {
        if self.buffer.is_empty() {
            self.only
        } else {
            self.buffer.into()
        }
    }
}

/// The error for a body with too many bytes as sent.
#[must_use]
pub fn too_large(max_bytes: usize) -> ApiError {
    ApiError::new(
        ErrorCode::TooLarge,
        format!("the body is larger than {max_bytes} bytes; send less at once"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds parts of this size, and returns what was held after each call of `room`.
    fn held_for(sizes: &[usize], max_capacity: usize) -> (Parts, Vec<usize>) {
        let mut parts = Parts::up_to(max_capacity);
        let mut held = Vec::new();
        for size in sizes {
            let part = Bytes::from(vec![b'x'; *size]);
            let mut room = |bytes| {
                held.push(bytes);
                Ok::<_, ApiError>(())
            };
            parts.add(part, &mut room).unwrap();
        }
        (parts, held)
    }

    #[test]
    fn one_part_is_held_as_it_is() {
        let (parts, held) = held_for(&[100], 1 << 20);
        assert_eq!(held, [100]);
        assert_eq!(parts.joined().len(), 100);
    }

    #[test]
    fn a_buffer_that_grows_counts_beside_the_old_one() {
        const FIRST: usize = FIRST_CAPACITY;
        let (parts, held) = held_for(&[100, FIRST - 100, 1, FIRST], 2 * FIRST + 1);
        let last = 2 * FIRST + 1;
        let expected = [
            100,
            100 + FIRST,
            FIRST,
            FIRST + 2 * FIRST,
            2 * FIRST,
            2 * FIRST + last,
            last,
        ];
        assert_eq!(held, expected);
        assert_eq!(parts.buffer.capacity(), last);
        assert_eq!(parts.joined().len(), last);
    }

    #[test]
    fn what_is_refused_is_not_allocated() {
        let mut parts = Parts::up_to(1 << 20);
        parts
            .add(Bytes::from("a"), &mut |_| Ok::<_, ()>(()))
            .unwrap();
        assert_eq!(parts.add(Bytes::from("b"), &mut |_| Err(())), Err(()));
        assert_eq!((parts.as_slice(), parts.buffer.capacity()), (&b"a"[..], 0));
    }
}
