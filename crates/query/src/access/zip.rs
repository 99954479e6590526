//! A zip that is sent while it is written.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::mpsc;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::error::{Error, Result};

/// A block is sent once it has this many bytes.
const BLOCK: usize = 64 << 10;
/// Bytes compressed before other tasks get their turn; a millisecond's work.
const PIECE: usize = 64 << 10;

/// Holds one block, and the names of the files.
pub(super) struct Zip {
    writer: ZipWriter<StreamWriter<Written>>,
    written: Written,
    sender: mpsc::Sender<Bytes>,
}

/// What the writer has written and nobody has sent.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Written {
    /// Everything, if it is so much.
    fn take(&self, least: usize) -> Option<Bytes> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_enough = bytes.len() >= least.max(1);
        is_enough.then(|| std::mem::take(&mut *bytes).into())
    }
}

impl Zip {
    pub(super) fn new(sender: mpsc::Sender<Bytes>) -> Self {
        let written = Written::default();
        Self {
            writer: ZipWriter::new_stream(written.clone()),
            written,
            sender,
        }
    }

    /// Begins a file; ends the one before.
    pub(super) fn begin(&mut self, name: &str) -> Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .unix_permissions(0o600)
            // A recording may be larger than 4 GB.
            .large_file(true);
        self.writer.start_file(name, options).map_err(Error::Zip)
    }

    /// Adds to the file. Waits for a slow client.
    pub(super) async fn add(&mut self, bytes: &[u8]) -> Result<()> {
        for piece in bytes.chunks(PIECE) {
            let written = self.writer.write_all(piece);
            written.map_err(|error| Error::Zip(error.into()))?;
            send(&self.sender, self.written.take(BLOCK)).await;
        }
        Ok(())
    }

    /// Without this, the zip cannot be opened.
    pub(super) async fn finish(self) -> Result<()> {
        self.writer.finish().map_err(Error::Zip)?;
        send(&self.sender, self.written.take(1)).await;
        Ok(())
    }
}

/// A client that is gone drops the task with everything in it.
async fn send(sender: &mpsc::Sender<Bytes>, block: Option<Bytes>) {
    if let Some(block) = block {
        let _client_is_gone = sender.send(block).await;
    }
}
