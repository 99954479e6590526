//! Packs: the chunks of many sessions in one object.
//!
//! ```text
//! zstd frame   chunk 1: NDJSON lines {"w":window,"k":"e"|"r","s":seq,"i":index,"t":ms,"d":{…}}
//! zstd frame   chunk 2
//! …
//! skippable frame 0x184D2A50: JSON index [{"session","offset","length","lines"}…]
//! ```
//!
//! A chunk is found by its row in SQL: key, offset and length. The index is for people and repairs.
//! Plain `zstdcat` reads the whole object, because it skips the index. In a sealed object each
//! chunk is encrypted (see [`crate::seal`]), and `crow cat` reads it.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;

use bytes::{Buf, Bytes};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zstd::bulk::Compressor;
use zstd::stream::zio::Reader;

pub use crow_types::{Line, LineKind};

use crate::decoder;
use crate::error::{Error, Result};
use crate::keys;
use crate::seal::{DataKey, OpenedParts};

/// Level 1 is about 10x on rrweb data, at several hundred MB/s.
const LEVEL: i32 = 1;
/// First of the sixteen magic numbers that every zstd reader skips.
const SKIPPABLE: u32 = 0x184D_2A50;
/// Longest line that we write, in bytes.
const MAX_LINE: u64 = 256 << 20;

#[derive(Serialize, Deserialize)]
struct WireLine<'a> {
    #[serde(borrow)]
    w: std::borrow::Cow<'a, str>,
    k: char,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    s: Option<u64>,
    #[serde(default)]
    i: u32,
    t: i64,
    #[serde(borrow)]
    d: &'a RawValue,
}

/// Appends the line as JSON with its line feed. `data` must be JSON; a line feed
/// inside it, which can only be white space between tokens, becomes a space.
pub(crate) fn write_line(line: &Line, out: &mut Vec<u8>) {
    write_window(line, out);
    write_rest(line, out);
}

/// [`write_line`] for each of them. Returns how many there are.
fn write_lines<'a>(lines: impl IntoIterator<Item = &'a Line>, out: &mut Vec<u8>) -> usize {
    let mut count = 0;
    let mut last: Option<(&str, Range<usize>)> = None;
    for line in lines {
        let start = out.len();
        // Neighbours are mostly of one window.
        match last {
            Some((window, written)) if window == line.window => out.extend_from_within(written),
            _ => write_window(line, out),
        }
        last = Some((&line.window, start..out.len()));
        write_rest(line, out);
        count += 1;
    }
    count
}

fn write_window(line: &Line, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"w\":");
    write_value(&line.window, out);
}

fn write_rest(line: &Line, out: &mut Vec<u8>) {
    out.extend_from_slice(match line.kind {
        LineKind::Event => b",\"k\":\"e\"",
        LineKind::Replay => b",\"k\":\"r\"",
    });
    if let Some(seq) = line.seq {
        out.extend_from_slice(b",\"s\":");
        write_value(&seq, out);
    }
    if line.index > 0 {
        out.extend_from_slice(b",\"i\":");
        write_value(&line.index, out);
    }
    out.extend_from_slice(b",\"t\":");
    write_value(&line.at, out);
    out.extend_from_slice(b",\"d\":");
    let start = out.len();
    out.extend_from_slice(&line.data);
    if memchr::memchr2(b'\n', b'\r', &line.data).is_some() {
        for byte in &mut out[start..] {
            if matches!(*byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }
    out.extend_from_slice(b"}\n");
}

fn write_value(value: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("texts and numbers are always JSON");
}

fn parse_line(text: &[u8]) -> Result<Line> {
    let wire: WireLine =
        serde_json::from_slice(text).map_err(|error| Error::Corrupt(error.to_string()))?;
    let kind = match wire.k {
        'e' => LineKind::Event,
        'r' => LineKind::Replay,
        other => return Err(Error::Corrupt(format!("line of unknown kind {other:?}"))),
    };
    let data = Bytes::copy_from_slice(wire.d.get().as_bytes());
    Ok(Line {
        window: wire.w.into_owned(),
        kind,
        seq: wire.s,
        index: wire.i,
        at: wire.t,
        data,
    })
}

/// The byte range of a chunk in its pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// First byte.
    pub offset: u64,
    /// Bytes in the object.
    pub length: u64,
    /// Bytes before compression.
    pub raw: u64,
}

#[derive(Serialize)]
struct IndexEntry<'a> {
    session: &'a str,
    offset: u64,
    length: u64,
    lines: usize,
}

/// Builds a pack in memory.
pub struct PackWriter {
    /// Key of the object.
    object: String,
    bytes: Vec<u8>,
    index: Vec<(String, Extent, usize)>,
    raw: Vec<u8>,
    /// One compressor for all chunks, because creating one costs more than compressing a small
    /// chunk.
    compressor: Compressor<'static>,
}

impl PackWriter {
    /// An empty pack, to be written as this object.
    pub fn new(object: &str) -> Result<Self> {
        Ok(Self {
            object: object.to_owned(),
            bytes: Vec::new(),
            index: Vec::new(),
            raw: Vec::new(),
            compressor: Compressor::new(LEVEL).map_err(corrupt)?,
        })
    }

