use crow_proto::api::{ReplayEvent, ReplayFrame};
use crow_storage::merge::ChunkSource;
use crow_storage::pack::{Line, LineKind};

use crate::error::{Error, Result};
use crate::grpc::convert;
use crate::replay::Replay;
use crate::windows::Gap;

/// The maximum number of events in a frame.
const MAX_EVENTS: usize = 500;
/// The maximum size of a frame's events in bytes. A larger event gets a frame of its own.
const MAX_BYTES: usize = 256 << 10;

/// A recording as frames of rrweb events. The last frame lists the gaps.
pub struct Frames<S: ChunkSource<Error = Error>> {
    replay: Replay<S>,
    gaps: Vec<Gap>,
    /// A line that did not fit into the previous frame.
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
            // After a failure or a cancellation a line is lost, so there is no retry.
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

/// The size of a line, with room for its other fields and their tags.
fn size_of_event(line: &Line) -> usize {
    line.data.len() + line.window.len() + 32
}
