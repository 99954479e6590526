//! A session's recording in time order, whatever its size.
//!
//! - [`stored`]: the source of chunks: rows in SQL, bytes in the object store.
//! - [`seek`]: where a player has to begin to show a moment in the middle.
//! - [`cut`]: leaves out lines before the start or after the end.
//! - [`shown`]: leaves out what a public link does not show.
//! - [`encode`]: lines as bytes, in blocks.

pub mod cut;
pub mod encode;
pub mod seek;
pub mod shown;
pub mod stored;
#[cfg(test)]
mod tests;

use crow_storage::merge::{ChunkSource, Merge};
use crow_storage::pack::Line;

use crate::error::{Error, Result};

/// The requested part of a recording, in milliseconds since the epoch, both ends included. `None`
/// means no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReplayRange {
    /// The first moment that a player must be able to show.
    pub from: Option<i64>,
    /// The last moment.
    pub to: Option<i64>,
}

/// A recording that is being read, merged and cut.
pub struct Replay<S: ChunkSource<Error = Error>> {
    merge: Merge<S>,
    cut: cut::Cut,
    shown: shown::Shown,
}

impl<S: ChunkSource<Error = Error>> Replay<S> {
    /// Reads nothing yet.
    pub fn new(source: S, cut: cut::Cut) -> Self {
        Self {
            merge: Merge::new(source),
            cut,
            shown: shown::Shown::All,
        }
    }

    /// Leaves out what is not shown.
    #[must_use]
    pub fn showing(self, shown: shown::Shown) -> Self {
        Self { shown, ..self }
    }

    /// The next line; `None` at the end. After an error the recording is over.
    pub async fn next(&mut self) -> Result<Option<Line>> {
        while let Some(line) = self.merge.next().await? {
            if self.cut.is_over(line.at) {
                return Ok(None);
            }
            if !self.cut.admits(&line) {
                continue;
            }
            if let Some(line) = self.shown.line(line).await? {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }
}
