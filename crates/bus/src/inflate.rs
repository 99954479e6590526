//! Compressed messages.

use std::io::Read;

use bytes::Bytes;
use prost::Message as _;

use crow_proto::events::{MAX_MESSAGE_BYTES, Message};

/// Why a compressed message cannot be read, ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// The compression is damaged.
    Zstd,
    /// More than [`MAX_MESSAGE_BYTES`].
    TooLarge,
    /// The content is no message.
    Protobuf,
    /// The content is compressed again, or a claim check.
    Nested,
}

impl Unreadable {
    /// The reason of a dead letter.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Zstd => "compressed message is damaged",
            Self::TooLarge => "compressed message is too large",
            Self::Protobuf => "not a message of crow.events.v1",
            Self::Nested => "compressed message inside a compressed message",
        }
    }
}

/// Reads a compressed message, as it is in `zstd` of a message and in the object of a claim check.
///
/// # Errors
/// When it is damaged or too large.
pub fn inflated(zstd: &Bytes) -> Result<Message, Unreadable> {
    let mut plain = Vec::new();
    let decoder = zstd::Decoder::new(zstd.as_ref()).map_err(|_error| Unreadable::Zstd)?;
    decoder
        .take(MAX_MESSAGE_BYTES as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|_error| Unreadable::Zstd)?;
    if plain.len() > MAX_MESSAGE_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let message = Message::decode(Bytes::from(plain)).map_err(|_error| Unreadable::Protobuf)?;
    if message.claim.is_some() || !message.zstd.is_empty() {
        Err(Unreadable::Nested)
    } else {
        Ok(message)
    }
}
