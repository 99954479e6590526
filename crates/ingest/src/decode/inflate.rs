//! Content encodings. The output is counted during decompression, so a decompression bomb stops at
//! the limit.

use std::fmt;
use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use zstd::zstd_safe::get_frame_content_size;

use super::{BodyError, malformed};
use crate::inflight::{NoRoom, Reservation};

/// The first piece of output, in bytes. The next ones double up to `LARGEST_PIECE`.
const PIECE: usize = 64 * 1024;
const LARGEST_PIECE: usize = 1024 * 1024;
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

    /// How far back its output may refer, in bytes.
    fn largest_window(self) -> usize {
        match self {
            Self::Identity => 0,
            // RFC 1951.
            Self::Gzip | Self::Deflate => 32 << 10,
            // RFC 7932.
            Self::Brotli => 16 << 20,
            Self::Zstd => 1 << ZSTD_WINDOW_LOG,
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
    /// The memory of all requests is at the limit.
    NoRoom(NoRoom),
}

impl InflateError {
    /// What is wrong with the body, with the limit of inflated bytes.
    pub(crate) fn explain(self, max_inflated_bytes: usize) -> BodyError {
        match self {
            Self::TooLarge => BodyError::TooLarge(format!(
                "the body inflates to more than {max_inflated_bytes} bytes; split the batch"
            )),
            Self::Corrupt(encoding) => malformed(format!(
                "the body is not valid {encoding}, which Content-Encoding says it is"
            )),
            Self::NoRoom(no_room) => no_room.into(),
        }
    }
}

impl From<NoRoom> for InflateError {
    fn from(no_room: NoRoom) -> Self {
        Self::NoRoom(no_room)
    }
}

/// The decompressed body, at most `max` bytes. `reservation` holds `sent`; after success it holds
/// the result instead.
pub(crate) fn inflate(
    encoding: Encoding,
    sent: Bytes,
    max: usize,
    reservation: &mut Reservation,
) -> Result<Bytes, InflateError> {
    if encoding == Encoding::Identity {
        let is_too_large = sent.len() > max;
        return (!is_too_large)
            .then_some(sent)
            .ok_or(InflateError::TooLarge);
    }
    let output = Output {
        expected: expected_len(encoding, &sent),
        pieces: Vec::new(),
        len: 0,
        max,
        reservation: &mut *reservation,
    };
    let output = decode(encoding, &sent, output);
    drop(sent);
    reservation.resize(output.as_ref().map_or(0, Vec::capacity))?;
    output.map(Bytes::from)
}

fn decode(encoding: Encoding, input: &[u8], output: Output<'_>) -> Result<Vec<u8>, InflateError> {
    let corrupt = |_| InflateError::Corrupt(encoding);
    match encoding {
        Encoding::Identity => output.fill_from(input, encoding),
        Encoding::Gzip => output.fill_from(MultiGzDecoder::new(input), encoding),
        Encoding::Deflate if is_zlib(input) => output.fill_from(ZlibDecoder::new(input), encoding),
        // Some clients send raw deflate under this name.
        Encoding::Deflate => output.fill_from(DeflateDecoder::new(input), encoding),
        Encoding::Brotli => output.fill_from(brotli::Decompressor::new(input, 4096), encoding),
        Encoding::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(input).map_err(corrupt)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(corrupt)?;
            output.fill_from(decoder, encoding)
        }
    }
}

/// The output in one piece of the expected length. If that is unknown or wrong, in pieces which are
/// copied once, into a buffer of the right size.
struct Output<'a> {
    expected: Option<usize>,
    pieces: Vec<Vec<u8>>,
    len: usize,
    max: usize,
    reservation: &'a mut Reservation,
}

impl Output<'_> {
    fn fill_from(
        mut self,
        mut decoder: impl Read,
        encoding: Encoding,
    ) -> Result<Vec<u8>, InflateError> {
        // One byte more tells whether that was all.
        let mut size = self.expected.map_or(PIECE, |len| len.saturating_add(1));
        // A decoder keeps the end of its output, up to its window.
        let mut window = encoding.largest_window();
        loop {
            let capacity = size.min(self.max - self.len + 1);
            let kept = capacity.min(window);
            window -= kept;
            self.reservation.grow(capacity + kept)?;
            let mut piece = vec![0; capacity];
            let filled =
                fill(&mut decoder, &mut piece).map_err(|_error| InflateError::Corrupt(encoding))?;
            piece.truncate(filled);
            self.len += filled;
            self.pieces.push(piece);
            if self.len > self.max {
                return Err(InflateError::TooLarge);
            }
            if filled < capacity {
                return self.joined();
            }
            size = (2 * capacity).clamp(PIECE, LARGEST_PIECE);
        }
    }

    fn joined(mut self) -> Result<Vec<u8>, InflateError> {
        if self.expected == Some(self.len)
            && let Some(whole) = self.pieces.pop()
        {
            // There is one piece only, because it has room for more.
            return Ok(whole);
        }
        self.reservation.grow(self.len)?;
        let mut joined = Vec::with_capacity(self.len);
        for piece in self.pieces {
            joined.extend_from_slice(&piece);
        }
        Ok(joined)
    }
}

/// The length of the output as the input says it, which may be wrong.
fn expected_len(encoding: Encoding, input: &[u8]) -> Option<usize> {
    let len = match encoding {
        // RFC 1952: at the end, modulo 2^32.
        Encoding::Gzip => u32::from_le_bytes(*input.last_chunk()?).into(),
        Encoding::Zstd => get_frame_content_size(input).ok()??,
        Encoding::Identity | Encoding::Deflate | Encoding::Brotli => return None,
    };
    usize::try_from(len).ok()
}

/// Reads until the buffer is full or the input ends. Returns how much is filled.
fn fill(decoder: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match decoder.read(&mut buffer[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// RFC 1950: method 8, and the first two bytes are a multiple of 31.
fn is_zlib(input: &[u8]) -> bool {
    match input {
        [first, second, ..] => first & 0x0f == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0,
        _ => false,
    }
}
