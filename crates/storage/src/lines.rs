//! Texts of many lines as numbered, compressed objects, each with a checksum.
//!
//! A part holds some megabytes of lines, so neither writing nor reading needs more memory than that.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crow_types::ContentHash;

use crate::error::{Error, Result};
use crate::store::Store;

/// Bytes of lines after which a part is complete.
const PART_BYTES: usize = 8 << 20;
/// Rows of JSON shrink to a tenth at this level.
const LEVEL: i32 = 3;

/// One object of lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its key.
    pub key: String,
    /// Lines in it.
    pub lines: u64,
    /// Bytes of the object.
    pub bytes: u64,
    /// SHA-256 of the object, hexadecimal.
    pub sha256: String,
}

/// Writes lines below a prefix.
#[derive(Debug)]
pub struct LineWriter<'a> {
    store: &'a Store,
    prefix: String,
    buffer: Vec<u8>,
    lines: u64,
    parts: Vec<Part>,
}

impl<'a> LineWriter<'a> {
    /// The parts will be `{prefix}-00000.ndjson.zst` and so on.
    #[must_use]
    pub fn new(store: &'a Store, prefix: String) -> Self {
        Self {
            store,
            prefix,
            buffer: Vec::new(),
            lines: 0,
            parts: Vec::new(),
        }
    }

    /// Adds a line, which must not contain a line feed.
    pub async fn push(&mut self, line: &str) -> Result<()> {
        self.buffer.extend_from_slice(line.as_bytes());
        self.buffer.push(b'\n');
        self.lines += 1;
        if self.buffer.len() < PART_BYTES {
            return Ok(());
        }
        self.write().await
    }

    /// Writes what is left; all parts.
    pub async fn finish(mut self) -> Result<Vec<Part>> {
        if self.lines > 0 {
            self.write().await?;
        }
        Ok(self.parts)
    }

    async fn write(&mut self) -> Result<()> {
        let stored = zstd::bulk::compress(&self.buffer, LEVEL)
            .map_err(|error| Error::Corrupt(format!("compressing lines: {error}")))?;
        let part = Part {
            key: format!("{}-{:05}.ndjson.zst", self.prefix, self.parts.len()),
            lines: self.lines,
            bytes: stored.len() as u64,
            sha256: ContentHash::of(&stored).to_string(),
        };
        self.store.put(&part.key, Bytes::from(stored)).await?;
        self.buffer.clear();
        self.lines = 0;
        self.parts.push(part);
        Ok(())
    }
}

/// The lines of a part, provided that it is what was written.
pub async fn read(store: &Store, part: &Part) -> Result<String> {
    let wrong = |what: &str| Error::Corrupt(format!("{}: {what}", part.key));
    let stored = store.get(&part.key).await?;
    if ContentHash::of(&stored).to_string() != part.sha256 {
        return Err(wrong("it has another checksum than when it was written"));
    }
    let bytes = zstd::stream::decode_all(stored.as_ref())
        .map_err(|error| Error::Corrupt(format!("{}: {error}", part.key)))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("it is no text"))?;
    if text.lines().count() as u64 == part.lines {
        Ok(text)
    } else {
        Err(wrong("it has another number of lines"))
    }
}

#[cfg(test)]
mod tests;
