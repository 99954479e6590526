//! Content encodings. The output is counted during decompression, so a decompression bomb stops at
//! the limit.

use std::fmt;
use std::io::Read;

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crow_types::ErrorCode;
use crow_web::ApiError;

use super::malformed;
use crate::body::{NoRoom, Reservation};

/// Bytes of output per step.
const PIECE: usize = 64 * 1024;
/// Largest zstd window, as a power of two: 8 MiB, what HTTP allows (RFC 9659).
const ZSTD_WINDOW_LOG: u32 = 23;

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Encoding {
    /// Parses `Content-Encoding`. `None` for an unsupported encoding or for several encodings
    /// combined.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        match value.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Some(Self::Identity),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        })
    }
}

/// Why a body could not be inflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InflateError {
    /// The output exceeds the limit.
    TooLarge,
    /// The bytes do not match the encoding of the header.
    Corrupt(Encoding),
    /// The total size of all bodies is at the limit.
    NoRoom(NoRoom),
}

impl InflateError {
    /// The error for the caller, with the limit of inflated bytes.
    pub(crate) fn explain(self, max_inflated_bytes: usize) -> ApiError {
        match self {
            Self::TooLarge => ApiError::new(
                ErrorCode::TooLarge,
                format!(
                    "the body inflates to more than {max_inflated_bytes} bytes; split the batch"
                ),
            ),
            Self::Corrupt(encoding) => malformed(format!(
                "the body is not valid {encoding}, which Content-Encoding says it is"
            )),
            Self::NoRoom(no_room) => no_room.into(),
        }
    }
}

/// The decompressed body, at most `max` bytes.
pub(crate) fn inflate(
    encoding: Encoding,
    sent: Bytes,
    max: usize,
    reservation: &mut Reservation,
) -> Result<Bytes, InflateError> {
    let corrupt = |_| InflateError::Corrupt(encoding);
    let input = sent.as_ref();
    match encoding {
        Encoding::Identity if sent.len() > max => Err(InflateError::TooLarge),
        Encoding::Identity => Ok(sent),
        Encoding::Gzip => drain(MultiGzDecoder::new(input), encoding, max, reservation),
        Encoding::Deflate if is_zlib(input) => {
            drain(ZlibDecoder::new(input), encoding, max, reservation)
        }
        // Some clients send raw deflate under this name.
        Encoding::Deflate => drain(DeflateDecoder::new(input), encoding, max, reservation),
        Encoding::Brotli => drain(
            brotli::Decompressor::new(input, 4096),
            encoding,
            max,
            reservation,
        ),
        Encoding::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(input).map_err(corrupt)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(corrupt)?;
            drain(decoder, encoding, max, reservation)
        }
    }
}

fn drain(
    mut decoder: impl Read,
    encoding: Encoding,
    max: usize,
    reservation: &mut Reservation,
) -> Result<Bytes, InflateError> {
    let mut output = Vec::new();
    let mut piece = vec![0_u8; PIECE];
    loop {
        let read = decoder
            .read(&mut piece)
            .map_err(|_| InflateError::Corrupt(encoding))?;
        if read == 0 {
            return Ok(output.into());
        }
        if output.len() + read > max {
            return Err(InflateError::TooLarge);
        }
        reservation.grow(read).map_err(InflateError::NoRoom)?;
        output.extend_from_slice(&piece[..read]);
    }
}

/// RFC 1950: method 8, and the first two bytes are a multiple of 31.
fn is_zlib(input: &[u8]) -> bool {
    match input {
        [first, second, ..] => first & 0x0f == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0,
        _ => false,
    }
}
