//! Turns the bytes of a body into named slices: first [`inflate`], then [`surrogates`] for escapes
//! that no parser accepts, then [`envelope`], and [`list`] for the items of a list.

pub(crate) mod depth;
pub(crate) mod envelope;
pub(crate) mod fields;
pub(crate) mod inflate;
pub(crate) mod list;
pub(crate) mod surrogates;

use std::borrow::Cow;

use thiserror::Error;

use crate::inflight::NoRoom;

/// Why a body cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum BodyError {
    /// It is not what it should be. Says in which field.
    #[error("malformed: {0}")]
    Malformed(Cow<'static, str>),
    /// It exceeds a limit. Says which.
    #[error("too_large: {0}")]
    TooLarge(String),
    /// The memory of all requests is at the limit.
    #[error("no room")]
    NoRoom(NoRoom),
}

impl From<NoRoom> for BodyError {
    fn from(no_room: NoRoom) -> Self {
        Self::NoRoom(no_room)
    }
}

/// The error for an invalid envelope.
pub(crate) fn malformed(message: impl Into<Cow<'static, str>>) -> BodyError {
    BodyError::Malformed(message.into())
}
