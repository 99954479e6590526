use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use prost::Message;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

/// The maximum number of frames that wait for their watcher.
const MAX_FRAMES: usize = 256;
/// The maximum size of the waiting frames in bytes.
const MAX_BYTES: usize = 4 << 20;

/// Messages from the bus for one watcher. A message that does not fit is dropped: the watcher
/// notices the hole and asks for the missing part.
pub struct Mailbox {
    frames: mpsc::Receiver<Bytes>,
    waiting_bytes: Arc<AtomicUsize>,
    _carrier: AbortOnDropHandle<()>,
}

impl Mailbox {
    /// Drains the stream as fast as messages arrive.
    pub fn new(frames: impl Stream<Item = Bytes> + Send + Unpin + 'static) -> Self {
        let (to_watcher, waiting) = mpsc::channel(MAX_FRAMES);
        let waiting_bytes = Arc::new(AtomicUsize::new(0));
        let carrier = tokio::spawn(carry(frames, to_watcher, Arc::clone(&waiting_bytes)));
        Self {
            frames: waiting,
            waiting_bytes,
            _carrier: AbortOnDropHandle::new(carrier),
        }
    }

    /// The next readable message. Waits forever once the stream has ended.
    pub async fn next<M: Message + Default>(&mut self) -> M {
        loop {
            let Some(payload) = self.frames.recv().await else {
                return std::future::pending().await;
            };
            self.waiting_bytes
                .fetch_sub(payload.len(), Ordering::Relaxed);
            if let Ok(message) = M::decode(payload) {
                return message;
            }
        }
    }
}

async fn carry(
    mut frames: impl Stream<Item = Bytes> + Unpin,
    to_watcher: mpsc::Sender<Bytes>,
    waiting_bytes: Arc<AtomicUsize>,
) {
    while let Some(payload) = frames.next().await {
        let size = payload.len();
        let waiting = waiting_bytes.fetch_add(size, Ordering::Relaxed);
        // One frame always fits, whatever its size.
        let is_full = waiting > 0 && waiting + size > MAX_BYTES;
        if is_full || to_watcher.try_send(payload).is_err() {
            waiting_bytes.fetch_sub(size, Ordering::Relaxed);
            metrics::counter!("crow_query_frames_dropped_total").increment(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crow_proto::live::{Frame, Line};

    #[tokio::test]
    async fn it_holds_so_much_and_no_more() {
        let line = Line {
            data: vec![b'1'; 1 << 20].into(),
            ..Line::default()
        };
        let frame = move |through| Frame {
            through,
            lines: vec![line.clone()],
            ..Frame::default()
        };
        let sent = (1..=100).map(move |through| Bytes::from(frame(through).encode_to_vec()));
        let last = Bytes::from(Frame::default().encode_to_vec());
        let all = futures::stream::iter(sent.chain([last]));
        let mut mailbox = Mailbox::new(all.chain(futures::stream::pending()));
        let mut seen = Vec::new();
        loop {
            let frame: Frame = mailbox.next().await;
            if frame.lines.is_empty() {
                break;
            }
            seen.push(frame.through);
        }
        assert_eq!(seen, [1, 2, 3], "the first ones that fit into four MiB");
    }
}
