use crow_proto::api::{ReplayEvent, ReplayFrame};
use crow_storage::merge::ChunkSource;
use crow_storage::pack::{Line, LineKind};

use crate::error::{Error, Result};
use crate::grpc::convert;
use crate::replay::Replay;
use crate::windows::Gap;

/// A frame has at most this many events.
const MAX_EVENTS: usize = 500;
/// A frame has at most this many bytes of events; a larger event is a frame of its own.
const MAX_BYTES: usize = 256 << 10;

/// A recording as frames of rrweb events. The last frame has the gaps.
pub struct Frames<S: ChunkSource<Error = Error>> {
    replay: Replay<S>,
    gaps: Vec<Gap>,
    /// Did not fit into the frame before.
    held: Option<Line>,
    is_over: bool,
}

impl<S: ChunkSource<Error = Error>> Frames<S> {
    /// Reads nothing yet.
    pub fn new(replay: Replay<S>, gaps: Vec<Gap>) -> Self {
        Self {
            replay,
            gaps,
            held: None,
            is_over: false,
        }
    }

    /// The next frame; `None` at the end. After an error the recording is over.
    pub async fn next(&mut self) -> Result<Option<ReplayFrame>> {
        if self.is_over {
            return Ok(None);
        }
        let mut frame = ReplayFrame::default();
        let mut bytes = 0;
        while frame.events.len() < MAX_EVENTS {
            let Some(line) = self.next_line().await? else {
                self.is_over = true;
                frame.gaps = std::mem::take(&mut self.gaps)
                    .into_iter()
                    .map(convert::gap)
                    .collect();
                return Ok(Some(frame));
            };
            let is_too_much = bytes > 0 && bytes + size_of_event(&line) > MAX_BYTES;
            if is_too_much {
                self.held = Some(line);
                break;
            }
            bytes += size_of_event(&line);
            frame.events.push(ReplayEvent {
                window_id: line.window,
                timestamp: line.at,
                data: line.data,
            });
        }
        Ok(Some(frame))
    }

    async fn next_line(&mut self) -> Result<Option<Line>> {
        if let Some(line) = self.held.take() {
            return Ok(Some(line));
        }
        loop {
            // Cancelled or failed, there is no second try: a line was lost.
            self.is_over = true;
            let line = self.replay.next().await?;
            self.is_over = false;
            match line {
                Some(line) if line.kind == LineKind::Event => {}
                line => return Ok(line),
            }
        }
    }
}

/// With room for the other fields and their tags.
fn size_of_event(line: &Line) -> usize {
    line.data.len() + line.window.len() + 32
}
