use std::io::Write;

use bytes::Bytes;

use crow_storage::merge::ChunkSource;
use crow_storage::pack::{Line, LineKind};

use crate::ask::words::Format;
use crate::error::{Error, Result};
use crate::replay::Replay;
use crate::windows::Gap;

/// A block is returned once it has this many bytes. A line is never split.
const BLOCK: usize = 64 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Nothing,
    Lines,
    Ended,
}

/// A recording as bytes, in blocks.
pub struct Encoder<S: ChunkSource<Error = Error>> {
    replay: Replay<S>,
    format: Format,
    gaps: Vec<Gap>,
    progress: Progress,
    /// Whether an element was written, so that the next one needs a comma.
    has_elements: bool,
}

impl<S: ChunkSource<Error = Error>> Encoder<S> {
    /// Reads nothing yet.
    pub fn new(replay: Replay<S>, format: Format, gaps: Vec<Gap>) -> Self {
        Self {
            replay,
            format,
            gaps,
            progress: Progress::Nothing,
            has_elements: false,
        }
    }

    /// The next block; `None` at the end. After an error the recording is over.
    pub async fn next_block(&mut self) -> Result<Option<Bytes>> {
        if self.progress == Progress::Ended {
            return Ok(None);
        }
        let mut block = Vec::with_capacity(BLOCK + 4_096);
        if self.progress == Progress::Nothing {
            self.progress = Progress::Lines;
            self.begin(&mut block);
        }
        while block.len() < BLOCK {
            // After a failure or a cancellation a block is lost, so there is no retry.
            self.progress = Progress::Ended;
            let Some(line) = self.replay.next().await? else {
                self.end(&mut block);
                return Ok(Some(block.into()));
            };
            self.progress = Progress::Lines;
            self.write(&line, &mut block);
        }
        Ok(Some(block.into()))
    }

    fn begin(&self, block: &mut Vec<u8>) {
        match self.format {
            Format::Ndjson => {}
            Format::Rrweb => block.push(b'['),
        }
    }

    fn write(&mut self, line: &Line, block: &mut Vec<u8>) {
        match (self.format, line.kind) {
            (Format::Ndjson, _) => {
                write_json(line, block);
                block.push(b'\n');
            }
            (Format::Rrweb, LineKind::Event) => {}
            (Format::Rrweb, LineKind::Replay) => {
                if self.has_elements {
                    block.push(b',');
                }
                self.has_elements = true;
                block.extend_from_slice(&line.data);
            }
        }
    }

    fn end(&self, block: &mut Vec<u8>) {
        match self.format {
            Format::Ndjson => {
                let gaps = serde_json::to_string(&self.gaps).expect("gaps are plain data");
                writeln!(block, r#"{{"k":"end","gaps":{gaps}}}"#)
                    .expect("a vector takes every write");
            }
            Format::Rrweb => block.push(b']'),
        }
    }
}

/// Writes the line as a JSON object.
pub fn write_json(line: &Line, block: &mut Vec<u8>) {
    block.extend_from_slice(br#"{"w":"#);
    serde_json::to_writer(&mut *block, &line.window).expect("a text is always JSON");
    let kind = match line.kind {
        LineKind::Event => 'e',
        LineKind::Replay => 'r',
    };
    write!(block, r#","k":"{kind}","t":{}"#, line.at).expect("a vector takes every write");
    if let Some(seq) = line.seq {
        write!(block, r#","s":{seq}"#).expect("a vector takes every write");
    }
    block.extend_from_slice(br#","d":"#);
    block.extend_from_slice(&line.data);
    block.push(b'}');
}