    /// Adds the lines as one chunk of the session row. `key` is the key of the session if the
    /// object is sealed.
    ///
    /// # Errors
    /// [`Error::NoKey`] when the object is sealed and there is no key.
    pub fn add_chunk<'a>(
        &mut self,
        session: &str,
        key: Option<&DataKey>,
        lines: impl IntoIterator<Item = &'a Line>,
    ) -> Result<Extent> {
        let key = keys::key_for(&self.object, key)?;
        self.raw.clear();
        let count = write_lines(lines, &mut self.raw);
        let frame = self.compressor.compress(&self.raw).map_err(corrupt)?;
        let offset = self.bytes.len();
        match key {
            Some(key) => key.in_object(&self.object).append(&frame, &mut self.bytes),
            None => self.bytes.extend_from_slice(&frame),
        }
        let extent = Extent {
            offset: offset as u64,
            length: (self.bytes.len() - offset) as u64,
            raw: self.raw.len() as u64,
        };
        self.index.push((session.to_owned(), extent, count));
        Ok(extent)
    }

    /// Whether the pack has no chunks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// The whole object.
    #[must_use]
    pub fn finish(mut self) -> Bytes {
        let entries: Vec<IndexEntry> = self
            .index
            .iter()
            .map(|(session, extent, lines)| IndexEntry {
                session,
                offset: extent.offset,
                length: extent.length,
                lines: *lines,
            })
            .collect();
        append_index(&entries, &mut self.bytes);
        self.bytes.into()
    }
}

pub(crate) fn compress(raw: &[u8], level: i32) -> Result<Vec<u8>> {
    zstd::bulk::compress(raw, level).map_err(corrupt)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn corrupt(error: std::io::Error) -> Error {
    Error::Corrupt(error.to_string())
}

/// Adds the index as a frame that every zstd reader skips.
pub(crate) fn append_index(entries: &impl Serialize, bytes: &mut Vec<u8>) {
    let index = serde_json::to_vec(entries).expect("the index is plain data");
    let length = u32::try_from(index.len()).expect("an index is far smaller than 4 GiB");
    bytes.extend_from_slice(&SKIPPABLE.to_le_bytes());
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&index);
}

/// Reads the lines of one chunk, or of adjacent ones, one by one. Memory holds the compressed
/// bytes, the decoder's window and one line.
pub struct LineReader {
    lines: BufReader<Reader<Compressed, decoder::Borrowed>>,
    text: Vec<u8>,
    leaves_out_replay: bool,
}

/// Where compressed bytes come from.
enum Compressed {
    Plain(bytes::buf::Reader<Bytes>),
    Sealed(Box<OpenedParts>),
}

impl Read for Compressed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(bytes) => bytes.read(buffer),
            Self::Sealed(parts) => parts.read(buffer),
        }
    }
}

impl BufRead for Compressed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(bytes) => bytes.fill_buf(),
            Self::Sealed(parts) => parts.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Plain(bytes) => bytes.consume(amount),
            Self::Sealed(parts) => parts.consume(amount),
        }
    }
}

impl LineReader {
    /// `frame` is the byte range of the chunk or chunks in the object, and begins at the offset.
    ///
    /// # Errors
    /// [`Error::NoKey`] when the object is sealed and there is no key.
    pub fn new(object: &str, offset: u64, frame: Bytes, key: Option<&DataKey>) -> Result<Self> {
        let compressed = match keys::key_for(object, key)? {
            Some(key) => {
                let parts = OpenedParts::new(key.in_object(object), frame, offset);
                Compressed::Sealed(Box::new(parts))
            }
            None => Compressed::Plain(frame.reader()),
        };
        let decoder = decoder::Borrowed::new().map_err(corrupt)?;
        Ok(Self {
            lines: BufReader::new(Reader::new(compressed, decoder)),
            text: Vec::new(),
            leaves_out_replay: false,
        })
    }

    /// Returns only interactions. Leaving out a line costs less than reading it.
    #[must_use]
    pub fn without_replay(mut self) -> Self {
        self.leaves_out_replay = true;
        self
    }

    /// The next line; `None` at the end of the chunk.
    pub fn next_line(&mut self) -> Result<Option<Line>> {
        loop {
            if !self.read_text()? {
                return Ok(None);
            }
            if !(self.leaves_out_replay && is_replay(&self.text)) {
                return parse_line(&self.text).map(Some);
            }
        }
    }

    /// The next line as it is stored, without its line feed; `None` at the end.
    pub fn next_text(&mut self) -> Result<Option<&[u8]>> {
        Ok(self.read_text()?.then_some(self.text.as_slice()))
    }

    /// False: there is no further line.
    fn read_text(&mut self) -> Result<bool> {
        self.text.clear();
        let mut bounded = (&mut self.lines).take(MAX_LINE);
        let read = bounded
            .read_until(b'\n', &mut self.text)
            .map_err(|error| Error::Corrupt(error.to_string()))?;
        if read == 0 {
            return Ok(false);
        }
        if self.text.pop() != Some(b'\n') {
            return Err(Error::Corrupt("a line has no end".to_owned()));
        }
        Ok(true)
    }
}

/// Whether [`write_line`] wrote the text of a replay line. Quotes inside the name of the window are
/// escaped, so the first match is the field. False for a line in any other form.
fn is_replay(text: &[u8]) -> bool {
    const KIND: &[u8] = b"\",\"k\":\"";
    let field = memchr::memmem::find(text, KIND);
    field.is_some_and(|at| text.get(at + KIND.len()) == Some(&b'r'))
}

#[cfg(test)]
mod tests;
