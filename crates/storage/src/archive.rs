//! Archives: the whole of a finished session in one object.
//!
//! ```text
//! zstd frame   NDJSON lines of all windows in the order of time, about 1 MiB
//! zstd frame   begins with a full snapshot (and its meta event), where there is one
//! …
//! skippable frame 0x184D2A50: JSON index [{"offset","length","lines","firstAt","lastAt","window","snapshot"}…]
//! ```
//!
//! Each frame has a row in SQL, as a chunk has. Frames that follow each other are one
//! byte range, so a player reads many of them with one request. In a sealed object each frame is
//! encrypted, see [`crate::seal`], and there is no index.

use bytes::Bytes;
use serde::Serialize;

use crate::error::Result;
use crate::keys;
use crate::pack::{Extent, Line, LineKind, append_index, compress, write_line};
use crate::rrweb;
use crate::seal::{DataKey, PartSeal};

/// Bytes before compression after which a frame is cut.
const FRAME_BYTES: usize = 1 << 20;
/// Archives are written once and kept long, so they are compressed more than packs. The recording in
/// `tests/data` takes 14.0 KB at this level and 16.3 KB at level 3, for 1.3 ms more.
const LEVEL: i32 = 6;

/// The content of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its byte range in the object.
    pub extent: Extent,
    /// The window whose full snapshot, or meta event, it begins with; else empty.
    pub window: String,
    /// A player can start here with that window.
    pub has_full_snapshot: bool,
    /// Lines.
    pub lines: u64,
    /// How many of them are rrweb events.
    pub replay_lines: u64,
    /// Time of its first line, milliseconds since the epoch.
    pub first_at: i64,
    /// Time of its last line.
    pub last_at: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IndexEntry<'a> {
    offset: u64,
    length: u64,
    lines: u64,
    first_at: i64,
    last_at: i64,
    window: &'a str,
    snapshot: bool,
}

/// Builds an archive in memory, compressed. The lines of each session come in the order of time.
#[derive(Debug)]
pub struct ArchiveWriter {
    /// Key of the object.
    object: String,
    seal: Option<PartSeal>,
    bytes: Vec<u8>,
    frames: Vec<Frame>,
    /// How many frames belong to earlier sessions.
    earlier: usize,
    raw: Vec<u8>,
    open: Option<Frame>,
}

impl ArchiveWriter {
    /// An empty archive, to be written as this object. `key` is the key of the session if the
    /// object is sealed.
    ///
    /// # Errors
    /// [`crate::Error::NoKey`] when the object is sealed and there is no key.
    pub fn new(object: String, key: Option<&DataKey>) -> Result<Self> {
        let seal = keys::key_for(&object, key)?.map(|key| key.in_object(&object));
        Ok(Self {
            object,
            seal,
            bytes: Vec::new(),
            frames: Vec::new(),
            earlier: 0,
            raw: Vec::new(),
            open: None,
        })
    }

    /// Ends a session and returns its frames. The lines that follow belong to another one, and
    /// `key` is its key if the object is sealed.
    ///
    /// # Errors
    /// As for [`Self::new`].
    pub fn next_session(&mut self, key: Option<&DataKey>) -> Result<Vec<Frame>> {
        let key = keys::key_for(&self.object, key)?;
        self.close_frame()?;
        self.seal = key.map(|key| key.in_object(&self.object));
        let first = std::mem::replace(&mut self.earlier, self.frames.len());
        Ok(self.frames[first..].to_vec())
    }

    /// Key of the object.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.object
    }

    /// Adds the next line.
    pub fn add(&mut self, line: &Line) -> Result<()> {
        let kind = match line.kind {
            LineKind::Replay => rrweb::event_type(&line.data),
            LineKind::Event => None,
        };
        let opens = self.opens_frame(line, kind);
        if opens || self.raw.len() >= FRAME_BYTES {
            self.close_frame()?;
        }
        write_line(line, &mut self.raw);
        let frame = self.open.get_or_insert_with(|| Frame {
            extent: Extent {
                offset: 0,
                length: 0,
                raw: 0,
            },
            window: String::new(),
            has_full_snapshot: false,
            lines: 0,
            replay_lines: 0,
            first_at: line.at,
            last_at: line.at,
        });
        if opens {
            frame.window.clone_from(&line.window);
        }
        frame.has_full_snapshot |= kind == Some(rrweb::FULL_SNAPSHOT);
        frame.lines += 1;
        frame.replay_lines += u64::from(line.kind == LineKind::Replay);
        frame.last_at = frame.last_at.max(line.at);
        Ok(())
    }

    /// A frame starts with a meta event, or with a full snapshot if its meta event does not start
    /// this frame.
    fn opens_frame(&self, line: &Line, kind: Option<u8>) -> bool {
        match kind {
            Some(rrweb::META) => true,
            Some(rrweb::FULL_SNAPSHOT) => !self.open.as_ref().is_some_and(|frame| {
                frame.window == line.window && !frame.has_full_snapshot && frame.replay_lines > 0
            }),
            Some(_) | None => false,
        }
    }

    fn close_frame(&mut self) -> Result<()> {
        let Some(mut frame) = self.open.take() else {
            return Ok(());
        };
        let compressed = compress(&self.raw, LEVEL)?;
        let offset = self.bytes.len();
        match &self.seal {
            Some(seal) => seal.append(&compressed, &mut self.bytes),
            None => self.bytes.extend_from_slice(&compressed),
        }
        frame.extent = Extent {
            offset: offset as u64,
            length: (self.bytes.len() - offset) as u64,
            raw: self.raw.len() as u64,
        };
        self.raw.clear();
        self.frames.push(frame);
        Ok(())
    }

    /// Compressed bytes so far, without the open frame.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether no line was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.open.is_none()
    }

    /// The whole object, with the frames of the last session.
    pub fn finish(mut self) -> Result<(Bytes, Vec<Frame>)> {
        self.close_frame()?;
        if self.seal.is_none() {
            self.append_index();
        }
        Ok((self.bytes.into(), self.frames.split_off(self.earlier)))
    }

    /// For people. A sealed object has none, because it would show when something happened.
    fn append_index(&mut self) {
        let index: Vec<IndexEntry<'_>> = self
            .frames
            .iter()
            .map(|frame| IndexEntry {
                offset: frame.extent.offset,
                length: frame.extent.length,
                lines: frame.lines,
                first_at: frame.first_at,
                last_at: frame.last_at,
                window: &frame.window,
                snapshot: frame.has_full_snapshot,
            })
            .collect();
        append_index(&index, &mut self.bytes);
    }
}

#[cfg(test)]
mod tests;
